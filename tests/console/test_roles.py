"""The table of roles, cell by cell, through the same doors that people use: what is not allowed, the server refuses."""

from __future__ import annotations

from typing import Any, Callable, Dict, Tuple

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from console.answers.models import Change, State
from console.people.access import OPEN_TO_ALL
from console.people.models import Person
from console.people.roles import PERMITTED, Action, Role, permitted
from console.publishing.models import Version
from tests.console.conftest import Clinic, SignIn, SpokenContent
from tests.console.test_words_lane import approve, form, written_and_sent

WHO = {Role.FRONT_DESK: "frida", Role.NURSE: "nils", Role.CLINICIAN: "chris", Role.MANAGER: "mona"}
ANYONE = frozenset(Role)
EDITORS = frozenset({Role.NURSE, Role.CLINICIAN, Role.MANAGER})
CLINICIANS = frozenset({Role.CLINICIAN})
MANAGERS = frozenset({Role.MANAGER})
Post = Callable[[Client, Clinic, SignIn], Any]


def _in_review(clinic: Clinic, sign_in: SignIn, risk: str) -> Change:
    clinic.content.change(risk=risk)
    return written_and_sent(sign_in("nora"), risk=risk)


def _approve(risk: str) -> Post:
    return lambda browser, clinic, sign_in: approve(browser, _in_review(clinic, sign_in, risk))


def _publish(browser: Client, clinic: Clinic, sign_in: SignIn) -> Any:
    change = _in_review(clinic, sign_in, "clinical")
    approve(sign_in("carla"), change)
    return browser.post("/publish/now", {"changes": change.pk})


def _withdraw(risk: str) -> Post:
    def post(browser: Client, clinic: Clinic, _: SignIn) -> Any:
        clinic.content.change(risk=risk)
        return browser.post("/answers/driving/withdraw", {"why": "it is wrong"})

    return post


def _restore(browser: Client, clinic: Clinic, sign_in: SignIn) -> Any:
    browser.get("/answers")
    version = Version.objects.filter(item="driving").latest("pk")
    return browser.post(f"/answers/driving/history/{version.pk}/restore")


def _put_back(browser: Client, clinic: Clinic, _: SignIn) -> Any:
    clinic.content.change(withdrawn={"by": "a", "on": "2026-11-22", "why": "b"})
    return browser.post("/answers/driving/put-back", {"why": "it is right"})


def _to(method: str, path: str, **data: Any) -> Post:
    return lambda browser, *_: getattr(browser, method)(path, data)


FACTS = {"clinic_phone": "202 555 0199", "country": "US", "confirmed": "1"}
PERSON = {"name": "New One", "username": "new", "role": "nurse", "is_active": "on"}
TABLE: Dict[str, Tuple[Post, frozenset]] = {
    "write a draft": (_to("post", "/answers/driving/edit", **form()), ANYONE),
    "add a question": (_to("post", "/answers/driving/phrases", add="may i cycle home then"), ANYONE),
    "approve practical": (_approve("logistics"), EDITORS),
    "approve general knowledge": (_approve("fact"), CLINICIANS),
    "approve medical": (_approve("clinical"), CLINICIANS),
    "approve safety": (_approve("safety"), CLINICIANS),
    "approve a crisis text": (_to("post", "/crisis-texts/en/suicide/approve"), CLINICIANS),
    "read crisis texts": (_to("get", "/crisis-texts"), ANYONE),
    "see sources": (_to("get", "/sources"), ANYONE),
    "publish": (_publish, EDITORS),
    "change facts": (_to("post", "/facts", **FACTS), ANYONE),
    "withdraw practical": (_withdraw("logistics"), ANYONE),
    "withdraw medical": (_withdraw("clinical"), ANYONE),
    "withdraw safety": (_withdraw("safety"), frozenset()),
    "put back": (_put_back, EDITORS),
    "restore": (_restore, EDITORS),
    "read unanswered questions": (_to("get", "/unanswered"), CLINICIANS),
    "read this week's questions": (_to("get", "/unanswered/lately"), CLINICIANS),
    "ignore a question": (_to("post", f"/unanswered/{'0' * 64}/put-aside", kind="ignored"), CLINICIANS),
    "talk in the test chat": (_to("get", "/test-chat"), ANYONE),
    "save a test question": (_to("post", "/test-chat/save", question="may i drive", topic="driving"), ANYONE),
    "see reports": (_to("get", "/reports"), ANYONE),
    "take the reports away": (_to("get", "/reports/export"), ANYONE),
    "take answers away": (_to("get", "/import-export/take/answers.csv"), EDITORS),
    "take everything for an audit away": (_to("get", "/import-export/take/audit.zip"), EDITORS),
    "hand a table in": (_to("post", "/import-export/upload"), MANAGERS),
    "see people": (_to("get", "/people"), MANAGERS),
    "add a person": (_to("post", "/people/new", **PERSON), MANAGERS),
    "change settings": (_to("post", "/people/settings", single_clinician="on"), MANAGERS),
    "see the log": (_to("get", "/log"), frozenset({Role.CLINICIAN, Role.MANAGER})),
    "take the log away": (_to("get", "/log/export"), frozenset({Role.CLINICIAN, Role.MANAGER})),
}


@pytest.mark.parametrize("role", list(Role), ids=lambda role: role.value)
@pytest.mark.parametrize("deed", TABLE)
def test_cell(clinic: Clinic, sign_in: SignIn, assistant_voice: SpokenContent, deed: str, role: Role) -> None:
    post, allowed = TABLE[deed]
    answer = post(sign_in(WHO[role]), clinic, sign_in)
    assert (answer.status_code == 403) is (role not in allowed)


def test_a_refused_deed_changes_nothing(clinic: Clinic, sign_in: SignIn, assistant_voice: SpokenContent) -> None:
    before = {path: path.read_bytes() for path in (clinic.path / "data").rglob("*.yml")}
    change = _in_review(clinic, sign_in, "clinical")
    before[clinic.file()] = clinic.file().read_bytes()
    frida = sign_in("frida")
    approve(frida, change)
    frida.post("/publish/now", {"changes": change.pk})
    frida.post("/people/new", PERSON)
    change.refresh_from_db()
    assert change.state == State.IN_REVIEW
    assert not Person.objects.filter(username="new").exists()
    assert {path: path.read_bytes() for path in before} == before


def test_reading_visitors_words_is_granted_person_by_person() -> None:
    for role in Role:
        assert permitted(role, Action.READ_VISITORS_WORDS) is (role is Role.CLINICIAN)
        granted = role in {Role.CLINICIAN, Role.NURSE, Role.MANAGER}
        assert permitted(role, Action.READ_VISITORS_WORDS, reads_words=True) is granted


def test_every_action_is_in_the_table() -> None:
    assert {action for action, _ in PERMITTED} == set(Action)


def _patterns(resolver: URLResolver) -> Any:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            yield entry
        else:
            yield from _patterns(entry)


def test_nothing_is_shown_to_somebody_who_has_not_signed_in(clinic: Clinic) -> None:
    browser = Client(SERVER_NAME="localhost")
    values = {"topic": "driving", "pk": 1, "key": "x", "token": "x", "language": "en", "name": "suicide"}
    for pattern in _patterns(get_resolver()):
        if pattern.name in OPEN_TO_ALL:
            continue
        path = "/" + str(pattern.pattern)
        for name, value in values.items():
            path = path.replace(f"<slug:{name}>", str(value)).replace(f"<int:{name}>", str(value))
        for answer in (browser.get(path), browser.post(path)):
            assert answer.status_code == 302, path
            assert answer["Location"].startswith("/sign-in"), path
