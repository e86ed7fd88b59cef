"""Signs people out who have left the console open: the tablet at the front desk is in everybody's sight."""

from __future__ import annotations

import time
from typing import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

LAST_ACTIVE = "last_active"
# A page that asks for news by itself says so: nobody has to be sitting there.
BY_ITSELF = "by_itself"


class IdleSignOut:
    """Ends a session after some minutes in which nobody did anything."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Construct the middleware before the next one."""
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Returns the response, to nobody's account if the session was idle for too long."""
        if request.user.is_authenticated:
            now = int(time.time())
            idle = now - request.session.get(LAST_ACTIVE, now)
            if idle > settings.IDLE_MINUTES * 60:
                logout(request)
                messages.info(request, "You were signed out because nothing happened for a while. Drafts are kept.")
            elif BY_ITSELF not in request.GET:
                request.session[LAST_ACTIVE] = now
        return self._get_response(request)
