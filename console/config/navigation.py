"""The console's menu: what stands in it for whom."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Tuple

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from console.people.roles import Action

# (view, words, what a person must be allowed to do to see it)
MENU: Tuple[Tuple[str, str, Optional[Action]], ...] = (
    ("today", "Today", None),
    ("answers", "Answers", None),
    ("review", "Review", None),
    ("publish", "Publish", None),
    ("inbox", "Unanswered", Action.READ_VISITORS_WORDS),
    ("test_chat", "Test chat", Action.TEST_CHAT),
    ("facts", "Facts", None),
    ("sources", "Sources", None),
    ("crisis_texts", "Crisis texts", None),
    ("transfer", "Import and export", Action.EXPORT),
    ("reports", "Reports", Action.SEE_REPORTS),
    ("people", "People", Action.MANAGE_PEOPLE),
    ("log", "Log", Action.SEE_LOG),
)


# Stand in the menu at once; the others unfold.
FIRST = frozenset({"today", "answers", "review", "publish", "inbox", "facts"})


def navigation(request: HttpRequest) -> Dict[str, Any]:
    """Returns the menu's entries for the person who asks."""
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return {"menu": [], "more": []}
    here = request.path
    entries: Dict[bool, List[Dict[str, Any]]] = {True: [], False: []}
    for view, words, action in MENU:
        if action is not None and not request.user.may(action):
            continue
        try:
            target = reverse(view)
        except NoReverseMatch:
            continue
        is_here = here == target or here.startswith(target + "/")
        entries[view in FIRST].append({"words": words, "target": target, "here": is_here})
    return {"menu": entries[True], "more": entries[False], "more_here": any(one["here"] for one in entries[False])}
