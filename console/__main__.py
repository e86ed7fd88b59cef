"""Starts and manages the console: `python -m console serve | account`, or any command of Django."""

from __future__ import annotations

import os
import sys

import django


def main() -> None:
    """Runs one command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "console.config.settings")
    django.setup()
    from django.core.management import execute_from_command_line

    execute_from_command_line(["python -m console", *(sys.argv[1:] or ["serve"])])


if __name__ == "__main__":
    main()
