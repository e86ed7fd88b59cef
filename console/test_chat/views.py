"""The screen of the test chat, and the questions that are saved from it."""

from __future__ import annotations

import secrets
from typing import Any, Dict

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from console.answers import content
from console.answers.phrases import MAX_CHARACTERS as MAX_QUESTION
from console.assistant import client
from console.audit.models import note_request
from console.people.access import requires
from console.people.roles import Action
from console.publishing import test_questions
from console.test_chat.turns import MAX_CHARACTERS, take, titles

KEY = "test_chat"
KEPT = 12
END = "#end"


@require_http_methods(["GET", "POST"])
@requires(Action.TEST_CHAT)
def test_chat(request: HttpRequest) -> HttpResponse:
    """Shows the conversation; a post says something, or starts over."""
    talk: Dict[str, Any] = request.session.get(KEY) or _new()
    if request.method == "POST":
        if request.POST.get("then") == "start_over":
            request.session[KEY] = _new()
            return redirect("test_chat")
        return _say(request, talk)
    topics = content.library().topics.values()
    saved = test_questions.saved(settings.DATA_FOLDER)
    context = {
        "turns": talk["turns"],
        "titles": titles(talk["turns"]),
        "drafts": talk["drafts"],
        "topics": sorted(((topic.id, topic.title) for topic in topics), key=lambda one: one[1].casefold()),
        "saved": saved,
        "longest": MAX_CHARACTERS,
    }
    return render(request, "test_chat/test_chat.html", context)


def _say(request: HttpRequest, talk: Dict[str, Any]) -> HttpResponse:
    text = request.POST.get("text", "").strip()[:MAX_CHARACTERS]
    # A button under a reply says nothing about the choice above the conversation.
    drafts = talk["drafts"] if text.startswith("/") else bool(request.POST.get("drafts"))
    if text:
        try:
            turn = take(text, f"chat-{request.user.pk}-{talk['id']}", drafts=drafts)
        except (client.AssistantUnreachableError, client.AssistantRefusedError) as error:
            messages.error(request, str(error))
        else:
            talk["turns"] = [*talk["turns"], turn][-KEPT:]
    request.session[KEY] = {**talk, "drafts": drafts}
    return redirect(reverse("test_chat") + END)


@require_POST
@requires(Action.TEST_CHAT)
def save_question(request: HttpRequest) -> HttpResponse:
    """Keeps a question with the answer it has to lead to, to be asked of every new model."""
    question = " ".join(request.POST.get("question", "").split())
    topic = request.POST.get("topic", "")
    problem = _problem(question, topic)
    if problem:
        messages.error(request, problem)
    else:
        test_questions.save(question, topic)
        note_request(request, "test_question_saved", topic, question=question)
        messages.success(request, "Saved: no new questions go live any more if this one stops leading there.")
    return redirect(reverse("test_chat") + END)


@require_POST
@requires(Action.TEST_CHAT)
def remove_question(request: HttpRequest) -> HttpResponse:
    """Takes a saved question out."""
    question = request.POST.get("question", "")
    topic = test_questions.saved(settings.DATA_FOLDER).get(question)
    if topic:
        test_questions.remove(question)
        note_request(request, "test_question_removed", topic, question=question)
        messages.success(request, "Removed.")
    return redirect("test_chat")


def _problem(question: str, topic: str) -> str:
    if not question or question.startswith("/") or len(question) > MAX_QUESTION:
        return f"A test question has between 1 and {MAX_QUESTION} characters."
    if topic not in content.library().topics:
        return "Choose the answer that the question has to lead to."
    try:
        danger = client.understand(question).crisis
    except (client.AssistantUnreachableError, client.AssistantRefusedError) as error:
        return str(error)
    return "The assistant hears danger in this and always gives help at once; no answer can be asked of it." * bool(
        danger
    )


def _new() -> Dict[str, Any]:
    return {"id": secrets.token_hex(6), "turns": [], "drafts": False}
