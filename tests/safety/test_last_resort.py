"""The last resort: complete without any file, and true to the resource file."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from ketaguide.safety import last_resort
from ketaguide.safety.conversation import CrisisConversation, CrisisState
from ketaguide.safety.last_resort import EMERGENCY_LINE, FIND_A_HELPLINE, emergency_line, last_resort_text
from ketaguide.safety.replies import CrisisReplies, response_name
from ketaguide.safety.reply_files import REPLY_KINDS
from ketaguide.safety.resources import load_resources
from ketaguide.safety.verdict import MEDICAL_EMERGENCY, NOW, Verdict

CRISIS = Path(__file__).parents[2] / "data" / "crisis"


def test_it_imports_nothing_but_the_future() -> None:
    tree = ast.parse(Path(last_resort.__file__).read_text(encoding="utf-8"))
    imports = [node for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom))]
    assert [getattr(node, "module", None) for node in imports] == ["__future__"]


def test_its_numbers_are_those_of_the_resource_file() -> None:
    resources = load_resources(CRISIS)
    expected = {"911": "US CA MX", "999": "GB", "112": "DE IN ES", "000": "AU", "111": "NZ"}
    for number, countries in expected.items():
        for country in countries.split():
            assert resources.emergency[country]["general"] == number
    for id_, call in (("us_988", "988"), ("ca_988", "988"), ("es_024", "024")):
        service = resources.service(id_)
        assert service is not None
        assert service.way("call", "en") == call
    assert resources.fallback[0].way("chat_url", "en") == FIND_A_HELPLINE
    shown = set(re.findall(r"\d+", " ".join(EMERGENCY_LINE.values())))
    assert shown == {*expected, "988", "024"}


@pytest.mark.parametrize("language", ["en", "es", "fr", "??"])
@pytest.mark.parametrize("kind", [*REPLY_KINDS, "none", "nonsense"])
def test_every_kind_has_a_text_with_the_emergency_line(kind: str, language: str) -> None:
    text = last_resort_text(kind, language, holds=True)
    assert emergency_line(language) in text
    assert "911" in text


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_bodily_emergency_does_not_bring_up_suicide(language: str) -> None:
    assert "suicid" not in last_resort_text(MEDICAL_EMERGENCY, language).lower()


@pytest.mark.parametrize("kind", REPLY_KINDS)
def test_replies_without_any_file_are_the_last_resort(tmp_path: Path, kind: str) -> None:
    replies, problems = CrisisReplies.with_problems(tmp_path)
    reply = replies.crisis_reply(Verdict(kind=kind, urgency=NOW), country="US")
    assert problems
    assert reply.response == response_name(kind)
    assert reply.text == last_resort_text(kind, "en", holds=reply.holds)


def test_a_conversation_without_any_file_still_answers_and_holds(tmp_path: Path) -> None:
    conversation, problems = CrisisConversation.from_folder(tmp_path, country="US")
    first = conversation.next_turn(CrisisState(), "x", Verdict(kind="overdose", urgency=NOW), now=1.0)
    then = conversation.next_turn(first.state, "can I drive", Verdict(), now=2.0, is_clear_question=True)
    assert problems
    assert first.reply is not None
    assert then.reply is not None
    assert (first.mode, first.state.hold, then.mode) == ("replace", True, "replace")
    assert "911" in then.reply.text


def test_one_broken_file_costs_only_its_own_reply(tmp_path: Path) -> None:
    import shutil

    shutil.copytree(CRISIS, tmp_path / "crisis")
    (tmp_path / "crisis" / "replies" / "en" / "abuse.yml").write_text("id: [", encoding="utf-8")
    replies, problems = CrisisReplies.with_problems(tmp_path / "crisis")
    assert len(problems) == 1
    assert not replies.crisis_reply(Verdict(kind="abuse"), country="US").version
    assert replies.crisis_reply(Verdict(kind="suicide"), country="US").version
