"""What is particular to one platform: its own proofs, and everything that is not a plain message."""

from __future__ import annotations

import hashlib
import hmac
import time
from typing import Any, Awaitable, Callable, Dict

import jwt
import pytest
import pytest_asyncio

from ketaguide.channels.sending import URGENT_ATTEMPTS
from tests.channels.messaging import Conversation, Conversations
from tests.channels.platforms.base import FORM, JSON, Platform, Post, as_form, as_json
from tests.channels.platforms.google_chat import GoogleChat
from tests.channels.platforms.mattermost import WEBHOOK_TOKEN, Mattermost
from tests.channels.platforms.messenger import APP_SECRET, VERIFY_TOKEN, Messenger
from tests.channels.platforms.rocketchat import BOT, RocketChat
from tests.channels.platforms.signing import private_key, public_key
from tests.channels.platforms.slack import Slack
from tests.channels.platforms.teams import TENANT, Teams
from tests.channels.platforms.telegram import Telegram
from tests.channels.platforms.twilio import Sms, WhatsApp
from tests.channels.platforms.webex import Webex

CRISIS = "I want to kill myself"
TEXT_ONLY = "only read written words"
Open = Callable[[type[Platform]], Awaitable[Any]]


@pytest_asyncio.fixture
async def open_(conversations: Conversations, monkeypatch: pytest.MonkeyPatch) -> Open:
    async def opened(kind: type[Platform]) -> Conversation:
        return await conversations.open(kind, monkeypatch.setenv)

    return opened


async def status(chat: Conversation, post: Post) -> int:
    return (await chat.post(post)).status_code


class TestTwilio:
    async def test_a_signature_holds_for_one_account_and_one_address(self, open_: Open) -> None:
        chat = await open_(Sms)
        fields = chat.platform.fields("hello")
        assert await status(chat, chat.platform.deliver({**fields, "AccountSid": "AC-of-somebody-else"})) == 403
        elsewhere = WhatsApp().deliver(fields)
        assert await status(chat, elsewhere) == 403
        assert await status(chat, chat.platform.deliver(fields)) == 200

    async def test_words_that_end_the_conversation_get_no_reply(self, open_: Open) -> None:
        chat = await open_(Sms)
        for word in ("STOP", "Unsubscribe"):
            assert await chat.says(word) == []
        assert await chat.hears(chat.platform.deliver({**chat.platform.fields("no more"), "OptOutType": "STOP"})) == []
        await chat.hears(chat.platform.deliver({**chat.platform.fields("start"), "OptOutType": "START"}))
        assert [message.text for message in chat.agent.asked] == ["/greet"]

    async def test_help_is_never_kept_back(self, open_: Open) -> None:
        chat = await open_(Sms)
        assert await chat.says("HELP")

    async def test_pictures_reports_and_other_numbers(self, open_: Open) -> None:
        chat = await open_(Sms)
        fields = chat.platform.fields("")
        (heard,) = await chat.hears(chat.platform.deliver({**fields, "NumMedia": "1", "MediaUrl0": "https://a.b/c"}))
        assert TEXT_ONLY in heard.text
        assert await chat.hears(chat.platform.deliver({**fields, "SmsStatus": "delivered", "MessageSid": "1"})) == []
        assert await chat.hears(chat.platform.deliver({**fields, "From": "whatsapp:+15550100"})) == []
        assert await chat.hears(chat.platform.deliver({**fields, "From": fields["To"]})) == [], "its own number"

    @pytest.mark.parametrize("port", ["", ":443", ":8443"])
    async def test_the_port_may_be_signed_or_not(self, open_: Open, port: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(Sms, "port", port)
        chat = await open_(Sms)
        fields = chat.platform.fields("hello")
        for signed in (port, "" if port else ":443"):
            monkeypatch.setattr(Sms, "port", signed)
            assert await status(chat, chat.platform.deliver(fields)) == 200
        monkeypatch.setattr(Sms, "port", ":1234")
        assert await status(chat, chat.platform.deliver(fields)) == 403

    @pytest.mark.parametrize(
        "answer", ["2", " 2. ", "(2)", "#2", "2!", '"2"', "2\ufe0f\u20e3", "٢", "２", "Recovery time", "recovery TIME"]
    )
    async def test_a_number_or_title_chooses(self, open_: Open, answer: str) -> None:
        chat = await open_(Sms)
        await chat.says("/driving")
        await chat.says(answer)
        assert chat.agent.asked[-1].text == "/recovery_time"

    async def test_numbers_count_on_over_the_messages_of_one_answer(self, open_: Open) -> None:
        chat = await open_(Sms)
        one = {"text": "One.", "buttons": [{"title": "A", "payload": "/cost"}, {"title": "B", "payload": "/driving"}]}
        chat.agent.says["x"] = [one, {"text": "Two.", "buttons": [{"title": "C", "payload": "/eligibility"}]}]
        await chat.says("x")
        await chat.says("3")
        assert chat.agent.asked[-1].text == "/eligibility"

    @pytest.mark.parametrize("answer", ["7", "0", "22", "2 pills", "2 3", "-2", "$2", "2%"])
    async def test_other_numbers_are_words(self, open_: Open, answer: str) -> None:
        chat = await open_(Sms)
        await chat.says("/driving")
        await chat.says(answer)
        assert chat.agent.asked[-1].text == answer

    async def test_an_old_choice_does_not_answer_a_new_question(self, open_: Open) -> None:
        chat = await open_(Sms)
        await chat.says("/driving")
        chat.agent.says["how are you"] = [{"text": "Fine."}]
        await chat.says("how are you")
        await chat.says("2")
        assert chat.agent.asked[-1].text == "2"

    async def test_danger_is_heard_behind_a_number(self, open_: Open) -> None:
        chat = await open_(Sms)
        await chat.says("/driving")
        for text in (f"2 {CRISIS}", f"2\n{CRISIS}"):
            (heard,) = await chat.says(text)
            assert "988" in heard.text


class TestTelegram:
    async def test_an_edit_is_answered_if_the_words_changed(self, open_: Open) -> None:
        chat = await open_(Telegram)
        first = chat.platform.content(text="drvng?")
        await chat.hears(chat.platform.update(message=first))
        assert await chat.hears(chat.platform.update(edited_message={**first, "edit_date": 1})) == []
        (heard,) = await chat.hears(chat.platform.update(edited_message={**first, "text": CRISIS}))
        assert "988" in heard.text

    @pytest.mark.parametrize("kind", ["sticker", "voice", "photo", "location"])
    async def test_what_is_not_words(self, open_: Open, kind: str) -> None:
        chat = await open_(Telegram)
        (heard,) = await chat.hears(chat.platform.update(message=chat.platform.content(**{kind: {"file_id": "1"}})))
        assert TEXT_ONLY in heard.text
        assert not chat.agent.asked

    async def test_a_caption_is_words(self, open_: Open) -> None:
        chat = await open_(Telegram)
        content = chat.platform.content(photo=[{"file_id": "1"}], caption=CRISIS)
        (heard,) = await chat.hears(chat.platform.update(message=content))
        assert "988" in heard.text

    async def test_groups_joins_and_other_updates_are_ignored(self, open_: Open) -> None:
        chat = await open_(Telegram)
        group = chat.platform.content(chat="supergroup", text="hello")
        updates: list[Dict[str, Any]] = [
            {"message": group},
            {"message": chat.platform.content(new_chat_members=[{"id": 1}])},
            {"my_chat_member": {}},
            {"channel_post": group},
            {"message_reaction": {}},
            {"callback_query": {"id": "1", "from": {"id": 1}, "message": group, "data": "/cost"}},
        ]
        for update in updates:
            assert await chat.hears(chat.platform.update(**update)) == []
        assert not chat.agent.asked

    async def test_start_greets_and_commands_do_nothing_else(self, open_: Open) -> None:
        chat = await open_(Telegram)
        for text in ("/start", "/start from_a_link", "/restart", '/inform{"a":"b"}'):
            assert await chat.says(text)
        assert [message.text for message in chat.agent.asked] == ["/greet", "/greet", "restart", 'inform{"a":"b"}']

    async def test_a_press_is_confirmed_even_for_an_old_message(self, open_: Open) -> None:
        chat = await open_(Telegram)
        query = {"id": "77", "from": {"id": 701, "is_bot": False}, "data": "/cost"}
        assert await chat.hears(chat.platform.update(callback_query=query))
        assert chat.platform.confirmed == ["77"]
        assert chat.agent.asked[-1].text == "/cost"


class TestSlack:
    async def test_the_check_of_a_new_address(self, open_: Open) -> None:
        chat = await open_(Slack)
        body = as_json({"type": "url_verification", "challenge": "abc"})
        assert (await chat.post(chat.platform.signed(body, JSON))).text == "abc"
        assert await status(chat, Post(body, JSON)) == 403

    @pytest.mark.parametrize("stamp", ["", "soon", "-1", "9" * 20, "9" * 400])
    async def test_odd_time_stamps_are_refused(self, open_: Open, stamp: str) -> None:
        chat = await open_(Slack)
        post = chat.platform.message("hello").with_headers(**{"x_slack_request_timestamp": stamp})
        assert await status(chat, post) == 403

    async def test_bots_joins_previews_and_other_channels_are_ignored(self, open_: Open) -> None:
        chat = await open_(Slack)
        parts = chat.platform.parts("hello")
        changed = {"type": "message", "subtype": "message_changed", "channel": "D1", "channel_type": "im"}
        events: list[Dict[str, Any]] = [
            {**parts, "bot_id": "B1"},
            {**parts, "subtype": "channel_join"},
            {**parts, "subtype": "message_deleted"},
            {**parts, "channel": "C1", "channel_type": "channel"},
            {**changed, "message": {**parts, "text": "with a preview"}},
            {"type": "app_home_opened", "user": "U1", "channel": "D1"},
        ]
        for event in events:
            assert await chat.hears(chat.platform.event(**event)) == []

    @pytest.mark.parametrize("kind", ["me_message", "thread_broadcast", "file_share"])
    async def test_words_of_every_kind_are_heard(self, open_: Open, kind: str) -> None:
        chat = await open_(Slack)
        (heard,) = await chat.hears(chat.platform.event(**chat.platform.parts(CRISIS), subtype=kind))
        assert "988" in heard.text

    async def test_a_press_in_an_app_of_a_whole_organisation(self, open_: Open) -> None:
        chat = await open_(Slack)
        await chat.says("hello")
        payload = {
            "type": "block_actions",
            "team": None,
            "user": {"id": "U1", "team_id": "T1"},
            "channel": {"id": "D1"},
            "actions": [{"action_ts": "9.9", "value": "/cost"}],
        }
        other_case = {"Content-Type": "Application/X-WWW-Form-Urlencoded"}
        assert await chat.hears(chat.platform.signed(as_form({"payload": as_json(payload).decode()}), other_case))
        assert [message.text for message in chat.agent.asked] == ["hello", "/cost"]
        assert len({message.sender_id for message in chat.agent.asked}) == 1

    async def test_an_edit_is_answered(self, open_: Open) -> None:
        chat = await open_(Slack)
        edited = {**chat.platform.parts(CRISIS), "edited": {"user": "U1"}}
        changed = {"type": "message", "subtype": "message_changed", "channel": "D1", "channel_type": "im"}
        (heard,) = await chat.hears(chat.platform.event(**changed, message=edited))
        assert "988" in heard.text

    async def test_a_mention_is_answered_in_its_thread(self, open_: Open) -> None:
        chat = await open_(Slack)
        await chat.says("hello")
        mention = {"type": "app_mention", "channel": "C1", "user": "U1", "ts": "5.5", "text": "<@U99> is A &amp; B ok?"}
        heard = await chat.hears(chat.platform.event(**mention))
        assert heard[-1].to == ("C1", "5.5")
        assert chat.agent.asked[-1].text == "is A & B ok?"
        assert chat.agent.asked[-1].sender_id != chat.agent.asked[0].sender_id, "private words stay out of public"

    async def test_opening_a_page_is_no_message(self, open_: Open) -> None:
        chat = await open_(Slack)
        action = {"action_id": "open_0", "type": "button", "action_ts": "1"}
        payload = {"type": "block_actions", "team": {"id": "T"}, "user": {"id": "U"}, "channel": {"id": "D"}}
        body = as_form({"payload": as_json({**payload, "actions": [action]}).decode()})
        assert await chat.hears(chat.platform.signed(body, FORM)) == []


class TestMessenger:
    async def test_the_check_of_a_new_address(self, open_: Open) -> None:
        chat = await open_(Messenger)
        query = {"hub.mode": "subscribe", "hub.challenge": "123"}
        answered = await chat.client.get(chat.address, params={**query, "hub.verify_token": VERIFY_TOKEN})
        assert (answered.status_code, answered.text) == (200, "123")
        for wrong in ({}, {"hub.verify_token": "guess"}):
            assert (await chat.client.get(chat.address, params={**query, **wrong})).status_code == 403

    async def test_the_old_signature_is_not_enough(self, open_: Open) -> None:
        chat = await open_(Messenger)
        body = chat.platform.message("hello").body
        old = hmac.new(APP_SECRET.encode(), body, hashlib.sha1).hexdigest()
        assert await status(chat, Post(body, {**JSON, "X-Hub-Signature": f"sha1={old}"})) == 403
        for header in ("x=1", "sha256="):
            post = Post(body, {**JSON, "X-Hub-Signature-256": header})
            assert await status(chat, post) == 403

    async def test_echoes_receipts_and_reactions_are_ignored(self, open_: Open) -> None:
        chat = await open_(Messenger)
        echo = {"mid": "m1", "text": "hello", "is_echo": True}
        contents: list[Dict[str, Any]] = [{"message": echo}, {"read": {}}, {"delivery": {}}, {"reaction": {}}]
        for content in contents:
            assert await chat.hears(chat.platform.event(**content)) == []

    async def test_stickers_and_the_first_button(self, open_: Open) -> None:
        chat = await open_(Messenger)
        sticker = {"mid": "m2", "attachments": [{"type": "image", "payload": {"sticker_id": 1}}]}
        (heard,) = await chat.hears(chat.platform.event(message=sticker))
        assert TEXT_ONLY in heard.text
        await chat.hears(chat.platform.event(postback={"mid": "m3", "title": "Get Started", "payload": "GET_STARTED"}))
        assert chat.agent.asked[-1].text == "/greet"

    async def test_one_delivery_may_hold_several_messages(self, open_: Open) -> None:
        chat = await open_(Messenger)
        events = [
            {"sender": {"id": "90001"}, "message": {"mid": f"mid{number}", "text": f"question {number}"}}
            for number in (1, 2, 3)
        ]
        without_sender = {"recipient": {"id": "page"}, "policy_enforcement": {"action": "warning"}}
        body = {"object": "page", "entry": [{"messaging": [without_sender, *events[:2]]}, {"messaging": events[2:]}]}
        await chat.hears(chat.platform.sign(as_json(body)))
        assert [message.text for message in chat.agent.asked] == ["question 1", "question 2", "question 3"]


class TestMattermost:
    async def test_the_answer_is_private_and_the_command_says_so(self, open_: Open) -> None:
        chat = await open_(Mattermost)
        (heard,) = await chat.says("/cost")
        assert heard.to == "direct-bot-user1"
        assert b"ephemeral" in chat.platform.acknowledged

    async def test_an_outgoing_webhook(self, open_: Open) -> None:
        chat = await open_(Mattermost)
        fields = {"token": WEBHOOK_TOKEN, "user_id": "user1", "channel_id": "town", "post_id": "p1"}
        await chat.hears(Post(as_json({**fields, "text": "Ask is it safe?", "trigger_word": "ask"}), JSON))
        assert chat.agent.asked[-1].text == "is it safe?"

    async def test_a_press_needs_the_proof_of_its_own_channel(self, open_: Open) -> None:
        chat = await open_(Mattermost)
        (heard,) = await chat.says("/driving")
        action, _ = heard.buttons["Recovery time"]
        context = action["integration"]["context"]
        body = {"user_id": "user1", "channel_id": "direct-bot-user1", "post_id": "p", "trigger_id": "t"}
        forged = [
            {**body, "context": {**context, "payload": "/cost"}},
            {**body, "context": {**context, "proof": ""}},
            {**body, "context": {"payload": "/cost"}},
            {**body, "context": context, "channel_id": "another"},
            {**body, "context": "text", "token": WEBHOOK_TOKEN},
        ]
        for entry in forged:
            assert await status(chat, Post(as_json(entry), JSON)) == 403
        assert await status(chat, Post(as_json({**body, "context": context}), JSON)) == 200


class TestRocketChat:
    async def test_bots_are_ignored_this_one_first(self, open_: Open) -> None:
        chat = await open_(RocketChat)
        fields = chat.platform.fields("hello")
        for other in ({"user_id": BOT}, {"bot": {"i": "abc"}}):
            assert await chat.hears(chat.platform.delivery(**{**fields, **other})) == []

    async def test_a_thread_is_answered_there_and_an_edit_again(self, open_: Open) -> None:
        chat = await open_(RocketChat)
        fields = {**chat.platform.fields("hello"), "tmid": "thread"}
        (heard,) = await chat.hears(chat.platform.delivery(**fields))
        assert heard.to == ("room1", "thread")
        (heard,) = await chat.hears(chat.platform.delivery(**{**fields, "text": CRISIS, "isEdited": True}))
        assert "988" in heard.text


class TestWebex:
    async def test_own_messages_and_other_events_are_ignored(self, open_: Open) -> None:
        chat = await open_(Webex)
        data = {"id": "m", "roomId": "r", "personId": "person-bot"}
        own = {"resource": "messages", "event": "created", "createdBy": "person-bot", "data": data}
        for body in (own, {**own, "resource": "memberships"}, {**own, "event": "deleted"}):
            assert await chat.hears(chat.platform.sign(as_json(body))) == []

    async def test_a_mention_in_a_space_is_answered_in_a_thread(self, open_: Open) -> None:
        chat = await open_(Webex)
        mention = '<p><spark-mention data-object-id="b">Ketaguide</spark-mention> is A &amp; B ok?</p>'
        kept = {"id": "m1", "text": "Ketaguide is A & B ok?", "html": mention}
        (heard,) = await chat.hears(chat.platform.event(kept, room_type="group"))
        assert chat.agent.asked[-1].text == "is A & B ok?"
        assert heard.to == ("room1", "m1")

    async def test_words_that_cannot_be_fetched_are_not_met_with_silence(self, open_: Open) -> None:
        chat = await open_(Webex)
        post = chat.platform.message("hello", id_="gone")
        chat.platform.kept.clear()
        (heard,) = await chat.hears(post)
        assert "988" in heard.text


class TestTeams:
    async def test_a_token_for_another_bot_issuer_or_service_is_refused(self, open_: Open) -> None:
        chat = await open_(Teams)
        activity = chat.platform.activity(text="hello")
        claims: list[Dict[str, Any]] = [
            {"aud": "another-app"},
            {"iss": "https://sts.windows.net/"},
            {"serviceurl": "https://evil.example/"},
            {"serviceurl": None},
        ]
        for other in claims:
            assert await status(chat, chat.platform.deliver(activity, **other)) == 401
        assert await status(chat, chat.platform.deliver(activity, key="other")) == 401, "not endorsed for Teams"
        assert await status(chat, chat.platform.deliver(activity, key="unknown")) == 401
        assert await status(chat, chat.platform.deliver({**activity, "channelId": "webchat"})) == 401
        assert await status(chat, chat.platform.deliver(activity)) == 200

    async def test_a_token_must_be_signed_the_way_the_platform_signs(self, open_: Open) -> None:
        chat = await open_(Teams)
        claims = {**chat.platform.claims(), "exp": int(time.time()) + 60}
        head = {"kid": "connector"}
        body = as_json(chat.platform.activity(text="hello"))
        modulus = str(public_key("connector")["n"])
        tokens = [
            jwt.encode(claims, "", "none", head),
            jwt.encode(claims, modulus, "HS256", head),
            "a.b.c",
            ".",
        ]
        for shown in tokens:
            assert await status(chat, Post(body, {**JSON, "Authorization": f"Bearer {shown}"})) == 401
        unlimited = {key: value for key, value in claims.items() if key != "exp"}
        endless = jwt.encode(unlimited, private_key("connector"), "RS256", head)
        assert await status(chat, Post(body, {**JSON, "Authorization": f"Bearer {endless}"})) == 401

    async def test_people_of_other_tenants_are_refused(self, open_: Open) -> None:
        chat = await open_(Teams)
        activity = chat.platform.activity(text="hello", channelData={"tenant": {"id": "another"}})
        assert await status(chat, chat.platform.deliver(activity)) == 403

    async def test_while_keys_cannot_be_fetched_another_delivery_is_asked_for(self, open_: Open) -> None:
        chat = await open_(Teams)
        chat.platform.keys = None
        unknown = chat.platform.deliver(chat.platform.activity(text="hello"), key="unknown")
        chat.channel._keys._tried_at = None
        assert await status(chat, unknown) == 503
        asked = len(chat.platform.calls)
        assert await status(chat, unknown) == 503
        assert len(chat.platform.calls) == asked, "the platform is not asked again for every forged token"
        assert await chat.says("hello"), "and the keys that are known still serve"

    async def test_a_withdrawn_token_is_renewed(self, open_: Open) -> None:
        chat = await open_(Teams)
        chat.platform.tokens += 1
        assert await chat.says("hello")

    async def test_danger_is_answered_though_the_login_is_in_trouble(self, open_: Open) -> None:
        chat = await open_(Teams)
        chat.channel._token_ends = 0.0
        chat.platform.login_troubles = URGENT_ATTEMPTS - 1
        (heard,) = await chat.says(CRISIS)
        assert "988" in heard.text

    async def test_who_adds_the_bot_is_greeted_and_the_rest_ignored(self, open_: Open) -> None:
        chat = await open_(Teams)
        activity = chat.platform.activity
        added = activity(type="conversationUpdate", membersAdded=[{"id": "28:bot"}])
        assert await chat.hears(chat.platform.deliver(added))
        assert chat.agent.asked[-1].text == "/greet"
        others = [
            activity(type="conversationUpdate", membersAdded=[{"id": "29:somebody"}]),
            activity(type="messageReaction", reactionsAdded=[{"type": "like"}]),
            activity(type="installationUpdate", action="add"),
            activity(type="messageUpdate", text="x", channelData={"tenant": {"id": TENANT}, "eventType": "undelete"}),
            activity(type="invoke", name="x"),
        ]
        for other in others:
            assert await chat.hears(chat.platform.deliver(other)) == []

    async def test_a_mention_in_a_channel(self, open_: Open) -> None:
        chat = await open_(Teams)
        mention = {"type": "mention", "text": "<at>Ketaguide</at>", "mentioned": {"id": "28:bot"}}
        where = {"id": "19:c;messageid=1", "conversationType": "channel"}
        text = "<at>Ketaguide</at> is it safe?\n"
        activity = chat.platform.activity(text=text, entities=[mention], conversation=where)
        (*_, heard) = await chat.hears(chat.platform.deliver(activity))
        assert chat.agent.asked[-1].text == "is it safe?"
        assert heard.to == "19:c;messageid=1"


class TestGoogleChat:
    async def test_a_token_for_another_project_or_issuer_is_refused(self, open_: Open) -> None:
        chat = await open_(GoogleChat)
        event = chat.platform.event(message={"name": "m", "text": "hello"})
        for other in ({"aud": "999"}, {"iss": "https://accounts.google.com"}, {"aud": None}):
            assert await status(chat, chat.platform.deliver(event, **other)) == 401
        assert await status(chat, chat.platform.deliver(event)) == 200

    async def test_by_address_only_chat_itself_may_come(self, open_: Open, monkeypatch: pytest.MonkeyPatch) -> None:
        address = "https://bot.clinic.example/webhooks/google_chat/webhook"
        mail = "chat@system.gserviceaccount.com"
        genuine = {"iss": "https://accounts.google.com", "aud": address, "email": mail, "email_verified": True}
        monkeypatch.setattr(GoogleChat, "environment", {"GOOGLE_CHAT_AUDIENCE": address})
        monkeypatch.setattr(GoogleChat, "claims", lambda _, **other: {**genuine, **other})
        chat = await open_(GoogleChat)
        event = chat.platform.event(message={"name": "m", "text": "hello"})
        for other in ({"email": "somebody@gmail.com"}, {"email_verified": False}, {"email": None}):
            assert await status(chat, chat.platform.deliver(event, **other)) == 401
        assert await status(chat, chat.platform.deliver(event)) == 200

    async def test_two_people_of_one_name(self, open_: Open) -> None:
        chat = await open_(GoogleChat)
        await chat.says("hello", user="1")
        await chat.says("hello", user="2")
        assert len({message.sender_id for message in chat.agent.asked}) == 2
        assert not any("Jane" in message.sender_id for message in chat.agent.asked)

    async def test_who_adds_the_app_is_greeted_and_the_rest_ignored(self, open_: Open) -> None:
        chat = await open_(GoogleChat)
        assert await chat.hears(chat.platform.deliver(chat.platform.event("ADDED_TO_SPACE")))
        assert chat.agent.asked[-1].text == "/greet"
        space = {"name": "spaces/9", "type": "ROOM"}
        for event in (
            chat.platform.event("ADDED_TO_SPACE", space=space),
            chat.platform.event("REMOVED_FROM_SPACE"),
            {**chat.platform.event(message={"name": "m", "text": "x"}), "user": {"name": "users/2", "type": "BOT"}},
        ):
            assert await chat.hears(chat.platform.deliver(event)) == []

    async def test_a_picture(self, open_: Open) -> None:
        chat = await open_(GoogleChat)
        message = {"name": "spaces/1/messages/9", "attachment": [{"name": "a"}]}
        (heard,) = await chat.hears(chat.platform.deliver(chat.platform.event(message=message)))
        assert TEXT_ONLY in heard.text
