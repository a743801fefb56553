"""Units: what the weights of a network are taken apart into, so that they can be matched.

Whole variables, or the rows of a kernel that go with one feature each, where an order of features
may be another one, or single numbers, where kernels may have other shapes, and what they make
another order. Units of one kind may stand for one another; their values are the rows of one matrix.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, NamedTuple

import numpy as np

from autograder.graphs.rebuilding.filled_arguments import CELLS


class Cut(Enum):
    """What a unit is: a whole variable, a row of a kernel, or a single number."""

    WHOLE = "whole"
    ROWS = "rows"
    NUMBERS = "numbers"


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


_LAST_BUT_ONE = frozenset(
    {"Conv1D", "Conv2D", "Conv3D", "Dense", "DepthwiseConv1D", "DepthwiseConv2D"}
    | {"SeparableConv1D", "SeparableConv2D"}
    | {"Bidirectional", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D", "GRU", "LSTM", "SimpleRNN"}
    | CELLS
)
_LAST = frozenset(
    {"BatchNormalization", "Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose"}
    | {"GroupNormalization", "LayerNormalization", "PReLU", "RMSNormalization"}
)
_ATTEND = frozenset({"GroupedQueryAttention", "MultiHeadAttention"})
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


def is_of_features(layer: Any) -> bool:
    """Whether a layer's numbers each go with features, whose order and shape are its own matter."""
    return type(_inner(layer)).__name__ in _LAST_BUT_ONE | _LAST | _ATTEND | {"EinsumDense"}


def _inner(layer: Any) -> Any:
    while type(layer).__name__ == "TimeDistributed":
        layer = layer.layer
    return layer


def whole(rows: np.ndarray, shape: tuple[int, ...], axis: int | None) -> np.ndarray:
    """A variable's numbers, from those of its units."""
    if axis is None:
        return rows.reshape(shape)
    rest = shape[:axis] + shape[axis + 1 :]
    return np.moveaxis(rows.reshape(shape[axis], *rest), 0, axis)


def rows_of(values: np.ndarray, slot: Slot) -> np.ndarray:
    """A row of numbers for each unit, from those of its variable."""
    if slot.axis is None:
        return values.reshape(slot.count, -1)
    return np.moveaxis(values, slot.axis, 0).reshape(slot.count, -1)
