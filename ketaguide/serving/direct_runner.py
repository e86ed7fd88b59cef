"""Runs a model's graph node after node. Rasa plans each run anew with dask, which costs more than most nodes do."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Tuple

import rasa.core.processor
from rasa.engine.exceptions import GraphRunError
from rasa.engine.runner.dask import DaskGraphRunner


class DirectGraphRunner(DaskGraphRunner):
    """A graph runner that plans the way to each set of targets once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Construct the runner (see parent class for the arguments)."""
        super().__init__(*args, **kwargs)
        self._plans: Dict[Tuple[str, ...], List[str]] = {}

    def run(self, inputs: Optional[Dict[str, Any]] = None, targets: Optional[List[str]] = None) -> Dict[str, Any]:
        """Runs the graph (see parent class for full docstring)."""
        wanted = tuple(targets or self._graph_schema.target_names)
        plan = self._plans.get(wanted)
        if plan is None:
            plan = self._plans[wanted] = self._plan(wanted)
        # Each node takes and returns its results with their names.
        results: Dict[str, Any] = {name: (name, value) for name, value in (inputs or {}).items()}
        if not results.keys().isdisjoint(plan):
            raise GraphRunError("An input has the name of a node of the graph.")
        for node in plan:
            needs = self._graph_schema.nodes[node].needs.values()
            results[node] = self._instantiated_nodes[node](*(results.get(need, need) for need in needs))
        return dict(results[target] for target in wanted)

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


def install() -> None:
    """Makes models that are loaded from now on run directly; Rasa has no setting for it."""
    rasa.core.processor.DaskGraphRunner = DirectGraphRunner  # type: ignore[misc]
