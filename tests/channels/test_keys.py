"""The keys of platforms that sign tokens: fetched in time, shared by all who wait, and never asked for too often."""

from __future__ import annotations

import asyncio
from typing import Any, Dict, List

import pytest

from ketaguide.channels.sending import SendError
from ketaguide.channels.verify import ForgedError
from ketaguide.channels.verify.tokens import KEYS_KEPT, LOOK_AGAIN, Keys


class Site:
    """Where a platform publishes its keys, and a clock."""

    def __init__(self) -> None:
        self.ids = ["first"]
        self.trouble: Exception | None = None
        self.asked = 0
        self.now = 0.0
        self.keys = Keys(self.fetch, lambda: self.now)

    async def fetch(self) -> List[Dict[str, Any]]:
        self.asked += 1
        await asyncio.sleep(0.01)
        if self.trouble:
            raise self.trouble
        return [{"kid": id_} for id_ in self.ids]


@pytest.fixture
async def site() -> Site:
    return Site()


async def test_messages_that_come_together_after_a_start_are_all_checked(site: Site) -> None:
    found = await asyncio.gather(*(site.keys.get("first") for _ in range(5)))
    assert found == [{"kid": "first"}] * 5
    assert site.asked == 1


async def test_who_hangs_up_takes_no_keys_from_the_others(site: Site) -> None:
    first = asyncio.ensure_future(site.keys.get("first"))
    second = asyncio.ensure_future(site.keys.get("first"))
    await asyncio.sleep(0)
    first.cancel()
    assert await second == {"kid": "first"}


async def test_a_new_key_is_found_and_a_forged_one_asked_for_only_now_and_then(site: Site) -> None:
    await site.keys.get("first")
    site.ids.append("second")
    site.now = LOOK_AGAIN
    assert await site.keys.get("second")
    for _ in range(9):
        with pytest.raises(ForgedError):
            await site.keys.get("forged")
    assert site.asked == 2


@pytest.mark.parametrize("trouble", [SendError(503), KeyError("keys"), TypeError()])
async def test_without_keys_nobody_is_called_a_forger(site: Site, trouble: Exception) -> None:
    site.trouble = trouble
    for _ in range(3):
        with pytest.raises(SendError):
            await site.keys.get("first")
    assert site.asked == 1
    site.trouble, site.now = None, LOOK_AGAIN
    assert await site.keys.get("first")
    with pytest.raises(ForgedError):
        await site.keys.get("forged")


async def test_known_keys_serve_on_while_new_ones_cannot_be_fetched(site: Site) -> None:
    await site.keys.get("first")
    site.trouble, site.now = SendError(503), KEYS_KEPT
    assert await site.keys.get("first")
    assert await site.keys.get("first")
    assert site.asked == 2
    site.trouble, site.ids, site.now = None, ["second"], KEYS_KEPT + LOOK_AGAIN
    with pytest.raises(ForgedError):
        await site.keys.get("first")
