"""Compares this project's pipeline with Rasa's stock pipeline on public questions, few examples per intent.

Both learn from the same examples with `rasa train nlu`, one after the other, and are tested on the whole test set.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Dict, Iterator, List, Sequence

import yaml

from benchmarks import project, stock
from benchmarks.figures import percentile, table
from benchmarks.process import (
    MIB,
    PROJECT,
    CommandError,
    ended_like_interrupted,
    environment,
    machine_cpu_seconds,
    python,
    run,
)
from benchmarks.public_data import SHOTS, Dataset, Example, read_banking77, read_clinc150, sample

BANKING77, CLINC150 = "banking77", "clinc150"
OURS, STOCK = "ours", "stock"
WHERE = {
    BANKING77: "BANKING77 (CC BY 4.0): train.csv and test.csv in the folder banking_data of "
    "https://github.com/PolyAI-LDN/task-specific-datasets",
    CLINC150: "CLINC150 (CC BY 3.0): data/data_full.json of https://github.com/clinc/oos-eval",
}
DEFAULT_RESULTS = PROJECT / "results" / "nlu_public.json"


@dataclass(frozen=True)
class Result:
    """What one pipeline did with one sample. Accuracies are shares; `as_served` lets the fallback refuse."""

    dataset: str
    shots: int
    pipeline: str
    accuracy: float
    accuracy_as_served: float
    tests: int
    train_wall_s: float
    train_cpu_s: float
    median_ms: float
    p99_ms: float
    cpu_ms: float
    model_mib: float
    others_cpus: float


def main() -> int:
    """Returns 0 when every comparison was made."""
    options = _options()
    missing = _missing(options)
    if missing:
        print("\n".join(missing), file=sys.stderr)
        return 2
    pipelines = [options.only] if options.only else [OURS, STOCK]
    results: List[Result] = []
    with ended_like_interrupted(), tempfile.TemporaryDirectory(prefix="nlu-public-") as name:
        scratch = Path(name)
        if OURS in pipelines:
            _prepare_encoder(scratch)
        try:
            for dataset in _datasets(options):
                for result in _compare(dataset, options.shots, pipelines, options.tests, scratch):
                    results.append(result)
                    _write(results, options.json)
        except CommandError as error:
            print(error, file=sys.stderr)
            return 1
    print("\n" + as_table(results) + f"\n\n{NOTE}\nAll figures: {options.json}")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.nlu_public",
        description=__doc__,
        epilog="Where to get the files. " + " ".join(WHERE.values()),
    )
    parser.add_argument("--banking77-train", type=Path, metavar="CSV")
    parser.add_argument("--banking77-test", type=Path, metavar="CSV")
    parser.add_argument("--clinc150", type=Path, metavar="JSON")
    parser.add_argument("--datasets", nargs="+", choices=(BANKING77, CLINC150), default=[BANKING77, CLINC150])
    parser.add_argument("--shots", nargs="+", type=int, choices=SHOTS, default=list(SHOTS), help="examples per intent")
    parser.add_argument("--only", choices=(OURS, STOCK), help="one pipeline instead of both")
    parser.add_argument("--tests", type=int, help="test on this many questions only, for a quick look")
    parser.add_argument("--json", type=Path, default=DEFAULT_RESULTS, help="where to write all figures")
    return parser.parse_args()


def _missing(options: argparse.Namespace) -> List[str]:
    needed = {
        BANKING77: {"--banking77-train": options.banking77_train, "--banking77-test": options.banking77_test},
        CLINC150: {"--clinc150": options.clinc150},
    }
    return [
        f"{option}: {f'there is no file {path}' if path else 'say where the file is'}. {WHERE[dataset]}"
        for dataset in options.datasets
        for option, path in needed[dataset].items()
        if path is None or not path.is_file()
    ]


def _datasets(options: argparse.Namespace) -> Iterator[Dataset]:
    if BANKING77 in options.datasets:
        yield read_banking77(options.banking77_train, options.banking77_test)
    if CLINC150 in options.datasets:
        yield read_clinc150(options.clinc150)


def _prepare_encoder(scratch: Path) -> None:
    """Has the encoder ready before any clock runs: it is converted once per machine, not once per training."""
    cache = scratch / project.ENCODER_CACHE
    if (PROJECT / project.ENCODER_CACHE).is_dir():
        shutil.copytree(PROJECT / project.ENCODER_CACHE, cache)
    code = "from ketaguide.understanding.encoder_export import exported_encoder; exported_encoder()"
    spent = run(python("-c", code), scratch, _environment(scratch), scratch / "encoder.log")
    print(f"Encoder at hand after {spent.wall:.0f} s (not counted as training).", flush=True)


def _environment(scratch: Path) -> Dict[str, str]:
    return environment(scratch, PYTHONPATH=str(PROJECT))


def _compare(
    dataset: Dataset, all_shots: Sequence[int], pipelines: Sequence[str], most_tests: int | None, scratch: Path
) -> Iterator[Result]:
    drawn = sample(dataset.train)
    # Files list their tests by intent: a short look takes some of each.
    tests = dataset.test[:: max(1, len(dataset.test) // most_tests)] if most_tests else dataset.test
    for shots in all_shots:
        for pipeline in pipelines:
            folder = scratch / f"{dataset.name}-{shots}-{pipeline}"
            folder.mkdir()
            yield _measure(dataset.name, shots, pipeline, drawn[shots], tests, folder)
            shutil.rmtree(folder)


def _measure(
    dataset: str, shots: int, pipeline: str, examples: Sequence[Example], tests: Sequence[Example], folder: Path
) -> Result:
    print(f"{dataset}, {shots} examples per intent, {pipeline}: training …", flush=True)
    _write_training_files(pipeline, examples, folder)
    env = _environment(folder)
    started, busy = time.perf_counter(), machine_cpu_seconds()
    train = run(
        python("-m", "rasa", "train", "nlu", "--nlu", "nlu.json", "--fixed-model-name", "model"),
        folder,
        env,
        folder / "train.log",
    )
    model = folder / "models" / "model.tar.gz"
    (folder / "tests.json").write_text(json.dumps(tests), encoding="utf-8")
    paths = [str(model), "tests.json", "found.json"]
    test = run(python("-m", "benchmarks.nlu_measure", *paths), folder, env, folder / "test.log")
    others = (machine_cpu_seconds() - busy - train.cpu - test.cpu) / (time.perf_counter() - started)
    found = json.loads((folder / "found.json").read_text(encoding="utf-8"))
    result = Result(
        dataset=dataset,
        shots=shots,
        pipeline=pipeline,
        accuracy=found["right"] / len(tests),
        accuracy_as_served=found["right_as_served"] / len(tests),
        tests=len(tests),
        train_wall_s=train.wall,
        train_cpu_s=train.cpu,
        median_ms=percentile(found["times_ms"], 50),
        p99_ms=percentile(found["times_ms"], 99),
        cpu_ms=found["cpu_ms"],
        model_mib=model.stat().st_size / MIB,
        others_cpus=max(0.0, others),
    )
    print(f"  accuracy {result.accuracy:.1%}, trained in {train.wall:.0f} s ({train.cpu:.0f} CPU s)", flush=True)
    return result


def _write_training_files(pipeline: str, examples: Sequence[Example], folder: Path) -> None:
    config = project.nlu_config() if pipeline == OURS else stock.default_config()
    config.pop("policies", None)
    (folder / "config.yml").write_text(yaml.safe_dump(config, sort_keys=False), encoding="utf-8")
    # JSON and not YAML: there, brackets in a question would be read as marked-up entities.
    data = {"rasa_nlu_data": {"common_examples": [{"text": text, "intent": intent} for text, intent in examples]}}
    (folder / "nlu.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    cache = folder.parent / project.ENCODER_CACHE
    if pipeline == OURS:
        (folder / project.ENCODER_CACHE).parent.mkdir()
        (folder / project.ENCODER_CACHE).symlink_to(cache)


def _write(results: Sequence[Result], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([asdict(result) for result in results], indent=2) + "\n", encoding="utf-8")


HEAD = (
    "examples per intent",
    "pipeline",
    "accuracy",
    "as served",
    "training s",
    "training CPU s",
    "median ms",
    "p99 ms",
    "CPU ms",
    "model MiB",
    "others' CPUs",
)
NOTE = "`accuracy`: the likeliest intent is right. `as served`: after the stock fallback (0.3 / 0.1) may have refused."


def as_table(results: Sequence[Result]) -> str:
    """Returns one row per result."""
    return table(HEAD, [_row(result) for result in results])


def _row(result: Result) -> List[str]:
    values: List[Any] = [
        f"{result.dataset}, {result.shots}",
        result.pipeline,
        f"{result.accuracy:.1%}",
        f"{result.accuracy_as_served:.1%}",
        f"{result.train_wall_s:.0f}",
        f"{result.train_cpu_s:.0f}",
        f"{result.median_ms:.1f}",
        f"{result.p99_ms:.1f}",
        f"{result.cpu_ms:.1f}",
        f"{result.model_mib:.1f}",
        f"{result.others_cpus:.2f}",
    ]
    return values


if __name__ == "__main__":
    sys.exit(main())
