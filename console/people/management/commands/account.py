"""Makes an account from the terminal: the first one, or a way in for a manager who lost the password."""

from __future__ import annotations

import getpass
import os
import sys
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from console.audit.models import note
from console.people.models import Person
from console.people.roles import ROLE_NAMES, Role

PASSWORD_VARIABLE = "CONSOLE_PASSWORD"  # noqa: S105 - a variable's name


class Command(BaseCommand):
    """Asks for what is not given; a password is typed, or read from the environment, never an argument."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the options."""
        parser.add_argument("--username", default="")
        parser.add_argument("--name", default="")
        parser.add_argument("--role", choices=sorted(ROLE_NAMES), default=Role.MANAGER.value)
        parser.add_argument("--title", default="")

    def handle(self, **options: Any) -> None:
        """Makes the account, or sets a new password for one that exists."""
        call_command("migrate", verbosity=0)
        username = options["username"] or input("Sign-in name: ").strip()
        if not username:
            raise CommandError("An account needs a sign-in name.")
        person = Person.objects.filter(username__iexact=username).first()
        new = person is None
        if person is None:
            name = options["name"] or input("Full name: ").strip() or username
            person = Person(username=username, name=name, role=options["role"], title=options["title"])
        person.set_password(_password(person))
        person.is_active, person.totp_secret = True, ""
        person.save()
        note("account_added" if new else "password_set", person.username, who="somebody at the terminal")
        self.stdout.write(f"{person.name} ({ROLE_NAMES[person.role]}) can sign in as {person.username}.")


def _password(person: Person) -> str:
    password = os.environ.get(PASSWORD_VARIABLE) or ""
    if not password:
        if not sys.stdin.isatty():
            raise CommandError(f"Give the password in {PASSWORD_VARIABLE}, or run this in a terminal.")
        password = getpass.getpass("Password (at least 12 characters): ")
        if getpass.getpass("The same again: ") != password:
            raise CommandError("The two passwords are not the same. Nothing was changed.")
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from error
    return password
