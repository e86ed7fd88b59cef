"""Compares this project, trained and served, with a stock `rasa init` bot in one run: `make bench`.

Absolute figures depend on the machine and on what else it is doing. Both bots are measured by turns, so that their
ratios do not.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import Callable, Dict, Iterator, List, Mapping, Sequence

from benchmarks.bots import MODEL, OURS, Bot, Served, convert_encoder, make_ours, make_stock, served, train
from benchmarks.figures import percentile
from benchmarks.load import TURNS, Block, Visitors
from benchmarks.process import MIB, PROJECT, CommandError, Spent, ended_like_interrupted, machine_cpu_seconds
from benchmarks.serving_report import Figure, Report, print_report, write_report

RESULTS = PROJECT / "results"
AT_ONCE = 8
WARM_UP = 20
PerBot = Dict[str, float]


def main() -> int:
    """Returns 0 when all was measured and every message was answered."""
    options = _options()
    report = Report(settings={"messages": options.messages, "blocks": options.blocks, "starts": options.starts})
    with ended_like_interrupted(), tempfile.TemporaryDirectory(prefix="bench-serving-") as name:
        try:
            _measure(Path(name), options, report)
        except CommandError as error:
            print(error, file=sys.stderr)
            return 1
    print_report(report)
    write_report(report, options.results)
    return 1 if any(report.failures.values()) else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.serving", description=__doc__)
    parser.add_argument("--messages", type=int, default=600, help="to each bot, at either concurrency")
    parser.add_argument("--blocks", type=int, default=6, help="turns that the bots take")
    parser.add_argument("--starts", type=int, default=3, help="how often each bot is started for the start-up time")
    parser.add_argument("--results", type=Path, default=RESULTS, help="folder for serving.json and serving.png")
    return parser.parse_args()


def _measure(scratch: Path, options: argparse.Namespace, report: Report) -> None:
    bots = [make_ours(scratch), make_stock(scratch)]
    with _noise("training", report) as spending:
        _train(bots, report, spending)
    with _noise("starting", report) as spending:
        _start_up(bots, options.starts, report, spending)
    with served(bots[0]) as ours, served(bots[1]) as stock:
        idle = _of_each([ours, stock], Served.memory_mib)
        _load([ours, stock], options, report)
        report.figures.append(Figure("memory after the load", "MiB", _of_each([ours, stock], Served.memory_mib)))
        report.figures.append(Figure("memory after the start", "MiB", idle))


@contextmanager
def _noise(phase: str, report: Report) -> Iterator[List[float]]:
    """Notes how many CPUs others kept busy meanwhile; the block adds to the list what it spent itself."""
    spending: List[float] = []
    started, machine, own = time.perf_counter(), machine_cpu_seconds(), time.process_time()
    yield spending
    spent = sum(spending) + time.process_time() - own
    others = (machine_cpu_seconds() - machine - spent) / (time.perf_counter() - started)
    report.others_cpus[phase] = max(0.0, others)


def _train(bots: Sequence[Bot], report: Report, spending: List[float]) -> None:
    _say("converting the sentence encoder")
    conversion = convert_encoder(bots[0])
    spending.append(conversion.cpu)
    spent: Dict[str, Spent] = {}
    for bot in bots:
        _say(f"training {bot.name}")
        spent[bot.name] = train(bot)
        spending.append(spent[bot.name].cpu)
    sizes = {bot.name: (bot.folder / MODEL).stat().st_size / MIB for bot in bots}
    report.figures += [
        Figure("training from scratch", "s", {name: cost.wall for name, cost in spent.items()}),
        Figure("training from scratch, CPU", "s", {name: cost.cpu for name, cost in spent.items()}),
        Figure("encoder conversion, once per machine", "s", {OURS: conversion.wall}),
        Figure("model file", "MiB", sizes),
    ]


def _start_up(bots: Sequence[Bot], starts: int, report: Report, spending: List[float]) -> None:
    seconds: Dict[str, List[float]] = {bot.name: [] for bot in bots}
    for number in range(starts):
        for bot in _taking_turns(bots, number):
            _say(f"start {number + 1} of {starts} of {bot.name}")
            with served(bot) as up:
                seconds[bot.name].append(up.seconds_to_first_answer)
                spending.append(up.cpu_seconds())
    report.details["start_seconds"] = seconds
    medians = {name: statistics.median(times) for name, times in seconds.items()}
    report.figures.append(Figure("start to first answer", "s", medians))


def _load(up: Sequence[Served], options: argparse.Namespace, report: Report) -> None:
    visitors = {bot.bot.name: Visitors(bot.url, bot.bot.conversations) for bot in up}
    for name in visitors:
        visitors[name].send(WARM_UP, 1)
    before = _of_each(up, Served.cpu_seconds)
    per_bot, alone = _blocks("one at a time", up, visitors, options, 1, report)
    cpu = {name: (alone[name] - before[name]) * 1000 / _sent(blocks) for name, blocks in per_bot.items()}
    times = {name: [ms for block in blocks for ms in block.times_ms] for name, blocks in per_bot.items()}
    for percent, label in ((50, "median"), (95, "95th percentile"), (99, "99th percentile")):
        values = {name: percentile(all_ms, percent) for name, all_ms in times.items() if all_ms}
        report.figures.append(Figure(f"message, {label}", "ms", values))
    report.figures.append(Figure("message, CPU", "ms", cpu))
    report.details["median_ms_by_block"] = {name: _medians(blocks) for name, blocks in per_bot.items()}
    together, _ = _blocks(f"{AT_ONCE} at once", up, visitors, options, AT_ONCE, report)
    rates = {name: _answered(blocks) / sum(block.seconds for block in blocks) for name, blocks in together.items()}
    report.figures.append(Figure(f"answered, {AT_ONCE} visitors at once", "per s", rates, more_is_better=True))
    everything = {name: [*per_bot[name], *together[name]] for name in per_bot}
    report.failures = {name: [text for block in all_ for text in block.failures] for name, all_ in everything.items()}
    report.details["share_of_replies_in_parts"] = {
        name: sum(block.in_parts for block in blocks) / max(1, _answered(blocks)) for name, blocks in everything.items()
    }


def _blocks(
    phase: str,
    up: Sequence[Served],
    visitors: Mapping[str, Visitors],
    options: argparse.Namespace,
    at_once: int,
    report: Report,
) -> tuple[Dict[str, List[Block]], PerBot]:
    """Returns the blocks of each bot, and the CPU time that each had used by their end."""
    _say(f"sending messages, {phase}")
    found: Dict[str, List[Block]] = {bot.bot.name: [] for bot in up}
    whole = TURNS * at_once
    size = whole * -(-options.messages // (options.blocks * whole))
    before = sum(_of_each(up, Served.cpu_seconds).values())
    with _noise(phase, report) as spending:
        for number in range(options.blocks):
            for bot in _taking_turns(up, number):
                found[bot.bot.name].append(visitors[bot.bot.name].send(size, at_once))
        after = _of_each(up, Served.cpu_seconds)
        spending.append(sum(after.values()) - before)
    return found, after


def _taking_turns(pair: Sequence, number: int) -> List:
    # A-B, B-A, …: whatever drifts meanwhile hits both.
    return list(pair) if number % 2 == 0 else list(reversed(pair))


def _of_each(up: Sequence[Served], measure: Callable[[Served], float]) -> PerBot:
    return {bot.bot.name: measure(bot) for bot in up}


def _medians(blocks: Sequence[Block]) -> List[float]:
    return [statistics.median(block.times_ms) for block in blocks if block.times_ms]


def _answered(blocks: Sequence[Block]) -> int:
    return sum(len(block.times_ms) for block in blocks)


def _sent(blocks: Sequence[Block]) -> int:
    return _answered(blocks) + sum(len(block.failures) for block in blocks)


def _say(what: str) -> None:
    print(f"… {what}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
