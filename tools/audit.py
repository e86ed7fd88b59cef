"""Checks the locked packages for known vulnerabilities: `make audit`.

Fails on an advisory that tools/advisories.yml does not explain, and on a package that could not be checked: "nothing
found" must mean that somebody looked.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Dict, List, Set

import yaml

PROJECT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.lock", "deploy/requirements.lock")
PROGRAM = PROJECT / ".venv-tools" / "bin" / "pip-audit"


def main() -> int:
    """Returns 0 if every package was checked and nothing unexplained was found."""
    explained = explanations(yaml.safe_load((PROJECT / "tools" / "advisories.yml").read_text(encoding="utf-8")))
    problems = [problem for lock in LOCKS for problem in problems_of(audited(PROJECT / lock), explained, lock)]
    for problem in problems:
        print(problem, file=sys.stderr)
    if not problems:
        print(f"Nothing unexplained was found; {len(explained)} advisories are explained in tools/advisories.yml.")
    return 1 if problems else 0


def audited(lock: Path) -> List[Dict[str, Any]]:
    """Returns what pip-audit says of each locked package."""
    command = [str(PROGRAM), "--requirement", str(lock), "--no-deps", "--disable-pip", "--format", "json"]
    done = subprocess.run([*command, "--progress-spinner", "off"], capture_output=True, text=True, cwd=PROJECT)
    try:
        found: List[Dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        return [{"name": lock.name, "skip_reason": f"pip-audit failed: {done.stderr.strip()[-300:]}"}]
    return found


def explanations(entries: List[Dict[str, Any]]) -> Dict[str, str]:
    """Returns the explained advisories as `{id: package}`.

    Raises:
        ValueError: for an entry without a package, ids or a reason.
    """
    for entry in entries:
        if not (entry.get("package") and entry.get("ids") and str(entry.get("reason") or "").strip()):
            raise ValueError(f"tools/advisories.yml: {entry} needs package, ids and reason")
    return {id_: entry["package"] for entry in entries for id_ in entry["ids"]}


def problems_of(packages: List[Dict[str, Any]], explained: Dict[str, str], lock: str) -> List[str]:
    """Returns a line for each advisory that is not explained, and one for all packages that were not checked."""
    problems = []
    for package in packages:
        for advisory in package.get("vulns", []):
            names: Set[str] = {advisory["id"], *advisory.get("aliases", [])}
            if not any(explained.get(name) == package["name"] for name in names):
                fixed = ", ".join(advisory.get("fix_versions") or []) or "no version yet"
                problems.append(
                    f"{lock}: {package['name']} {package.get('version')} has {advisory['id']}, fixed in {fixed}. "
                    "Lift it, or explain in tools/advisories.yml why it cannot be reached."
                )
    skipped = [package["name"] for package in packages if package.get("skip_reason")]
    if skipped:
        problems.append(
            f"{lock}: {len(skipped)} packages could not be checked ({', '.join(skipped[:5])} …). "
            "Is the package index reachable, and does it serve advisories?"
        )
    return problems


if __name__ == "__main__":
    sys.exit(main())
