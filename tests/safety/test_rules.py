"""Rule files: every kind of fault is reported with file, id and remedy; every rule holds its own examples."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from ketaguide.safety.detector import CrisisDetector
from ketaguide.safety.patterns import Lexicon, PatternError, parse
from ketaguide.safety.rules import Rule, RulesError, load_language

RULES = Path(__file__).parents[2] / "data" / "crisis" / "rules"
LOADED = [(code, rule) for code in ("en", "es") for rule in load_language(RULES / code).rules.values()]
RULE_IDS = [f"{code} {rule.id}" for code, rule in LOADED]

GOOD: dict[str, Any] = {
    "words.yml": {"words": {"die": "die dying"}, "phrases": {"end": ["end it", "stop it"]}},
    "spelling.yml": {"expansions": {"im": "i am"}},
    "context.yml": {"negators": "not", "cues": {"laugh": ["lol"]}},
    "masks.yml": {"masks": [{"id": "hair", "note": "hair", "patterns": ["[dying] my hair"]}]},
    "suicide.yml": {
        "kind": "suicide",
        "statements": [
            {
                "id": "suicide.wish",
                "note": "a wish",
                "patterns": ["want to @die"],
                "examples": ["i want to die"],
                "traps": ["i like to dance"],
            }
        ],
    },
}


def write(folder: Path, change: Callable[[dict[str, Any]], None] | None = None) -> Path:
    """Write the small rule set, changed, and return its folder."""
    content: dict[str, Any] = yaml.safe_load(yaml.safe_dump(GOOD))
    if change:
        change(content)
    target = folder / "en"
    target.mkdir()
    for name, part in content.items():
        text = part if isinstance(part, str) else yaml.safe_dump(part, sort_keys=False)
        (target / name).write_text(text, encoding="utf-8")
    return target


def rule(content: dict[str, Any]) -> dict[str, Any]:
    entry: dict[str, Any] = content["suicide.yml"]["statements"][0]
    return entry


def mask(content: dict[str, Any]) -> dict[str, Any]:
    entry: dict[str, Any] = content["masks.yml"]["masks"][0]
    return entry


def test_a_whole_rule_set_loads(tmp_path: Path) -> None:
    assert list(load_language(write(tmp_path)).rules) == ["suicide.wish"]


BAD: list[tuple[str, Callable[[dict[str, Any]], Any], str]] = [
    ("a file is missing", lambda c: c.pop("masks.yml"), "the file is missing"),
    ("no yaml", lambda c: c.update({"masks.yml": "a: [b"}), "not well formed"),
    ("no keys", lambda c: c.update({"masks.yml": "- a"}), "holds no keys"),
    ("unknown key in a rule file", lambda c: c["suicide.yml"].update(kinds="x"), "unknown key kinds"),
    ("unknown kind", lambda c: c["suicide.yml"].update(kind="sadness"), "unknown kind"),
    ("kind and file name differ", lambda c: c["suicide.yml"].update(kind="abuse"), "name the file abuse.yml"),
    ("entry without keys", lambda c: c["suicide.yml"]["statements"].append("x"), "entry without keys"),
    ("no patterns", lambda c: rule(c).pop("patterns"), "lacks patterns"),
    ("no note", lambda c: rule(c).pop("note"), "lacks note"),
    ("no example", lambda c: rule(c).pop("examples"), "lacks examples"),
    ("no trap", lambda c: rule(c).pop("traps"), "lacks traps"),
    ("unknown key in a rule", lambda c: rule(c).update(pattern="x"), "unknown key pattern"),
    ("unknown choice", lambda c: rule(c).update(urgency="later"), "use one of reads, now, soon, none"),
    ("unknown further kind", lambda c: rule(c).update(also=["sadness"]), "has also: sadness"),
    ("unknown replaced kind", lambda c: rule(c).update(instead_of=["sadness"]), "has instead_of: sadness"),
    ("unfit id", lambda c: rule(c).update(id="wish"), "unfit id"),
    ("id twice", lambda c: c["suicide.yml"]["statements"].append(rule(c)), "is also in suicide.yml"),
    ("unknown word class", lambda c: rule(c).update(patterns=["want to @dye"]), "@dye is not defined"),
    ("open bracket", lambda c: rule(c).update(patterns=["want (to die"]), "open bracket"),
    ("bracket too many", lambda c: rule(c).update(patterns=["want to) die"]), "bracket too many"),
    ("pattern without words", lambda c: rule(c).update(patterns=["~3"]), "without any word"),
    ("class and phrase of one name", lambda c: c["words.yml"]["phrases"].update(die=["x"]), "rename one"),
    (
        "phrase that holds itself",
        lambda c: (c["words.yml"]["phrases"].update(end=["to @end"]), rule(c).update(patterns=["@end now"])),
        "refers to itself",
    ),
    ("mask without a note", lambda c: mask(c).pop("note"), "lacks patterns or a note"),
    ("unknown key in a mask", lambda c: mask(c).update(why="x"), "unknown key why"),
    ("unknown kind in a mask", lambda c: mask(c).update(kinds=["sadness"]), "unknown kind sadness"),
    ("unknown cue in a mask", lambda c: mask(c).update(frame="smile"), "unknown cue smile"),
]


@pytest.mark.parametrize(("change", "message"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_a_bad_file_is_rejected(tmp_path: Path, change: Callable[[dict[str, Any]], Any], message: str) -> None:
    folder = write(tmp_path, change)
    with pytest.raises(RulesError) as error:
        load_language(folder)
    assert message in str(error.value)
    assert all(problem.file and problem.id and problem.remedy for problem in error.value.problems)


def test_all_problems_are_reported_at_once(tmp_path: Path) -> None:
    def change(content: dict[str, Any]) -> None:
        rule(content).update(urgency="later", patterns=["@dye"])
        mask(content).pop("note")

    with pytest.raises(RulesError) as error:
        load_language(write(tmp_path, change))
    assert len(error.value.problems) == 3


def test_broken_rules_leave_the_core_list(tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    shutil.copytree(RULES, folder)
    (folder / "en" / "suicide.yml").write_text("kind: [", encoding="utf-8")
    detector = CrisisDetector.from_folder(folder)
    assert not detector.is_complete
    assert detector.read("I want to die").source == "core"


# Wrong verdicts that are known and not mended yet. They must stay wrong: who mends one takes it off the list.
KNOWN_FAULTS = frozenset(yaml.safe_load(Path("tests/safety/known_faults.yml").read_text(encoding="utf-8")) or ())


def example_is_read(detector: CrisisDetector, rule: Rule, example: str) -> bool:
    verdict = detector.read(example)
    found = rule.id in verdict.rule_ids or verdict.kind == rule.kind
    return found and (rule.kind in (verdict.kind, *verdict.also) or verdict.kind == "third_party")


@pytest.mark.parametrize(("code", "rule"), LOADED, ids=RULE_IDS)
def test_examples_route(detector: CrisisDetector, code: str, rule: Rule) -> None:
    for example in rule.examples:
        assert example_is_read(detector, rule, example) is (example not in KNOWN_FAULTS), example


@pytest.mark.parametrize(("code", "rule"), LOADED, ids=RULE_IDS)
def test_traps_do_not_route(detector: CrisisDetector, code: str, rule: Rule) -> None:
    for trap in rule.traps:
        assert detector.read(trap).is_crisis is (trap in KNOWN_FAULTS), trap


def test_no_line_looks_like_training_data() -> None:
    starts = ("nlu:", "responses:", "stories:", "rules:")
    for path in RULES.rglob("*.yml"):
        lines = path.read_text(encoding="utf-8").splitlines()
        assert not [line for line in lines if line.strip().startswith(starts)], path.name


LEXICON = Lexicon({"die": frozenset({"die", "dying"})}, {"end": ("end it", "stop")})


@pytest.mark.parametrize(
    ("pattern", "sequences"),
    [
        ("want to @die", 1),
        ("want to @end", 2),
        ("(a|b|c d) e", 2),
        ("a b?", 1),
        ("a (b c)?", 2),
        ("a (b|$)", 2),
        ("a ~2 b", 1),
    ],
)
def test_patterns_expand(pattern: str, sequences: int) -> None:
    assert len(parse(pattern, LEXICON)[0]) == sequences


def test_a_pattern_that_is_too_wide_is_refused() -> None:
    wide = " ".join("(a b|c d|e f|g h|i j|k l|m n|o p|q r)" for _ in range(5))
    with pytest.raises(PatternError, match="split it"):
        parse(wide, LEXICON)
