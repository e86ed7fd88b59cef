"""Reads one message in the light of the conversation: the one decision behind follow-ups, corrections and choices.

Pure: what the models made of the message and what was said before go in, a `Reading` comes out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

from ketaguide.content.glossary import find_term
from ketaguide.content.model import MOVES, UTTER_PREFIX, Term, Topic
from ketaguide.dialogue import light
from ketaguide.dialogue.clarify import MAX_OPTIONS
from ketaguide.dialogue.context import Context, Offer
from ketaguide.dialogue.light import Heard, Subject
from ketaguide.dialogue.offers import chosen

# From this share up a sign is believed.
SURE_SIGN = 0.5
# Of several signs the first counts from this share up, where all together are believed.
LEADING_SIGN = 0.35
# Longer messages say more than "tell me more" or "yes".
MAX_MOVE_WORDS = 14
# From this confidence up a part of a message is a question of its own.
SURE_PART = 0.55
CERTAIN = 0.9
# A whole message below this is unclear: then the one question in it counts.
UNCLEAR = 0.45
# From this confidence up, and below this openness, a message needs no context.
CLEAR = 0.8
OPEN = 0.2
# How many intents of the whole message its parts may be about.
LIKELY = 12
MOST_ANSWERS = 3
# The visitor is given a person's contact when this many answers in a row were wrong.
MISSES_UNTIL_CONTACT = 3
# Scores are log odds: nothing comes back from here.
EXCLUDED_SCORE = -1e6

CLARIFY, CONTACT, HELP, GOODBYE = "utter_clarify", "utter_human_handoff", "utter_help", "utter_goodbye"
SUGGEST_PROVIDER = "utter_suggest_provider"
THANKS = "utter_thanks"
SORRY, WHICH = "clarify_sorry", "clarify_which"

_ASKS_MEANING = re.compile(
    r"\b(?:what (?:do|did) you mean (?:by|with)|what (?:does|do|did|is|are|s)\b.{1,40}\b(?:mean|stand for|meaning)"
    r"|what'?s (?:the )?meaning of|meaning of|define|definition of|explain (?:the )?(?:word|term)"
    r"|what (?:is|are|does|kind of word is)|what'?s|whats|wat is|never heard of|i don'?t know what)\b",
    re.I,
)
_ASKS_ONLY_MEANING = re.compile(r"\b(?:mean|means|meaning|stand for|define|definition|word|term)\b", re.I)


@dataclass(frozen=True)
class Part:
    """A question inside a message, or what a correction says was meant."""

    heard: Heard
    is_correction: bool = False


@dataclass(frozen=True)
class Spoken:
    """A message as it reaches this module.

    Attributes:
        text: The visitor's words.
        heard: What the models made of all of it.
        parts: Its questions in the order asked, where there are several; what was meant, where it corrects.
    """

    text: str
    heard: Heard
    parts: Tuple[Part, ...] = ()


@dataclass(frozen=True)
class Known:
    """What the decision may look up.

    Attributes:
        topics: All answers by id.
        nearness: Intent to intent to how alike their questions are, -1 to 1.
        glossary: The terms that can be explained.
    """

    topics: Mapping[str, Topic]
    nearness: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    glossary: Mapping[str, Term] = field(default_factory=dict)


@dataclass(frozen=True)
class Reading:
    """What a message means here.

    Attributes:
        reason: Why it was read so: "plain", "choice", "follow_up", "more", "simpler", "repeat", "sources", "term",
            "correction", "several", "part", "affirm" or "deny".
        say: The responses to give, in order; empty where the ranking decides.
        scores: The scores that the ranking is made of; None where those of the classifier stand.
        payload: The button that was meant.
        topic: The answer that it is about, "" if none.
        form: Which words of that answer: "" for the answer, "more", "simpler", "repeat" or "short".
        before: The topic in whose light it was read.
        aspect: What was asked about that topic.
        words: The id of the reply whose words are spoken instead of the response's own.
        offers: What to offer as buttons.
        term: The id of the term to explain.
        excluded: Topics that were wrong.
        misses: How many answers in a row were wrong.
    """

    reason: str = "plain"
    say: Tuple[str, ...] = ()
    scores: Optional[Mapping[str, float]] = None
    payload: str = ""
    topic: str = ""
    form: str = ""
    before: str = ""
    aspect: str = ""
    words: str = ""
    offers: Tuple[Offer, ...] = ()
    term: str = ""
    excluded: Tuple[str, ...] = ()
    misses: int = 0

    def stamp(self) -> Dict[str, Any]:
        """Returns what the record keeps of it: ids and reasons, never words of the visitor."""
        kept = {name: getattr(self, name) for name in _STAMPED}
        stamp = {name: list(value) if isinstance(value, tuple) else value for name, value in kept.items() if value}
        if self.offers:
            stamp["offers"] = [{"title": offer.title, "payload": offer.payload} for offer in self.offers]
        return stamp


_STAMPED = ("reason", "say", "topic", "form", "before", "aspect", "words", "term", "excluded", "misses")


def read(spoken: Spoken, context: Context, known: Known) -> Reading:
    """Returns how to take a message. A clear new question is plain: then the classifier's own ranking stands."""
    for attempt in (_choice, _correction, _move, _term, _several):
        reading = attempt(spoken, context, known)
        if reading is not None:
            return reading
    return _question(spoken, context, known)


def _choice(spoken: Spoken, context: Context, known: Known) -> Optional[Reading]:
    offer = chosen(spoken.text, context.last.offers)
    return Reading("choice", payload=offer.payload, topic=_topic_of(offer, known)) if offer else None


def _correction(spoken: Spoken, context: Context, known: Known) -> Optional[Reading]:
    if not context.exchanges:
        return None
    meant = next((part for part in spoken.parts if part.is_correction), None)
    none_of_these = _sign(spoken) == "deny" and CLARIFY in context.last.responses
    if meant is None and _sign(spoken) != "correction" and not none_of_these:
        return None
    excluded = tuple(dict.fromkeys((*context.last.reading.get("excluded", ()), *context.last.topics)))
    misses = int(context.last.reading.get("misses", 0)) + 1
    if meant is not None:
        return _what_was_meant(meant.heard, context, known, excluded, misses)
    offers = _near_offers(context, known, excluded)
    if misses >= MISSES_UNTIL_CONTACT or not offers:
        return Reading("correction", (CONTACT,), before=context.topic, excluded=excluded, misses=misses)
    return Reading(
        "correction", (CLARIFY,), words=SORRY, before=context.topic, offers=offers, excluded=excluded, misses=misses
    )


def _what_was_meant(
    heard: Heard, context: Context, known: Known, excluded: Tuple[str, ...], misses: int
) -> Optional[Reading]:
    scores = _without(light.scores_in_light(heard, _subjects(context, known), known.topics), excluded)
    best = max(scores, key=lambda intent: scores[intent])
    topic = best if best in known.topics else ""
    return Reading("correction", scores=scores, topic=topic, before=context.topic, excluded=excluded, misses=misses)


def _near_offers(context: Context, known: Known, excluded: Sequence[str]) -> Tuple[Offer, ...]:
    before = known.topics.get(context.last.topics[-1]) if context.last.topics else None
    shown = {offer.payload for offer in context.last.offers} if CLARIFY in context.last.responses else set()
    ids: List[str] = [*context.last.ranking, *(before.related if before else ())]
    near = known.nearness.get(before.id, {}) if before else {}
    ids += sorted(near, key=lambda id_: -near[id_])[:10]
    offers = [_offer(known.topics[id_]) for id_ in dict.fromkeys(ids) if id_ in known.topics and id_ not in excluded]
    return tuple(offer for offer in offers if offer.payload not in shown)[:MAX_OPTIONS]


def _move(spoken: Spoken, context: Context, known: Known) -> Optional[Reading]:
    sign = _sign(spoken)
    if sign == "affirm":
        return _affirm(context, known)
    if sign == "deny":
        return Reading("deny", (GOODBYE,)) if context.exchanges else None
    topic = known.topics.get(context.newest_answer)
    if topic is None or sign not in MOVES:
        return None
    if sign == "sources":
        return Reading("sources", ("utter_sources",), topic=topic.id, before=topic.id)
    if sign == "more":
        return _more(topic, context, known)
    return Reading(sign, (topic.response,), topic=topic.id, form=sign, before=topic.id)


def _more(topic: Topic, context: Context, known: Known) -> Reading:
    told = any(exchange.reading.get("form") == "more" and topic.id in exchange.topics for exchange in context.exchanges)
    if topic.more and not told:
        return Reading("more", (topic.response,), topic=topic.id, form="more", before=topic.id)
    fresh = [id_ for id_ in topic.related if id_ in known.topics and not context.answered(id_)]
    if fresh:
        return Reading("more", (UTTER_PREFIX + fresh[0],), topic=fresh[0], before=topic.id)
    return Reading("more", (CLARIFY,), words=WHICH, before=topic.id, offers=context.last.offers)


def _affirm(context: Context, known: Known) -> Optional[Reading]:
    last = context.last
    if not last.responses:
        return None
    if last.responses[-1] == SUGGEST_PROVIDER:
        return Reading("affirm", (CONTACT,))
    offers = tuple(offer for offer in last.offers if _topic_of(offer, known)) or last.offers
    if not offers or last.responses[-1] in (THANKS, HELP):
        return Reading("affirm", (HELP,))
    if len(offers) == 1:
        return Reading("affirm", payload=offers[0].payload, topic=_topic_of(offers[0], known))
    return Reading("affirm", (CLARIFY,), words=WHICH, before=context.topic, offers=offers)


def _term(spoken: Spoken, context: Context, known: Known) -> Optional[Reading]:
    if not context.exchanges or not _ASKS_MEANING.search(spoken.text):
        return None
    term = find_term(spoken.text, known.glossary)
    if term is None:
        return None
    just_read = find_term(context.last.text, {term.id: term}) is not None
    if not just_read and not _ASKS_ONLY_MEANING.search(spoken.text):
        return None
    # "What is X?" where an answer has X for its subject is that question.
    if not _ASKS_ONLY_MEANING.search(spoken.text) and _confidence(spoken.heard.scores)[1] >= SURE_PART:
        return None
    return Reading("term", ("utter_glossary",), topic=term.topic, term=term.id, before=context.topic)


def _several(spoken: Spoken, context: Context, known: Known) -> Optional[Reading]:
    asked: List[str] = []
    # A topic that the whole message has nothing of is a misread part.
    likely = sorted(spoken.heard.scores, key=lambda intent: -spoken.heard.scores[intent])[:LIKELY]
    for part in spoken.parts:
        intent = _asked_in(part, asked, context, known)
        if intent in known.topics and intent not in asked and intent in likely:
            asked.append(intent)
    if len(asked) < 2:
        return None
    rest = tuple(_offer(known.topics[id_]) for id_ in asked[MOST_ANSWERS:])
    say = tuple(UTTER_PREFIX + id_ for id_ in asked[:MOST_ANSWERS])
    return Reading("several", say, topic=asked[0], before=context.topic, offers=rest)


def _asked_in(part: Part, asked: Sequence[str], context: Context, known: Known) -> str:
    """Returns the intent of one question of several, or "" where it is unclear or only goes on with the one before."""
    plain, sure = _confidence(part.heard.scores)
    if sure >= SURE_PART:
        goes_on = asked and part.heard.open >= SURE_SIGN and sure < CERTAIN
        return "" if goes_on else plain
    subjects = [*_asked_before(asked, known), *_subjects(context, known)][:2]
    if not subjects:
        return ""
    best, share = _confidence(light.scores_in_light(part.heard, subjects, known.topics))
    return best if share >= SURE_PART else ""


def _asked_before(asked: Sequence[str], known: Known) -> List[Subject]:
    return [Subject(known.topics[id_], 1.0, known.nearness.get(id_, {})) for id_ in asked[-1:]]


def _question(spoken: Spoken, context: Context, known: Known) -> Reading:
    excluded, misses = _still_excluded(context)
    heard = _best_heard(spoken, known)
    subjects = _subjects(context, known)
    scores: Mapping[str, float] = heard.scores
    before = aspect = ""
    plain, sure = _confidence(heard.scores)
    if subjects and not _is_clear(heard, plain, sure, known):
        in_light = light.scores_in_light(heard, subjects, known.topics)
        best, share = _confidence(in_light)
        if best != plain or share > sure:
            scores, before = in_light, subjects[0].topic.id
            name, weight = light.best_aspect(heard)
            aspect = name if weight >= SURE_SIGN else ""
    if excluded:
        scores = _without(scores, excluded)
    if scores is spoken.heard.scores:
        return Reading()
    best, _ = _confidence(scores)
    reason = "follow_up" if before else ("correction" if excluded else "part")
    same = bool(before) and best in context.last.topics
    return Reading(
        reason,
        scores=scores,
        topic=best if best in known.topics else "",
        form="short" if same else "",
        before=before,
        aspect=aspect,
        excluded=excluded,
        misses=misses,
    )


def _is_clear(heard: Heard, intent: str, share: float, known: Known) -> bool:
    """Tells whether a message is a clear question of its own, which wins over what was said before."""
    return intent in known.topics and share >= CLEAR and heard.open < OPEN and not heard.cues.fragment


def _still_excluded(context: Context) -> Tuple[Tuple[str, ...], int]:
    """What was wrong before counts for one more message: the visitor says it again in other words."""
    reading = context.last.reading
    if reading.get("reason") != "correction":
        return (), 0
    return tuple(reading.get("excluded", ())), int(reading.get("misses", 0))


def _best_heard(spoken: Spoken, known: Known) -> Heard:
    """Returns the whole message, or the one question in it where that alone is clearer."""
    questions = [part.heard for part in spoken.parts if not part.is_correction]
    if not questions:
        return spoken.heard
    _, whole = _confidence(spoken.heard.scores)
    clearest = max(questions, key=lambda heard: _confidence(heard.scores)[1])
    best, share = _confidence(clearest.scores)
    return clearest if whole < UNCLEAR and share >= SURE_PART and best in known.topics else spoken.heard


def _subjects(context: Context, known: Known) -> List[Subject]:
    return [
        Subject(known.topics[id_], weight, known.nearness.get(id_, {}))
        for id_, weight in context.subjects()
        if id_ in known.topics
    ]


def _sign(spoken: Spoken) -> str:
    if spoken.heard.cues.words > MAX_MOVE_WORDS:
        return ""
    signs = {sign: share for sign, share in spoken.heard.signs.items() if sign != light.STANDALONE}
    if not signs:
        return ""
    name = max(signs, key=lambda sign: signs[sign])
    return name if spoken.heard.open >= SURE_SIGN and signs[name] >= LEADING_SIGN else ""


def _confidence(scores: Mapping[str, float]) -> Tuple[str, float]:
    """Returns the best intent and its share of one."""
    return light.best_share(scores)


def _without(scores: Mapping[str, float], excluded: Sequence[str]) -> Dict[str, float]:
    return {intent: EXCLUDED_SCORE if intent in excluded else score for intent, score in scores.items()}


def _offer(topic: Topic) -> Offer:
    return Offer(topic.title, f"/{topic.id}")


def _topic_of(offer: Offer, known: Known) -> str:
    id_ = offer.payload.lstrip("/")
    return id_ if id_ in known.topics else ""
