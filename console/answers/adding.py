"""A new answer: name it, then write it in the editor like any other."""

from __future__ import annotations

import re
import unicodedata

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from console.answers import drafts
from console.answers.forms import empty_answer
from console.answers.tiers import NAMES
from console.audit.models import note_request
from console.people.access import requires
from console.people.roles import Action
from console.screens.templatetags.words import GROUPS

MAX_ID = 40
USUAL_KIND = "clinical"


class NewAnswerForm(forms.Form):
    """What has to be known before an answer can be written."""

    title = forms.CharField(label="Title on buttons", max_length=20, help_text="At most 20 characters.")
    question = forms.CharField(label="The question it answers", max_length=200)
    group = forms.ChoiceField(label="Subject", choices=list(GROUPS.items()))
    risk = forms.ChoiceField(label="Kind of answer", choices=list(NAMES.items()), initial=USUAL_KIND, required=False)

    def clean_title(self) -> str:
        """Returns the title if a name for the answer can be made of it."""
        title: str = self.cleaned_data["title"]
        if not id_from(title):
            raise forms.ValidationError("Use letters in the title.")
        return title

    def clean_risk(self) -> str:
        """Returns the kind; who does not choose gets the one that a clinician approves."""
        return self.cleaned_data["risk"] or USUAL_KIND


def id_from(title: str) -> str:
    """Returns the key that an answer with this title gets: letters, digits and underscores."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:MAX_ID].rstrip("_")


@require_http_methods(["GET", "POST"])
@requires(Action.PROPOSE)
def new_answer(request: HttpRequest) -> HttpResponse:
    """Starts the draft of a new answer."""
    form = NewAnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        values = {**empty_answer(), "title": data["title"], "question": data["question"], "risk": data["risk"]}
        try:
            change = drafts.start_new(id_from(data["title"]), data["group"], values, request.user)
        except drafts.DraftError as error:
            form.add_error("title", str(error))
        else:
            note_request(request, "saved", change.topic, revision=change.revision)
            messages.success(request, "Started. Write the answer, its facts and the questions that people ask.")
            return redirect("edit", topic=change.topic)
    return render(request, "answers/new.html", {"form": form})
