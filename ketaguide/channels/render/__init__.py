"""Renderers: pure functions from one answer to the payloads of one platform.

Each is a module with the functions of `Renderer`; the limits it keeps stand in it as constants with their source.
"""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Protocol, Tuple

from ketaguide.channels.answer import Answer, Choice

Payload = Dict[str, Any]


class Renderer(Protocol):
    """What a platform's module offers."""

    TEXT_LIMIT: int

    def render(self, answer: Answer, first: int = 1) -> List[Payload]:
        """Returns the messages to send, without their address; `first` is the number of the first choice."""

    def offers(self, answer: Answer) -> Tuple[Choice, ...]:
        """Returns the choices that a reply may pick by number or title, in order."""

    def plain(self, text: str) -> Payload:
        """Returns one message of text alone, for when the platform refuses the fuller form."""

    def preview(self, payload: Mapping[str, Any]) -> str:
        """Returns what a person sees of one message, as text."""
