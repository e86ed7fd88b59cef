"""Tells whether a message is about the visitor's own body, medicines or decision (or their family's)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, Optional, Tuple

PersonalReason = Literal["medicine", "condition", "symptom", "decision"]

_MEDICINE = (
    r"(?:lithium|lamictal|lamotrigine|prozac|zoloft|lexapro|effexor|cymbalta|wellbutrin|trazodone|mirtazapine"
    r"|seroquel|quetiapine|abilify|risperidone|adderall|ritalin|vyvanse|xanax|ativan|klonopin|valium|alprazolam"
    r"|lorazepam|clonazepam|diazepam|gabapentin|pregabalin|suboxone|buprenorphine|methadone|naltrexone|tramadol"
    r"|oxycodone|opioids?|benzos?|benzodiazepines?|ssris?|snris?|maois?|sertraline|fluoxetine|escitalopram"
    r"|citalopram|venlafaxine|duloxetine|bupropion|statins?|insulin|metformin|blood thinners?|warfarin"
    r"|birth control|antidepressants?|antipsychotics?|stimulants?|meds?|medicines?|medications?|pills?|tablets?"
    r"|mood stabili[sz]ers?|prescriptions?)"
)
_CONDITION = (
    r"(?:high blood pressure|hypertension|blood pressure|heart|afib|arrhythmia|stroke|aneurysm|epilepsy|seizures?"
    r"|asthma|copd|sleep apnea|diabetes|diabetic|glaucoma|thyroid|liver|kidneys?|hepatitis|cirrhosis|bladder"
    r"|cystitis|bipolar|schizophreni\w+|psychosis|psychotic|pregnant|breastfeeding|nursing|ptsd|ocd|anxiety"
    r"|depression|adhd|autis\w+|addict\w+|alcoholi\w+|migraines?|fibromyalgia|crps|chronic pain|cancer|surgery"
    r"|pacemaker|tinnitus|dementia|bpd|eating disorder|anorexi\w+|panic disorder|allerg\w+|condition|disorder"
    r"|diagnosis|illness|disease)"
)
_SYMPTOM = (
    r"(?:dizz\w+|nause\w+|headaches?|vomit\w+|rash|bleeding|pain|numb\w*|blurr\w+|foggy|brain fog|tired|exhausted"
    r"|anxious|crash\w*|worse|low|sleepy|shak\w+|palpitations|pee\w*|urinat\w+|burning|swollen|hallucinat\w+"
    r"|can'?t sleep|throwing up|sick)"
)
_OWNER = r"(?:my|our|my own)"
_FAMILY = (
    r"(?:husband|wife|partner|spouse|son|daughter|kid|child|mom|mum|mother|dad|father|brother|sister|grandma"
    r"|grandmother|grandpa|grandfather|friend|boyfriend|girlfriend|teen(?:ager)?|aunt|uncle|patient)"
)
_I_HAVE = (
    r"\b(?:i(?:'?ve| have| had| got)(?: got| had)?|i'?m|i am|i was|he has|she has|he is|she is|he'?s|she'?s"
    r"|diagnosed with|suffer(?:s|ing)? from|living with|with my)\b"
)
_I_TAKE = (
    r"\b(?:i(?:'?m| am)? (?:still |also |currently |already )?(?:take|taking|use|using|on|prescribed)"
    r"|i'?ve been (?:on|taking)|(?:he|she)(?:'s| is)? (?:takes|taking|on)|im on|been on|put me on|prescribed me)\b"
)
_FITTING = r"\b(?:right|good|suitable|safe|ok|okay|an option|possible|bad|dangerous)"
_GAP = r"[^.?!]{0,40}?"

_RULES: Tuple[Tuple[PersonalReason, str], ...] = (
    # "I take lithium", "on 3 meds", "my Xanax", "should I stop my antidepressant"
    ("medicine", rf"{_I_TAKE}{_GAP}\b{_MEDICINE}\b"),
    ("medicine", rf"\b{_OWNER} (?:\w+ ){{0,2}}{_MEDICINE}\b"),
    # "I've been dizzy since my infusion", "I feel worse after"
    ("symptom", rf"\b(?:i feel|i'?m feeling|i felt|i'?ve been|i keep|i still|i'?m still|my)\b{_GAP}\b{_SYMPTOM}\b"),
    ("symptom", rf"\b{_FAMILY}\b{_GAP}\b(?:feels?|has been|keeps|is still)\b{_GAP}\b{_SYMPTOM}\b"),
    # "I have high blood pressure", "my heart", "my mum has glaucoma", "I'm pregnant"
    ("condition", rf"{_I_HAVE}{_GAP}\b{_CONDITION}\b"),
    ("condition", rf"\b{_OWNER} (?:\w+ ){{0,2}}{_CONDITION}\b"),
    ("condition", rf"\bmy {_FAMILY}\b{_GAP}\b(?:has|had|is|with|takes)\b{_GAP}\b{_CONDITION}\b"),
    ("condition", r"\b(?:i'?m|i am) (?:\d{2}|\w+ weeks? pregnant)\b"),
    # "should I do it", "is it right for me", "do I qualify"
    ("decision", r"\bshould (?:i|we|my)\b"),
    ("decision", rf"{_FITTING} (?:idea |choice |option )?for (?:me|us|my)\b"),
    ("decision", r"\b(?:do|would|will|could) i (?:qualify|be (?:eligible|accepted|a (?:good )?candidate))\b"),
    (
        "decision",
        r"\b(?:am i|is my \w+) (?:eligible|a (?:good )?candidate|too \w+)\b|\bmy (?:own )?(?:case|situation)\b",
    ),
    ("decision", rf"\bcan (?:i|my {_FAMILY}) (?:still )?(?:do|have|get|start|try|be treated)\b"),
)
_COMPILED = tuple((reason, re.compile(pattern)) for reason, pattern in _RULES)


@dataclass(frozen=True)
class Personal:
    """Why a message counts as personal: the reason, and which rule (by position) said so."""

    reason: PersonalReason
    rule: int


def personal(text: str) -> Optional[Personal]:
    """Returns why the message is about somebody's own case, or None for a general question."""
    plain = " ".join(text.casefold().replace("’", "'").split())[:2000]
    for number, (reason, pattern) in enumerate(_COMPILED):
        if pattern.search(plain):
            return Personal(reason, number)
    return None
