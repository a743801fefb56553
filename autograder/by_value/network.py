"""A network that is evaluated with any numbers in its weights."""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from autograder.by_value.noise import disturbed, is_noise, made_fixed
from autograder.by_value.numbers import numbers
from autograder.by_value.smaller import MOST_WEIGHTS, MOST_WORK
from autograder.by_value.thresholds import Reached
from autograder.by_value.units import (
    Cut,
    Kind,
    Slot,
    Values,
    is_of_features,
    row_axis,
    rows_of,
    whole,
)
from autograder.graphs import Graph
from autograder.graphs.rebuilding.makers import DTYPE
from autograder.graphs.rebuilding.rebuilt import Rebuilt, Step
from autograder.graphs.sizes import work

MOST_STEPS = 16
"""Steps that recurrent layers make, one after the other."""

MOST_BETWEEN = 4_000_000
"""Numbers that one call makes."""


class TooLarge(Exception):
    """The network has too many numbers to be evaluated."""


class OutOfTime(Exception):
    """The time for the comparison is over."""


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
        self._astray: np.ndarray | None = None
        """Where it is asked for: the examples that look up what is in no table."""

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
                if cut is Cut.NUMBERS and is_of_features(layer):
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
            rows = rows_of(gradient, slot)
            directions = numbers((slot.kind.size, ways), "directions", slot.kind.size)
            place = slice(slot.start, slot.start + slot.count)
            found[slot.kind][place, :ways] = rows @ directions
            found[slot.kind][place, ways] = np.abs(rows).max(-1, initial=0)
        return found

    def finds(self, data: Sequence[np.ndarray]) -> np.ndarray:
        """For each example whether all that it looks up stands in the table that is for it."""
        self._astray = np.zeros(len(data[0]), bool)
        self.run(None, data)
        found, self._astray = ~self._astray, None
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
            held.append(tf.constant(whole(rows, shape, slot.axis), slot.variable.dtype))
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
        if self._astray is not None:
            self._astray |= _is_astray(step, len(self._astray))
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
                found[slot.kind][place] = rows_of(np.asarray(value), slot)
        return found


def _is_astray(step: Step, examples: int) -> np.ndarray:
    """The examples of which a step looks up a number that is not in its table."""
    words = step.call.config.get("input_dim")
    ids = np.asarray(step.read[0]) if step.read else np.zeros(0)
    if not isinstance(words, int) or not len(ids) or len(ids) % examples:
        return np.zeros(examples, bool)
    return ((ids < 0) | (ids >= words)).reshape(examples, -1).any(1)


def _is_shrunk(shape: tuple[int, ...], real: tuple[int | None, ...] | None) -> bool:
    """Whether an axis is 1 that is another one in the real size, or may be."""
    inner = range(1, len(shape) - 1)
    if real is None or len(real) != len(shape):
        return any(shape[axis] == 1 for axis in inner)
    return any(shape[axis] == 1 != real[axis] for axis in inner)


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
