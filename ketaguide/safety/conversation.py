"""What a crisis message changes about the turns after it: a pure step from one state to the next.

The rows of the guide's table stand in `_ROWS`, in the order in which they are tried. Nothing here keeps a word of what
the visitor wrote.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from ketaguide.content.problems import ContentError, Problem
from ketaguide.safety.last_resort import last_resort_text
from ketaguide.safety.replies import (
    FOLLOWUP,
    NOTHING,
    OPEN_DOOR,
    SAFETY_QUESTION,
    CrisisReplies,
    CrisisReply,
    Setting,
    begins_hold,
    response_name,
)
from ketaguide.safety.resources import Resources, load_resources
from ketaguide.safety.short_messages import Heard, ShortMessages, load_short_messages
from ketaguide.safety.verdict import (
    CRISIS_KINDS,
    DISTRESS,
    MEDICAL_EMERGENCY,
    NO_URGENCY,
    NONE,
    NOW,
    OTHER,
    OVERDOSE,
    SELF,
    SELF_HARM,
    SOON,
    SUICIDE,
    THIRD_PARTY,
    Verdict,
    precedence,
)

KEPT_SECONDS = 24 * 60 * 60
EARLIER_MESSAGES = 3
# The one list of short messages that means something where no crisis is open and none is heard.
OUTSIDE_A_CRISIS = frozenset({"self"})
SELF_AFTER_ALL_RULE = "conversation.self_after_all"

Mode = Literal["none", "replace", "before"]
ORDINARY: Mode = "none"
REPLACE: Mode = "replace"
BEFORE: Mode = "before"

IsClearQuestion = Callable[[str], bool] | bool

_EMERGENCY_KINDS = frozenset({OVERDOSE, MEDICAL_EMERGENCY})
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class CrisisState:
    """What later turns need to know, per conversation.

    Attributes:
        kinds: Crisis kinds so far, the one to answer first; empty when nothing is open.
        urgency: The highest urgency since the state opened.
        subject: Who is in danger, by the newest crisis message.
        country: Country that the visitor named; "" if none.
        language: Language of the newest crisis message.
        count: Crisis replies so far; decides the next wording.
        asked: What the last bot turn asked.
        hold: Whether ordinary answers are held back.
        opened_at: Seconds since the epoch at the first crisis message; 0 when nothing is open.
        last_at: Seconds since the epoch at the last message that changed the state.
    """

    kinds: tuple[str, ...] = ()
    urgency: str = NO_URGENCY
    subject: str = SELF
    country: str = ""
    language: str = "en"
    count: int = 0
    asked: str = NOTHING
    hold: bool = False
    opened_at: float = 0.0
    last_at: float = 0.0

    @property
    def is_open(self) -> bool:
        """Whether a short message may be a reply to the crisis."""
        return bool(self.kinds)

    @property
    def verdict(self) -> Verdict:
        """The open crisis as a verdict."""
        kind = self.kinds[0] if self.kinds else NONE
        return Verdict(kind=kind, also=self.kinds[1:3], subject=self.subject, urgency=self.urgency)

    def at(self, now: float) -> CrisisState:
        """Return the state as it is at a time: a fresh one when the old one has run out."""
        return self if abs(now - self.last_at) <= KEPT_SECONDS else CrisisState()

    def to_dict(self) -> dict[str, Any]:
        """Return the state as plain JSON."""
        return {**asdict(self), "kinds": list(self.kinds)}

    @classmethod
    def from_dict(cls, stored: Any) -> CrisisState:
        """Return the state that was stored; a fresh one where it cannot be read, which is safe."""
        try:
            state = cls(
                kinds=tuple(kind for kind in stored.get("kinds", ()) if kind in CRISIS_KINDS),
                urgency=_one_of(stored.get("urgency"), (NOW, SOON, NO_URGENCY), NO_URGENCY),
                subject=_one_of(stored.get("subject"), (SELF, OTHER), SELF),
                country=str(stored.get("country") or ""),
                language=str(stored.get("language") or "en"),
                count=max(0, int(stored.get("count", 0))),
                asked=_one_of(stored.get("asked"), (SAFETY_QUESTION, OPEN_DOOR, NOTHING), NOTHING),
                hold=stored.get("hold") is True,
                opened_at=float(stored.get("opened_at", 0)),
                last_at=float(stored.get("last_at", 0)),
            )
        except (AttributeError, TypeError, ValueError):
            return cls()
        return state


def _one_of(value: Any, known: Sequence[str], otherwise: str) -> str:
    return value if value in known else otherwise


@dataclass(frozen=True)
class Decision:
    """What to do with a message.

    Attributes:
        reply: The crisis reply, or None where there is none to send.
        state: The state to keep.
        mode: "none": handle the message as usual; "replace": send only the reply; "before": send the reply, then
            the ordinary answer without booking prompts and prices.
        question: The earlier message to answer in place of this one ("yes" after the open door), else "". It is the
            caller's own copy and must not be stored.
    """

    reply: CrisisReply | None
    state: CrisisState
    mode: Mode
    question: str = ""


@dataclass(frozen=True)
class _Turn:
    """Everything that one step looks at."""

    state: CrisisState
    text: str
    heard: Heard
    verdict: Verdict
    now: float
    country: str
    earlier: tuple[str, ...]
    is_clear: Callable[[str], bool] = field(repr=False)

    @property
    def language(self) -> str:
        """The language to answer a short message in."""
        return self.heard.language or self.state.language

    @property
    def setting(self) -> Setting:
        """What a reply depends on."""
        return Setting(self.country, self.language, self.state.count, self.state.asked, self.state.hold)

    def next_state(self, reply: CrisisReply, **changes: Any) -> CrisisState:
        """Return the state after a reply."""
        moved = {"count": self.state.count + 1, "asked": reply.asks, "last_at": self.now, **changes}
        return replace(self.state, **moved)


class CrisisConversation:
    """Decides, message by message, what an open crisis asks for. Its step never raises."""

    def __init__(
        self, replies: CrisisReplies, messages: ShortMessages | None, resources: Resources | None, country: str = ""
    ) -> None:
        """Keep what the steps need.

        Args:
            replies: The fixed replies.
            messages: The lists that short messages are read with; None if they could not be loaded.
            resources: The contacts, for what is said about them; None if they could not be loaded.
            country: The deployment's country; what a visitor says wins.
        """
        self.replies = replies
        self._messages = messages
        self._resources = resources
        self._country = country

    @classmethod
    def from_folder(
        cls, crisis_folder: Path, *, country: str = "", after_hours: str = ""
    ) -> tuple[CrisisConversation, list[Problem]]:
        """Return the conversation of a folder with whatever of it can be read, and what stands against being ready."""
        replies, problems = CrisisReplies.with_problems(crisis_folder, after_hours)
        messages, resources = None, None
        try:
            messages = load_short_messages(crisis_folder)
        except ContentError as error:
            problems += error.problems
        with suppress(ContentError):  # the replies have reported it
            resources = load_resources(crisis_folder)
        return cls(replies, messages, resources, country), problems

    def next_turn(
        self,
        state: CrisisState,
        text: str,
        verdict: Verdict,
        *,
        now: float,
        is_clear_question: IsClearQuestion = False,
        earlier: Sequence[str] = (),
    ) -> Decision:
        """Return what to do with a message.

        Args:
            state: The state after the last turn; `CrisisState()` for none, or where it was lost.
            text: The message. It is read and forgotten.
            verdict: What the detector found in it.
            now: Seconds since the epoch.
            is_clear_question: Whether the message is an ordinary question that the assistant would answer; or a
                function that says so for any text (then the question left open can be answered after "yes").
            earlier: The visitor's messages of the last ten minutes, oldest first.
        """
        try:
            return self._step(state.at(now), text, verdict, now, is_clear_question, tuple(earlier[-EARLIER_MESSAGES:]))
        except Exception as error:
            _log.error("A crisis turn fell back to its last resort: %s", type(error).__name__)
            return self._last_resort(state, verdict, now)

    def _last_resort(self, state: CrisisState, verdict: Verdict, now: float) -> Decision:
        if verdict.kind == NONE and not state.hold:
            return Decision(None, state, ORDINARY)
        kind = verdict.kind if verdict.kind != NONE else state.verdict.kind
        hold = state.hold or begins_hold(verdict)
        text = last_resort_text(kind, verdict.language, holds=hold)
        response = response_name(kind) if verdict.kind != NONE else FOLLOWUP
        reply = CrisisReply(response, text, kind=kind, holds=hold)
        kinds = _joined(verdict, state.kinds, hold=hold) if verdict.is_crisis else state.kinds
        return Decision(reply, replace(state, kinds=kinds, hold=hold, last_at=now), REPLACE)

    def _step(
        self,
        state: CrisisState,
        text: str,
        verdict: Verdict,
        now: float,
        is_clear_question: IsClearQuestion,
        earlier: tuple[str, ...],
    ) -> Decision:
        heard = self._read(text, None if state.is_open or verdict.kind != NONE else OUTSIDE_A_CRISIS)
        if heard.country:
            state = replace(state, country=heard.country, last_at=now)
        clear = is_clear_question if callable(is_clear_question) else lambda asked: asked == text and is_clear_question
        country = state.country or self._country
        turn = _Turn(state, text, heard, verdict, now, country, earlier, clear)  # type: ignore[arg-type]
        if verdict.is_crisis:
            return self._crisis(turn, verdict)
        own = self._own_after_all(turn)
        if own is not None:
            return self._crisis(turn, own)
        if state.is_open:
            return self._open(turn)
        return self._distress(turn) if verdict.kind == DISTRESS else Decision(None, state, ORDINARY)

    def _read(self, text: str, only: Collection[str] | None = None) -> Heard:
        return self._messages.read(text, only) if self._messages else Heard(words=len(text.split()))

    # Crisis messages

    def _crisis(self, turn: _Turn, verdict: Verdict) -> Decision:
        """Route a crisis message in full; on hold the emergency that is open stays in the reply."""
        state = turn.state
        reply = self.replies.crisis_reply(
            _with_open_emergency(verdict, state),
            country=turn.country,
            language=verdict.language,
            count=state.count,
            asked=state.asked,
            hold=state.hold,
        )
        after = turn.next_state(
            reply,
            kinds=_joined(verdict, state.kinds, hold=reply.holds),
            urgency=NOW if NOW in (verdict.urgency, state.urgency) else verdict.urgency,
            subject=verdict.subject,
            language=verdict.language,
            hold=reply.holds,
            opened_at=state.opened_at or turn.now,
        )
        return Decision(reply, after, REPLACE)

    def _own_after_all(self, turn: _Turn) -> Verdict | None:
        """Return the crisis that a visitor claims as their own ("there is no friend, it is me"), if they do."""
        if not turn.heard.says("self"):
            return None
        state = turn.state
        kind = ""
        if state.is_open and (state.subject == OTHER or THIRD_PARTY in state.kinds):
            kind = SUICIDE if state.kinds[0] == THIRD_PARTY else state.kinds[0]
        elif not state.is_open:
            kind = self._others_crisis(turn.earlier)
        if not kind:
            return None
        urgency = state.urgency if state.is_open else SOON
        rules = (SELF_AFTER_ALL_RULE,)
        return Verdict(kind=kind, subject=SELF, urgency=urgency, language=turn.language, rule_ids=rules)

    def _others_crisis(self, earlier: Sequence[str]) -> str:
        """Return the kind that earlier messages told of another person without routing, or ""."""
        for heard in (self._read(text) for text in reversed(earlier)):
            if heard.says("other_person") and heard.says("crisis_words"):
                if heard.says("took_too_much"):
                    return OVERDOSE
                return SELF_HARM if heard.says("harms_self") else SUICIDE
        return ""

    def _distress(self, turn: _Turn) -> Decision:
        """Add the soft line to the answer, or let it stand by itself where nothing was asked."""
        asked = turn.is_clear(turn.text)
        reply = self.replies.crisis_reply(
            turn.verdict,
            country=turn.country,
            language=turn.verdict.language,
            count=turn.state.count,
            alone=not asked,
        )
        after = turn.next_state(reply, language=turn.verdict.language, asked=NOTHING)
        return Decision(reply, after, BEFORE if asked else REPLACE)

    # The turns after

    def _open(self, turn: _Turn) -> Decision:
        for applies, answer in _ROWS:
            if applies(turn):
                return answer(self, turn)
        return self._say(turn, "default")

    def _say(self, turn: _Turn, name: str, **changes: Any) -> Decision:
        """Answer with one of the follow-up texts."""
        setting = replace(turn.setting, hold=changes.get("hold", turn.state.hold))
        reply = self.replies.followup(name, turn.state.verdict, setting)
        return Decision(reply, turn.next_state(reply, **changes), REPLACE)

    def _lift(self, turn: _Turn) -> Decision:
        return self._say(turn, "lifted", hold=False, urgency=SOON, kinds=_without_emergency(turn.state.kinds))

    def _urgent(self, turn: _Turn) -> Decision:
        reply = self.replies.urgent(turn.state.verdict, turn.setting)
        return Decision(reply, turn.next_state(reply, hold=True, urgency=NOW, asked=NOTHING), REPLACE)

    def _safe(self, turn: _Turn) -> Decision:
        return self._say(turn, "safe", hold=False, urgency=SOON)

    def _door(self, turn: _Turn) -> Decision:
        """Answer the question left open, or ask what they want to say."""
        left_open = next((text for text in reversed(turn.earlier[-2:]) if turn.is_clear(text)), "")
        if left_open:
            reply = self.replies.followup("care", turn.state.verdict, turn.setting)
            return Decision(reply, turn.next_state(reply), BEFORE, question=left_open)
        return self._say(turn, "door_yes")

    def _other_country(self, turn: _Turn) -> Decision:
        """Give the same reply, in the same wording, with that country's contacts."""
        state = turn.state
        reply = self.replies.crisis_reply(
            state.verdict,
            country=turn.country,
            language=turn.language,
            count=max(0, state.count - 1),
            asked=SAFETY_QUESTION if state.asked != SAFETY_QUESTION else NOTHING,
            hold=state.hold,
        )
        reply = replace(reply, response=FOLLOWUP, holds=state.hold)
        return Decision(reply, turn.next_state(reply, count=state.count), REPLACE)

    def _about_help(self, turn: _Turn) -> Decision:
        if turn.state.hold:
            return self._say(turn, "about_people")
        if not turn.heard.says("about_cost"):
            name = next(name for name in _ABOUT_HELP if turn.heard.says(name))
            return self._say(turn, name)
        return self._say(turn, "about_cost_free" if self._is_free(turn) else "about_cost_unknown")

    def _is_free(self, turn: _Turn) -> bool:
        """Say whether the resource file says that the service named in the reply is free."""
        reply = self.replies.followup("about_cost_free", turn.state.verdict, turn.setting)
        service = self._resources.service(reply.contacts[0].id) if self._resources and reply.contacts else None
        return service is not None and service.free

    def _close(self, turn: _Turn) -> Decision:
        """Take back a misreading: the next question is answered as usual, unless a hold is on."""
        if turn.state.hold:
            return self._say(turn, "misunderstood")
        return self._say(turn, "misunderstood", kinds=(), urgency=NO_URGENCY, opened_at=0.0, asked=NOTHING)

    def _question(self, turn: _Turn) -> Decision:
        """Answer an ordinary question after a caring line, or hold it back."""
        if turn.state.hold:
            reply = self.replies.hold_reply(turn.state.verdict, turn.setting)
            return Decision(reply, turn.next_state(reply), REPLACE)
        reply = self.replies.followup("care", turn.state.verdict, turn.setting)
        return Decision(reply, turn.next_state(reply), BEFORE)


def _says(*names: str) -> Callable[[_Turn], bool]:
    return lambda turn: turn.heard.says(*names)


def _answers(question: str, *names: str) -> Callable[[_Turn], bool]:
    return lambda turn: turn.state.asked == question and turn.heard.says(*names)


def _speaks(name: str) -> Callable[[CrisisConversation, _Turn], Decision]:
    return lambda conversation, turn: conversation._say(turn, name)


_ABOUT_HELP = ("about_privacy", "about_languages", "about_hours", "about_people")

# Tried from the top; what none of them takes gets the default reply.
_ROWS: tuple[tuple[Callable[[_Turn], bool], Callable[[CrisisConversation, _Turn], Decision]], ...] = (
    (lambda turn: turn.heard.says("over") and "?" not in turn.text, CrisisConversation._lift),
    (_answers(SAFETY_QUESTION, "unsure"), CrisisConversation._urgent),
    (_answers(SAFETY_QUESTION, "affirm"), CrisisConversation._urgent),
    (_answers(SAFETY_QUESTION, "deny"), CrisisConversation._safe),
    (_answers(OPEN_DOOR, "affirm", "agree"), CrisisConversation._door),
    (lambda turn: bool(turn.heard.country) and turn.heard.only_place, CrisisConversation._other_country),
    (_says("about_bot"), _speaks("about_bot")),
    (_says("about_cost", *_ABOUT_HELP), CrisisConversation._about_help),
    (_says("misunderstood"), CrisisConversation._close),
    (_says("kidding"), _speaks("kidding")),
    (_says("fear"), _speaks("fear")),
    (_says("refusal"), _speaks("refusal")),
    (_says("thanks"), _speaks("thanks")),
    (_says("pleading"), _speaks("pleading")),
    (lambda turn: turn.is_clear(turn.text), CrisisConversation._question),
)


def _with_open_emergency(verdict: Verdict, state: CrisisState) -> Verdict:
    """Return a verdict whose reply keeps naming the emergency that ordinary answers are held back for."""
    if not state.hold:
        return verdict
    kept = [kind for kind in state.kinds if kind in _EMERGENCY_KINDS and kind not in (verdict.kind, *verdict.also)]
    return replace(verdict, also=tuple(sorted((*verdict.also, *kept), key=precedence)[:2]))


def _joined(verdict: Verdict, before: Sequence[str], *, hold: bool) -> tuple[str, ...]:
    """Return the newest kinds, then the earlier ones; on hold a bodily emergency stays in front."""
    kinds = [kind for kind in dict.fromkeys((verdict.kind, *verdict.also, *before)) if kind in CRISIS_KINDS]
    return tuple(sorted(kinds, key=lambda kind: kind not in _EMERGENCY_KINDS)) if hold else tuple(kinds)


def _without_emergency(kinds: Sequence[str]) -> tuple[str, ...]:
    """Return what is left open once an emergency is over."""
    return tuple(kind for kind in kinds if kind not in _EMERGENCY_KINDS) or tuple(kinds)
