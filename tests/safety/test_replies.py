"""The replies as visitors read them, and the lint that keeps them so."""

from __future__ import annotations

import datetime
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ketaguide.safety.contact_lines import EMERGENCY_ID
from ketaguide.safety.replies import (
    EMERGENCY_LANGUAGES,
    FOLLOWUP,
    HOLD,
    MAX_WORDS,
    NOTHING,
    OPEN_DOOR,
    SAFETY_QUESTION,
    CrisisReplies,
    Setting,
    word_count,
)
from ketaguide.safety.reply_files import (
    CORE_KINDS,
    CORE_LANGUAGES,
    FOLLOWUPS,
    FULL_LANGUAGES,
    REPLY_KINDS,
    load_replies,
)
from ketaguide.safety.reply_lint import all_cases, check_reply, lint_crisis, load_rules, render
from ketaguide.safety.resources import RESOURCES_FILE, load_resources
from ketaguide.safety.verdict import CRISIS_KINDS, NOW, OTHER, SELF, SOON, Verdict

DATA = Path(__file__).parents[2] / "data"
CRISIS = DATA / "crisis"
TODAY = datetime.date(2026, 11, 22)
RESOURCES = load_resources(CRISIS)
RULES = load_rules(CRISIS)


@pytest.fixture(scope="module")
def replies() -> CrisisReplies:
    return CrisisReplies.from_folder(CRISIS)


def test_shipped_files_have_no_problem() -> None:
    assert lint_crisis(DATA, TODAY) == []


@pytest.mark.parametrize("kind", REPLY_KINDS)
def test_every_case_renders_complete(replies: CrisisReplies, kind: str) -> None:
    for case in all_cases(RESOURCES):
        if case.kind == kind:
            reply = render(replies, case)
            assert list(check_reply(reply, case, RESOURCES, RULES)) == []
            assert not re.search(r"[{}~]", reply.text)


@pytest.mark.parametrize("language", FULL_LANGUAGES)
@pytest.mark.parametrize("kind", CRISIS_KINDS)
def test_every_wording_keeps_within_length(replies: CrisisReplies, kind: str, language: str) -> None:
    for case in all_cases(RESOURCES):
        if (case.kind, case.language) == (kind, language) and case.country in ("US", "GB", "ZA", "IT", ""):
            assert all(word_count(render(replies, case, count).text) <= MAX_WORDS for count in range(3))


def test_the_same_case_gives_the_same_words() -> None:
    first, second = CrisisReplies.from_folder(CRISIS), CrisisReplies.from_folder(CRISIS)
    for case in all_cases(RESOURCES):
        if case.country in ("US", ""):
            assert render(first, case) == render(second, case) == render(first, case, 3)


@pytest.mark.parametrize(
    ("kind", "urgency", "asks", "holds"),
    [
        ("suicide", SOON, SAFETY_QUESTION, False),
        ("suicide", NOW, NOTHING, True),
        ("self_harm", SOON, SAFETY_QUESTION, False),
        ("harm_to_others", SOON, SAFETY_QUESTION, False),
        ("abuse", SOON, OPEN_DOOR, False),
        ("third_party", SOON, OPEN_DOOR, False),
        ("third_party", NOW, NOTHING, True),
        ("overdose", SOON, NOTHING, True),
        ("medical_emergency", SOON, NOTHING, True),
        ("distress", SOON, OPEN_DOOR, False),
    ],
)
def test_what_a_reply_asks_and_whether_it_holds(
    replies: CrisisReplies, kind: str, urgency: str, asks: str, holds: bool
) -> None:
    reply = replies.crisis_reply(Verdict(kind=kind, urgency=urgency), country="US")
    assert (reply.asks, reply.holds) == (asks, holds)
    assert bool(reply.buttons) == (asks == SAFETY_QUESTION)
    assert reply.text.endswith("Are you in danger right now?") == (asks == SAFETY_QUESTION)


def test_the_safety_question_is_not_put_twice_in_a_row(replies: CrisisReplies) -> None:
    reply = replies.crisis_reply(Verdict(kind="suicide", urgency=SOON), country="US", asked=SAFETY_QUESTION)
    assert reply.asks == OPEN_DOOR


def test_urgent_replies_name_the_emergency_number_first(replies: CrisisReplies) -> None:
    for kind in CRISIS_KINDS:
        reply = replies.crisis_reply(Verdict(kind=kind, urgency=NOW), country="US")
        assert reply.contacts[0].id == EMERGENCY_ID


@pytest.mark.parametrize(
    ("also", "words"),
    [
        ("overdose", "If too much was taken: call 911 now."),
        ("medical_emergency", "For any danger sign in the body: call 911 now."),
        ("harm_to_others", "Another adult takes the child or person now."),
        ("abuse", "If someone hurts you: call 1-800-799-7233"),
        ("self_harm", "For urges to hurt yourself: "),
    ],
)
def test_further_kinds_add_a_line_with_their_contact(replies: CrisisReplies, also: str, words: str) -> None:
    assert words in replies.crisis_reply(Verdict(kind="suicide", also=(also,), urgency=SOON), country="US").text


def test_pain_about_abuse_long_ago_gets_the_abuse_line(replies: CrisisReplies) -> None:
    reply = replies.crisis_reply(Verdict(kind="distress", rule_ids=("distress.childhood_abuse",)), country="US")
    assert "1-800-799-7233" in reply.text


def test_distress_beside_an_answer_is_one_sentence_and_one_contact(replies: CrisisReplies) -> None:
    reply = replies.crisis_reply(Verdict(kind="distress"), country="US", alone=False)
    assert reply.text.splitlines()[1] == "To talk to someone: call or text 988 (988 Lifeline), 24/7."
    assert len(reply.text.splitlines()) == 2


def test_the_clinic_line_stands_below_the_emergency_number() -> None:
    replies = CrisisReplies.from_folder(CRISIS, after_hours="555-0100")
    text = replies.crisis_reply(Verdict(kind="medical_emergency", urgency=NOW), country="US").text
    assert text.index("911") < text.index("555-0100")


def test_poison_lines(replies: CrisisReplies) -> None:
    def text(country: str) -> str:
        return replies.crisis_reply(Verdict(kind="overdose", urgency=NOW), country=country).text

    assert "1-800-222-1222" in text("US")
    assert "At other hours call 112 / 999." in text("IE")
    assert "Otherwise call 999 too" in text("GB")


@pytest.mark.parametrize("kind", ["abuse", "medical_emergency", "distress"])
def test_quiet_replies_never_name_suicide(replies: CrisisReplies, kind: str) -> None:
    for country in (*RESOURCES.countries, ""):
        for language in FULL_LANGUAGES:
            reply = replies.crisis_reply(Verdict(kind=kind, urgency=NOW), country=country, language=language)
            assert not re.search("suicid|zelfmoord|självmord", reply.text + str(reply.contacts), re.I)


@pytest.mark.parametrize("language", CORE_LANGUAGES)
@pytest.mark.parametrize("kind", CORE_KINDS)
def test_core_replies_have_their_language_and_english_below(replies: CrisisReplies, kind: str, language: str) -> None:
    reply = replies.crisis_reply(Verdict(kind=kind, urgency=NOW, language=language), country="US", language=language)
    own, _, english = reply.text.partition("\n\nEnglish: ")
    assert "911" in own
    assert "911" in english
    assert "when the danger is over" in english
    assert reply.holds


def test_the_line_for_unreadable_languages_speaks_all_of_them(replies: CrisisReplies) -> None:
    reply = replies.emergency_languages("US")
    assert reply.response == EMERGENCY_LANGUAGES
    assert len(reply.text.splitlines()) == len(FULL_LANGUAGES) + len(CORE_LANGUAGES)
    assert all("911" in line and "988" in line for line in reply.text.splitlines())
    assert "112" in replies.emergency_languages("").text


@pytest.mark.parametrize("language", FULL_LANGUAGES)
@pytest.mark.parametrize("hold", [False, True])
@pytest.mark.parametrize("name", FOLLOWUPS)
def test_followups_render_with_one_contact(replies: CrisisReplies, name: str, hold: bool, language: str) -> None:
    for kind in CRISIS_KINDS:
        for subject in (SELF, OTHER):
            for country in ("US", "JP", "IT", ""):
                setting = Setting(country, language, hold=hold)
                reply = replies.followup(name, Verdict(kind=kind, subject=subject), setting)
                assert reply.response == FOLLOWUP
                assert reply.version
                assert not re.search(r"[{}~]", reply.text)
                if country:
                    assert len(reply.contacts) == 1
                    assert (reply.contacts[0].id == EMERGENCY_ID) == hold


def test_holding_replies_change_their_wording(replies: CrisisReplies) -> None:
    made = [replies.hold_reply(Verdict(kind="overdose"), Setting("US", count=count)) for count in range(3)]
    assert len({reply.text for reply in made}) == 3
    assert {reply.response for reply in made} == {HOLD}
    assert all("Call 911 now." in reply.text and "when the danger is over" in reply.text for reply in made)


def test_texts_ship_unapproved_and_say_so(replies: CrisisReplies) -> None:
    reply = replies.crisis_reply(Verdict(kind="suicide", urgency=SOON), country="US")
    assert not reply.approved
    assert re.fullmatch("[0-9a-f]{12}", reply.version)
    assert all(file.wording.risk == "safety" for file in load_replies(CRISIS).files.values())


# What the lint rejects: a change to one file, and words of the problem that must come of it.
def _swap(file: str, old: str, new: str) -> Callable[[Path], None]:
    def change(crisis: Path) -> None:
        path = crisis / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    return change


def _remove(file: str) -> Callable[[Path], None]:
    return lambda crisis: (crisis / file).unlink()


SUICIDE_FILE = "replies/en/suicide.yml"
TRUSTED = "Be with someone you trust, and tell your clinic or therapist."
BAD: dict[str, tuple[Callable[[Path], None], str]] = {
    "required item missing": (_swap(SUICIDE_FILE, TRUSTED, "Be well."), "does not say: be with someone"),
    "forbidden words": (_swap(SUICIDE_FILE, TRUSTED, TRUSTED + " Promise me."), "must not contain a promise asked for"),
    "forbidden in one kind": (
        _swap("replies/en/overdose.yml", "Do not stay alone.", "Do not stay alone. Vomit."),
        "must not contain vomiting",
    ),
    "forbidden in a follow-up": (_swap("replies/en/followup.yml", "Good. What", "Calm down. What"), "calm down"),
    "forbidden in Spanish": (_swap("replies/es/suicide.yml", "Leí cada", "Cálmate. Leí cada"), "calm down"),
    "too long": (_swap(SUICIDE_FILE, TRUSTED, TRUSTED + " And so on" * 20), "words"),
    "a literal number": (_swap(SUICIDE_FILE, "call {emergency}", "call 911"), "a number is written"),
    "a literal address": (_swap("replies/en/abuse.yml", "find a way out", "see www.x.org"), "an address is written"),
    "markup": (_swap(SUICIDE_FILE, "even a hello", "**hello**"), "markup"),
    "unknown placeholder": (_swap(SUICIDE_FILE, "{contacts}", "{contcts}"), "is not a placeholder"),
    "contacts too late": (
        _swap("replies/en/third_party.yml", "  {contacts}\n", ""),
        "no contact",
    ),
    "rotation too short": (
        _swap(SUICIDE_FILE, '  - "I read every word. You don\'t have to carry this alone."\n', ""),
        "fewer than 3",
    ),
    "a text is missing": (_swap("replies/en/overdose.yml", "no_poison:", "nopoison:"), "'no_poison' is missing"),
    "a file is missing": (_remove("replies/es/abuse.yml"), "cannot be read"),
    "a language is missing": (_remove("replies/fr/core.yml"), "cannot be read"),
    "risk too low": (_swap(SUICIDE_FILE, "risk: safety", "risk: fact"), "the risk is not `safety`"),
    "review before check": (_swap(SUICIDE_FILE, "2027-05-22", "2026-05-22"), "the review date is not after"),
    "no date": (_swap(SUICIDE_FILE, '"2027-05-22"', "soon"), "'review_by' is not a date"),
    "contacts too old": (_swap(RESOURCES_FILE, 'checked_on: "2026-11-22"', 'checked_on: "2026-01-01"'), "days ago"),
    "no translation": (_swap("replies/es/contacts.yml", '"women":', '"woman":'), "has no translation"),
    "phrases incomplete": (
        _swap("replies/es/contacts.yml", "call_or_text:", "callortext:"),
        "phrases are not complete",
    ),
    "short messages broken": (_swap("followups.yml", "  affirm:\n", "  yes:\n"), "no list of phrases"),
    "a rule is no pattern": (_swap("reply_rules.yml", 'pattern: "calm down"', 'pattern: "(calm"'), "cannot be read"),
    "a core reply without its number": (
        _swap("replies/de/core.yml", "Rufen Sie jetzt {emergency} an", "Rufen Sie Hilfe"),
        "the core reply is incomplete",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_lint_rejects(tmp_path: Path, name: str) -> None:
    shutil.copytree(CRISIS, tmp_path / "crisis", ignore=shutil.ignore_patterns("rules"))
    change, message = BAD[name]
    change(tmp_path / "crisis")
    problems = lint_crisis(tmp_path, TODAY)
    assert any(message in problem.message for problem in problems), [str(problem) for problem in problems]


def test_lint_warns_of_an_overdue_review() -> None:
    problems = lint_crisis(DATA, datetime.date(2027, 5, 23))
    overdue = [problem for problem in problems if "review was due" in problem.message]
    assert overdue
    assert {problem.severity for problem in overdue} == {"warning"}
