"""Rewriting a graph into one spelling: calls that compute the same thing become the same calls."""

from __future__ import annotations

from dataclasses import replace

from autograder.graphs import keras_config
from autograder.graphs.graph import Call, Graph, Tensor


def rewrite(graph: Graph) -> Graph:
    """The same computation with nested merges flattened and unused calls left out."""
    return without_unused(_flat_merges(_squares(graph)))


def _squares(graph: Graph) -> Graph:
    """Write a tensor multiplied with itself as its square."""
    calls = [
        replace(call, op="Square", inputs=call.inputs[:1])
        if call.op == "Multiply" and len(call.inputs) == 2 and len(set(call.inputs)) == 1
        else call
        for call in graph.calls
    ]
    return replace(graph, calls=tuple(calls))


def _flat_merges(graph: Graph) -> Graph:
    """Write `a + (b + c)` as `a + b + c` where nothing else reads `b + c`."""
    calls = list(graph.calls)
    for place, call in enumerate(calls):
        if call.op not in keras_config.NESTS:
            continue
        inputs: list[Tensor] = []
        for tensor in call.inputs:
            inner = calls[tensor.call]
            if inner.label == call.label and _read_once(graph, tensor):
                inputs += inner.inputs
            else:
                inputs.append(tensor)
        calls[place] = replace(call, inputs=tuple(inputs))
    return replace(graph, calls=tuple(calls))


def _read_once(graph: Graph, tensor: Tensor) -> bool:
    return len(graph.readers[tensor.call]) == 1 and all(
        output.call != tensor.call for output in graph.outputs
    )


def without_unused(graph: Graph) -> Graph:
    """The graph without calls that reach no output; inputs always stay.

    Weights are numbered anew by first use, so equal graphs have equal numbers.
    """
    needed = set(range(len(graph.inputs)))
    stack = [tensor.call for tensor in graph.outputs]
    while stack:
        place = stack.pop()
        if place not in needed or place < len(graph.inputs):
            needed.add(place)
            stack += [t.call for t in graph.calls[place].inputs if t.call not in needed]
    places = {old: new for new, old in enumerate(sorted(needed))}
    weights: dict[int, int] = {}
    calls = [_moved(graph.calls[old], places, weights) for old in sorted(needed)]
    outputs = tuple(Tensor(places[t.call], t.output) for t in graph.outputs)
    return replace(graph, calls=tuple(calls), outputs=outputs)


def _moved(call: Call, places: dict[int, int], weights: dict[int, int]) -> Call:
    number = None if call.weights is None else weights.setdefault(call.weights, len(weights))
    inputs = tuple(Tensor(places[t.call], t.output) for t in call.inputs)
    return replace(call, inputs=inputs, weights=number)
