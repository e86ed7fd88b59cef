"""WhatsApp through Twilio: the short form with all its sources, and numbered choices."""

from __future__ import annotations

from typing import List, Tuple

from ketaguide.channels.answer import Answer, Choice
from ketaguide.channels.render import Payload
from ketaguide.channels.render.sms import full_form, plain, preview
from ketaguide.channels.render.wording import (
    block,
    fine_print,
    link_lines,
    numbered,
    sources_block,
    split,
    whole,
    written_pages,
)

__all__ = ["TEXT_LIMIT", "offers", "plain", "preview", "render"]

# https://www.twilio.com/docs/api/errors/21617: the body of one message, WhatsApp included.
TEXT_LIMIT = 1600


def render(answer: Answer, first: int = 1) -> List[Payload]:
    """Returns the short form with sources and choices; the choices stand in the last message."""
    choices = offers(answer)
    if not answer.short:
        return [plain(part) for part in split(whole(answer, choices, first), TEXT_LIMIT)]
    text = block([answer.short], link_lines(written_pages(answer)), sources_block(answer), [fine_print(answer)])
    return [plain(part) for part in split(block([text], numbered(choices, first)), TEXT_LIMIT)]


def offers(answer: Answer) -> Tuple[Choice, ...]:
    """Returns the quick replies, and where the short form was sent, the full one."""
    return (*answer.choices, full_form(answer, "Full answer")) if answer.short else answer.choices
