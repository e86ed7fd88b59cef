"""Lets nobody in without signing in, and lets nobody do what the table of roles does not allow."""

from __future__ import annotations

import functools
from typing import Any, Callable, Optional
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from console.people.roles import Action
from ketaguide.content.model import Risk

View = Callable[..., HttpResponse]
OPEN_TO_ALL = frozenset({"sign_in", "sign_in_code", "set_password", "health"})


def address_of(request: HttpRequest) -> str:
    """Returns where a request came from."""
    return str(request.META.get("REMOTE_ADDR") or "")[:45]


def check(request: HttpRequest, action: Action, tier: Optional[Risk] = None) -> None:
    """Goes on only if the person may do this.

    Raises:
        PermissionDenied: otherwise.
    """
    if not request.user.may(action, tier):
        raise PermissionDenied("Your role does not include this. Ask the manager of the console.")


def requires(action: Action) -> Callable[[View], View]:
    """Returns a decorator for views that need an action which is the same for every tier."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def checked(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
            check(request, action)
            return view(request, *arguments, **named)

        checked.action = action  # type: ignore[attr-defined]
        return checked

    return decorate


class SignInRequired:
    """Sends everybody who has not signed in to the sign-in page, whatever page they asked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Construct the middleware before the view."""
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Returns the view's response."""
        return self._get_response(request)

    def process_view(self, request: HttpRequest, *_: Any) -> Optional[HttpResponse]:
        """Returns the way to the sign-in page, or None to go on."""
        match = request.resolver_match
        if request.user.is_authenticated or (match and match.url_name in OPEN_TO_ALL):
            return None
        target = reverse("sign_in")
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204, headers={"HX-Redirect": target})
        query = urlencode({"next": request.get_full_path()}) if request.method == "GET" else ""
        return HttpResponseRedirect(f"{target}?{query}" if query else target)
