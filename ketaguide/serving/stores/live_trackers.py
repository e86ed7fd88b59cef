"""Trackers as they were last saved, so that a message need not read a whole conversation anew.

Nothing stale is handed out: each is asked for together with the number of the newest event that the database holds of
the conversation, and is given only if that is the one it was saved with.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import NamedTuple, Optional

from rasa.shared.core.trackers import DialogueStateTracker

MOST = 300


class _Live(NamedTuple):
    tracker: DialogueStateTracker
    newest: int
    events: int


class LiveTrackers:
    """The latest conversations of this process; one is used only by who holds its lock."""

    def __init__(self) -> None:
        self._trackers: OrderedDict[str, _Live] = OrderedDict()

    def get(self, sender_id: str, newest: Optional[int]) -> Optional[DialogueStateTracker]:
        """Returns the tracker, or None if it is not the one that the database holds."""
        live = self._trackers.get(sender_id)
        # More events than were saved are what an interrupted turn left behind.
        if live is None or live.newest != newest or len(live.tracker.events) != live.events:
            self.drop(sender_id)
            return None
        self._trackers.move_to_end(sender_id)
        return live.tracker

    def put(self, tracker: DialogueStateTracker, newest: Optional[int]) -> None:
        """Keeps a tracker that was saved with this as its newest event; forgets it if that is unknown."""
        self.drop(tracker.sender_id)
        if newest is None:
            return
        self._trackers[tracker.sender_id] = _Live(tracker, newest, len(tracker.events))
        while len(self._trackers) > MOST:
            self._trackers.popitem(last=False)

    def drop(self, sender_id: str) -> None:
        """Forgets a tracker."""
        self._trackers.pop(sender_id, None)
