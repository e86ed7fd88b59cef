"""The form in which an answer is written."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping

from django import forms

from console.answers import content
from console.answers.tiers import NAMES
from ketaguide.content.load import Library

TEXTS = ("answer", "short", "simpler", "more")


class AnswerForm(forms.Form):
    """One answer in one language, with what belongs to it.

    Values of the other languages stay as the draft has them.
    """

    title = forms.CharField(label="Title on buttons", max_length=40, help_text="At most 20 characters.")
    question = forms.CharField(label="The question it answers", max_length=200)
    answer = forms.CharField(label="Answer", widget=forms.Textarea(attrs={"rows": 14}), max_length=4000)
    short = forms.CharField(
        label="The same as a text message",
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="At most 300 characters.",
    )
    simpler = forms.CharField(
        label="A plainer version, for who asks for it",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    more = forms.CharField(
        label="A part that goes deeper, for who asks for more",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    sources = forms.MultipleChoiceField(label="Sources", required=False)
    related = forms.MultipleChoiceField(label="Related answers", required=False, help_text="Two or three.")
    risk = forms.ChoiceField(label="Kind of answer", choices=list(NAMES.items()))
    suggest_provider = forms.BooleanField(label="Suggest seeing a provider afterwards", required=False)
    reason = forms.CharField(
        label="Why this change?",
        required=False,
        max_length=500,
        widget=forms.TextInput(),
        help_text="Needed before you send it. It stays in the history.",
    )

    def __init__(self, *arguments: Any, library: Library, topic: str = "", **named: Any) -> None:
        """Construct the form with the sources and answers that can be chosen."""
        super().__init__(*arguments, **named)
        self.fields["sources"].choices = [
            (id_, f"{source.title} ({source.publisher}, {source.year})") for id_, source in library.sources.items()
        ]
        self.fields["related"].choices = [(t.id, t.title) for t in library.topics.values() if t.id != topic]

    def values(self, before: Mapping[str, Any], language: str) -> Dict[str, Any]:
        """Returns the entries of the draft with what was typed in one language put in."""
        data = self.cleaned_data
        return {
            "title": data["title"],
            "question": data["question"],
            "risk": data["risk"],
            "suggest_provider": data["suggest_provider"],
            "sources": _in_order(before.get("sources", []), data["sources"]),
            "related": _in_order(before.get("related", []), data["related"]),
            **{name: _in_language(before.get(name, {}), language, data[name]) for name in TEXTS},
        }


class FactForm(forms.Form):
    """One fact that an answer rests on."""

    fact = forms.CharField(label="Fact", required=False, max_length=600, widget=forms.Textarea(attrs={"rows": 2}))
    sources = forms.MultipleChoiceField(label="Sources that say so", required=False)
    verified = forms.BooleanField(label="I compared it with the text of these sources", required=False)

    def __init__(self, *arguments: Any, library: Library, **named: Any) -> None:
        """Construct the form with the sources that can be chosen."""
        super().__init__(*arguments, **named)
        self.fields["sources"].choices = [(id_, source.title) for id_, source in library.sources.items()]


FactForms = forms.formset_factory(FactForm, extra=1)


def facts_in(formset: Any) -> List[Dict[str, Any]]:
    """Returns the facts of a valid set of forms; one whose words were taken away is left out."""
    return [
        {"fact": plain_text(one["fact"]), "sources": one["sources"], "verified": one["verified"]}
        for one in formset.cleaned_data
        if one.get("fact", "").strip()
    ]


def initial(values: Mapping[str, Any], language: str, reason: str) -> Dict[str, Any]:
    """Returns what the form shows for a draft in one language."""
    shown = {name: values.get(name) for name in ("title", "question", "risk", "suggest_provider", "sources", "related")}
    texts = {name: (values.get(name) or {}).get(language, "") for name in TEXTS}
    return {**shown, **texts, "reason": reason}


def plain_text(typed: str) -> str:
    """Returns typed text with line ends and spaces as files have them."""
    lines = [line.rstrip() for line in typed.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    return "\n".join(lines).strip()


def lines_of(typed: str) -> List[str]:
    """Returns typed lines without empty ones and repeats."""
    return list(dict.fromkeys(line for line in (" ".join(one.split()) for one in typed.splitlines()) if line))


def _in_order(before: List[str], chosen: List[str]) -> List[str]:
    return [id_ for id_ in before if id_ in chosen] + [id_ for id_ in chosen if id_ not in before]


def _in_language(before: Mapping[str, str], language: str, typed: str) -> Dict[str, str]:
    text = plain_text(typed)
    texts = {**before, language: text}
    return {code: words for code, words in texts.items() if words}


def empty_answer() -> Dict[str, Any]:
    """Returns the entries of a new answer; its dates are set when it is approved."""
    return {
        **dict.fromkeys(content.FIELDS, ""),
        "risk": "clinical",
        "suggest_provider": False,
        "checked_on": "",
        "review_by": "",
        **{name: [] for name in ("sources", "related", "evidence", "examples")},
        **{name: {} for name in (*TEXTS, "aspects")},
    }
