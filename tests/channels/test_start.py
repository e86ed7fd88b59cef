"""A channel starts with its secrets, and without them says what to set."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Dict, Optional

import pytest
import yaml
from rasa.core.run import create_http_input_channels
from rasa.shared.exceptions import RasaException

from ketaguide.channels.__main__ import main
from ketaguide.channels.messaging import MessagingInput
from ketaguide.channels.preview import RENDERERS
from tests.channels.messaging import CHANNELS
from tests.channels.platforms.base import Platform
from tests.channels.platforms.mattermost import Mattermost
from tests.channels.platforms.twilio import Sms

CREDENTIALS = Path("credentials.yml").read_text(encoding="utf-8")
EXAMPLE = "https://bot.clinic.example"


def switched_on(class_: type[MessagingInput[Any]]) -> Dict[str, Any]:
    """Returns a channel's part of credentials.yml with its lines uncommented."""
    name = f"{class_.__module__}.{class_.__name__}"
    block = re.search(rf"(?m)^# {re.escape(name)}:\n((?:#   .*\n)*)", CREDENTIALS)
    assert block, f"{name} is not in credentials.yml"
    options: Optional[Dict[str, Any]] = yaml.safe_load(re.sub(r"(?m)^#   ", "", block[1]))
    return {name: options}


@pytest.fixture(params=CHANNELS.items(), ids=lambda pair: pair[0].name)
def pair(request: pytest.FixtureRequest) -> Any:
    return request.param


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in CHANNELS:
        for name in kind.environment:
            monkeypatch.delenv(name, raising=False)


def test_credentials_say_what_starts_each_channel(pair: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kind, class_ = pair
    for name, value in kind.environment.items():
        monkeypatch.setenv(name, value)
    file = tmp_path / "credentials.yml"
    file.write_text(yaml.safe_dump(switched_on(class_)))
    monkeypatch.chdir(tmp_path)
    (channel,) = create_http_input_channels(None, str(file))
    assert channel.name() == kind.name
    assert channel.get_output_channel() is None


def test_all_are_off_at_first() -> None:
    on = yaml.safe_load(CREDENTIALS)
    assert not any(class_.__module__ in name for name in on for class_ in CHANNELS.values())


def test_every_missing_secret_is_named_at_once(pair: Any) -> None:
    kind, class_ = pair
    (options,) = switched_on(class_).values()
    with pytest.raises(RasaException) as caught:
        class_.from_credentials(options)
    for name in kind.environment:
        assert name in str(caught.value)
        assert name in CREDENTIALS
    assert "docs/channels.md" in str(caught.value)


def test_an_empty_secret_is_none(pair: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    kind, class_ = pair
    first = next(iter(kind.environment))
    for name, value in kind.environment.items():
        monkeypatch.setenv(name, "  " if name == first else value)
    (options,) = switched_on(class_).values()
    with pytest.raises(RasaException, match=first):
        class_.from_credentials(options)


def test_what_does_not_belong_into_the_file_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    platform: type[Platform] = next(kind for kind in CHANNELS if kind.name == "telegram")
    class_ = CHANNELS[platform]
    for name, value in platform.environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(RasaException, match="bot_token is a secret") as caught:
        class_.from_credentials({"bot_token": "1234:abc"})
    assert "1234:abc" not in str(caught.value)
    with pytest.raises(RasaException, match="no option api_ulr"):
        class_.from_credentials({"api_ulr": EXAMPLE})
    with pytest.raises(RasaException, match="api_url must be an https address"):
        class_.from_credentials({"api_url": "http://bot.clinic.example"})


@pytest.mark.parametrize("written", [True, "on", ["telegram"]])
def test_options_of_another_form_are_explained(pair: Any, written: Any) -> None:
    with pytest.raises(RasaException, match="name: value"):
        pair[1].from_credentials(written)


@pytest.mark.parametrize("address", ["https://", "https://a.b:port", "https://[", "ftp://localhost", 5, "//a.b"])
def test_what_is_no_address_is_refused(address: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in Sms.environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(RasaException, match="webhook_url must be an https address"):
        CHANNELS[Sms].from_credentials({"webhook_url": address})


def test_a_slash_at_the_end_of_a_server_does_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in Mattermost.environment.items():
        monkeypatch.setenv(name, value)
    channel = CHANNELS[Mattermost].from_credentials({"server_url": f"{EXAMPLE}/", "webhook_url": f"{EXAMPLE}/hook/"})
    assert channel.options.server_url == EXAMPLE
    assert channel.options.webhook_url == f"{EXAMPLE}/hook/", "as it is written at the platform"


def test_the_guide_names_every_channel_and_variable() -> None:
    guide = Path("docs/channels.md").read_text(encoding="utf-8")
    for kind, class_ in CHANNELS.items():
        assert f"{class_.__module__}.{class_.__name__}" in guide
        assert all(name in guide for name in kind.environment)


@pytest.mark.parametrize("channel", RENDERERS)
def test_preview_shows_an_answer(channel: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["preview", "driving", "--channel", channel]) == 0
    shown = capsys.readouterr().out
    assert "Recovery time" in shown
    assert "/recovery_time" not in shown
    assert ("segments" in shown) == (channel == "sms")


def test_preview_names_what_it_does_not_know(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["preview", "no_such_answer"]) == 1
    assert "no_such_answer" in capsys.readouterr().err
    assert main(["preview", "crisis_no_such_kind"]) == 1
    assert "suicide" in capsys.readouterr().err
