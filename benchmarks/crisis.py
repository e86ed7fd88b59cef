"""Measures crisis detection on labelled messages, and counts alarms on messages that are harmless by nature.

    python -m benchmarks.crisis tests/safety/corpus/*.yml
    python -m benchmarks.crisis FILE.yml … --banking77 banking77_test.csv --clinc150 clinc150_full.json --misses

A labelled file is a YAML list of messages: `text`, `kind`, `slice`, and where they matter `earlier` (the messages
before), `urgency`, `subject`. The public sets are described in `benchmarks/README.md`.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import sys
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, Iterable, Iterator, List, Mapping, Sequence, Tuple

import yaml

from ketaguide.safety.detector import CrisisDetector
from ketaguide.safety.shared import shared_detector
from ketaguide.safety.verdict import CRISIS_KINDS, Verdict
from ketaguide.understanding.danger_signal import DangerSignal
from ketaguide.understanding.encoder_export import published_model_folder
from ketaguide.understanding.signal_export import exported_signal

RULES = Path("data/crisis/rules")
Z_95 = 1.96


@dataclass(frozen=True)
class Read:
    """One labelled message and what the detector made of it."""

    label: Mapping[str, Any]
    verdict: Verdict

    @property
    def wanted(self) -> str:
        """The kind that the message has."""
        return str(self.label["kind"])

    @property
    def must_route(self) -> bool:
        """Whether the message tells of danger."""
        return self.wanted in CRISIS_KINDS


def read_all(files: Sequence[Path], detector: CrisisDetector) -> List[Read]:
    """Returns the verdict on every message of the files."""
    labels = [label for path in files for label in yaml.safe_load(path.read_text(encoding="utf-8"))]
    return [Read(label, detector.read(label["text"], earlier=label.get("earlier", ()))) for label in labels]


def share(count: int, of: int) -> str:
    """Returns a share with its 95 % interval (Wilson) and the counts it comes from."""
    if of == 0:
        return "–"
    part, correction = count / of, Z_95**2 / of
    middle = (part + correction / 2) / (1 + correction)
    half = Z_95 * math.sqrt(part * (1 - part) / of + correction / (4 * of)) / (1 + correction)
    return f"{100 * part:5.1f} %  [{100 * (middle - half):.1f}, {100 * (middle + half):.1f}]  ({count} of {of})"


def report(reads: Sequence[Read]) -> Iterator[Tuple[str, str]]:
    """Yields each figure as (name, share)."""
    danger = [read for read in reads if read.must_route]
    harmless = [read for read in reads if not read.must_route]
    hits = [read for read in danger if read.verdict.is_crisis]
    yield "recall, all crisis kinds", share(len(hits), len(danger))
    for name, group in _grouped(danger, "kind").items():
        yield f"  recall {name}", share(_hits(group), len(group))
    for name, group in _grouped(danger, "slice").items():
        yield f"  recall, {name}", share(_hits(group), len(group))
    yield "right kind among hits", share(sum(read.verdict.kind == read.wanted for read in hits), len(hits))
    yield "crisis alarms on harmless messages", share(_hits(harmless), len(harmless))
    for name, group in _grouped(harmless, "slice").items():
        yield f"  alarms, {name}", share(_hits(group), len(group))
    calm = [read for read in harmless if read.wanted == "none"]
    yield "distress line on harmless messages", share(sum(r.verdict.kind == "distress" for r in calm), len(calm))


def _hits(reads: Iterable[Read]) -> int:
    return sum(read.verdict.is_crisis for read in reads)


def _grouped(reads: Iterable[Read], key: str) -> Dict[str, List[Read]]:
    groups: Dict[str, List[Read]] = defaultdict(list)
    for read in reads:
        groups[str(read.label.get(key, "-"))].append(read)
    return dict(sorted(groups.items()))


def misses(reads: Sequence[Read]) -> Iterator[str]:
    """Yields every message that a person should look at: missed, raised for nothing, or of another kind."""
    for read in reads:
        found = read.verdict.kind
        if read.must_route != read.verdict.is_crisis or (read.must_route and found != read.wanted):
            note = read.label.get("note", "")
            yield f"{read.wanted} -> {found} {list(read.verdict.rule_ids)}: {read.label['text']}  [{note}]"


def public_messages(banking77: Path | None, clinc150: Path | None) -> List[str]:
    """Returns the test messages of the public sets whose files are given."""
    found: List[str] = []
    if banking77:
        with banking77.open(encoding="utf-8", newline="") as file:
            found += [row["text"] for row in csv.DictReader(file)]
    if clinc150:
        found += [text for text, _ in json.loads(clinc150.read_text(encoding="utf-8"))["test"]]
    return found


def time_per_message(detector: CrisisDetector, texts: Sequence[str]) -> Tuple[float, float]:
    """Returns median and 99th percentile of reading one message of at most 300 characters, in milliseconds."""
    seconds = []
    for text in (text for text in texts if len(text) <= 300):
        started = time.perf_counter()
        detector.read(text)
        seconds.append(time.perf_counter() - started)
    seconds.sort()
    return 1000 * seconds[len(seconds) // 2], 1000 * seconds[int(len(seconds) * 0.99)]


def main() -> int:
    """Prints the figures; returns 0."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path, help="labelled messages")
    parser.add_argument("--banking77", type=Path, help="banking77_test.csv")
    parser.add_argument("--clinc150", type=Path, help="clinc150_full.json")
    parser.add_argument("--rules-only", action="store_true", help="measure without the danger signal")
    parser.add_argument("--misses", action="store_true", help="print every miss and every false alarm")
    chosen = parser.parse_args()
    detector = shared_detector(RULES)
    if not chosen.rules_only:
        signal = DangerSignal(exported_signal(), published_model_folder() / "tokenizer.json")
        detector.use_likeness(signal.scores)
    reads = read_all(chosen.files, detector)
    if reads:
        for name, figure in report(reads):
            print(f"{name:38} {figure}")
        median, slowest = time_per_message(detector, [str(read.label["text"]) for read in reads])
        print(f"{'time per message, median / p99':38} {median:5.1f} / {slowest:.1f} ms")
    public = public_messages(chosen.banking77, chosen.clinc150)
    if public:
        alarms = [text for text in public if detector.read(text).is_crisis]
        print(f"{'crisis alarms on public messages':38} {share(len(alarms), len(public))}")
    if chosen.misses:
        print("\n".join([*misses(reads), *(f"public alarm: {text}" for text in (alarms if public else []))]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
