"""Repetition: what is computed twice is computed once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from autograder.graphs.graph import Call, Graph, Tensor
from autograder.graphs.identities.identity import Pair, identity
from autograder.graphs.layers.facts import facts


def _own(call: Call) -> tuple[str, int | None, tuple[Tensor, ...]]:
    """What calls have in common that make the same values."""
    inputs = tuple(sorted(call.inputs)) if facts(call.op).any_order else call.inputs
    return call.label, call.weights, inputs


def _may_repeat(call: Call) -> bool:
    """Whether a second such call would make the same values: noise is drawn anew each time."""
    return bool(call.inputs) and not call.is_noisy


def _has_repeats(graph: Graph, places: Sequence[int]) -> bool:
    calls = [graph.calls[place] for place in places]
    if len({(call.label, call.weights, frozenset(call.inputs)) for call in calls}) == len(calls):
        return False  # by far the most frequent, and quickest to tell
    calls = list(filter(_may_repeat, calls))
    return len(set(map(_own, calls))) < len(calls)


def _repeats_near(graph: Graph, places: Sequence[int], near: Sequence[int]) -> bool:
    """The same where only some calls may repeat others: those read the same tensors."""
    read = {tensor for place in near for tensor in graph.calls[place].inputs}
    beside = [n for n in places if (inputs := graph.calls[n].inputs) and inputs[0] in read]
    return _has_repeats(graph, beside)


def _twice(keras: Any) -> Pair:
    start, dense = keras.Input((4,)), keras.layers.Dense(3)
    once = dense(start)
    return (
        keras.Model(start, keras.layers.Concatenate()([dense(start), dense(start)])),
        keras.Model(start, keras.layers.Concatenate()([once, once])),
    )


@identity(bites=_has_repeats, example=_twice, near=_repeats_near)
def repeats(graph: Graph) -> Graph:
    """The same layer called twice on the same tensors makes the same values, but for noise."""
    first: dict[Any, int] = {}
    same: dict[int, int] = {}
    calls = list(graph.calls)
    for place, call in enumerate(calls):
        if same:
            inputs = tuple(Tensor(same.get(t.call, t.call), t.output) for t in call.inputs)
            calls[place] = call = call.moved(inputs, call.weights)
        if _may_repeat(call):
            original = first.setdefault(_own(call), place)
            if original != place:
                same[place] = original
    outputs = tuple(Tensor(same.get(t.call, t.call), t.output) for t in graph.outputs)
    return replace(graph, calls=tuple(calls), outputs=outputs)
