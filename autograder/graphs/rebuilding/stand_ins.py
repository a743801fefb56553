"""Functions that stand in for what is not run: layers that somebody wrote, tables of words.

What a box computes nobody knows. Where two networks are the same with any function in its place,
they are the same with the true one. So a function is drawn for it: of all that it reads, of its own
weights, and of the other examples, because a box may look at them. Boxes alike have the same one.
That two networks differ with it says nothing of the true one.
"""

from __future__ import annotations

import json
import math
import zlib
from collections.abc import Sequence, Set
from typing import Any

import keras
import numpy as np

from autograder.graphs.black_boxes import runs_own_code
from autograder.graphs.graph import Call, Graph, Held, Shape, Tensor
from autograder.graphs.rebuilding.makers import DTYPE, Maker, NotEvaluable
from autograder.graphs.returned import tensor_shape
from autograder.graphs.sizes import tables_read

_TABLES = frozenset({"IntegerLookup", "StringLookup", "TextVectorization"})
_MEASURED = frozenset({"Discretization", "Normalization"})

_BETWEEN = 64
"""Numbers between what a box reads and what it makes: so few matrices are small."""

MOST_DRAWN = 2_000_000
"""Numbers in a matrix that is drawn."""

_OF_UNKNOWN_SHAPE = Held((3,), False)
"""What tells two boxes apart that have weights of which nothing is known."""


def is_unknown(call: Call) -> bool:
    """Whether nobody can know what a call computes: code of somebody's own, or learned tables."""
    if call.op in _MEASURED:
        known = call.config.get("mean", call.config.get("bin_boundaries"))
        return not isinstance(known, (int, float, list))
    if call.op == "IntegerLookup":
        known = call.config.get("vocabulary")
        return not isinstance(known, list) or not all(type(word) is int for word in known)
    return call.op in _TABLES or runs_own_code(call)


class StandIn(keras.Layer):
    """A function drawn by what a call is; its weights have the shapes of the call's own."""

    def __init__(self, graph: Graph, place: int, apart: Set[int]) -> None:
        """Draw it.

        Args:
            graph: the network that the call is in.
            place: where it stands there.
            apart: which of the tensors that it reads have no examples.

        Raises:
            NotEvaluable: if what it makes has no known shape.
        """
        super().__init__(name=f"part_{place}", dtype=DTYPE)
        call = graph.calls[place]
        self._call, self._key = call, zlib.crc32(_told(call).encode())
        self._shapes = [_shape(graph, Tensor(place, n)) for n in range(_count(graph, place))]
        self._ids = min(tables_read(graph, place), default=0)
        self._kept: dict[Any, Any] = {}
        self._held = call.held
        if call.held is None:
            self._held = () if call.weights is None else (_OF_UNKNOWN_SHAPE,)
        # What belongs to another layer is read from there.
        self._held = tuple(variable for variable in self._held if not variable.elsewhere)
        self._apart = apart

    def build(self, *shapes: Any) -> None:
        """Make its weights."""
        for number, variable in enumerate(self._held or ()):
            trainable = variable.trainable and self._call.trainable
            self.add_weight(shape=variable.shape, name=f"own_{number}", trainable=trainable)
        self.built = True

    def made(self, read: Sequence[Any], training: bool | None) -> list[Any]:
        """What stands for the call's outputs."""
        if not self.built:
            self.build()
        if any(getattr(tensor, "_keras_mask", None) is not None for tensor in read):
            raise NotEvaluable("A mask comes to a layer of somebody's own.")
        parts = [
            keras.ops.reshape(keras.ops.cast(x, DTYPE), (1 if n in self._apart else x.shape[0], -1))
            for n, x in enumerate(read)
        ]
        between = sum(self._mixed(part, "read", n) for n, part in enumerate(parts))
        between += 0.3 * keras.ops.mean(between, axis=0, keepdims=True)
        for number, weight in enumerate(self.weights):
            between += self._mixed(keras.ops.reshape(weight, (1, -1)), "weight", number)
        between = keras.ops.sin(between + self._drawn((_BETWEEN,), "training", bool(training)))
        return [self._output(between, n, shape) for n, shape in enumerate(self._shapes)]

    def _mixed(self, part: Any, *what: Any) -> Any:
        size = part.shape[-1]
        return part @ (self._drawn((size, _BETWEEN), *what) / math.sqrt(max(1, size)))

    def _output(self, between: Any, number: int, shape: tuple[int, ...]) -> Any:
        flat = between @ self._drawn((_BETWEEN, math.prod(shape)), "made", number) / 8
        if self._ids:
            flat = keras.ops.cast(keras.ops.floor(keras.ops.sigmoid(3 * flat) * self._ids), "int32")
        return keras.ops.reshape(flat, (-1, *shape))

    def _drawn(self, shape: tuple[int, ...], *what: Any) -> Any:
        key = (self._key, shape, *what)
        if key not in self._kept:
            if math.prod(shape) > MOST_DRAWN:
                raise NotEvaluable("A layer of somebody's own reads or makes too many numbers.")
            random = np.random.default_rng(zlib.crc32(repr(key).encode()))
            self._kept[key] = keras.ops.convert_to_tensor(random.normal(size=shape), DTYPE)
        return self._kept[key]


def maker_of(box: StandIn) -> Maker:
    """A call of a stand-in."""

    def made(read: list[Any], mode: bool | None) -> Any:
        outputs = box.made(read, mode)
        return outputs if len(outputs) > 1 else outputs[0]

    return made


def _told(call: Call) -> str:
    """What makes two boxes the same function."""
    training = json.dumps(call.arguments.get("training"))
    return f"{call.label} {len(call.inputs)} {training}"


def _count(graph: Graph, place: int) -> int:
    return 1 + max(graph.used.get(place, {0}), default=0)


def _shape(graph: Graph, tensor: Tensor) -> tuple[int, ...]:
    shape: Shape | None = tensor_shape(graph.calls, tensor)
    if shape is None:
        raise NotEvaluable("What a layer of somebody's own makes has no known shape.")
    sizes = tuple(size for size in shape[1:] if size is not None)
    if not shape or len(sizes) < len(shape) - 1:
        raise NotEvaluable("What a layer of somebody's own makes has no known shape.")
    return sizes
