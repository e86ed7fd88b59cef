"""The forms under a question."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from console.answers import adding, content
from console.answers.forms import lines_of
from console.answers.phrases import MAX_CHARACTERS
from console.inbox.scrubbing import LEFT_OUT


class PhraseForm(forms.Form):
    """Adds wordings to an answer."""

    topic = forms.ChoiceField(label="Answer")
    wordings = forms.CharField(
        label="Wordings to learn, one per line",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        help_text="Change them freely. Nothing in them may tell who asked.",
    )

    def __init__(self, *arguments: Any, closest: tuple = (), **named: Any) -> None:
        """Construct the form with all answers to choose from, the closest first."""
        super().__init__(*arguments, **named)
        topics = content.library().topics
        near = [(id_, topics[id_].title) for id_, _ in closest if id_ in topics]
        others = sorted(((id_, topic.title) for id_, topic in topics.items()), key=lambda one: one[1].casefold())
        self.fields["topic"].choices = [("Closest", near), ("All answers", others)] if near else others

    def clean_wordings(self) -> list[str]:
        """Returns the lines; refuses marks of what was left out."""
        lines = lines_of(self.cleaned_data["wordings"])
        if not lines:
            raise ValidationError("Write at least one question.")
        for line in lines:
            if len(line) > MAX_CHARACTERS:
                raise ValidationError(f"Shorten “{line[:40]}…”: a question has at most {MAX_CHARACTERS} characters.")
            if LEFT_OUT.search(line):
                raise ValidationError(f"Put other words in place of {LEFT_OUT.search(line)[0]}.")  # type: ignore[index]
        return lines


class NewAnswerForm(adding.NewAnswerForm):
    """Starts a new answer to a question that a visitor asked."""

    def clean_question(self) -> str:
        """Returns the question; refuses marks of what was left out."""
        question: str = self.cleaned_data["question"]
        found = LEFT_OUT.search(question)
        if found:
            raise ValidationError(f"Put other words in place of {found[0]}.")
        return question
