"""Tells real deliveries of a platform from forged ones. Each check is the platform's own, in constant time."""

from __future__ import annotations


class ForgedError(Exception):
    """A delivery is not from the platform, or not for this assistant. Carries the status that it is refused with."""

    def __init__(self, status: int = 403) -> None:
        super().__init__("This request does not prove that it comes from the platform.")
        self.status = status
