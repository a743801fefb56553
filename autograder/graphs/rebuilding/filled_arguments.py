"""What a call is given: its tensors in their places among its other arguments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import keras

from autograder.graphs import masks
from autograder.graphs.graph import HOLE, Call
from autograder.graphs.holes import holes
from autograder.graphs.rebuilding.makers import DTYPE, NotEvaluable

READS_A_LIST = frozenset(
    {"Add", "AdditiveAttention", "Attention", "Average", "Concatenate", "Dot", "Maximum", "Minimum"}
    | {"Multiply", "Stack", "Subtract", "Hstack", "Vstack", "Dstack"}
)
"""What takes its tensors in one list."""

RECURRENT = frozenset({"ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D", "GRU", "LSTM", "RNN", "SimpleRNN"})
"""Layers whose tensors behind the first one are their first state."""

CELLS = frozenset({"GRUCell", "LSTMCell", "SimpleRNNCell"})
"""Layers that make one step, and whose tensors behind the first one are their state in a list."""


def arguments_of(call: Call, read: Sequence[Any]) -> tuple[list[Any], dict[str, Any]]:
    """What a call is given, by position and by name, with its tensors in their places."""
    named = {key: value for key, value in call.arguments.items() if key != "args"}
    if named.get("mask") in (masks.LOST["mask"], masks.READ["mask"]):
        del named["mask"]  # it comes with the tensors, or does not
    behind = sum(map(holes, named.values()))
    first, rest = list(read[: len(read) - behind]), iter(read[len(read) - behind :])
    if "args" in call.arguments:
        source = iter(first)
        args = [_filled(item, source) for item in call.arguments["args"]]
    elif call.op in READS_A_LIST:
        args = [first]
    elif call.op in CELLS:
        args = [first[0], first[1:]]
    elif call.op in RECURRENT and len(first) > 1:
        args = [first[0]]
        named = {**named, "initial_state": [HOLE] * len(first[1:])}
        rest = iter([*first[1:], *rest])
    else:
        args = first
    return args, {key: _filled(named[key], rest) for key in sorted(named)}


def _filled(pattern: Any, tensors: Any) -> Any:
    """An argument with the next tensors in its holes; slices, constants and such as they were."""
    if isinstance(pattern, Mapping):
        kind, config = pattern.get("class_name"), pattern.get("config")
        if kind == "__ellipsis__":
            return Ellipsis
        if kind == "__slice__":
            return slice(*(config.get(key) for key in ("start", "stop", "step")))
        if kind in {"__tensor__", "__numpy__"}:
            return _constant(config["value"])
        if kind is not None:
            raise NotEvaluable(f"{kind} among the arguments of a call is not made here.")
        return {key: _filled(pattern[key], tensors) for key in sorted(pattern)}
    if isinstance(pattern, (list, tuple)):
        return [_filled(item, tensors) for item in pattern]
    return next(tensors) if pattern == HOLE else pattern


def _constant(value: Any) -> Any:
    tensor = keras.ops.convert_to_tensor(value)
    if keras.backend.is_float_dtype(keras.backend.standardize_dtype(tensor.dtype)):
        tensor = keras.ops.convert_to_tensor(value, dtype=DTYPE)
    return tensor
