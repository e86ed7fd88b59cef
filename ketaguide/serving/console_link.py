"""What the staff console asks the running assistant: what it says now, how it understands a question, a new model.

Only processes of this machine that can read the shared secret get an answer; for anybody else these addresses do not
exist. Nothing asked here is written to a visitor's conversation.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
from pathlib import Path
from typing import Any, Awaitable, Callable, Dict, List, Optional

from rasa.core.agent import Agent
from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from ketaguide.safety.verdict import NONE
from ketaguide.serving import log_privacy
from ketaguide.serving.guard import installed
from ketaguide.serving.held_output import HeldOutput
from ketaguide.serving.live_answers import LiveAnswers
from ketaguide.serving.local_requests import is_local
from ketaguide.serving.model_loading import take_up
from ketaguide.serving.sentence_vectors import sentence_vectors
from ketaguide.shared_secret import shared_secret

logger = logging.getLogger(__name__)

SECRET_FILE = "var/console_link.key"  # noqa: S105 - where it is, not what it is
SECRET_HEADER = "X-Console-Secret"  # noqa: S105 - a name
# Conversations of staff: left out of what visitors asked.
STAFF_SENDER = "console-"
MAX_TEXT = 2000
RANKED = 5
MAX_TEXTS = 50
_DIGITS = 4


class ConsoleLink(InputChannel):
    """Addresses below `/internal/console`: a proxy that passes `/webhooks` on to visitors passes none of them."""

    def __init__(self, secret_file: str = SECRET_FILE) -> None:
        """Construct the link; the secret is made if there is none yet."""
        self._secret = shared_secret(Path(secret_file))

    @classmethod
    def name(cls) -> str:
        """Returns the channel's name, as conversations of staff carry it."""
        return "console"

    @classmethod
    def from_credentials(cls, credentials: Optional[Dict[str, Any]]) -> InputChannel:
        """Makes the link from its entry in `credentials.yml`."""
        return cls(**(credentials or {}))

    def url_prefix(self) -> str:
        """Returns where the link is; absolute, so outside of `/webhooks`."""
        return "/internal/console"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Returns the routes behind the checks of place and secret."""
        routes = Blueprint("console_link")

        @routes.middleware("request")
        async def refuse_strangers(request: Request) -> Optional[HTTPResponse]:
            given = request.headers.get(SECRET_HEADER, "")
            known = is_local(request) and hmac.compare_digest(given.encode(), self._secret.encode())
            return None if known else response.empty(status=404)

        @routes.get("/state")
        async def state(request: Request) -> HTTPResponse:
            return response.json(_state(request.app.ctx.agent))

        @routes.post("/ask")
        async def ask(request: Request) -> HTTPResponse:
            text, sender = _text(request), str(request.json.get("sender") or "check")[:60]
            return response.json(await _ask(request.app.ctx.agent, text, STAFF_SENDER + sender))

        @routes.post("/understand")
        async def understand(request: Request) -> HTTPResponse:
            return response.json(await _understand(request.app.ctx.agent, _text(request)))

        @routes.post("/read")
        async def read(request: Request) -> HTTPResponse:
            texts = [str(text)[:MAX_TEXT] for text in (request.json or {}).get("texts") or []]
            if len(texts) > MAX_TEXTS or not request.app.ctx.agent.is_ready():
                return response.json({"error": "The assistant cannot read these now."}, status=400)
            # Off the event loop: reading many takes a while.
            return response.json({"readings": await asyncio.to_thread(_read, request.app.ctx.agent, texts)})

        @routes.post("/model")
        async def model(request: Request) -> HTTPResponse:
            return await _load(request.app.ctx.agent, Path(str((request.json or {}).get("file"))))

        return routes


def _text(request: Request) -> str:
    return str((request.json or {}).get("text") or "")[:MAX_TEXT]


def _state(agent: Agent) -> Dict[str, Any]:
    live = agent.nlg.content if isinstance(agent.nlg, LiveAnswers) else None
    return {
        "ready": agent.is_ready(),
        "model": agent.model_id,
        "topics": sorted(intent for intent in agent.domain.intents) if agent.domain else [],
        "facts": dict(live.facts()) if live else {},
        "broken": [Path(file).name for file in live.broken_files()] if live else [],
    }


async def _ask(agent: Agent, text: str, sender: str) -> Dict[str, Any]:
    output = HeldOutput(ConsoleLink.name())
    await agent.handle_message(UserMessage(text, output, sender, input_channel=ConsoleLink.name()))
    return {"messages": output.messages}


async def _understand(agent: Agent, text: str) -> Dict[str, Any]:
    log_privacy.remember(text)
    if not agent.is_ready():
        return {"ready": False, "ranking": [], "crisis": None}
    parsed = await agent.parse_message(text)
    ranking = [{"topic": one["name"], "confidence": one["confidence"]} for one in parsed.get("intent_ranking") or []]
    return {
        "ready": True,
        "topic": parsed["intent"]["name"],
        "confidence": parsed["intent"]["confidence"],
        "ranking": ranking[:RANKED],
        "crisis": _heard((parsed.get("crisis") or {}).get("kind")),
    }


def _heard(kind: Optional[str]) -> Optional[str]:
    return None if kind == NONE else kind


def _read(agent: Agent, texts: List[str]) -> List[Dict[str, Any]]:
    detector = installed().desk.detector  # type: ignore[union-attr]
    for text in texts:
        log_privacy.remember(text)
    kinds = [detector.read(text).kind for text in texts]
    return [
        {"crisis": _heard(kind), "vector": [round(float(value), _DIGITS) for value in vector]}
        for kind, vector in zip(kinds, sentence_vectors(agent, texts))
    ]


async def _load(agent: Agent, file: Path) -> HTTPResponse:
    if not file.is_file() or not file.name.endswith(".tar.gz"):
        return response.json({"error": "There is no such model."}, status=400)
    try:
        # Off the event loop: conversations go on while a model is unpacked.
        await asyncio.to_thread(take_up, agent, file)
    except Exception as error:  # the model in use stays in use
        logger.error("A model could not be loaded (%s); the one before stays in use.", type(error).__name__)
        return response.json({"error": "The model could not be loaded."}, status=400)
    logger.info("A new model is in use.")
    return response.json({"model": agent.model_id})
