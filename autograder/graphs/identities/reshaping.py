"""New shapes: the same numbers in the same order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from autograder.graphs.graph import NO_WRAPPERS, Call, Graph
from autograder.graphs.identities.identity import Pair, identity


def _gives_a_shape(call: Call) -> bool:
    """Whether a call only gives each example another shape."""
    if call.op not in {"Flatten", "Reshape"}:
        return False
    return call.wrappers == NO_WRAPPERS and "newshape" not in call.config


def _is_second(graph: Graph, call: Call) -> bool:
    return _gives_a_shape(call) and _gives_a_shape(graph.calls[call.inputs[0].call])


def _has_second_shapes(graph: Graph, places: Sequence[int]) -> bool:
    return any(_is_second(graph, graph.calls[place]) for place in places)


def _two_shapes(keras: Any) -> Pair:
    start, reshape = keras.Input((6, 4)), keras.layers.Reshape
    return (
        keras.Model(start, reshape((2, 12))(reshape((3, 8))(start))),
        keras.Model(start, reshape((2, 12))(start)),
    )


@identity(bites=_has_second_shapes, example=_two_shapes)
def last_shapes(graph: Graph) -> Graph:
    """Of two new shapes, one given after the other, the last one counts."""
    calls = list(graph.calls)
    for place, call in enumerate(calls):
        if _is_second(graph, call):
            calls[place] = call.moved(calls[call.inputs[0].call].inputs, call.weights)
    return replace(graph, calls=tuple(calls))
