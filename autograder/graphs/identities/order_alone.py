"""What looks at the order of numbers alone: where the largest one is."""

from __future__ import annotations

from typing import Any

from autograder.graphs.graph import NO_WRAPPERS, Call, Graph
from autograder.graphs.identities.identity import Instead, Pair, instead, local_identity
from autograder.graphs.returned import shape_read

_OF_ALL = frozenset({"log_softmax", "softmax"})
"""Activations that keep the order of the numbers along their axis, however large these are.

A sigmoid, say, makes 1 of all that is large, and of these the first would be the largest.
"""


def _likeliest(keras: Any) -> Pair:
    start = keras.Input((4,))
    softmax, largest = keras.ops.softmax, keras.ops.argmax
    return (
        keras.Model(start, largest(softmax(start / 2.0), axis=-1)),
        keras.Model(start, largest(start, axis=-1)),
    )


@local_identity(of="Argmax", example=_likeliest, by_shape=True)
def places_of_the_largest(graph: Graph, place: int) -> Instead | None:
    """The largest number is where it was before a softmax, or a factor above zero."""
    call = graph.calls[place]
    source = graph.calls[call.inputs[0].call]
    shape = shape_read(graph, call)
    if not shape or not _keeps_order(source, call.config.get("axis"), len(shape)):
        return None
    return instead(graph, call.moved(source.inputs, None))


def _keeps_order(call: Call, axis: Any, rank: int) -> bool:
    """Whether of the numbers along an axis a call makes the largest of the largest."""
    if call.arguments or call.wrappers != NO_WRAPPERS or len(call.inputs) != 1:
        return False
    if call.op == "Rescaling":
        scale = call.config.get("scale")
        return isinstance(scale, (int, float)) and scale > 0
    if call.op != "Activation" or call.config.get("activation") not in _OF_ALL:
        return False
    return isinstance(axis, int) and axis % rank == call.config.get("axis", -1) % rank
