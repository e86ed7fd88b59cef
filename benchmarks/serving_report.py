"""Prints and writes what the serving benchmark found."""

from __future__ import annotations

import json
import os
import platform
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Sequence

from benchmarks.bots import OURS, STOCK
from benchmarks.figures import table

QUIET_CPUS = 0.15
SHOWN_FAILURES = 5
OURS_COLOUR, LINE_COLOUR = "#1b6e8c", "#555555"


@dataclass(frozen=True)
class Figure:
    """One measure of the bots; what only one of them has is missing from the other."""

    name: str
    unit: str
    values: Mapping[str, float]
    more_is_better: bool = False

    @property
    def ratio(self) -> Optional[float]:
        """Ours divided by stock."""
        if OURS not in self.values or not self.values.get(STOCK):
            return None
        return self.values[OURS] / self.values[STOCK]


@dataclass
class Report:
    """All that was found.

    Attributes:
        settings: The options of the run.
        figures: The measures.
        others_cpus: For each phase, how many CPUs other programs kept busy.
        failures: For each bot, the messages that were not answered.
        details: What lies behind the figures.
        machine: What it ran on.
    """

    settings: Dict[str, Any]
    figures: List[Figure] = field(default_factory=list)
    others_cpus: Dict[str, float] = field(default_factory=dict)
    failures: Dict[str, List[str]] = field(default_factory=dict)
    details: Dict[str, Any] = field(default_factory=dict)
    machine: Dict[str, Any] = field(default_factory=lambda: _machine())


def _machine() -> Dict[str, Any]:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    models = [line.split(": ", 1)[1] for line in lines if line.startswith("model name")]
    return {
        "processor": models[0] if models else platform.machine(),
        "cpus": os.cpu_count(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "system": platform.platform(),
        "python": platform.python_version(),
        "started": time.strftime("%Y-%m-%d %H:%M %Z"),
        "load_average_before": os.getloadavg(),
    }


def print_report(report: Report) -> None:
    """Prints the table, the noise and the failures."""
    print("\n" + table(("measure", "ours", "stock", "ratio"), [_row(figure) for figure in report.figures]))
    machine = report.machine
    print(f"\n{machine['processor']}, {machine['cpus']} CPUs, {machine['memory_gib']} GiB; {report.settings}")
    print(_noise_line(report.others_cpus))
    medians = report.details.get("median_ms_by_block", {})
    ratios = [ours / stock for ours, stock in zip(medians.get(OURS, []), medians.get(STOCK, []))]
    if ratios:
        print(f"Ratio of the medians, block by block: {min(ratios):.2f} to {max(ratios):.2f}.")
    for bot, share in report.details.get("share_of_replies_in_parts", {}).items():
        print(f"Replies of more than one message, {bot}: {share:.0%}.")
    for bot, failures in report.failures.items():
        print(f"Messages not answered, {bot}: {len(failures)}.")
        for text, count in Counter(failures).most_common(SHOWN_FAILURES):
            print(f"  {count} × {text}")


def _row(figure: Figure) -> Sequence[str]:
    ratio = "–" if figure.ratio is None else f"{figure.ratio:.2f}"
    return (f"{figure.name}, {figure.unit}", _number(figure.values.get(OURS)), _number(figure.values.get(STOCK)), ratio)


def _number(value: Optional[float]) -> str:
    if value is None:
        return "–"
    return f"{value:.1f}" if value < 100 else f"{value:.0f}"


def _noise_line(others: Mapping[str, float]) -> str:
    phases = ", ".join(f"{phase} {cpus:.2f}" for phase, cpus in others.items())
    noisy = any(cpus > QUIET_CPUS for cpus in others.values())
    advice = f" Above {QUIET_CPUS} trust the ratios only, or repeat the run." if noisy else ""
    return f"CPUs kept busy by other programs: {phases}.{advice}"


def write_report(report: Report, folder: Path) -> None:
    """Writes `serving.json` and `serving.png`."""
    folder.mkdir(parents=True, exist_ok=True)
    content = asdict(report)
    content["figures"] = [{**asdict(figure), "ratio": figure.ratio} for figure in report.figures]
    (folder / "serving.json").write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    _plot(report, folder / "serving.png")
    print(f"All figures: {folder / 'serving.json'}; as a picture: {folder / 'serving.png'}")


def _plot(report: Report, path: Path) -> None:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    shown = [figure for figure in report.figures if figure.ratio]
    shares = [_cost_share(figure) for figure in shown]
    drawing, axes = pyplot.subplots(figsize=(9, 0.5 * len(shown) + 1.6), layout="constrained")
    bars = axes.barh([_label(figure) for figure in shown], shares, color=OURS_COLOUR)
    axes.bar_label(bars, [f"{share:.2f}" for share in shares], padding=4)
    axes.axvline(1, color=LINE_COLOUR, linewidth=1)
    axes.set_xlim(0, max(1.1, 1.12 * max(shares)))
    axes.invert_yaxis()
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_xlabel("ours as a share of the stock bot (line: as much as stock; shorter is better)")
    drawing.savefig(path, dpi=150)
    pyplot.close(drawing)


def _cost_share(figure: Figure) -> float:
    ratio = figure.ratio or 0.0
    return 1 / ratio if figure.more_is_better else ratio


def _label(figure: Figure) -> str:
    ours, stock = _number(figure.values[OURS]), _number(figure.values[STOCK])
    turned = " (inverse)" if figure.more_is_better else ""
    return f"{figure.name}{turned}\n{ours} / {stock} {figure.unit}"
