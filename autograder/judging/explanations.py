"""Which of two explanations by two edits is the better one, and which is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from autograder.graphs import Call, Graph
from autograder.graphs.surgery import reached
from autograder.judging.edits import Edit, spoken
from autograder.judging.misconceptions import CATALOGUE


@dataclass(frozen=True)
class Step:
    """An edit made: its misconception, and the edited graph in order."""

    id: str
    edit: Edit
    graph: Graph


def unsays(reference: Graph, first: Step, second: Step) -> bool:
    """Whether a second edit changes what the words of the first one speak of.

    They would not be true of the answer: one of the two puts a layer where the other takes it
    from, gives a setting another value than the first one did, or reads an input that the first one
    cut off.
    """
    if _inputs_cut_off(reference, first.graph) - _inputs_cut_off(reference, second.graph):
        return True
    if _needs_what_is_not_meant(reference, second):
        return True
    both = set(first.edit.origin) & set(second.edit.origin)
    if not both:
        return False
    if first.id == second.id and CATALOGUE[first.id].rearranges:
        return True
    graphs = (reference, first.graph, second.graph)
    here = [{c.trace: _set(c) for c in graph.calls if c.trace in both} for graph in graphs]
    return any(
        _changed(here[0][trace], here[1][trace]) & _changed(here[1][trace], here[2][trace])
        for trace in both
        if all(trace in configs for configs in here)
    )


def _needs_what_is_not_meant(reference: Graph, step: Step) -> bool:
    """Whether an edit calls meant what only an edit before it put in."""
    if not CATALOGUE[step.id].rearranges:
        return False
    meant = {call.trace for call in reference.calls}
    said = {*step.edit.origin}
    if "right" in step.edit.roles:
        said.add(step.edit.roles["right"])
    return not said <= meant


def _inputs_cut_off(before: Graph, after: Graph) -> set[str]:
    """The inputs that reach an output no more."""
    return _inputs_reached(before) - _inputs_reached(after)


def _inputs_reached(graph: Graph) -> set[str]:
    return {graph.calls[place].trace for place in reached(graph) if place < len(graph.inputs)}


def _set(call: Call) -> dict[str, Any]:
    """What an edit may set in a call: its settings, and its class."""
    return {**call.config, "": call.op}


def _changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> set[str]:
    """The settings that are not the same."""
    return {key for key in {**before, **after} if before.get(key) != after.get(key)}


def preference(steps: list[Step]) -> tuple[int, bool, int, int]:
    """Of two explanations by two edits the one with the smaller preference is taken.

    The same mistake made twice, as in each of two blocks, is likelier than two that differ.
    """
    order = list(CATALOGUE)
    farfetched = sum(step.edit.farfetched for step in steps)
    ranks = [order.index(step.id) for step in steps]
    differ = len({_said(step) for step in steps}) > 1
    return farfetched, differ, sum(ranks), min(ranks)


def _said(step: Step) -> tuple[str, str, str]:
    """What is said of a step, wherever it was made."""
    return step.id, spoken(step.edit.expected), spoken(step.edit.found)
