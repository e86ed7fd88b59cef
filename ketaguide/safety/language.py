"""Guess the language of a message from its script and its commonest words."""

from __future__ import annotations

import re
from functools import lru_cache
from types import MappingProxyType

from ketaguide.safety.normalise import clean, fold

_WORD = re.compile(r"[^\W\d_]+")
_SCRIPTS = (
    ("ar", re.compile("[\u0600-\u06ff\u0750-\u077f]")),
    ("hi", re.compile("[\u0900-\u097f]")),
    ("ru", re.compile("[\u0400-\u04ff]")),
    ("zh", re.compile("[\u3400-\u9fff]")),
    ("xx", re.compile("[\u0370-\u03ff\u0530-\u05ff\u0980-\u11ff\u1780-\u17ff\u3040-\u30ff\uac00-\ud7af]")),
)
_COMMON = MappingProxyType(
    {
        "en": (
            "a about after all am an and any are as at be been before but by can could did do does for "
            "from get had has have he help her him how i if in is it its just like long many me much my "
            "need no not of on or our out so some than that the their them then there they this to up was "
            "we what when where which who why will with would you your im dont cant should take treatment "
            "session feel hello hi thanks please yes ok okay cost drive"
        ),
        "es": (
            "a al algo ante antes aqui asi ayuda bien como con cual cuando cuanto cuesta de del desde "
            "despues donde el ella ellos en entre era es esa ese eso esta estoy este esto fue gracias ha "
            "hay he hola hoy la las le lo los mas me mi mis mucho muy nada ni no nos o para pero por "
            "porque puede puedo que quien quiero se ser si sin sobre son soy su sus tambien tan te tengo "
            "tiene todo tomar tu un una uno ya yo favor tratamiento sesion siento"
        ),
        "fr": (
            "je tu il elle nous vous ne pas le les des une un est suis mon ma mes et ou avec pour dans "
            "que qui sur ce cette au du ai plus bonjour merci oui veux peux moi combien comment"
        ),
        "pt": (
            "eu nao voce um uma o os as do da dos das em no na e ou que com para por meu minha quero "
            "estou tem mais muito ola obrigado sim como quanto posso isso"
        ),
        "de": (
            "ich du er sie es wir ihr nicht der die das ein eine und oder mit fur ist bin mein meine zu "
            "auf von den dem hallo danke ja nein wie was kann ich habe mich mir wurde viel kostet"
        ),
        "it": (
            "io tu lui lei noi il lo gli una un di che non e sono mi ho ha per con del della come quanto "
            "posso voglio ciao grazie piu questo mio mia sto"
        ),
        "nl": (
            "ik jij hij zij wij het een de niet en of met voor is ben mijn van op dat dit hallo dank ja "
            "nee hoe wat kan heb mij veel te kost wil"
        ),
        "pl": (
            "ja ty on ona my nie jest jestem i lub z na do sie mnie moj moja to co jak czy tak dziekuje "
            "chce moge mam ile prosze czesc"
        ),
        "vi": (
            "toi ban anh chi em khong la co va voi cho cua nay nao gi muon duoc bao nhieu xin chao cam on nhu the mot"
        ),
        "tl": (
            "ako ikaw siya kami kayo sila ang ng mga sa ay na hindi ko mo niya po opo ba ito iyan gusto "
            "paano magkano salamat kumusta namin lang"
        ),
    }
)
_COMMON_WORDS = {code: frozenset(words.split()) for code, words in _COMMON.items()}
_LANGUAGES_OF = {
    word: tuple(code for code, common in _COMMON_WORDS.items() if word in common)
    for words in _COMMON_WORDS.values()
    for word in words
}
_SHORT = 4  # words of so many letters tell little about the language
_EN_ENDINGS = ("s", "es", "d", "ed", "ing", "ly", "er", "ers", "est", "y", "able", "ness", "less")
_ES_ENDINGS = (
    "amente", "mente", "aciones", "acion", "ciones", "cion", "siones", "sion", "idades", "idad", "amos", "emos", "imos",
    "aron", "ieron", "ando", "iendo", "ados", "adas", "idos", "idas", "ado", "ada", "ido", "ida", "aba", "abas", "aban",
    "ia", "ias", "ian", "arme", "arse", "erme", "irme", "are", "ara", "aras", "aria", "eria", "iria", "es", "os", "as",
    "an", "en", "a", "o", "e", "s", "n", "",
)  # fmt: skip


def words_of(text: str) -> list[str]:
    """Return the words of a text in lower case without accents or digits."""
    return _WORD.findall(fold(clean(text)).replace("'", ""))


def guess(text: str) -> str:
    """Return the two-letter code of the likeliest language; English where nothing tells.

    Args:
        text: The message.

    Returns:
        One of the languages of the core list, or `xx` for another script.
    """
    script = _script(text)
    if script:
        return script
    counts = _counts(text)
    best = max(counts.values(), default=0)
    if counts["en"] == best:
        return "en"
    return "es" if counts["es"] == best else next(code for code, count in counts.items() if count == best)


def may_be(text: str) -> frozenset[str]:
    """Return which of English and Spanish a text may be written in, or may mix; English always."""
    counts = _counts(text)
    spanish = (
        counts["es"] >= max(counts["en"], 1)
        or (counts["es"] > 2 and counts["es"] * 2 >= counts["en"])
        or counts["en"] == 0
        or any(len(word) > _SHORT and _is_spanish_only(word) for word in words_of(text))
    )
    return frozenset(("en", "es")) if spanish else frozenset(("en",))


def _is_spanish_only(word: str) -> bool:
    return not is_word(word, code="en") and is_word(word, code="es")


def _counts(text: str) -> dict[str, int]:
    """Return how many of a text's words are common ones of each language."""
    counts = {code: 0 for code in _COMMON_WORDS}
    for word in words_of(text):
        for code in _LANGUAGES_OF.get(word, ()):
            counts[code] += 1
    return counts


def _script(text: str) -> str:
    """Return the language of a foreign script that fills most of a text, or ""."""
    letters = sum(char.isalpha() for char in text)
    for code, script in _SCRIPTS:
        if letters and len(script.findall(text)) * 2 > letters:
            return code
    return ""


def unreadable(text: str) -> bool:
    """Say whether a message can be read neither as English nor as Spanish.

    Args:
        text: The message.

    Returns:
        True for another script, or where most of two or more words are in neither word list.
    """
    if _script(text):
        return True
    words = [word for word in words_of(text) if len(word) > 1]
    if len(words) < 2:
        return False
    foreign = guess(text)
    strange = sum(not (is_word(word, code="en") or is_word(word, code="es")) for word in words)
    if strange * 2 > len(words):
        return True
    return foreign not in ("en", "es") and strange * 3 > len(words)


def is_word(word: str, *, code: str) -> bool:
    """Say whether a word (in lower case, without accents) is a real word of English (`en`) or Spanish (`es`)."""
    english, spanish = _word_lists()
    if code == "en":
        return word in english or word in _COMMON_WORDS["en"] or _inflected(word, english)
    if word in _COMMON_WORDS["es"]:
        return True
    stems = {word[: len(word) - len(ending)] for ending in _ES_ENDINGS if word.endswith(ending)}
    return any(
        stem + ending in spanish for stem in stems if len(stem) > 1 for ending in ("", "ar", "er", "ir", "o", "a", "e")
    )


def _inflected(word: str, english: frozenset[str]) -> bool:
    """Say whether a word is an ending away from one in the list ("rated", "cutting")."""
    for ending in _EN_ENDINGS:
        stem = word[: -len(ending)]
        if word.endswith(ending) and len(stem) > 2 and (stem in english or stem + "e" in english):
            return True
        if word.endswith(ending) and len(stem) > 3 and stem[-1] == stem[-2] and stem[:-1] in english:
            return True
    return False


@lru_cache(maxsize=1)
def _word_lists() -> tuple[frozenset[str], frozenset[str]]:
    """Return the English and Spanish word lists of spaCy's lookup tables; empty where they are missing."""
    return _table("en", ("lemma_lookup", "lemma_index")), _table("es", ("lemma_index",))


def _table(code: str, names: tuple[str, ...]) -> frozenset[str]:
    found: set[str] = set()
    for name in names:
        try:
            from spacy.lookups import load_lookups

            table = load_lookups(code, [name]).get_table(name)
        except (ImportError, ValueError, KeyError):
            continue
        for key, value in table.items():
            listed = value if isinstance(value, (list, tuple)) else (str(key), value)
            found.update(fold(str(word).lower()) for word in listed)
    return frozenset(found)
