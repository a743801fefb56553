"""Merging: the same tensors brought together in other ways."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from autograder.graphs.graph import Call, Graph, Tensor
from autograder.graphs.identities.identity import Pair, identity, reads_alone
from autograder.graphs.layers.facts import FACTS, facts
from autograder.graphs.masks import READ


def _is_square(call: Call) -> bool:
    is_of_one = len(call.inputs) == 2 and call.inputs[0] == call.inputs[1]
    return call.op == "Multiply" and is_of_one and call.arguments.get("mask") != READ["mask"]


def _has_squares(graph: Graph, places: Sequence[int]) -> bool:
    return any(_is_square(graph.calls[place]) for place in places)


def _square(keras: Any) -> Pair:
    start = keras.Input((4,))
    return (
        keras.Model(start, keras.layers.Multiply()([start, start])),
        keras.Model(start, keras.ops.square(start)),
    )


@identity(bites=_has_squares, example=_square, of="Multiply", makes="Square")
def squares(graph: Graph) -> Graph:
    """`x · x` is the square of x."""
    calls = tuple(
        replace(call, op="Square", inputs=call.inputs[:1]) if _is_square(call) else call
        for call in graph.calls
    )
    return replace(graph, calls=calls)


def _has_nested_merges(graph: Graph, places: Sequence[int]) -> bool:
    return _are_nested_near(graph, places, places)


def _are_nested_near(graph: Graph, places: Sequence[int], near: Sequence[int]) -> bool:
    nested = {
        tensor.call
        for call in (graph.calls[place] for place in near)
        if facts(call.op).nests and _is_of_tensors_alone(call)
        for tensor in call.inputs
        if graph.calls[tensor.call].op == call.op
    }
    if not nested:
        return False
    reads = Counter(tensor.call for place in places for tensor in graph.calls[place].inputs)
    reads.update(tensor.call for tensor in graph.outputs)
    return any(reads[place] == 1 for place in nested)


def _nested(keras: Any) -> Pair:
    a, b, c = (keras.Input((4,)) for _ in range(3))
    add = keras.layers.Add
    return (
        keras.Model([a, b, c], add()([a, add()([b, c])])),
        keras.Model([a, b, c], add()([a, b, c])),
    )


@identity(
    bites=_has_nested_merges,
    example=_nested,
    of=" ".join(op for op, row in FACTS.items() if row.nests),
    near=_are_nested_near,
)
def flat_merges(graph: Graph) -> Graph:
    """`a + (b + c)` is `a + b + c`, where nothing else reads `b + c`."""
    calls = list(graph.calls)
    taken_in: set[int] = set()
    for place, call in reversed(list(enumerate(graph.calls))):
        if place not in taken_in and facts(call.op).nests:
            inputs = _all_at_once(graph, call, taken_in)
            calls[place] = call.moved(inputs, call.weights)
    return replace(graph, calls=tuple(calls)) if taken_in else graph


def _all_at_once(graph: Graph, call: Call, taken_in: set[int]) -> tuple[Tensor, ...]:
    """What a merge and the merges that it takes in read; those are noted in `taken_in`.

    Only the outermost merge is written anew: with all of them, a row of merges would hold the
    inputs of the first as often as there are merges.
    """
    inputs: list[Tensor] = []
    stack = list(reversed(call.inputs))
    while stack:
        tensor = stack.pop()
        if _nests(graph, call, tensor):
            taken_in.add(tensor.call)
            stack += reversed(graph.calls[tensor.call].inputs)
        else:
            inputs.append(tensor)
    return tuple(inputs)


def _nests(graph: Graph, call: Call, tensor: Tensor) -> bool:
    """Whether a merge reads a merge of its own kind that nothing else reads."""
    return (
        facts(call.op).nests
        and _is_of_tensors_alone(call)
        and graph.calls[tensor.call].label == call.label
        and reads_alone(graph, tensor)
    )


def _is_of_tensors_alone(call: Call) -> bool:
    """Whether nothing is merged beside tensors: an array that is added twice is not added once."""
    return call.arguments.keys() <= {"mask"}
