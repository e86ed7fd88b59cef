"""Reading a message ahead gives what reading it in its turn gives."""

from __future__ import annotations

from typing import Any, Dict, Iterator

import pytest
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.trackers import DialogueStateTracker

from ketaguide.serving import direct_runner
from ketaguide.serving.direct_runner import DirectGraphRunner
from tests.running import MODEL

QUESTIONS = [
    "is it safe to drive home after?",
    "  will I feel sick \n",
    "how long does it last, and does it hurt?",
    "hmm",
    "¿?",
    "x" * 900,
]


@pytest.fixture(scope="module")
def agent() -> Iterator[Agent]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("rasa.core.processor.DaskGraphRunner", DirectGraphRunner)
        yield Agent.load(str(MODEL))


def parsed(agent: Agent, text: str) -> Dict[str, Any]:
    message = UserMessage(text, message_id="m1", metadata={"crisis": {"read": True}})
    tracker = DialogueStateTracker("visitor", [])
    return agent.processor._parse_message_with_graph(message, tracker, only_output_properties=False)


def comparable(read: Dict[str, Any]) -> Dict[str, Any]:
    """Leaves out what has no equality of its own."""
    return {key: value for key, value in read.items() if key not in ("text_tokens", "linear_features")}


@pytest.mark.parametrize("text", QUESTIONS)
def test_what_was_read_ahead_is_what_is_read(agent: Agent, text: str) -> None:
    alone = parsed(agent, text)
    forget = direct_runner.begin(agent, text)
    ahead = parsed(agent, text)
    forget()
    assert comparable(ahead) == comparable(alone)
    assert ahead["message_id"] == "m1"
    assert ahead["metadata"] == {"crisis": {"read": True}}


def test_what_one_reading_adds_is_not_in_the_next(agent: Agent) -> None:
    alone = parsed(agent, QUESTIONS[1])
    forget = direct_runner.begin(agent, QUESTIONS[1])
    first, second = parsed(agent, QUESTIONS[1]), parsed(agent, QUESTIONS[1])
    forget()
    assert comparable(first) == comparable(second) == comparable(alone)


def test_nothing_is_kept_of_a_message_that_was_not_read(agent: Agent) -> None:
    forget = direct_runner.begin(agent, QUESTIONS[1])
    forget()
    assert not agent.processor.graph_runner._begun


def test_a_failure_ahead_is_mended_in_its_turn(agent: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    runner = agent.processor.graph_runner
    alone = parsed(agent, QUESTIONS[0])
    monkeypatch.setattr(runner, "_of_text_alone", lambda target: ["no such node"])
    forget = direct_runner.begin(agent, QUESTIONS[0])
    assert comparable(parsed(agent, QUESTIONS[0])) == comparable(alone)
    forget()


def test_an_agent_without_a_model_or_with_rasas_own_runner_reads_nothing_ahead() -> None:
    direct_runner.begin(Agent(), QUESTIONS[0])()
    stock = Agent.load(str(MODEL))
    assert isinstance(stock.processor.graph_runner, DaskGraphRunner)
    direct_runner.begin(stock, QUESTIONS[0])()
