"""What a person would see of an answer on each messaging channel."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List

from ketaguide.channels.answer import Answer
from ketaguide.channels.render import (
    Renderer,
    google_chat,
    mattermost,
    messenger,
    rocketchat,
    slack,
    sms,
    teams,
    telegram,
    webex,
    whatsapp,
)
from ketaguide.content.live import LiveContent
from ketaguide.content.load import Library
from ketaguide.content.speech import payload, speak
from ketaguide.safety.replies import CrisisReplies, CrisisReply
from ketaguide.safety.verdict import CRISIS_KINDS, NOW, Verdict

RENDERERS: Dict[str, Renderer] = {
    "sms": sms,
    "whatsapp": whatsapp,
    "telegram": telegram,
    "slack": slack,
    "messenger": messenger,
    "mattermost": mattermost,
    "rocketchat": rocketchat,
    "webex": webex,
    "teams": teams,
    "google_chat": google_chat,
}
CRISIS = "crisis_"
BETWEEN_MESSAGES = "\n\n--- next message ---\n\n"


class UnknownAnswerError(LookupError):
    """There is no answer of this id."""


def preview(id_: str, channel: str, data_folder: Path, full: bool = False) -> str:
    """Returns what a person sees, messages one after the other; text messages with what they cost.

    Args:
        id_: A topic, a reply, `help_<group>` or `crisis_<kind>`.
        channel: A key of `RENDERERS`.
        data_folder: The content folder.
        full: Whether to show what "Full answer" brings instead of the short form.

    Raises:
        UnknownAnswerError: if there is no such answer.
    """
    message = spoken(id_, data_folder, LiveContent(data_folder))
    answer = Answer.from_message({**message, "short": ""} if full else message)
    renderer = RENDERERS[channel]
    payloads = renderer.render(answer) if answer else []
    shown = BETWEEN_MESSAGES.join(renderer.preview(entry) for entry in payloads)
    return f"{shown}\n\n{_cost(payloads)}" if channel == "sms" else shown


def spoken(id_: str, data_folder: Path, content: LiveContent) -> Dict[str, Any]:
    """Returns an answer as the assistant says it to a channel.

    Raises:
        UnknownAnswerError: if there is no such answer.
    """
    library, facts = content.library(), content.facts()
    if id_.startswith(CRISIS):
        return _crisis(id_[len(CRISIS) :], data_folder, facts["country"])
    group = id_[len("help_") :] if id_.startswith("help_") else ""
    wording = library.wording("help_group" if group in library.groups else id_)
    if wording is None:
        raise UnknownAnswerError(
            f"There is no answer {id_!r}; `python -m ketaguide.content due --days 9999` lists all."
        )
    speech = speak(wording, library, {**facts, "approval_note": ""})
    buttons = [{"title": title, "payload": target} for title, target in speech.buttons] + _topics(library, group)
    return {
        "text": speech.text,
        "short": speech.short,
        "utter_action": wording.response,
        "buttons": buttons,
        **speech.stamp,
    }


def _topics(library: Library, group: str) -> List[Dict[str, str]]:
    ids = [id_ for id_ in library.groups.get(group, ()) if id_ in library.topics]
    return [{"title": library.topics[id_].title, "payload": payload(f"topic:{id_}")} for id_ in ids]


def _crisis(kind: str, data_folder: Path, country: str) -> Dict[str, Any]:
    if kind not in CRISIS_KINDS:
        raise UnknownAnswerError(f"There is no reply to {kind!r}; there are: {', '.join(sorted(CRISIS_KINDS))}.")
    replies = CrisisReplies.from_folder(data_folder / "crisis")
    return as_message(replies.crisis_reply(Verdict(kind=kind, urgency=NOW), country=country))


def as_message(reply: CrisisReply) -> Dict[str, Any]:
    """Returns a crisis reply as a message to a channel."""
    return {
        "text": reply.text,
        "utter_action": reply.response,
        "crisis": reply.kind,
        "contacts": [vars(contact) for contact in reply.contacts],
        "buttons": [{"title": button.title, "payload": button.payload} for button in reply.buttons],
    }


def _cost(payloads: List[Dict[str, Any]]) -> str:
    counted = [sms.segments(sms.preview(entry)) for entry in payloads]
    total = sum(count for _, count in counted)
    encodings = " and ".join(sorted({encoding for encoding, _ in counted}))
    return f"({total} segments, {encodings})"
