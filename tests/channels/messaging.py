"""A messaging channel on a real server, with the guard before a scripted agent and a local platform around it."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any, Awaitable, Callable, Dict, List, Optional, Sequence

import httpx
from rasa.core.channels.channel import UserMessage, register
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from sanic import Sanic

from ketaguide.channels import settings
from ketaguide.channels.google_chat import GoogleChatInput
from ketaguide.channels.mattermost import MattermostInput
from ketaguide.channels.messaging import MessagingInput, Places
from ketaguide.channels.messenger import MessengerInput
from ketaguide.channels.preview import UnknownAnswerError, spoken
from ketaguide.channels.rocketchat import RocketChatInput
from ketaguide.channels.sending import Sender
from ketaguide.channels.slack import SlackInput
from ketaguide.channels.teams import TeamsInput
from ketaguide.channels.telegram import TelegramInput
from ketaguide.channels.twilio import SmsInput, WhatsAppInput
from ketaguide.channels.webex import WebexInput
from ketaguide.content.live import LiveContent
from ketaguide.serving.agent_thread import AgentThread
from ketaguide.serving.guard import Guard
from ketaguide.serving.safety_desk import SafetyDesk
from tests.channels.platforms.base import Heard, Platform, Post
from tests.channels.platforms.google_chat import GoogleChat
from tests.channels.platforms.mattermost import Mattermost
from tests.channels.platforms.messenger import Messenger
from tests.channels.platforms.rocketchat import RocketChat
from tests.channels.platforms.slack import Slack
from tests.channels.platforms.teams import Teams
from tests.channels.platforms.telegram import Telegram
from tests.channels.platforms.twilio import Sms, WhatsApp
from tests.channels.platforms.webex import Webex
from tests.running import free_port

DATA = Path("data")
CONTENT = LiveContent(DATA)
CHANNELS: Dict[type[Platform], type[MessagingInput[Any]]] = {
    Sms: SmsInput,
    WhatsApp: WhatsAppInput,
    Telegram: TelegramInput,
    Slack: SlackInput,
    Messenger: MessengerInput,
    Mattermost: MattermostInput,
    RocketChat: RocketChatInput,
    Webex: WebexInput,
    Teams: TeamsInput,
    GoogleChat: GoogleChatInput,
}
NOTICE = "automated assistant, not"
# Who has written before and has been told what answers.
KNOWN = ("1", "2")
_numbers = itertools.count()


def new_guard(folder: Path) -> Guard:
    """Returns the guard over the project's content, its state in a folder of the tests."""
    return Guard(SafetyDesk(DATA, folder), LiveContent(DATA), AgentThread())


class ScriptedAgent:
    """Speaks the project's own answers for their payloads, and what a test gives it for anything else."""

    def __init__(self, guard: Guard) -> None:
        self.asked: List[UserMessage] = []
        self.says: Dict[str, Sequence[Dict[str, Any]]] = {}
        self.pause: Optional[Callable[[str], Awaitable[None]]] = None
        self.tracker_store = InMemoryTrackerStore(Domain.empty())
        self.lock_store = InMemoryLockStore()
        self.guard = guard

    def is_ready(self) -> bool:
        return True

    async def handle_message(self, message: UserMessage) -> None:
        await self.guard.handle(self, _answer, message)  # type: ignore[arg-type]


async def _answer(agent: ScriptedAgent, message: UserMessage) -> None:
    text = message.text or ""
    agent.asked.append(message)
    if agent.pause:
        await agent.pause(text)
    for reply in agent.says.get(text) or [_spoken(text)]:
        await message.output_channel.send_response(message.sender_id, dict(reply))


def said(id_: str) -> Dict[str, Any]:
    """Returns an answer of the project as the assistant says it."""
    return spoken(id_, DATA, CONTENT)


def _spoken(text: str) -> Dict[str, Any]:
    try:
        return said(text.lstrip("/"))
    except UnknownAnswerError:
        return {"text": f"Heard: {len(text)} characters.", "utter_action": "utter_heard"}


class Conversation:
    """A person on a platform, and the assistant behind its channel."""

    def __init__(self, platform: Platform, channel: MessagingInput[Any], agent: ScriptedAgent, port: int) -> None:
        self.platform = platform
        self.channel = channel
        self.agent = agent
        self.client = httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30)

    @property
    def address(self) -> str:
        return f"/webhooks/{self.platform.name}/webhook"

    async def post(self, post: Post) -> httpx.Response:
        """Delivers one request and waits until everything it started is done."""
        response = await self.client.post(self.address, content=post.body, headers=dict(post.headers))
        await self.channel.exchange.finish()
        self.platform.hear(response.content)
        return response

    async def hears(self, post: Post) -> List[Heard]:
        """Returns what the person hears after a delivery."""
        before = len(self.platform.heard)
        response = await self.post(post)
        assert response.status_code == 200, response.text
        return self.platform.heard[before:]

    async def says(self, text: str, **options: Any) -> List[Heard]:
        """Returns what the person hears after a message."""
        return await self.hears(self.platform.message(text, **options))


class Conversations:
    """Opens conversations, and closes what they started."""

    def __init__(self, folder: Path, guard: Guard) -> None:
        self._folder = folder
        self._guard = guard
        self._closing: List[Callable[[], Awaitable[None]]] = []

    async def open(self, kind: type[Platform], set_variable: Callable[[str, str], None]) -> Conversation:
        """Starts a platform and its channel, as `credentials.yml` and the environment would switch it on."""
        platform = kind()
        await platform.start()
        self._closing.append(platform.stop)
        for name, value in platform.environment.items():
            set_variable(name, value)
        class_ = CHANNELS[kind]
        places = Places(DATA, self._folder / "messaging.db", self._folder / "secret")
        options = settings.read(class_.kind, class_.channel, platform.credentials())
        channel = class_(options, places, Sender(first_pause=0.01))
        agent = ScriptedAgent(self._guard)
        return await self._serve(platform, channel, agent)

    async def _serve(self, platform: Platform, channel: MessagingInput[Any], agent: ScriptedAgent) -> Conversation:
        app = Sanic(f"messaging_{next(_numbers)}", configure_logging=False)
        app.ctx.agent = agent
        register([channel], app, route="/webhooks/")
        port = free_port()
        server = await app.create_server("127.0.0.1", port, return_asyncio_server=True, access_log=False)
        assert server is not None
        await server.startup()  # type: ignore[no-untyped-call]
        await server.start_serving()  # type: ignore[no-untyped-call]
        conversation = Conversation(platform, channel, agent, port)

        async def close() -> None:
            await conversation.client.aclose()
            await channel.sender.close()
            server.close()  # type: ignore[no-untyped-call]

        self._closing.insert(0, close)
        for user in KNOWN:
            await conversation.says("/greet", user=user)
        platform.heard.clear()
        agent.asked.clear()
        return conversation

    async def close(self) -> None:
        """Ends everything."""
        for close in self._closing:
            await close()
