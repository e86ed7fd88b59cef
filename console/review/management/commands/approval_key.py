"""Makes the key with which the console signs approvals, and tells what the assistant has to know of it."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from console.publishing.signing_again import sign_what_was_published
from console.review import signing
from ketaguide.content.signatures import PUBLIC_KEY_VARIABLE, public_key_of

NEXT_STEPS = """\
The console signs every approval from now on. So that nothing else counts, start the assistant and the console with

    {variable}={key}

Keep a copy of {file} in a safe place, and let nobody read it: whoever has it can make approvals.
Approvals from before carry no signature. Those that this console published itself are signed with
    python -m console approval_key --sign-published"""


class Command(BaseCommand):
    """Makes a key if there is none; shows its public half."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the option."""
        parser.add_argument(
            "--sign-published", action="store_true", help="sign the approvals that this console published before"
        )

    def handle(self, **options: Any) -> None:
        """Makes, shows, signs."""
        if signing.key_file().exists() and signing.present_key() is None:
            raise CommandError(f"{signing.key_file()} is not a key. Put the right file back; it is never written over.")
        key = signing.present_key() or signing.make_key()
        if options["sign_published"]:
            call_command("migrate", verbosity=0)
            signed, left = sign_what_was_published()
            self.stdout.write(f"Signed: {signed}. Left as they are: {left}.")
            if left:
                self.stdout.write("Those were not published by this console: approve their answers again.")
            return
        self.stdout.write(
            NEXT_STEPS.format(variable=PUBLIC_KEY_VARIABLE, key=public_key_of(key), file=signing.key_file())
        )
