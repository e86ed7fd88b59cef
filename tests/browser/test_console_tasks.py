"""The six tasks of a clinic's week, by people at their screens, with the assistant answering visitors meanwhile.

Each takes at most five presses of a link or button.
"""

from __future__ import annotations

from typing import Callable, Iterator, List

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.console import Hand, Practice

MOST_CLICKS = 5
LEARNING_SECONDS = 600
DRIVING = "can i drive home after the infusion?"
OLD_WORDS = "Do not drive until the next day"
NEW_WORDS = "Leave the car until the next day"
UNKNOWN = "do folks hurl afterwards"
Staff = Callable[[str], Hand]


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Practice]:
    """A clinic whose answer about driving was approved yesterday."""
    opened = Practice(tmp_path_factory.mktemp("practice") / "project").open()
    yield opened
    opened.close()


@pytest.fixture
def staff(browser: Browser, practice: Practice) -> Iterator[Staff]:
    """Returns a function that signs somebody in at a screen of their own."""
    hands: List[Hand] = []

    def staff_(username: str) -> Hand:
        hands.append(Hand(browser, practice, username))
        return hands[-1]

    yield staff_
    for hand in hands:
        hand.leave()


def done(hand: Hand) -> None:
    """Checks that a task was short."""
    assert hand.clicks <= MOST_CLICKS, f"{hand.clicks} presses"
    hand.clicks = 0


def sign_as_it_is(hand: Hand, title: str) -> None:
    """Approves and publishes the live words of an answer, as yesterday's version."""
    hand.find(title, title)
    hand.button("Read and approve these words")
    hand.approve()
    hand.button("Publish")
    hand.expect_live()


def test_the_week_of_a_clinic(practice: Practice, staff: Staff) -> None:
    reyes, nora, frida = staff("reyes"), staff("nora"), staff("frida")
    sign_as_it_is(reyes, "Driving")
    assert practice.hears("before", DRIVING).startswith(OLD_WORDS)

    frida.picture("today")
    frida.link("Facts")
    frida.page.get_by_label("Phone", exact=True).fill("202 555 0199")
    frida.picture("facts")
    frida.button("Look at what changes")
    frida.picture("facts-confirm")
    frida.button("Yes, make it live")
    expect(frida.page.locator(".notice.success")).to_be_visible()
    done(frida)
    assert "202 555 0199" in practice.hears("caller", "what does it cost?")

    nora.find("car after treatment", "Driving")
    nora.picture("answer")
    nora.link("Edit", exact=True)
    words = nora.page.get_by_label("Answer", exact=True)
    words.fill(words.input_value().replace(OLD_WORDS, NEW_WORDS, 1))
    nora.page.get_by_label("Why this change?").fill("Softer: patients felt told off")
    expect(nora.page.locator("#beside .saved")).to_contain_text("Draft saved")
    expect(nora.page.locator("#beside .chat")).to_contain_text(NEW_WORDS)
    nora.picture("edit")
    nora.button("Go on to send it")
    nora.picture("send")
    nora.button("Send to a clinician")
    expect(nora.page.locator(".notice.success")).to_be_visible()
    done(nora)
    assert practice.hears("meanwhile", DRIVING).startswith(OLD_WORDS)

    reyes.link("Today", exact=True)
    reyes.clicks = 0
    reyes.link("Driving")
    reyes.picture("review")
    reyes.approve()
    reyes.picture("publish")
    reyes.button("Publish")
    reyes.expect_live()
    reyes.picture("live")
    done(reyes)
    assert practice.hears("afterwards", DRIVING).startswith(NEW_WORDS)

    frida.find("car after treatment", "Driving")
    frida.page.get_by_label("Why?").fill("A patient was told otherwise on the phone")
    frida.picture("withdraw")
    frida.button("Withdraw this answer")
    frida.expect_live()
    done(frida)
    assert NEW_WORDS not in practice.hears("withdrawn", DRIVING)

    nora.find("car after treatment", "Driving")
    nora.link("History")
    nora.picture("history")
    nora.button("Restore")
    nora.expect_live()
    done(nora)
    assert practice.hears("restored", DRIVING).startswith(OLD_WORDS)


def test_what_visitors_asked_in_vain_is_learned(practice: Practice, staff: Staff) -> None:
    reyes = staff("reyes")
    practice.say("asker", UNKNOWN)
    practice.events("asker", "bot")
    reyes.link("Unanswered")
    reyes.picture("unanswered")
    reyes.link("do folks hurl")
    reyes.page.get_by_label("Answer", exact=True).select_option("nausea")
    reyes.picture("question")
    reyes.button("Add as a question people ask")
    reyes.button("Publish")
    reyes.picture("learning")
    reyes.expect_live(LEARNING_SECONDS)
    done(reyes)
    assert "sick" in practice.hears("asks-again", UNKNOWN)
