"""Bring a message to the plain form that the patterns are written in.

The steps only ever make a copy for matching; nothing here keeps positions in the text, because only the
verdict leaves the package.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

SOFT = ","  # a comma, line break, emoji, ellipsis: a statement may run on across it
HARD = "."  # the end of a sentence
QUESTION = "?"  # the end of a question
STAR = "*"  # the mark of a correction
BREAKS = frozenset((SOFT, HARD, QUESTION, STAR))

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
_QUOTES = str.maketrans(
    {
        "\u2018": "'",
        "\u2019": "'", "\u201a": "'", "\u201b": "'", "\u2032": "'", "\u00b4": "'", "`": "'", "\u02bc": "'",
        "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u2033": '"', "\u00ab": '"', "\u00bb": '"',
        "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": " - ", "\u2014": " - ", "\u2212": "-", "\u2026": "...",
    }
)  # fmt: skip
# Letters of other scripts that look like Latin ones; used only in tokens that also hold Latin letters.
_LOOKALIKES = str.maketrans("авеоруиксѕіјհԁаοιυνκτρεαгԛԝӏ", "abeopyukcsijhdaoiuvktpearqwl")
_SWAPS = {
    "0": "o", "1": "il", "3": "e", "4": "a", "5": "s", "6": "g", "7": "t", "8": "b", "9": "g",
    "@": "a", "$": "s", "!": "il", "|": "il", "+": "t", "(": "c", "€": "e", "£": "l",
}  # fmt: skip
_SPACED = re.compile(r"(?<![^\W_])(?:[^\W\d_][ .\-_*~/\\|,]{1,2}){2,}[^\W\d_](?![^\W_])")
_SPACED_LEET = re.compile(r"(?<![^\W_])(?:[a-z0-9@$!][ .\-_*~]){3,}[a-z0-9@$!](?![^\W_])")
_BETWEEN = re.compile(r"[\W_]+")
_CHUNK_PARTS = re.compile(
    r"[^\W\d_]+(?:'[^\W\d_]+)*'?|\d+(?:[.,:]\d+)*(?:s|x|st|nd|rd|th)(?![a-z])|\d+(?:[.,:]\d+)*|\.{2,}|\n|[^\w\s]|_"
)
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_LETTERS = re.compile(r"[a-z]")
_STRETCH = re.compile(r"(.)\1{2,}")
_DOSE = re.compile(
    r"\d+(?:[.,]\d+)?(?:mg|mcg|ug|ml|g|kg|x|h|hr|hrs|am|pm|st|nd|rd|th|s|yo|y|yr|yrs|k|lb|lbs|min|mins|f|m|cc|iu|w|wks?|d)"
)
_AGE = re.compile(r"[mf]\d{1,2}")


@dataclass(frozen=True)
class Spelling:
    """The closed lists that the normaliser works with.

    Attributes:
        expansions: Short forms, slang and misspellings, each with the plain words it stands for.
        strong: Crisis words that a disguised token may land on.
        fuzzy: Long words that may be misspelt by one edit.
        sounds: Spellings of one sound, as regular expressions, each with the letters that stand for all of them.
        real: Real words that look like a misspelling of a fuzzy word and are left alone.
        pieces: Words that may be glued together without a space ("iwanttodie").
        emoji: Pictures that carry a meaning, each with its plain words.
        known: Every word that any pattern uses.
        is_word: Says whether a typed word is a real word of the language and must not be repaired.
    """

    expansions: Mapping[str, str] = field(default_factory=dict)
    strong: frozenset[str] = frozenset()
    fuzzy: frozenset[str] = frozenset()
    sounds: tuple[tuple[str, str], ...] = ()
    real: frozenset[str] = frozenset()
    pieces: frozenset[str] = frozenset()
    emoji: Mapping[str, str] = field(default_factory=dict)
    known: frozenset[str] = frozenset()
    is_word: Callable[[str], bool] = bool


def clean(text: str) -> str:
    """Return the text in compatibility form, lower case, with straight quotes and no invisible characters."""
    text = unicodedata.normalize("NFKC", text.translate(_QUOTES))
    text = _INVISIBLE.sub("", text.translate(_QUOTES)).lower()
    return text.replace("\r\n", "\n").replace("\r", "\n")


def fold(text: str) -> str:
    """Return the text with accents taken off Latin letters ("mátame" becomes "matame")."""
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFD", text)
    kept: list[str] = []
    for char in decomposed:
        if unicodedata.combining(char) and kept and kept[-1] < "\u0250":
            continue
        kept.append(char)
    return unicodedata.normalize("NFC", "".join(kept))


class Normaliser:
    """Turns text into plain words and break marks, with one language's spelling lists."""

    def __init__(self, spelling: Spelling) -> None:
        """Take the spelling lists; they are only read."""
        self._spelling = spelling
        self._by_shape: dict[tuple[int, str], list[str]] = {}
        for word in sorted(spelling.strong):
            self._by_shape.setdefault((len(word), word[0]), []).append(word)
        self._by_shorter: dict[str, list[str]] = {}
        repairable = {word for word in spelling.known if len(word) >= 4 and word.isalpha()} | spelling.fuzzy
        for word in sorted(repairable, key=lambda word: (word not in spelling.strong, word)):
            for shorter in _shorter(word):
                self._by_shorter.setdefault(shorter, []).append(word)
        self._sounds = [(re.compile(sign), plain) for sign, plain in spelling.sounds]
        self._by_sound: dict[str, str] = {}
        for word in sorted(repairable, key=lambda word: (word not in spelling.strong, word)) if self._sounds else ():
            self._by_sound.setdefault(self._sound(word), word)
        self._pairs = {
            (short.split()[0], short.split()[1]): plain.split()
            for short, plain in spelling.expansions.items()
            if len(short.split()) == 2
        }
        self._letters = frozenset(word for word in spelling.known if len(word) > 1) | {"i", "a"}

    def words(self, text: str) -> list[str]:
        """Return the plain words of a text with break marks between them.

        Args:
            text: The message as it was typed.

        Returns:
            Lower-case words, numbers and the marks of `BREAKS`.
        """
        text = self._initials(text.translate(_QUOTES))
        text = fold(clean(text))
        text = self._join_spaced(text)
        found: list[str] = []
        for line_number, line in enumerate(text.split("\n")):
            if line_number:
                found.append(SOFT)
            for chunk in line.split():
                found.extend(self._read_chunk(chunk))
        return _digit_words(self._join_pairs(_tidy(found)))

    def _join_pairs(self, words: list[str]) -> list[str]:
        """Put the plain words in the place of two typed ones ("sewer slide")."""
        joined: list[str] = []
        for word in words:
            plain = self._pairs.get((joined[-1], word)) if joined else None
            if plain is None:
                joined.append(word)
            else:
                joined[-1:] = plain
        return joined

    def _initials(self, text: str) -> str:
        """Spell out initials that are a word of their own in lower case ("SI" against the Spanish "si")."""
        if text.isupper():
            return text
        for initials in ("SI", "SH", "OD", "SOB", "LOC"):
            plain = self._spelling.expansions.get(f"initials {initials.lower()}")
            if plain and initials in text:
                text = re.sub(rf"(?<!\w){initials}(?!\w)", plain, text)
        return text

    def _join_spaced(self, text: str) -> str:
        """Join words written letter by letter."""
        text = _SPACED.sub(self._join_letters, text)
        return _SPACED_LEET.sub(self._join_spaced_leet, text)

    def _join_letters(self, match: re.Match[str]) -> str:
        joined = _BETWEEN.sub("", match.group())
        pieces = None if joined in self._spelling.known else self._unglue(joined, self._letters)
        return f" {' '.join(pieces) if pieces else joined} "

    def _join_spaced_leet(self, match: re.Match[str]) -> str:
        joined = re.sub(r"[ .\-_*~]", "", match.group())
        plain = self._undisguise(joined) if len(_LETTERS.findall(joined)) >= 2 else None
        return f" {plain} " if plain else match.group()

    def _read_chunk(self, chunk: str) -> Iterable[str]:
        """Return the words and marks of one piece of text without spaces."""
        if chunk.isalpha():
            return self._read_word(_latin(chunk))
        if chunk[0] == "'" and len(chunk) > 2 and chunk[1:] not in self._spelling.expansions:
            return [SOFT, *self._read_chunk(chunk[1:])]
        emoji = [plain for sign, plain in self._spelling.emoji.items() if sign in chunk]
        expansion = self._spelling.expansions.get(chunk.strip('.,!?;:"()*')) if len(chunk) < 20 else None
        if expansion is not None:
            return [*_leading(chunk), *expansion.split(), *_trailing(chunk)]
        plain = self._undisguise(chunk)
        if plain is not None:
            return [*plain.split(), *_trailing(chunk)]
        words = self._split_chunk(chunk)
        return [*words, SOFT, *" ".join(emoji).split(), SOFT] if emoji else words

    def _split_chunk(self, chunk: str) -> list[str]:
        words: list[str] = []
        for part in _CHUNK_PARTS.findall(chunk):
            if _WORD.match(part):
                words.extend(self._read_word(_latin(part)))
            elif part[0].isdigit():
                words.append(part)
            else:
                words.append(_mark(part))
        while words and words[0] == QUESTION:  # "?eligible"
            words.pop(0)
        return [word for word in words if word]

    def _undisguise(self, chunk: str) -> str | None:
        """Return the crisis word behind digits, symbols or dots, or None if there is none."""
        core = chunk.strip(".,?;:\"'()[]{}~_-#").lower()
        core = core[:1] + core[1:-1] + core[-1:].strip("*!")
        if chunk[0] == "*" or (chunk.count("*") > 1 and chunk[-1] == "*"):
            return None
        if not 2 < len(core) < 24 or _DOSE.fullmatch(core) or _AGE.fullmatch(core) or core.isalpha():
            return None
        if len(_LETTERS.findall(core)) < 2:
            return None
        strong = self._spelling.strong
        joined = re.sub(r"[^a-z0-9@$!|+€£]", "", core)
        stretched = _STRETCH.sub(r"\1", joined)
        for candidate in (joined, stretched):
            for plain in _swapped(candidate):
                if plain in strong or (len(plain) > 3 and plain in self._spelling.known):
                    return self._expand(plain)
                pieces = self._unglue(plain, self._spelling.pieces) if len(plain) > 6 else None
                if pieces:
                    return " ".join(pieces)
        return self._fill_gaps(core)

    def _fill_gaps(self, core: str) -> str | None:
        """Return the crisis word that a token with blanked letters stands for ("s**cide")."""
        if not core[0].isalpha() or core[-1] in "'." or not re.search(r"[a-z][*#@%$&!_^.x-]+[a-z]|[a-z]\*", core):
            return None
        shape = "".join(char if char.isalpha() else "[a-z]" for char in core)
        matches = [word for word in self._by_shape.get((len(core), core[0]), ()) if re.fullmatch(shape, word)]
        blanks = sum(not char.isalpha() for char in core)
        return self._expand(matches[0]) if matches and blanks <= len(core) // 2 else None

    def _expand(self, word: str) -> str:
        return self._spelling.expansions.get(word, word)

    def _read_word(self, word: str) -> tuple[str, ...]:
        """Return the plain words that one typed word stands for."""
        spelling = self._spelling
        word = word.strip("'") if word.endswith("'") else word
        for form in _unstretched(word):
            if form in spelling.expansions:
                return tuple(spelling.expansions[form].split())
            if form in spelling.known:
                return (form,)
        if "'" in word:
            return self._read_apostrophe(word)
        if len(word) >= 4 and word not in spelling.real and not spelling.is_word(word):
            repaired = self._heard(word) or self._repair(word)
            repaired = repaired or (len(word) >= 6 and self._unglue(word, spelling.pieces)) or None
            if repaired:
                return repaired
        return (_STRETCH.sub(r"\1", word),)

    def _read_apostrophe(self, word: str) -> tuple[str, ...]:
        bare = word.replace("'", "")
        if bare in self._spelling.expansions:
            return tuple(self._spelling.expansions[bare].split())
        stem, _, tail = word.partition("'")
        return (*self._read_word(stem), *_TAILS.get(tail, (tail,))) if stem and tail else (bare,)

    def _sound(self, word: str) -> str:
        """Return a word with one spelling for all that sounds alike."""
        for sign, plain in self._sounds:
            word = sign.sub(plain, word)
        return word

    def _heard(self, word: str) -> tuple[str, ...] | None:
        """Return the known word that sounds like a misspelt one ("ermano")."""
        target = self._by_sound.get(self._sound(word)) if self._sounds else None
        return tuple(self._expand(target).split()) if target else None

    def _repair(self, word: str) -> tuple[str, ...] | None:
        """Return the known word that lies one edit away; a short one only where two letters are swapped."""
        for shorter in _shorter(word):
            for target in self._by_shorter.get(shorter, ()):
                swapped = len(word) == len(target) and sorted(word) == sorted(target)
                close = word[0] == target[0] and min(len(word), len(target)) >= 4 and len(word) >= 5
                if (swapped or close) and within_one_edit(word, target):
                    return tuple(self._expand(target).split())
        return None

    def _unglue(self, word: str, known: frozenset[str]) -> tuple[str, ...] | None:
        """Return the words of a token typed without spaces, if one of them is a crisis word."""
        if len(word) > 40:
            return None
        best: list[tuple[str, ...] | None] = [()] + [None] * len(word)
        for end in range(1, len(word) + 1):
            for start in range(max(0, end - _LONGEST_PIECE), end):
                before, piece = best[start], word[start:end]
                if before is None or (piece not in known and piece not in self._spelling.pieces):
                    continue
                if best[end] is None or len(before) + 1 < len(best[end] or ()):
                    best[end] = (*before, piece)
        pieces = best[-1]
        if not pieces or len(pieces) < 2 or self._spelling.strong.isdisjoint(pieces):
            return None
        return tuple(plain for piece in pieces for plain in self._expand(piece).split())


_LONGEST_PIECE = 12
_TAILS = {"s": ("'s",), "m": ("am",), "re": ("are",), "ve": ("have",), "ll": ("will",), "d": ("would",), "t": ("not",)}


def _tidy(words: list[str]) -> list[str]:
    """Drop empty words and keep only the strongest of several marks in a row."""
    rank = {SOFT: 0, STAR: 1, HARD: 2, QUESTION: 3}
    kept: list[str] = []
    for word in words:
        if word in BREAKS and kept and kept[-1] in BREAKS:
            if rank[word] > rank[kept[-1]]:
                kept[-1] = word
        elif word and (kept or word not in BREAKS):
            kept.append(word)
    return kept


def _digit_words(words: list[str]) -> list[str]:
    """Read "2" as "to" where a verb follows a word that asks for one ("want 2 die")."""
    for place in range(1, len(words) - 1):
        if words[place] == "2" and words[place - 1] in _BEFORE_TO and words[place + 1].isalpha():
            words[place] = "to"
    return words


_BEFORE_TO = frozenset("want wants wanted going need trying try ready about like plan decided tried".split())


def _mark(part: str) -> str:
    """Return the break mark that a piece of punctuation stands for."""
    if part in ("?", "\u00bf", "\u061f", "\uff1f"):
        return QUESTION
    if part in (".", "!", ";", "\u00a1", "\u3002", "\u0964", "\uff01"):
        return HARD
    if part == "*":
        return STAR
    if part in ("/", "&"):
        return "or" if part == "/" else "and"
    if part in ("'", '"', "_", "#", "@", "%", "-", "+", "=", "$", "~", "^", "<", ">"):
        return SOFT if part in ('"', "~") else ""
    return SOFT


def _leading(chunk: str) -> list[str]:
    return [SOFT] if chunk[0] in '("*' else []


def _trailing(chunk: str) -> list[str]:
    """Return the break marks at the end of a chunk."""
    tail = chunk[len(chunk.rstrip('.,!?;:"()*')) :]
    marks = [_mark(char) for char in tail]
    return [SOFT] if ".." in tail else [mark for mark in marks if mark]


def _latin(word: str) -> str:
    """Return a word with foreign look-alikes of Latin letters replaced, if it also holds Latin letters."""
    return word if word.isascii() or not _LETTERS.search(word) else word.translate(_LOOKALIKES)


def _unstretched(word: str) -> tuple[str, ...]:
    """Return a word, then with runs of three or more letters cut to two, then to one."""
    if not _STRETCH.search(word):
        return (word,)
    return (word, _STRETCH.sub(r"\1\1", word), _STRETCH.sub(r"\1", word))


def _swapped(token: str) -> list[str]:
    """Return the readings of a token with digits and symbols taken for letters (at most 32)."""
    choices = [_SWAPS.get(char, char) for char in token]
    count = 1
    for choice in choices:
        count *= len(choice)
    if count > 32:
        choices = [choice[0] for choice in choices]
    return ["".join(letters) for letters in itertools.product(*choices)]


def _shorter(word: str) -> list[str]:
    """Return a word and every form of it with one letter left out."""
    return [word, *(word[:place] + word[place + 1 :] for place in range(len(word)))]


def within_one_edit(word: str, target: str) -> bool:
    """Say whether two words differ by one letter added, dropped, changed or swapped with its neighbour."""
    if word == target:
        return True
    start = 0
    while start < min(len(word), len(target)) and word[start] == target[start]:
        start += 1
    rest, goal = word[start:], target[start:]
    if rest[1:] == goal[1:] or rest[1:] == goal or rest == goal[1:]:
        return True
    return rest[:2] == goal[:2][::-1] and rest[2:] == goal[2:]
