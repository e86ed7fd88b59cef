"""Google Chat: text, and a card with the buttons."""

from __future__ import annotations

import html
from typing import Any, Dict, List, Mapping, Sequence, Tuple

from ketaguide.channels.answer import Answer, Choice
from ketaguide.channels.render import Payload
from ketaguide.channels.render.wording import split, web_pages, whole

# https://developers.google.com/workspace/chat/api/reference/rest/v1/spaces.messages: characters of `text`. A
# message with its cards may have 32,000 bytes, which no answer comes near.
TEXT_LIMIT = 4096
FUNCTION, PAYLOAD = "choose", "payload"


def render(answer: Answer, first: int = 1) -> List[Payload]:
    """Returns the messages, the card under the last."""
    text = whole(answer, (), first)
    payloads = [plain(part) for part in split(text or answer.choices[0].title, TEXT_LIMIT)]
    buttons = [_choice(choice) for choice in answer.choices]
    buttons += [{"text": page.title, "onClick": {"openLink": {"url": page.url}}} for page in web_pages(answer)]
    if buttons:
        payloads[-1]["cardsV2"] = [_card([{"buttonList": {"buttons": buttons}}])]
    return payloads


def offers(answer: Answer) -> Tuple[Choice, ...]:
    """Returns the quick replies."""
    return answer.choices


def plain(text: str) -> Payload:
    """Returns one message without a card."""
    return {"text": text}


def preview(payload: Mapping[str, Any]) -> str:
    """Returns the text, and the buttons in brackets."""
    lines = [str(payload.get("text", ""))]
    for card in payload.get("cardsV2", []):
        for widget in card["card"]["sections"][0]["widgets"]:
            lines += _shown(widget)
    return "\n".join(lines)


def together(payloads: Sequence[Payload]) -> Payload:
    """Returns several messages as the one that a response can hold: the first as text, the others as paragraphs."""
    if not payloads:
        return {}
    cards: List[Dict[str, Any]] = list(payloads[0].get("cardsV2", []))
    for payload in payloads[1:]:
        paragraph = {"textParagraph": {"text": html.escape(payload["text"], quote=False).replace("\n", "<br>")}}
        cards += [_card([paragraph]), *payload.get("cardsV2", [])]
    numbered = [{**card, "cardId": f"card{place}"} for place, card in enumerate(cards)]
    return {**payloads[0], **({"cardsV2": numbered} if numbered else {})}


def _choice(choice: Choice) -> Dict[str, Any]:
    parameters = [{"key": PAYLOAD, "value": choice.payload}]
    return {"text": choice.title, "onClick": {"action": {"function": FUNCTION, "parameters": parameters}}}


def _card(widgets: List[Dict[str, Any]]) -> Dict[str, Any]:
    return {"cardId": "card0", "card": {"sections": [{"widgets": widgets}]}}


def _shown(widget: Mapping[str, Any]) -> List[str]:
    if "textParagraph" in widget:
        return ["", html.unescape(widget["textParagraph"]["text"].replace("<br>", "\n"))]
    buttons = widget["buttonList"]["buttons"]
    pages = [(button.get("onClick", {}).get("openLink") or {}).get("url", "") for button in buttons]
    return [f"[{button['text']}]{' ' + page if page else ''}" for button, page in zip(buttons, pages)]
