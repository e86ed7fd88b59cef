"""What the web channel takes, gives and refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Dict

import httpx
import pytest

from ketaguide.channels.web.messages import render
from tests.channels.conftest import Open, Site

CRISIS = "I want to kill myself"


def assert_helps(response: httpx.Response) -> Dict[str, Any]:
    """Every refusal carries the emergency line and contacts."""
    body: Dict[str, Any] = response.json()
    assert "911" in body["text"]
    assert [contact["id"] for contact in body["contacts"]][:2] == ["emergency", "us_988"]
    return body


async def test_an_utterance_arrives_as_one_message(site: Site) -> None:
    site.agent.replies = [
        {
            "text": "One.\n\nTwo.",
            "buttons": [{"title": "Cost", "payload": "/cost"}, {"title": "broken"}],
            "topic": "driving",
            "approved": False,
            "checked_on": "2026-11-22",
            "sources": [{"title": "T", "publisher": "P", "year": 2024, "url": "https://example.org"}],
            "content_version": "abc",
            "secret": "no",
        }
    ]
    (message,) = (await site.say("driving?")).json()["messages"]
    assert message["text"] == "One.\n\nTwo."
    assert message["buttons"] == [{"title": "Cost", "payload": "/cost"}]
    assert message["sources"][0]["publisher"] == "P"
    assert message["approved"] is False
    assert "secret" not in message


def test_named_phone_numbers_become_links() -> None:
    message = render({"text": "Call +1 (555) 010-0100, or 911. Not 9112."}, ["+1 (555) 010-0100", "911", "112"])
    assert message is not None
    assert message["phones"] == [
        {"number": "+1 (555) 010-0100", "tel": "+15550100100"},
        {"number": "911", "tel": "911"},
    ]


def test_a_crisis_message_keeps_its_mark_and_contacts() -> None:
    contacts = [{"id": "us_988", "name": "988 Lifeline", "call": "988"}]
    message = render({"text": "Call 988.", "crisis": "suicide", "contacts": contacts}, ["988"])
    assert message is not None
    assert (message["crisis"], message["contacts"]) == ("suicide", contacts)
    assert "phones" not in message


# ---- Sessions


async def test_a_session_goes_on_with_its_token(site: Site) -> None:
    first = (await site.say("one")).json()["session"]
    second = (await site.say("two", session=first)).json()["session"]
    assert first == second
    assert site.agent.asked[0].sender_id == site.agent.asked[1].sender_id


@pytest.mark.parametrize("forge", ["flip", "other", "empty", "number", "chosen"])
async def test_a_forged_token_opens_a_fresh_conversation(site: Site, forge: str) -> None:
    token = (await site.say("one")).json()["session"]
    id_, issued, signature = token.split(".")
    forged = {
        "flip": f"{id_}.{issued}.{'A' if signature[0] != 'A' else 'B'}{signature[1:]}",
        "other": f"web-{'x' * 24}.{issued}.{signature}",
        "empty": "",
        "number": 7,
        "chosen": "default",
    }[forge]
    await site.say("two", session=forged)
    assert site.agent.asked[1].sender_id != site.agent.asked[0].sender_id
    assert site.agent.asked[1].sender_id.startswith("web-")


async def test_sessions_survive_a_restart_but_not_another_secret(open_site: Open, tmp_path: Path) -> None:
    token = (await (await open_site()).say("one")).json()["session"]
    again = await open_site()
    assert (await again.say("two", session=token)).json()["session"] == token
    other = await open_site(secret_file=str(tmp_path / "other"))
    assert (await other.say("three", session=token)).json()["session"] != token
    assert (tmp_path / "secret").stat().st_mode & 0o077 == 0


async def test_a_short_secret_stops_the_start(open_site: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEB_SESSION_SECRET", "short")
    with pytest.raises(ValueError, match="32"):
        await open_site()


# ---- What a visitor may send


@pytest.mark.parametrize("payload", ["/driving", "/help", '/help{"group":"session"}', "/privacy"])
async def test_offered_payloads_pass(site: Site, payload: str) -> None:
    await site.say(payload)
    assert site.agent.asked[0].text == payload


@pytest.mark.parametrize(
    ("sent", "heard"),
    [
        ("/restart", "restart"),
        ("//session_start", "session_start"),
        (" / /back", "back"),
        ('/driving{"group":"x"}', 'driving{"group":"x"}'),
        ('/help{"group":"nonsense"}', 'help{"group":"nonsense"}'),
        ("/crisis_suicide", "crisis_suicide"),
        ("a\x00b\x1bc", "abc"),
    ],
)
async def test_any_other_command_is_plain_text(site: Site, sent: str, heard: str) -> None:
    await site.say(sent)
    assert site.agent.asked[0].text == heard


async def test_only_checked_metadata_goes_on(site: Site) -> None:
    given = {"language": "es", "region": "GB", "page": "/visit", "metadata": {"crisis": "x"}, "crisis": {"open": True}}
    await site.say("hola", **given)
    assert site.agent.asked[0].metadata == {"language": "es", "region": "GB", "page": "/visit"}
    await site.say("hi", language="english", region="XX", page="https://evil.example/")
    assert site.agent.asked[1].metadata == {}


@pytest.mark.parametrize("body", [{}, {"message": ""}, {"message": " / "}, {"message": 7}, [], "text"])
async def test_an_empty_message_is_refused_with_help(site: Site, body: Any) -> None:
    response = await site.post("webhook", body)
    assert response.status_code == 400
    assert_helps(response)
    assert not site.agent.asked


async def test_a_long_message_is_refused_with_help_for_what_it_says(site: Site) -> None:
    response = await site.say(f"{CRISIS}. " + "word " * 500)
    assert response.status_code == 413
    assert assert_helps(response)["crisis"] == "suicide"
    huge = await site.say("word " * 20_000)
    assert huge.status_code == 413
    assert_helps(huge)


async def test_a_message_of_full_length_passes(site: Site) -> None:
    assert (await site.say("é" * 2000)).status_code == 200


# ---- Origins


async def test_other_websites_are_refused_unless_listed(open_site: Open) -> None:
    site = await open_site(allowed_origins=["https://www.clinic.example"])
    listed = await site.post("webhook", {"message": "hi"}, Origin="https://www.clinic.example")
    assert listed.headers["access-control-allow-origin"] == "https://www.clinic.example"
    assert (
        await site.post("webhook", {"message": "hi"}, Origin=str(site.client.base_url).rstrip("/"))
    ).status_code == 200
    for stranger in ("https://evil.example", "null", "https://www.clinic.example.evil.example"):
        refused = await site.post("webhook", {"message": "hi"}, Origin=stranger)
        assert refused.status_code == 403
        assert "access-control-allow-origin" not in refused.headers
        assert_helps(refused)


@pytest.mark.parametrize("origin", ["*", "www.clinic.example", "https://*.example"])
async def test_a_loose_origin_stops_the_start(open_site: Open, origin: str) -> None:
    with pytest.raises(ValueError, match="origin"):
        await open_site(allowed_origins=[origin])


async def test_a_misspelt_option_stops_the_start(open_site: Open) -> None:
    with pytest.raises(Exception, match="alowed_origins"):
        await open_site(alowed_origins=[])


# ---- Limits and failures


async def test_the_rate_limit_never_hides_help(open_site: Open) -> None:
    site = await open_site(session_burst=2)
    token = (await site.say("zero")).json()["session"]
    for _ in range(2):
        assert (await site.say("again", session=token)).status_code == 200
    limited = await site.say("again", session=token)
    assert limited.status_code == 429
    assert int(limited.headers["retry-after"]) == limited.json()["retry_after"] > 0
    assert "crisis" not in assert_helps(limited)
    danger = assert_helps(await site.say(CRISIS, session=token))
    assert danger["crisis"] == "suicide"
    assert "be with someone you trust" in danger["text"].lower()


async def test_one_address_is_limited_however_many_sessions_it_opens(open_site: Open) -> None:
    site = await open_site(address_burst=3)
    assert [(await site.say("hi")).status_code for _ in range(4)] == [200, 200, 200, 429]


async def test_an_address_is_read_from_the_end_of_the_proxies_header(open_site: Open) -> None:
    site = await open_site(address_burst=1, trusted_proxies=1)
    sent = {"message": "hi"}
    assert (await site.post("webhook", sent, **{"X-Forwarded-For": "1.1.1.1"})).status_code == 200
    assert (await site.post("webhook", sent, **{"X-Forwarded-For": "2.2.2.2"})).status_code == 200
    assert (await site.post("webhook", sent, **{"X-Forwarded-For": "3.3.3.3, 1.1.1.1"})).status_code == 429


async def test_silence_errors_and_slowness_end_in_help_never_in_an_empty_answer(open_site: Open) -> None:
    site = await open_site(time_limit=0.2)
    for replies, error, seconds in (([], None, 0.0), ([{"text": "x"}], ValueError("my words"), 0.0), ([], None, 1.0)):
        site.agent.replies, site.agent.error, site.agent.seconds = replies, error, seconds
        response = await site.say(CRISIS)
        assert response.status_code == 503
        assert assert_helps(response)["crisis"] == "suicide"


async def test_a_retry_joins_the_work_instead_of_asking_twice(open_site: Open) -> None:
    site = await open_site(time_limit=0.2)
    site.agent.seconds = 0.3
    message = {"id": "0123456789abcdef"}
    assert (await site.say("slow", **message)).status_code == 503
    # As the widget does: the same message again until the answer is there, however slow this machine is.
    for _ in range(100):
        answered = await site.say("slow", **message)
        if answered.status_code == 200:
            break
    assert answered.status_code == 200
    assert len(site.agent.asked) == 1
    assert (await site.say("slow", **message)).json() == answered.json()


async def test_logs_hold_no_words_of_the_visitor(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    site.agent.error = ValueError("my very private words")
    await site.say("my very private words")
    assert "private" not in caplog.text


# ---- Erasing and feedback


async def test_erasing_deletes_the_conversation(site: Site) -> None:
    token = (await site.say("one")).json()["session"]
    id_ = site.agent.asked[0].sender_id
    assert id_ in await site.agent.tracker_store.keys()
    assert (await site.post("erase", {"session": token})).json() == {"status": "erased"}
    assert id_ not in await site.agent.tracker_store.keys()


async def test_nobody_erases_with_a_forged_token(site: Site) -> None:
    token = (await site.say("one")).json()["session"]
    assert (await site.post("erase", {"session": token[:-2] + "xx"})).status_code == 400
    assert site.agent.asked[0].sender_id in await site.agent.tracker_store.keys()


async def test_an_unknown_store_does_not_claim_to_have_erased(site: Site) -> None:
    token = (await site.say("one")).json()["session"]
    site.agent.tracker_store = object()  # type: ignore[assignment]
    assert (await site.post("erase", {"session": token})).status_code == 503


@pytest.mark.parametrize(("sent", "kept"), [("0123456789ab", "0123456789ab"), ("my name is Jo", ""), (None, "")])
async def test_feedback_names_the_version_that_was_seen(site: Site, tmp_path: Path, sent: Any, kept: str) -> None:
    token = (await site.say("one")).json()["session"]
    await site.post("feedback", {"session": token, "topic": "driving", "helpful": True, "version": sent})
    assert json.loads((tmp_path / "feedback.jsonl").read_text())["version"] == kept


async def test_feedback_is_counted_without_words_or_session(site: Site, tmp_path: Path) -> None:
    token = (await site.say("one")).json()["session"]
    good = {"session": token, "topic": "driving", "helpful": True, "comment": "my name is Jo"}
    assert (await site.post("feedback", good)).status_code == 200
    line = json.loads((tmp_path / "feedback.jsonl").read_text())
    assert set(line) == {"day", "topic", "helpful", "version"}
    for bad in ({**good, "topic": "../x"}, {**good, "helpful": "yes"}, {**good, "session": ""}):
        assert (await site.post("feedback", bad)).status_code == 400


# ---- Files


async def test_the_widget_is_cached_and_versioned(open_site: Open, tmp_path: Path) -> None:
    (tmp_path / "widget.js").write_text("one")
    site = await open_site(widget_dir=str(tmp_path))
    plain = await site.client.get("/webhooks/web/widget.js")
    assert plain.text == "one"
    assert plain.headers["content-encoding"] == "gzip"
    assert "max-age=300" in plain.headers["cache-control"]
    tag = plain.headers["etag"]
    known = await site.client.get("/webhooks/web/widget.js", headers={"If-None-Match": tag})
    assert (known.status_code, known.content) == (304, b"")
    pinned = f"/webhooks/web/widget.{tag.strip(chr(34))}.js"
    assert "immutable" in (await site.client.get(pinned)).headers["cache-control"]
    (tmp_path / "widget.js").write_text("two!")
    assert (await site.client.get("/webhooks/web/widget.js")).text == "two!"
    assert (await site.client.get(pinned)).status_code == 404


async def test_the_demo_stands_at_the_root_only_where_it_is_wanted(open_site: Open) -> None:
    wants_page = {"Accept": "text/html"}
    demo = await open_site(demo=True)
    page = await demo.client.get("/", headers=wants_page)
    assert "widget.js" in page.text
    assert "require-trusted-types-for 'script'" in page.headers["content-security-policy"]
    assert (await demo.client.get("/")).text.startswith("Hello from Rasa")
    for path in ("/demo/../package.json", "/demo/%2e%2e/package.json", "/demo/"):
        assert (await demo.client.get(path, headers=wants_page)).status_code == 404
    assert (await (await open_site()).client.get("/", headers=wants_page)).text.startswith("Hello from Rasa")


async def test_every_answer_has_security_headers(site: Site) -> None:
    for response in (await site.say("hi"), await site.say(""), await site.client.get("/webhooks/web/settings")):
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["referrer-policy"] == "no-referrer"
    assert (await site.say("hi")).headers["cache-control"] == "no-store"


async def test_settings_offer_only_what_may_be_sent(site: Site) -> None:
    settings = (await site.client.get("/webhooks/web/settings")).json()
    assert settings["country"] == "US"
    for starter in settings["starters"]:
        await site.say(starter["payload"])
        assert site.agent.asked[-1].text == starter["payload"]
