"""An answer in Markdown, for the platforms that read it."""

from __future__ import annotations

import re
from typing import Callable, List

from ketaguide.channels.answer import Answer
from ketaguide.channels.render.wording import (
    SOURCES,
    body,
    fine_print,
    packed,
    source_line,
    split,
    written_pages,
)

_ADDRESS = re.compile(r"(https?://\S+)")
_MARK = re.compile(r"([\\`*_\[\]~<])")
# A heading, a quotation, or a number that would become a list which counts for itself.
_LINE_START = re.compile(r"(?m)^(\d*)([#>]|(?<=\d)[.)])")


def escape(text: str) -> str:
    """Returns text whose characters Markdown shows as they are; web addresses become links unchanged."""
    pieces = _ADDRESS.split(text)
    pieces[::2] = (_MARK.sub(r"\\\1", piece) for piece in pieces[::2])
    return _LINE_START.sub(r"\1\\\2", "".join(pieces))


def read(text: str) -> str:
    """Returns what a reader sees of Markdown as it is written here; links become "title: address"."""
    plain = re.sub(r"(?<!\\)\[((?:\\.|[^\]\\])*)\]\((\S+?)\)", r"\1: \2", text)
    return re.sub(r"\\([\\`*_\[\]~<>#.)])", r"\1", plain)


def link(title: str, url: str) -> str:
    """Returns a link whose title and address cannot break out of it."""
    address = url.replace(" ", "%20").replace("(", "%28").replace(")", "%29")
    return f"[{escape(title)}]({address})"


def texts(answer: Answer, limit: int, length: Callable[[str], int] = len) -> List[str]:
    """Returns an answer without its choices, in as few texts as fit; no link is cut in two."""
    notes = [link(page.title, page.url) for page in written_pages(answer)]
    if answer.sources:
        notes += [SOURCES, *(f"- {link(source_line(source), source.url)}" for source in answer.sources)]
    notes.append(escape(fine_print(answer)))
    parts = [escape(part) for part in split(body(answer), limit, lambda text: length(escape(text)))]
    for note in packed(filter(None, notes), limit, length):
        if parts and length(f"{parts[-1]}\n\n{note}") <= limit:
            parts[-1] += f"\n\n{note}"
        else:
            parts.append(note)
    return parts
