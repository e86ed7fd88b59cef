"""Runs a model's graph node after node, and what needs only the text ahead of the rest.

Rasa plans each run anew with dask, which costs more than most nodes do. It also reads a message only when its turn in
the conversation has come; what the text alone tells can be found while the message is still read for danger.
"""

from __future__ import annotations

import functools
import logging
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Callable, Dict, List, Optional, Tuple

import rasa.core.processor
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.engine.constants import PLACEHOLDER_MESSAGE
from rasa.engine.exceptions import GraphRunError
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.nlu.training_data.message import Message

logger = logging.getLogger(__name__)

# The agent's one loop waits; far longer than the longest message takes.
WAIT_SECONDS = 0.2
Results = Dict[str, Any]
Forget = Callable[[], None]

# Few, for they must not hold up the reading for danger; what waits for a thread is read in its turn.
_beside = ThreadPoolExecutor(max_workers=2, thread_name_prefix="ahead")


class DirectGraphRunner(DaskGraphRunner):
    """A graph runner that plans the way to each set of targets once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Construct the runner (see parent class for the arguments)."""
        super().__init__(*args, **kwargs)
        self._plans: Dict[Tuple[str, ...], List[str]] = {}
        # For each text that was begun, what the nodes that need nothing else give.
        self._begun: Dict[str, Future[Results]] = {}

    def run(self, inputs: Optional[Dict[str, Any]] = None, targets: Optional[List[str]] = None) -> Dict[str, Any]:
        """Runs the graph (see parent class for full docstring)."""
        wanted = tuple(targets or self._graph_schema.target_names)
        plan = self._plan_for(wanted)
        # Each node takes and returns its results with their names.
        results: Results = {name: (name, value) for name, value in (inputs or {}).items()}
        if not results.keys().isdisjoint(plan):
            raise GraphRunError("An input has the name of a node of the graph.")
        results |= self._take((inputs or {}).get(PLACEHOLDER_MESSAGE) or [])
        self._run_nodes([node for node in plan if node not in results], results)
        return dict(results[target] for target in wanted)

    def begin(self, text: str, target: str) -> None:
        """Starts finding what the text of a message alone tells on the way to a target. To be followed by `forget`."""
        if text not in self._begun:
            results = {PLACEHOLDER_MESSAGE: (PLACEHOLDER_MESSAGE, [UserMessage(text)])}
            self._begun[text] = _beside.submit(self._run_nodes, self._of_text_alone(target), results)

    def forget(self, text: str) -> None:
        """Drops what was begun and not used."""
        begun = self._begun.pop(text, None)
        if begun:
            begun.cancel()

    def _take(self, messages: List[UserMessage]) -> Results:
        """Returns what was found ahead for these messages, to be changed by what follows."""
        begun = self._begun.get(str(messages[0].text)) if len(messages) == 1 else None
        # One that waits for a thread is not waited for.
        if begun is None or begun.cancel():
            return {}
        try:
            found = begun.result(WAIT_SECONDS)
        except Exception as error:  # the nodes run in their turn, and meet what is wrong there
            logger.error("A message could not be read ahead (%s).", type(error).__name__)
            return {}
        copies: Dict[int, Message] = {}
        results: Results = {}
        for node, (name, read) in found.items():
            if node != PLACEHOLDER_MESSAGE:
                results[node] = (name, [copies.setdefault(id(message), _copied(message)) for message in read])
                results[node][1][0].set("message_id", messages[0].message_id)
                results[node][1][0].set("metadata", messages[0].metadata)
        return results

    def _run_nodes(self, nodes: List[str], results: Results) -> Results:
        for node in nodes:
            needs = self._graph_schema.nodes[node].needs.values()
            results[node] = self._instantiated_nodes[node](*(results.get(need, need) for need in needs))
        return results

    def _plan_for(self, targets: Tuple[str, ...]) -> List[str]:
        if targets not in self._plans:
            self._plans[targets] = self._plan(targets)
        return self._plans[targets]

    def _of_text_alone(self, target: str) -> List[str]:
        """Returns the nodes on the way to a target that need the message and nothing beside it."""
        found: List[str] = []
        for node in self._plan_for((target,)):
            needs = self._graph_schema.nodes[node].needs.values()
            if needs and all(need == PLACEHOLDER_MESSAGE or need in found for need in needs):
                found.append(node)
        return found

    def _plan(self, targets: Tuple[str, ...]) -> List[str]:
        """Returns the nodes that the targets need, each after what it needs itself."""
        schema = self._graph_schema.minimal_graph_schema(list(targets))
        plan: List[str] = []
        waiting = dict(schema.nodes)
        while waiting:
            ready = [name for name, node in waiting.items() if waiting.keys().isdisjoint(node.needs.values())]
            if not ready:
                raise GraphRunError("The graph goes round in a circle.")
            for name in ready:
                plan.append(name)
                del waiting[name]
        return plan


def _copied(message: Message) -> Message:
    """Returns a copy to which data can be added; its lists can be added to as well."""
    data = {key: list(value) if isinstance(value, list) else value for key, value in message.data.items()}
    return Message(data, set(message.output_properties), message.time, list(message.features))


def begin(agent: Agent, text: str) -> Forget:
    """Starts reading a message ahead, where the agent has a model that can; what is returned ends it."""
    # As Rasa does with a message's text.
    text = text.strip()
    runner = getattr(getattr(agent, "processor", None), "graph_runner", None)
    if not text or text.startswith("/") or not isinstance(runner, DirectGraphRunner):
        return nothing_begun
    runner.begin(text, agent.processor.model_metadata.nlu_target)
    return functools.partial(runner.forget, text)


def nothing_begun() -> None:
    """Has nothing to forget."""


def install() -> None:
    """Makes models that are loaded from now on run directly; Rasa has no setting for it."""
    rasa.core.processor.DaskGraphRunner = DirectGraphRunner  # type: ignore[misc]
