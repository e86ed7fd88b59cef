"""What stands round a statement decides whether it counts: the guide's rules for reading a message."""

from __future__ import annotations

import pytest

from ketaguide.safety.context import correct
from ketaguide.safety.detector import CrisisDetector
from ketaguide.safety.normalise import BREAKS

KINDS = [
    ("negation at the statement", "I'm not suicidal.", "none"),
    ("negation ends at just", "I'm not suicidal, I just don't want to be here anymore.", "suicide"),
    ("negation inside the trigger", "i don't want to live", "suicide"),
    ("negation of another thing", "I'm not okay. I want to die", "suicide"),
    ("not going to lie", "not gonna lie I want to die", "suicide"),
    ("never felt it more", "I never wanted to die more than today", "suicide"),
    ("disbelief", "I don't think I am suicidal", "none"),
    ("negation carried on by or", "I don't have chest pain or trouble breathing", "none"),
    ("hedge before but", "not that I would, but I keep thinking of killing myself", "suicide"),
    ("remote attempt", "I tried to kill myself ten years ago", "none"),
    ("attempt with a past year", "Bipolar II, migraine, past suicide attempt in 2009: can I be treated?", "none"),
    ("attempt within a year", "I tried to end my life in spring", "suicide"),
    ("remote with a present sign", "I was suicidal in college and now I want to die again", "suicide"),
    ("resolved", "Those suicidal thoughts are gone since my sessions.", "none"),
    ("used to", "I used to want to die every day", "none"),
    ("history with present pain", "I tried ten years ago and it still haunts me every day", "distress"),
    ("information about a treatment", "Can ketamine help with suicidal thoughts?", "none"),
    ("the same, owned", "Can ketamine help with my suicidal thoughts?", "suicide"),
    ("normality", "Is it normal to want to die after a session?", "suicide"),
    ("a body question, general", "Can ketamine cause chest pain?", "none"),
    ("a body question, owned", "Is this chest pain normal?", "medical_emergency"),
    ("fear of a future effect", "will it make me suicidal?", "none"),
    ("what if", "what if I stop breathing during the infusion?", "none"),
    ("clinical wording", "TRD with SI, am I eligible?", "suicide"),
    ("row of nouns", "rash after ketamine infusion", "none"),
    ("a friend's name for oneself", "asking for a friend, how many pills does it take to die", "suicide"),
    ("overdose in general", "could the clinic give me too much by mistake?", "none"),
    ("trivial cause with laughter", "lol I'll kill myself if this form has another page", "none"),
    ("laughter alone", "haha might just kill myself", "suicide"),
    ("idiom of a wish", "I'm dying to know the price", "none"),
    ("idiom of pain", "will it kill the pain", "none"),
    ("trouble over a trifle", "my mom will kill me if I'm late", "none"),
    ("a threat", "my ex said he will kill me", "abuse"),
    ("death in a past session", "In my session it felt like I died and came back", "none"),
    ("dying now", "I feel like I'm dying right now", "medical_emergency"),
    ("a song", "the song says I want to die over and over", "none"),
    ("somebody who died", "I lost my brother to suicide years ago", "distress"),
    ("another person", "my brother wants to die", "third_party"),
    ("another person's body", "my wife can't breathe", "medical_emergency"),
    ("worry about others that is no danger", "my sister is scared of her first infusion", "none"),
    ("how families help in general", "How can families help in general?", "none"),
    ("self-correction away", "I'm dying, I mean dyeing, my hair before the session", "none"),
    ("self-correction towards", "I want to stop the pain, I mean stop living", "suicide"),
    ("self-correction that does not fit", "I want to die, I mean, never mind", "suicide"),
    ("star correction", "i cut myself *cut my hair myself", "none"),
    ("veiled, life itself", "there's no point anymore", "suicide"),
    ("the same words with an object", "no point in a third session", "none"),
    ("told to die", "my husband tells me to kill myself", "abuse"),
    ("commanding voices go first", "the voices are telling me to kill myself", "suicide"),
    ("fear of acting", "I'm scared I'll hurt my kids", "harm_to_others"),
    ("article beside a word for the visitor", "he pensado en aventarme del puente", "suicide"),
    ("commanding voices, Spanish", "las voces me dicen que mate a mi mamá", "harm_to_others"),
    ("two languages in one sentence", "I just want to morirme", "suicide"),
    ("two languages, somebody else's body", "my dad no despierta after the session", "medical_emergency"),
    ("pronoun before the verb", "le voy a romper la cabeza a mi hermano", "harm_to_others"),
    ("spelt by ear", "mi bezino me amenasa con un cuchiyo", "abuse"),
    ("death of a relative, Spanish", "mi papá habla de la muerte de mi abuelo con tristeza", "none"),
    ("a thought of one's own is no reflexive", "No sé si quiero seguir viviendo", "suicide"),
    ("an ordinary dose, Spanish", "tomo 10 mg de escitalopram", "none"),
]


@pytest.mark.parametrize(("text", "kind"), [row[1:] for row in KINDS], ids=[row[0] for row in KINDS])
def test_kind(detector: CrisisDetector, text: str, kind: str) -> None:
    verdict = detector.read(text)
    assert verdict.kind == kind, verdict


@pytest.mark.parametrize(
    ("text", "subject", "urgency"),
    [
        ("I want to die", "self", "soon"),
        ("I am going to kill myself tonight", "self", "now"),
        ("my husband collapsed", "other", "now"),
        ("my son swallowed my lozenge", "other", "now"),
        ("I can't wake her up", "other", "now"),
        ("what does it cost", "self", "none"),
    ],
)
def test_subject_and_urgency(detector: CrisisDetector, text: str, subject: str, urgency: str) -> None:
    verdict = detector.read(text)
    assert (verdict.subject, verdict.urgency) == (subject, urgency), verdict


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("dying , i mean dyeing , my hair", "dyeing , my hair"),
        ("stop the pain , i mean stop living", "stop living"),
        ("he beat me , i mean met me here", "he met me here"),
        ("want to die , i mean , never mind", "want to die , i mean , never mind"),
    ],
)
def test_correct(typed: str, meant: str) -> None:
    mended = correct([typed.split()], (("i", "mean"),), BREAKS)
    assert " ".join(mended[0]) == meant
