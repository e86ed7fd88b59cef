"""Microsoft Teams: the whole answer as plain text, and a card with its buttons."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Tuple

from ketaguide.channels.answer import Answer, Choice
from ketaguide.channels.render import Payload
from ketaguide.channels.render.wording import split, utf16_units, web_pages, whole

# https://learn.microsoft.com/microsoftteams/platform/bots/how-to/format-your-bot-messages: 28 KB in UTF-16, of which
# the card and the envelope get a share.
TEXT_LIMIT = 10_000
# https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-reference: of one set.
MOST_ACTIONS = 6
CARD = "application/vnd.microsoft.card.adaptive"
PAYLOAD = "payload"


def render(answer: Answer, first: int = 1) -> List[Payload]:
    """Returns the messages, the card under the last."""
    text = whole(answer, (), first)
    payloads = [plain(part) for part in split(text or answer.choices[0].title, TEXT_LIMIT, utf16_units)]
    actions = [_submit(choice) for choice in answer.choices]
    actions += [{"type": "Action.OpenUrl", "title": page.title, "url": page.url} for page in web_pages(answer)]
    if actions:
        payloads[-1]["attachments"] = [{"contentType": CARD, "content": _card(actions)}]
    return payloads


def offers(answer: Answer) -> Tuple[Choice, ...]:
    """Returns the quick replies."""
    return answer.choices


def plain(text: str) -> Payload:
    """Returns one message without a card."""
    return {"type": "message", "textFormat": "plain", "text": text}


def preview(payload: Mapping[str, Any]) -> str:
    """Returns the text, and the buttons in brackets."""
    sets = [entry for card in payload.get("attachments", []) for entry in card["content"]["body"]]
    actions = [action for entry in sets for action in entry["actions"]]
    buttons = [f"[{action['title']}]{' ' + action['url'] if 'url' in action else ''}" for action in actions]
    return "\n".join([str(payload["text"]), *buttons])


def _submit(choice: Choice) -> Dict[str, Any]:
    # What a press says in the chat is the title; the payload comes back unseen.
    back = {"type": "messageBack", "text": choice.title, "displayText": choice.title}
    return {"type": "Action.Submit", "title": choice.title, "data": {PAYLOAD: choice.payload, "msteams": back}}


def _card(actions: List[Dict[str, Any]]) -> Dict[str, Any]:
    starts = range(0, len(actions), MOST_ACTIONS)
    sets = [{"type": "ActionSet", "actions": actions[start : start + MOST_ACTIONS]} for start in starts]
    return {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        # The newest that Teams shows on phones.
        "version": "1.2",
        "body": sets,
    }
