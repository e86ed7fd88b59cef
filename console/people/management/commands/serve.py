"""Serves the console until it is stopped."""

from __future__ import annotations

import logging
import os
from typing import Any

import waitress
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from console.config.wsgi import application
from console.people.models import Person
from console.publishing import worker

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    """Brings the database up to date, finishes what a sudden end left open, then serves."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the options."""
        parser.add_argument("--host", default=os.environ.get("CONSOLE_HOST") or "127.0.0.1")
        parser.add_argument("--port", type=int, default=int(os.environ.get("CONSOLE_PORT") or 5080))

    def handle(self, **options: Any) -> None:
        """Serves."""
        call_command("migrate", verbosity=0)
        worker.start()
        self.stdout.write(f"The staff console: http://{options['host']}:{options['port']}/")
        if not Person.objects.exists():
            self.stdout.write("Nobody can sign in yet. Make the first account:  make console-account")
        waitress.serve(
            application,
            host=options["host"],
            port=options["port"],
            threads=8,
            ident=None,
            **_proxy(os.environ.get("CONSOLE_PROXY", "")),
        )


def _proxy(address: str) -> dict:
    if not address:
        return {}
    headers = {"x-forwarded-for", "x-forwarded-proto"}
    return {"trusted_proxy": address, "trusted_proxy_headers": headers, "clear_untrusted_proxy_headers": True}
