"""A network that is evaluated with any numbers in its weights.

Its weights are taken apart into units: whole variables, or the rows of a kernel that go with one
feature each, where an order of features may be another one, or single numbers, where kernels may
have other shapes, and what they make another order. Units of one kind may stand for one
another; their values are the rows of one matrix.
"""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, NamedTuple

import keras
import numpy as np
import tensorflow as tf

from autograder.by_value.noise import disturbed, is_noise, made_fixed
from autograder.by_value.numbers import numbers
from autograder.by_value.thresholds import Reached
from autograder.graphs import Graph
from autograder.graphs.rebuilding.makers import DTYPE
from autograder.graphs.rebuilding.rebuilt import Rebuilt, Step
from autograder.graphs.sizes import work

MOST_WEIGHTS = 500_000
"""Numbers in all weights of a network: 4 MB, of which there are a few copies."""

MOST_WORK = 3_000_000
"""Multiplications for one example; a comparison takes some 150 times that."""

MOST_STEPS = 16
"""Steps that recurrent layers make, one after the other."""

MOST_BETWEEN = 4_000_000
"""Numbers that one call makes."""


class Cut(Enum):
    """What a unit is: a whole variable, a row of a kernel, or a single number."""

    WHOLE = "whole"
    ROWS = "rows"
    NUMBERS = "numbers"


class TooLarge(Exception):
    """The network has too many numbers to be evaluated."""


class OutOfTime(Exception):
    """The time for the comparison is over."""


class Kind(NamedTuple):
    """What units must have in common to stand for one another.

    Attributes:
        size: how many numbers a unit has.
        positive: whether it holds positive numbers only, such as variances.
        trainable: whether training changes it.
        rates: of dropout inside its layer.
        rows: how many units its variable is cut into; 0 where it is whole.
    """

    size: int
    positive: bool
    trainable: bool
    rates: tuple[float, ...]
    rows: int


Values = Mapping[Kind, np.ndarray]
"""For each kind a matrix: a row for each unit."""


@dataclass(eq=False)
class Slot:
    """A variable: its units are `count` rows from `start` of its kind's matrix."""

    variable: Any
    name: str
    kind: Kind
    start: int
    count: int
    axis: int | None
    is_read: bool = True


@dataclass
class Made:
    """What a network made: its outputs and their masks, the state it leaves, and the noise that it
    used. By the mask of an output that has steps a loss goes, too.
    """

    outputs: list[np.ndarray]
    masks: list[bytes | None] = field(default_factory=list)
    state: dict[Kind, np.ndarray] = field(default_factory=dict)
    noise: Counter[Any] = field(default_factory=Counter)


class Network:
    """One side of a comparison."""

    def __init__(self, graph: Graph, ends: float, called: Any = None) -> None:
        """Make the layers of a graph.

        Args:
            graph: what is evaluated.
            ends: when to stop, by `time.process_time`.
            called: what is called in place of the graph rebuilt, such as the model itself.

        Raises:
            NotEvaluable: if it has a layer or an operation that cannot be made.
        """
        self.graph, self.ends, self.cut = graph, ends, Cut.WHOLE
        self.rebuilt = called or Rebuilt(graph)
        self.reached = Reached(graph)
        self.slots: list[Slot] = []
        self._noise: Counter[Any] = Counter()
        self._weights = self._work = self._steps = 0
        self.room = 1
        self.is_shrunk = False
        self._seen: dict[int, np.ndarray] = {}
        self.features: dict[int, int] = {}
        """How many features each call makes, as far as it was called."""
        self.turned: Mapping[int, np.ndarray] = {}
        """The calls whose features, or whose noise, are put in another order, as they come in a
        reference.
        """
        self._is_compared = False

    def build(self, data: Sequence[np.ndarray]) -> None:
        """Make the weights, by one call.

        Raises:
            TooLarge, OutOfTime: if the network is too large for it.
            NotEvaluable: if Keras refuses a call.
        """
        self.features = {n: array.shape[-1] for n, array in enumerate(data) if array.ndim}
        with keras.StatelessScope(initialize_variables=False):
            self.rebuilt(self._fed(data), None, self._around)
        self.cut_into_units(Cut.WHOLE)

    def cut_into_units(self, cut: Cut) -> None:
        """Number the units."""
        self.cut, self.slots = cut, []
        counts: Counter[Kind] = Counter()
        for number, layer in self.rebuilt.layers.items():
            for variable in layer.weights:
                if not str(variable.dtype).startswith("float"):
                    continue
                axis = row_axis(layer, variable) if cut is Cut.ROWS else None
                rows = variable.shape[axis] if axis is not None else 0
                if cut is Cut.NUMBERS and _is_of_features(layer):
                    rows = math.prod(variable.shape)
                kind = Kind(
                    math.prod(variable.shape) // (rows or 1),
                    any(word in variable.name for word in ("variance", "gamma")),
                    bool(variable.trainable),
                    self.rebuilt.rates.get(number, ()),
                    rows,
                )
                count = rows or 1
                name = variable.name
                self.slots.append(Slot(variable, name, kind, counts[kind], count, axis))
                counts[kind] += count

    def drop_unread(self, data: Sequence[np.ndarray]) -> None:
        """Leave out variables that no output is connected to."""
        counts: Counter[Kind] = Counter()
        for slot, gradient in zip(self.slots, self._gradients(None, data), strict=True):
            slot.is_read = gradient is not None
            slot.start = counts[slot.kind]
            counts[slot.kind] += slot.count if slot.is_read else 0

    @property
    def kinds(self) -> Counter[Kind]:
        """How many units there are of each kind."""
        found: Counter[Kind] = Counter()
        for slot in self.slots:
            if slot.is_read:
                found[slot.kind] += slot.count
        return found

    def run(
        self, values: Values | None, data: Sequence[np.ndarray], training: bool | None = None
    ) -> Made:
        """Evaluate the network.

        Args:
            values: for each kind the units' numbers; None for numbers of no importance.
            data: an array for each input.
            training: as a user gives it; None says less than False.

        Raises:
            TooLarge, OutOfTime: if that is so.
            NotEvaluable: if Keras refuses a call.
        """
        held = self._held(values)
        self._is_compared = values is not None
        made, scope = self._called(held, data, training)
        self._is_compared = False
        outputs = [np.asarray(tensor) for tensor in made]
        state = self._state(scope) if training else {}
        return Made(outputs, [_mask(tensor) for tensor in made], state, Counter(self._noise))

    def answers(
        self, values: Values, data: Sequence[np.ndarray], ways: int
    ) -> dict[Kind, np.ndarray]:
        """For each unit, how a fixed random sum of the outputs answers to it, in several ways."""
        found = {kind: np.zeros((count, ways + 1)) for kind, count in self.kinds.items()}
        for slot, gradient in zip(self.slots, self._gradients(values, data), strict=True):
            if not slot.is_read or gradient is None:
                continue
            self._see(slot, gradient)
            rows = _rows(gradient, slot)
            directions = numbers((slot.kind.size, ways), "directions", slot.kind.size)
            place = slice(slot.start, slot.start + slot.count)
            found[slot.kind][place, :ways] = rows @ directions
            found[slot.kind][place, ways] = np.abs(rows).max(-1, initial=0)
        return found

    @property
    def unseen(self) -> list[str]:
        """Kernels with places that no number came to, as where a window is larger than the map."""
        return [
            slot.variable.path
            for number, slot in enumerate(self.slots)
            if number in self._seen and not self._seen[number].all()
        ]

    def _see(self, slot: Slot, gradient: np.ndarray) -> None:
        if slot.name.endswith("kernel") and "conv" in type(self._owner(slot)).__name__.lower():
            number = self.slots.index(slot)
            places = np.abs(gradient).max((-1, -2)) > 0
            self._seen[number] = self._seen.get(number, np.False_) | places

    def _owner(self, slot: Slot) -> Any:
        layers = self.rebuilt.layers.values()
        return next(x for x in layers if any(w is slot.variable for w in x.weights))

    def _gradients(
        self, values: Values | None, data: Sequence[np.ndarray]
    ) -> list[np.ndarray | None]:
        held = self._held(values)
        with tf.GradientTape() as tape:
            tape.watch(held)
            made, _ = self._called(held, data, None)
            parts = [
                tf.reduce_sum(t * tf.constant(numbers(tuple(t.shape), "sum", n), t.dtype))
                for n, t in enumerate(made)
                if t.dtype.is_floating
            ]
            total = tf.add_n([tf.cast(part, DTYPE) for part in parts]) if parts else None
        if total is None:
            return [None] * len(held)
        return [None if g is None else _plain(g) for g in tape.gradient(total, held)]

    def _held(self, values: Values | None) -> list[Any]:
        held = []
        for slot in self.slots:
            shape, size = tuple(slot.variable.shape), slot.kind.size
            if values is None or not slot.is_read:
                rows = np.tile(numbers(size, "unread", size, positive=True), (slot.count, 1))
                rows = rows * (1 if slot.kind.positive else 0.1)
            else:
                rows = values[slot.kind][slot.start : slot.start + slot.count]
            held.append(tf.constant(_whole(rows, shape, slot.axis), slot.variable.dtype))
        return held

    def _called(
        self, held: list[Any], data: Sequence[np.ndarray], training: bool | None
    ) -> tuple[list[Any], Any]:
        self._noise.clear()
        pairs = [(slot.variable, value) for slot, value in zip(self.slots, held, strict=True)]
        with keras.StatelessScope(pairs) as scope:
            made = self.rebuilt(self._fed(data), training, self._around)
        return made, scope

    def _fed(self, data: Sequence[np.ndarray]) -> list[Any]:
        calls = self.graph.calls[: len(self.graph.inputs)]
        return [_input(call.dtype, values) for call, values in zip(calls, data, strict=True)]

    def _around(self, step: Step, make: Callable[[], Any]) -> Any:
        if time.process_time() > self.ends:
            raise OutOfTime
        order = self.turned.get(step.place)
        if is_noise(step.call.op):
            made = made_fixed(step, self._noise, order)
            self._note_features(step, made)
            return made
        if not self.slots:
            self._require_small(step)
        if self._is_compared:
            self.reached.note(step)
        made = disturbed(step, make(), self._noise)
        for tensor in made if isinstance(made, (list, tuple)) else (made,):
            if math.prod(tensor.shape) > MOST_BETWEEN:
                raise TooLarge(f"{step.call.op} makes an array {tuple(tensor.shape)}")
            self.is_shrunk |= _is_shrunk(tuple(tensor.shape), step.call.shape)
            self._note_features(step, tensor)
        return made if order is None else _in_order(made, order)

    def _note_features(self, step: Step, tensor: Any) -> None:
        self.features.setdefault(step.place, int(tensor.shape[-1]) if tensor.shape else 1)

    def _require_small(self, step: Step) -> None:
        if step.call.weights is None or not step.read:
            return
        weights, times = work(step.call, tuple(step.read[0].shape))
        self._weights += weights
        self._work += times
        if "return_sequences" in step.call.config:
            self._steps += step.read[0].shape[1]
        used = (self._weights / MOST_WEIGHTS, self._work / MOST_WORK, self._steps / MOST_STEPS)
        if max(used) > self.room:
            raise TooLarge("it takes too many numbers")

    def _state(self, scope: Any) -> dict[Kind, np.ndarray]:
        """What training leaves in the units that it changes by itself, such as moving averages."""
        found = {kind: np.zeros((count, kind.size)) for kind, count in self.kinds.items()}
        for slot in self.slots:
            value = scope.get_current_value(slot.variable)
            if slot.is_read and "moving" in slot.name and value is not None:
                place = slice(slot.start, slot.start + slot.count)
                found[slot.kind][place] = _rows(np.asarray(value), slot)
        return found


# Variables and their units

_LAST_BUT_ONE = frozenset(
    {"Conv1D", "Conv2D", "Conv3D", "Dense", "DepthwiseConv1D", "DepthwiseConv2D"}
    | {"SeparableConv1D", "SeparableConv2D"}
    | {"Bidirectional", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D", "GRU", "LSTM", "SimpleRNN"}
)
_LAST = frozenset(
    {"BatchNormalization", "Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose"}
    | {"GroupNormalization", "LayerNormalization", "PReLU", "RMSNormalization"}
)
_ATTEND = frozenset({"GroupQueryAttention", "MultiHeadAttention"})
_FEATURE_BY_FEATURE = frozenset({"DepthwiseConv1D", "DepthwiseConv2D"})
_BIASES = frozenset({"bias"})


def row_axis(layer: Any, variable: Any) -> int | None:
    """The axis of a variable that goes with the features its layer reads; None if there is none."""
    inner = _inner(layer)
    kind, name, rank = type(inner).__name__, variable.name, len(variable.shape)
    if kind in _LAST_BUT_ONE and name.endswith("kernel") and "recurrent" not in name:
        return rank - 2
    if (kind in _LAST and name not in _BIASES) or (kind in _FEATURE_BY_FEATURE and name in _BIASES):
        return rank - 1
    if kind in _ATTEND and name == "kernel":
        is_output = "output" in variable.path.split("/")[-2]
        return None if is_output else 0
    return None


def _is_of_features(layer: Any) -> bool:
    """Whether a layer's numbers each go with features, whose order and shape are its own matter."""
    return type(_inner(layer)).__name__ in _LAST_BUT_ONE | _LAST | _ATTEND | {"EinsumDense"}


def _inner(layer: Any) -> Any:
    while type(layer).__name__ == "TimeDistributed":
        layer = layer.layer
    return layer


def _is_shrunk(shape: tuple[int, ...], real: tuple[int | None, ...] | None) -> bool:
    """Whether an axis is 1 that is another one in the real size, or may be."""
    inner = range(1, len(shape) - 1)
    if real is None or len(real) != len(shape):
        return any(shape[axis] == 1 for axis in inner)
    return any(shape[axis] == 1 != real[axis] for axis in inner)


def _whole(rows: np.ndarray, shape: tuple[int, ...], axis: int | None) -> np.ndarray:
    if axis is None:
        return rows.reshape(shape)
    rest = shape[:axis] + shape[axis + 1 :]
    return np.moveaxis(rows.reshape(shape[axis], *rest), 0, axis)


def _rows(whole: np.ndarray, slot: Slot) -> np.ndarray:
    if slot.axis is None:
        return whole.reshape(slot.count, -1)
    return np.moveaxis(whole, slot.axis, 0).reshape(slot.count, -1)


def _in_order(made: Any, order: np.ndarray) -> Any:
    """What a call makes with its features in another order, and the mask that it brings."""
    if isinstance(made, (list, tuple)):
        return [_in_order(made[0], order), *made[1:]]
    turned = tf.gather(made, order, axis=-1)
    if (mask := getattr(made, "_keras_mask", None)) is not None:
        turned._keras_mask = mask
    return turned


def _mask(tensor: Any) -> bytes | None:
    mask = getattr(tensor, "_keras_mask", None)
    return None if mask is None or len(tensor.shape) < 3 else np.asarray(mask).tobytes()


def _plain(gradient: Any) -> np.ndarray:
    return np.nan_to_num(np.asarray(tf.convert_to_tensor(gradient), DTYPE))


def _input(dtype: str, values: np.ndarray) -> Any:
    if dtype == "bool":
        return tf.constant(values > 0)
    if dtype.startswith(("int", "uint")):
        return tf.constant(np.trunc(values), dtype)
    return tf.constant(values, DTYPE)
