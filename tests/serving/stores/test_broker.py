"""Events on their way to a broker: kept while it refuses, and no hindrance to the end of the process."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from typing import Any, Dict, List, Optional

import pytest
from rasa.core.brokers.broker import EventBroker
from rasa.utils.endpoints import EndpointConfig

from ketaguide.serving.stores import broker
from ketaguide.serving.stores.broker import DetachedBroker

HERE = f"{__name__}.MoodyBroker"


class MoodyBroker(EventBroker):
    """Refuses the first delivery of every event."""

    seen: List[Dict[str, Any]] = []
    taken: List[Dict[str, Any]] = []

    @classmethod
    async def from_endpoint_config(
        cls, broker_config: EndpointConfig, event_loop: Optional[asyncio.AbstractEventLoop] = None
    ) -> MoodyBroker:
        return cls()

    def publish(self, event: Dict[str, Any]) -> None:
        if event not in self.seen:
            self.seen.append(event)
            raise ConnectionError
        self.taken.append(event)


async def test_an_event_that_was_refused_is_offered_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broker, "RETRY_SECONDS", 0.01)
    detached = DetachedBroker(EndpointConfig(type=HERE))
    events = [{"number": number} for number in range(5)]
    for event in events:
        detached.publish(event)
    for _ in range(1000):
        if len(MoodyBroker.taken) == len(events):
            break
        await asyncio.sleep(0.01)
    await detached.close()
    assert MoodyBroker.taken == events


def test_the_process_ends_though_no_event_comes() -> None:
    code = (
        "from rasa.utils.endpoints import EndpointConfig\n"
        "from ketaguide.serving.stores.broker import DetachedBroker\n"
        f"import {__name__}, time\n"
        f"DetachedBroker(EndpointConfig(type='{HERE}'))\n"
        "time.sleep(1)\n"
    )
    assert subprocess.run([sys.executable, "-c", code], timeout=60, check=False).returncode == 0
