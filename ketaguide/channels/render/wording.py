"""The parts of an answer as plain lines, and the cutting of long text. Shared by all renderers."""

from __future__ import annotations

import re
from typing import Callable, Iterable, List, Sequence

from ketaguide.channels.answer import Answer, Choice, Link, Source
from ketaguide.safety.contact_lines import Contact

NOT_APPROVED = "Not yet approved by a clinician."
REPLY_WITH_A_NUMBER = "Reply with a number:"
OR_WRITE = "Or write:"
SOURCES = "Sources:"

_CUT_AFTER = (r"\n\n", r"\n", r"(?<=[.!?…]) ", r" ")


def body(answer: Answer) -> str:
    """Returns the words, and every contact's number that they leave out."""
    missing = [f"{contact.name}: {way}" for contact in answer.contacts for way in _left_out(answer.text, contact.call)]
    return "\n".join(filter(None, [answer.text, *missing]))


def _left_out(text: str, number: str) -> List[str]:
    return [number] if number and number not in text else []


def web_pages(answer: Answer) -> List[Link]:
    """Returns what buttons may open: the answer's links, and the pages of its contacts."""
    return [*answer.links, *_pages(answer.contacts)]


def written_pages(answer: Answer) -> List[Link]:
    """Returns what plain text must name: the answer's links, and contacts that are reached in no other way."""
    only = [contact for contact in answer.contacts if not (contact.call or contact.text or contact.whatsapp)]
    return [*answer.links, *(page for page in _pages(only) if page.url not in answer.text)]


def _pages(contacts: Iterable[Contact]) -> List[Link]:
    return [Link(c.name, c.chat_url) for c in contacts if c.chat_url.startswith("https://")]


def source_line(source: Source) -> str:
    """Returns one publication without its address: "Title (Publisher, 2024)"."""
    origin = ", ".join(filter(None, [source.publisher, source.year]))
    return f"{source.title} ({origin})" if origin else source.title


def source_lines(sources: Iterable[Source]) -> List[str]:
    """Returns publications with their addresses, one a line."""
    return [f"- {source_line(source)}: {source.url}" for source in sources]


def link_lines(links: Iterable[Link]) -> List[str]:
    """Returns web pages, one a line."""
    return [f"{link.title}: {link.url}" for link in links]


def fine_print(answer: Answer) -> str:
    """Returns when the answer was checked, and whether a clinician has signed it."""
    if answer.crisis or not answer.checked_on:
        return ""
    unsigned = NOT_APPROVED if answer.approved is False else ""
    return " ".join(filter(None, [f"Checked {answer.checked_on}.", unsigned]))


def numbered(choices: Sequence[Choice], first: int) -> List[str]:
    """Returns choices to be made by sending their number."""
    if not choices:
        return []
    return [REPLY_WITH_A_NUMBER, *(f"{first + place} {choice.title}" for place, choice in enumerate(choices))]


def or_write(choices: Sequence[Choice]) -> List[str]:
    """Returns choices that have no button here: writing their title does the same."""
    return [OR_WRITE, *(choice.title for choice in choices)] if choices else []


def packed(lines: Iterable[str], limit: int, length: Callable[[str], int] = len) -> List[str]:
    """Returns lines put together into as few texts as fit, no line cut unless it is too long by itself."""
    texts: List[str] = []
    for line in (part for whole_line in lines for part in split(whole_line, limit, length)):
        if texts and length(f"{texts[-1]}\n{line}") <= limit:
            texts[-1] += f"\n{line}"
        else:
            texts.append(line)
    return texts


def block(*groups: Iterable[str]) -> str:
    """Returns groups of lines, a blank line between them; empty groups leave no trace."""
    return "\n\n".join(filter(None, ("\n".join(filter(None, group)) for group in groups)))


def sources_block(answer: Answer) -> List[str]:
    """Returns the publications below their heading; nothing where there are none."""
    return [SOURCES, *source_lines(answer.sources)] if answer.sources else []


def whole(answer: Answer, choices: Sequence[Choice], first: int) -> str:
    """Returns all of an answer as plain text, its choices as numbers."""
    return block(
        [body(answer)],
        link_lines(written_pages(answer)),
        sources_block(answer),
        numbered(choices, first),
        [fine_print(answer)],
    )


def split(text: str, limit: int, length: Callable[[str], int] = len) -> List[str]:
    """Returns text in parts no longer than `limit`, cut between paragraphs, lines, sentences or words.

    Args:
        text: Any text.
        limit: The most that one part may measure.
        length: How the platform measures; characters unless it counts otherwise.
    """
    parts: List[str] = []
    rest = text.strip()
    while length(rest) > limit:
        end = _cut(rest, limit, length)
        parts.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return [part for part in [*parts, rest] if part]


def _cut(text: str, limit: int, length: Callable[[str], int]) -> int:
    fitting = _longest_prefix(text, limit, length)
    for pattern in _CUT_AFTER:
        ends = [match.start() for match in re.finditer(pattern, text[: fitting + 1])]
        # A part shorter than a third would only make more of them.
        if ends and ends[-1] > fitting // 3:
            return ends[-1]
    return max(1, fitting)


def _longest_prefix(text: str, limit: int, length: Callable[[str], int]) -> int:
    low, high = 0, min(len(text), limit)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if length(text[:middle]) <= limit else (low, middle - 1)
    return low


def utf16_units(text: str) -> int:
    """Returns a text's length as platforms count that keep text in UTF-16."""
    return len(text.encode("utf-16-le")) // 2


def utf8_bytes(text: str) -> int:
    """Returns a text's length in bytes as sent."""
    return len(text.encode())
