"""The routes of the `web` channel."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Any, Awaitable, Callable, Coroutine, Dict, Mapping, Optional

from rasa.core.agent import Agent
from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, json, text

from ketaguide.channels.web.erasing import CannotEraseError, erase
from ketaguide.channels.web.feedback import record
from ketaguide.channels.web.files import SECURITY_HEADERS, DemoPages, WidgetFile
from ketaguide.channels.web.help_block import HelpBlock
from ketaguide.channels.web.limits import AddressHash, Limiter
from ketaguide.channels.web.messages import WebOutput
from ketaguide.channels.web.options import Options
from ketaguide.channels.web.origins import Origins
from ketaguide.channels.web.recent import RecentWork
from ketaguide.channels.web.requests import BadRequestError, Incoming, parse, read_json
from ketaguide.channels.web.sessions import Sessions, load_secret
from ketaguide.content.live import shared_content
from ketaguide.content.speech import payload
from ketaguide.safety.detector import CrisisDetector
from ketaguide.serving.said_before import AGAIN_KEY

logger = logging.getLogger(__name__)

OnMessage = Callable[[UserMessage], Awaitable[Any]]
Page = Callable[[Request], Coroutine[Any, Any, Optional[HTTPResponse]]]
_STATUS = {"bad_request": 400, "forbidden": 403, "too_large": 413, "busy": 429, "unavailable": 503}
_CLINIC_FACTS = ("clinic_name", "clinic_phone", "clinic_hours", "booking_url")
_NUMBER_FACTS = ("clinic_phone", "after_hours_phone", "emergency_number")


class WebInput(InputChannel):
    """Takes a visitor's message by POST and answers with everything the assistant says to it."""

    def __init__(self, options: Options) -> None:
        """Construct the channel; reads the secret, the contacts and the widget's file."""
        self._options = options
        self._sessions = Sessions(load_secret(Path(options.secret_file)))
        self._origins = Origins(options.allowed_origins)
        self._by_session = Limiter(options.session_rate)
        self._by_address = Limiter(options.address_rate)
        self._hash = AddressHash()
        self._content = shared_content(Path(options.content_dir))
        self._help = HelpBlock(Path(options.content_dir) / "crisis", detector_in_use)
        self._recent = RecentWork()
        self._widget = WidgetFile(Path(options.widget_dir))
        self._pages = DemoPages(Path(options.demo_dir)) if options.demo else None

    @classmethod
    def name(cls) -> str:
        """The channel's name, and its place below `/webhooks/`."""
        return "web"

    @classmethod
    def from_credentials(cls, credentials: Optional[Dict[str, Any]]) -> WebInput:
        """Returns the channel as `credentials.yml` describes it."""
        return cls(Options.read(credentials or {}))

    def blueprint(self, on_new_message: OnMessage) -> Blueprint:
        """Returns the routes; the demo's pages lie outside the channel's own prefix."""
        blueprint = _WithPages("web", self._page if self._pages else None)

        @blueprint.get("/")
        async def health(_: Request) -> HTTPResponse:
            return json({"status": "ok"}, headers=SECURITY_HEADERS)

        @blueprint.post("/webhook", stream=True)
        async def webhook(request: Request) -> HTTPResponse:
            return await self._guarded(request, lambda body: self._converse(request, body, on_new_message))

        @blueprint.post("/feedback", stream=True)
        async def feedback(request: Request) -> HTTPResponse:
            return await self._guarded(request, lambda body: self._take_feedback(request, body))

        @blueprint.post("/erase", stream=True)
        async def forget(request: Request) -> HTTPResponse:
            return await self._guarded(request, lambda body: self._erase(request, body))

        @blueprint.get("/settings")
        async def settings(request: Request) -> HTTPResponse:
            return self._answer(request, self._settings(), cache="public, max-age=60")

        @blueprint.get("/<name:widget[.].*>")
        async def widget(request: Request, name: str) -> HTTPResponse:
            return self._widget.respond(request, name) or text("There is no such file.", status=404)

        return blueprint

    async def _guarded(
        self, request: Request, handle: Callable[[Dict[str, Any]], Awaitable[HTTPResponse]]
    ) -> HTTPResponse:
        """Whatever goes wrong, the visitor gets a body with the emergency line and contacts."""
        try:
            if not self._origins.allows(request):
                return await self._refuse(request, "forbidden")
            return await handle(await read_json(request))
        except BadRequestError as error:
            return await self._refuse(request, error.reason, said=error.text)
        except Exception as error:
            # The type only: an exception's text may quote the visitor.
            logger.error("A web request failed (%s).", type(error).__name__)
            return await self._refuse(request, "unavailable")

    async def _converse(self, request: Request, body: Dict[str, Any], on_new_message: OnMessage) -> HTTPResponse:
        incoming = parse(body, self._content.library, self._help.countries)
        language = incoming.metadata.get("language", "en")
        id_ = self._sessions.read(incoming.token)
        wait = self._wait(request, id_)
        if wait:
            return await self._refuse(request, "busy", said=incoming.text, language=language, retry_after=wait)
        work = self._recent.start(
            (incoming.token, incoming.id), lambda again: self._ask(incoming, id_, on_new_message, again)
        )
        done, _ = await asyncio.wait({work}, timeout=self._options.time_limit)
        result = work.result() if done and not work.exception() else None
        if not result or not result["messages"]:
            reason = type(work.exception()).__name__ if done and work.exception() else "silence or too slow"
            logger.error("A web message got no answer (%s).", reason)
            return await self._refuse(request, "unavailable", said=incoming.text, language=language)
        return self._answer(request, result)

    async def _ask(
        self, incoming: Incoming, id_: Optional[str], on_new_message: OnMessage, again: bool
    ) -> Dict[str, Any]:
        token = incoming.token
        # A fresh conversation has no answer from before.
        again = again and id_ is not None
        if id_ is None:
            id_, token = self._sessions.new()
        facts = self._content.facts()
        output = WebOutput(filter(None, (facts.get(name) for name in _NUMBER_FACTS)))
        metadata: Dict[str, Any] = {**incoming.metadata, **({AGAIN_KEY: True} if again else {})}
        await on_new_message(
            UserMessage(
                incoming.text,
                output,
                id_,
                input_channel=self.name(),
                message_id=incoming.id or None,
                metadata=metadata,
            )
        )
        return {"session": token, "messages": output.messages}

    def _wait(self, request: Request, id_: Optional[str]) -> int:
        """Returns 0, or the seconds for which the visitor has to wait."""
        address = self._by_address.wait(self._hash(self._address(request)))
        return max(address, self._by_session.wait(id_) if id_ else 0)

    def _address(self, request: Request) -> str:
        """Returns the visitor's address; proxies append to the header, so it is read from its end."""
        hops = [hop.strip() for hop in request.headers.get("x-forwarded-for", "").split(",") if hop.strip()]
        proxies = self._options.trusted_proxies
        return hops[-proxies] if 0 < proxies <= len(hops) else request.ip or ""

    async def _take_feedback(self, request: Request, body: Mapping[str, Any]) -> HTTPResponse:
        topic, helpful, version = body.get("topic"), body.get("helpful"), str(body.get("version") or "")
        id_ = self._sessions.read(body.get("session"))
        if not id_ or not isinstance(helpful, bool) or self._content.library().wording(str(topic)) is None:
            raise BadRequestError("bad_request")
        if self._wait(request, id_):
            return await self._refuse(request, "busy")
        record(Path(self._options.feedback_file), str(topic), helpful, version)
        return self._answer(request, {"status": "ok"})

    async def _erase(self, request: Request, body: Mapping[str, Any]) -> HTTPResponse:
        id_ = self._sessions.read(body.get("session"))
        if not id_:
            raise BadRequestError("bad_request")
        if self._wait(request, None):
            return await self._refuse(request, "busy")
        try:
            await erase(request.app.ctx.agent, id_)
        except CannotEraseError as error:
            logger.error("A conversation cannot be deleted from this kind of store (%s).", error)
            return await self._refuse(request, "unavailable")
        self._recent.forget(str(body.get("session")))
        return self._answer(request, {"status": "erased"})

    def _settings(self) -> Dict[str, Any]:
        facts, library = self._content.facts(), self._content.library()
        greeting = library.replies.get("greet")
        starters = [{"title": b.title, "payload": payload(b.target)} for b in (greeting.buttons if greeting else ())]
        clinic = {name.replace("clinic_", ""): facts.get(name, "") for name in _CLINIC_FACTS}
        # Languages in which every answer can be had.
        languages = set.intersection(*(set(topic.answer) for topic in library.topics.values()))
        country = facts.get("country", "")
        return {"clinic": clinic, "country": country, "starters": starters, "languages": sorted(languages)}

    async def _refuse(
        self, request: Request, reason: str, *, said: str = "", language: str = "en", retry_after: int = 0
    ) -> HTTPResponse:
        country = self._content.facts().get("country", "")
        # On a thread: other visitors must not wait while a long message is read.
        help_block = await asyncio.to_thread(self._help.block, said, country, language)
        body: Dict[str, Any] = {"error": reason, **help_block}
        if retry_after:
            body["retry_after"] = retry_after
        headers = {"Retry-After": str(retry_after)} if retry_after else {}
        return self._answer(request, body, status=_STATUS[reason], headers=headers)

    def _answer(
        self,
        request: Request,
        body: Mapping[str, Any],
        *,
        status: int = 200,
        cache: str = "no-store",
        headers: Optional[Mapping[str, str]] = None,
    ) -> HTTPResponse:
        own = {**SECURITY_HEADERS, "Cross-Origin-Resource-Policy": "cross-origin", "Cache-Control": cache}
        return json(body, status=status, headers={**own, **self._origins.headers(request), **(headers or {})})

    async def _page(self, request: Request) -> Optional[HTTPResponse]:
        if request.method != "GET" or not self._pages or request.path.startswith("/webhooks/"):
            return None
        if request.path == "/" and "text/html" not in request.headers.get("accept", ""):
            return None  # Rasa's own "Hello" stays for health checks
        return self._pages.respond(request, request.path)


def detector_in_use() -> CrisisDetector:
    """Returns the guard's detector, which is loaded and warm; without a guard, one with the plain core list."""
    guard = getattr(Agent.handle_message, "guard", None)
    return guard.desk.detector if guard is not None else CrisisDetector((), "core")


class _WithPages(Blueprint):
    """Routes below the channel's prefix, and pages outside it: a blueprint alone cannot have both."""

    def __init__(self, name: str, page: Optional[Page]) -> None:
        super().__init__(name)
        self.ctx.page = page

    def register(self, app: Sanic, options: Dict[str, Any]) -> None:
        """Adds the routes, and the pages in front of Rasa's own `/`."""
        super().register(app, options)  # type: ignore[no-untyped-call]
        if self.ctx.page:
            app.register_middleware(self.ctx.page, "request")
