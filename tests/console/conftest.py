"""The console over a tiny clinic: its own content folder and database for each test, and people of every role."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, Mapping

import pytest

_PLACE = Path(tempfile.mkdtemp(prefix="console-tests-"))
os.environ["DJANGO_SETTINGS_MODULE"] = "console.config.settings"
os.environ["CONSOLE_WORKPLACE"] = str(_PLACE)

import django  # noqa: E402 - it needs the environment above

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connections  # noqa: E402
from django.test import Client, override_settings  # noqa: E402
from django.test.utils import setup_test_environment  # noqa: E402

from console.assistant import client  # noqa: E402
from console.people.models import Person  # noqa: E402
from console.people.roles import Role  # noqa: E402
from ketaguide.content.live import LiveContent, shared_content  # noqa: E402
from ketaguide.content.speech import speak  # noqa: E402
from tests.console.real import RealClinic  # noqa: E402
from tests.content.conftest import ContentFolder  # noqa: E402

setup_test_environment()

PASSWORD = "tall green walking boots"
PEOPLE = {
    "frida": ("Frida Front", Role.FRONT_DESK),
    "nora": ("Nora Nurse", Role.NURSE),
    "nils": ("Nils Nurse", Role.NURSE),
    "carla": ("Dr Carla Clinic", Role.CLINICIAN),
    "chris": ("Dr Chris Clinic", Role.CLINICIAN),
    "mona": ("Mona Manager", Role.MANAGER),
}
SignIn = Callable[[str], Client]


@pytest.fixture(scope="session")
def _empty_database() -> Path:
    call_command("migrate", verbosity=0)
    connections["default"].close()
    return Path(connections.databases["default"]["NAME"])


class Clinic:
    """One clinic's folder with the answers `driving`, `alcohol` and `nausea`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.content = ContentFolder(path / "data")
        (path / "var").mkdir()

    def file(self, topic: str = "driving") -> Path:
        """Returns an answer's file."""
        return self.path / "data" / "topics" / "after" / f"{topic}.yml"


@contextmanager
def console_over(folder: Path, empty_database: Path, **more: Any) -> Iterator[None]:
    """Makes the console work on a clinic's folder, with an empty database."""
    database = folder / "var" / "console.db"
    if not database.exists():
        shutil.copy(empty_database, database)
    connection = connections["default"]
    connection.close()
    before = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = str(database)
    with override_settings(
        WORKPLACE=folder,
        DATA_FOLDER=folder / "data",
        STATE_FOLDER=folder / "var",
        ASSISTANT_SECRET_FILE=folder / "var" / "console_link.key",
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        **more,
    ):
        yield
    connection.close()
    connection.settings_dict["NAME"] = before
    shared_content.cache_clear()


@pytest.fixture
def clinic(tmp_path: Path, _empty_database: Path) -> Iterator[Clinic]:
    """A clinic with nobody and nothing in its database."""
    made = Clinic(tmp_path / "clinic")
    with console_over(made.path, _empty_database):
        yield made


@pytest.fixture(scope="package")
def real_clinic(tmp_path_factory: pytest.TempPathFactory, _empty_database: Path) -> Iterator[RealClinic]:
    """A clinic whose assistant runs: one for all tests that need it. Tests leave its answers as they found them."""
    running = RealClinic(tmp_path_factory.mktemp("real") / "clinic").go()
    yield running
    running.stop()


@pytest.fixture
def real(real_clinic: RealClinic, _empty_database: Path) -> Iterator[RealClinic]:
    """The clinic with the running assistant, and the console over it with an empty database."""
    (real_clinic.path / "var" / "console.db").unlink(missing_ok=True)
    with console_over(real_clinic.path, _empty_database, ASSISTANT_URL=real_clinic.address):
        yield real_clinic


@pytest.fixture
def people(request: pytest.FixtureRequest) -> Dict[str, Person]:
    """Somebody of every role, by sign-in name, in the tiny clinic if the test asks for no other."""
    request.getfixturevalue("real" if "real" in request.fixturenames else "clinic")
    return {
        username: Person.objects.create_person(username, name, role.value, PASSWORD)
        for username, (name, role) in PEOPLE.items()
    }


@pytest.fixture
def sign_in(people: Dict[str, Person]) -> SignIn:
    """Returns a function that returns a browser in which this person has signed in."""

    def sign_in_(username: str) -> Client:
        browser = Client(SERVER_NAME="localhost")
        assert browser.post("/sign-in", {"username": username, "password": PASSWORD}).status_code == 302
        return browser

    return sign_in_


class SpokenContent:
    """Stands where the assistant is and says what is in the files: by the same code, without a model."""

    def __init__(self, folder: Path) -> None:
        self._content = LiveContent(folder)
        self.running = True
        self.deaf = False
        self.heard: List[str] = []

    def ask(self, text: str, sender: str) -> List[Dict[str, Any]]:
        """Returns the message for `/id`."""
        self._check()
        self.heard.append(text)
        library = self._content.library()
        topic = library.topics[text.lstrip("/")]
        speech = speak(topic, library, self._content.facts())
        version = "old" if self.deaf else speech.stamp["content_version"]
        spoken = {"topic": "withdrawn" if topic.withdrawn else topic.id, "content_version": version, "language": "en"}
        return [{"utter_action": topic.response, **spoken}]

    def state(self) -> Mapping[str, Any]:
        """Returns the facts."""
        self._check()
        return {"ready": True, "facts": {} if self.deaf else dict(self._content.facts()), "model": "a"}

    def _check(self) -> None:
        if not self.running:
            raise client.AssistantUnreachableError("The assistant does not answer.")


@pytest.fixture
def assistant_voice(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> SpokenContent:
    """The assistant's voice without a server, for tests of what happens around it; the real one is in test_lanes."""
    voice = SpokenContent(clinic.path / "data")
    monkeypatch.setattr(client, "ask", voice.ask)
    monkeypatch.setattr(client, "state", voice.state)
    return voice
