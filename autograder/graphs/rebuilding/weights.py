"""Weights of layers that operations read by themselves."""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping, Sequence, Set
from typing import Any

import keras

from autograder.graphs.graph import WEIGHT, Call, Graph, Shape
from autograder.graphs.rebuilding.makers import DTYPE, Maker, NotEvaluable
from autograder.graphs.weight_names import named_weights

MERGES = {
    "Add": keras.ops.add,
    "Average": keras.ops.add,
    "Maximum": keras.ops.maximum,
    "Minimum": keras.ops.minimum,
    "Multiply": keras.ops.multiply,
    "Subtract": keras.ops.subtract,
}
"""Calls that merge numbers one by one, and the operation by which they do."""

MOST_NUMBERS = 2_000_000
"""Numbers in a weight of a layer that the network does not call."""


class BareWeight(keras.Layer):
    """Has the one weight that is read of a layer that the network does not call."""

    def __init__(self, call: Call, name: str) -> None:
        """Make it.

        Raises:
            NotEvaluable: if it is too large.
        """
        super().__init__(name=name, dtype=DTYPE)
        shape = tuple(int(size) for size in call.config["shape"])
        if math.prod(shape) > MOST_NUMBERS:
            raise NotEvaluable("A weight that is read has too many numbers.")
        self.add_weight(shape=shape, name=str(call.config["weight"]), trainable=False)
        self.built = True


def weight_of(layers: Mapping[int, Any], call: Call, built_on: Sequence[Shape]) -> Maker:
    """A weight of one of the layers that the network is made of.

    A layer that is written in another way may have it in another shape.

    Args:
        layers: for each set of weights its layer.
        call: stands for the weight.
        built_on: the shapes that its layer is made for, where that is called later.
    """

    def made(read: list[Any], mode: bool | None) -> Any:
        layer = layers.get(call.weights)
        if layer is not None and not layer.built and built_on:
            layer.build(built_on[0])
        weights = dict(named_weights(layer))
        if call.config.get("weight") not in weights:
            raise NotEvaluable("A weight is read before its layer is called.")
        value = weights[call.config["weight"]].value
        axes, shape = len(call.shape or ()), tuple(value.shape)
        if axes == len(shape):
            return value
        if None in (call.shape or ()) or math.prod(shape) != math.prod(call.shape or ()):
            raise NotEvaluable("A weight is read in another shape than its layer has it in.")
        return keras.ops.reshape(value, call.shape)

    return made


def without_examples(graph: Graph) -> frozenset[int]:
    """The calls that read no example: weights, and what is computed of them alone."""
    found: set[int] = set()
    for place, call in enumerate(graph.calls):
        read = [tensor.call in found for tensor in call.inputs]
        if call.op == WEIGHT or (read and all(read)):
            found.add(place)
    return frozenset(found)


def merged_with_weights(call: Call, apart: Set[int]) -> Maker:
    """A merge that reads weights: they go with every example, which a layer of Keras' refuses.

    Args:
        call: merges, as one of `MERGES`.
        apart: which of the tensors that it reads have no examples.
    """

    def made(read: list[Any], mode: bool | None) -> Any:
        ranks = {len(tensor.shape) for n, tensor in enumerate(read) if n not in apart}
        if len(ranks) > 1:
            raise NotEvaluable("What is merged with a weight has different numbers of axes.")
        result = functools.reduce(MERGES[call.op], read)
        return result / len(read) if call.op == "Average" else result

    return made
