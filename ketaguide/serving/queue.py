"""One visitor's messages one after the other: in the order they came, and a message sent twice at once only once."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any, Dict, List, Optional


@dataclass
class Place:
    """A message's place in its visitor's queue.

    Attributes:
        text: The message; identical ones that come while it is being answered share its answer.
        before: The message that came before it and is not answered yet.
        spoken: What was said to it so far.
        answered: Done when the message is.
    """

    text: str
    before: Optional[Place]
    spoken: List[Dict[str, Any]] = field(default_factory=list)
    answered: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def twin(self) -> Optional[Place]:
        """The same message just before this one, sent twice by a shaky thumb or a slow connection."""
        return self.before if self.before is not None and self.before.text == self.text else None

    async def wait(self, seconds: float) -> None:
        """Waits until the message before is answered, so long at most: a stuck one must not hold up the rest."""
        if self.before is not None:
            try:
                await asyncio.wait_for(self.before.answered.wait(), seconds)
            except asyncio.TimeoutError:
                return


class Queues:
    """The unanswered messages of each visitor, in memory."""

    def __init__(self) -> None:
        self._last: Dict[str, Place] = {}

    def join(self, sender: str, text: str) -> Place:
        """Returns the place of a message that has just come."""
        place = self._last[sender] = Place(text, self._last.get(sender))
        return place

    def leave(self, sender: str, place: Place) -> None:
        """Marks a message as answered."""
        place.answered.set()
        place.before = None
        if self._last.get(sender) is place:
            del self._last[sender]
