"""Takes up a new model as soon as its file is there, in every process that reads the same folder."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Optional, Tuple

from rasa.core.agent import Agent

from ketaguide.serving.model_loading import take_up

logger = logging.getLogger(__name__)

EVERY_SECONDS = 5.0
# Nanoseconds of the last change, size, inode.
Stamp = Tuple[int, int, int]


class ModelWatch:
    """Watches one model file. A model that cannot be loaded changes nothing."""

    def __init__(self, agent: Agent, file: Path) -> None:
        """Takes the agent with the model that it has, and the file that it came from."""
        self._agent = agent
        self._file = file
        self._in_use = self._seen = self._stamp()

    async def run(self) -> None:
        """Looks at the file again and again."""
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            await self.look()

    async def look(self) -> None:
        """Loads the file if it is another one, and has not changed since the last look: it may still be written."""
        stamp, before = self._stamp(), self._seen
        self._seen = stamp
        if stamp is None or stamp == self._in_use or stamp != before:
            return
        self._in_use = stamp
        try:
            # Off the event loop: conversations go on while a model is unpacked.
            await asyncio.to_thread(take_up, self._agent, self._file)
        except Exception as error:  # the model in use stays in use
            logger.error("The new model could not be loaded (%s); the one before stays in use.", type(error).__name__)
            return
        logger.info("The new model is in use.")

    def _stamp(self) -> Optional[Stamp]:
        try:
            status = self._file.stat()
        except OSError:
            return None
        return (status.st_mtime_ns, status.st_size, status.st_ino)
