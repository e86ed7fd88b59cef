"""Keeps what the agent says until the guard has decided what leaves."""

from __future__ import annotations

from typing import Any, Dict, List

from rasa.core.channels.channel import OutputChannel


class HeldOutput(OutputChannel):
    """Stands in for a channel's output; nothing said here is sent."""

    def __init__(self, channel_name: str) -> None:
        """Construct the stand-in under the name of the channel it stands for."""
        self.messages: List[Dict[str, Any]] = []
        self._channel_name = channel_name

    def name(self) -> str:  # type: ignore[override]
        """Returns the name of the real channel: answers may be worded per channel."""
        return self._channel_name

    async def send_response(self, recipient_id: str, message: Dict[str, Any]) -> None:
        """Keeps one message as the agent made it."""
        self.messages.append(message)
