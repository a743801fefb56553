"""Arithmetic with numbers that are not learned: `2 * x - 1`, `x / 2`, `maximum(x, 0)`."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import takewhile
from typing import Any

from autograder.graphs.graph import HOLE, NO_WRAPPERS, Call, Graph
from autograder.graphs.identities.identity import (
    Instead,
    Pair,
    bypassed,
    instead,
    local_identity,
    reads_alone,
)

_DIGITS = 12
"""So many digits of a number count: `x / 3` and `x * (1 / 3)` differ in the sixteenth."""


def _number(value: Any) -> float | None:
    plain = isinstance(value, (int, float)) and not isinstance(value, bool)
    return float(value) if plain and math.isfinite(value) else None


def _with_a_number(call: Call) -> tuple[float, bool] | None:
    """The number that a call computes with beside its one tensor, and whether it comes first."""
    args = call.arguments.get("args")
    if call.wrappers != NO_WRAPPERS or not isinstance(args, list) or len(args) != 2:
        return None
    if len(call.inputs) != 1 or args.count(HOLE) != 1:
        return None
    is_first = args[1] == HOLE
    value = _number(args[0] if is_first else args[1])
    return None if value is None else (value, is_first)


def _rounded(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}")


def _rescaling(call: Call, scale: float, offset: float) -> Call:
    config = {"scale": _rounded(scale), "offset": _rounded(offset)}
    return replace(
        call,
        op="Rescaling",
        config=config,
        arguments=call.beside,
        weights=None,
        wrappers=NO_WRAPPERS,
    )


def _scale_and_offset(call: Call) -> tuple[float, float] | None:
    """What a call multiplies by, and what it then adds; None where it does something else."""
    if call.op == "Rescaling" and len(call.inputs) == 1:
        scale, offset = (_number(call.config.get(key)) for key in ("scale", "offset"))
        return None if scale is None or offset is None else (scale, offset)
    if call.op == "Negative" and not call.config and "args" not in call.arguments:
        return -1.0, 0.0
    given = _with_a_number(call)
    if given is None or call.config:
        return None
    value, is_first = given
    match call.op:
        case "Multiply":
            return value, 0.0
        case "Add":
            return 1.0, value
        case "Subtract":
            return (-1.0, value) if is_first else (1.0, -value)
        case "TrueDivide" if value and not is_first:
            return 1 / value, 0.0
    return None


def _doubled_less_one(keras: Any) -> Pair:
    start = keras.Input((4,))
    return (
        keras.Model(start, 2 * start - 1),
        keras.Model(start, keras.layers.Rescaling(2.0, offset=-1.0)(start)),
    )


@local_identity(
    of="Rescaling Negative Multiply Add Subtract TrueDivide",
    example=_doubled_less_one,
    makes="Rescaling",
)
def scales_and_offsets(graph: Graph, place: int) -> Instead | None:
    """`x · a + b`, however it is written, is a Rescaling; several in a row are one."""
    call = graph.calls[place]
    own = _scale_and_offset(call)
    if own is None:
        return None
    scale, offset = own
    before = graph.calls[call.inputs[0].call]
    inner = _scale_and_offset(before) if before.beside == call.beside else None
    if inner is None and _is_written_so(call, scale, offset):
        return None  # by far the most frequent, and quickest to tell
    if inner is not None:
        scale, offset = scale * inner[0], scale * inner[1] + offset
        call = call.moved(before.inputs, None)
    if (_rounded(scale), _rounded(offset)) == (1.0, 0.0):
        return bypassed(graph, call)
    new = _rescaling(call, scale, offset)
    # By their labels: 2 and 2.0 are equal to Python, and are not written alike.
    return None if new.label == call.label and inner is None else instead(graph, new)


def _is_written_so(call: Call, scale: float, offset: float) -> bool:
    """Whether a call is a Rescaling by just these numbers, in their one spelling."""
    given = [call.config.get("scale"), call.config.get("offset")]
    is_plain = call.op == "Rescaling" and len(call.config) == 2 and "args" not in call.arguments
    is_alone = call.weights is None and call.wrappers == NO_WRAPPERS
    return (
        is_plain
        and is_alone
        and all(type(number) is float for number in given)
        and (given == [_rounded(scale), _rounded(offset)] != [1.0, 0.0])
    )


def _halves(keras: Any) -> Pair:
    a, b = keras.Input((4,)), keras.Input((4,))
    half, add = keras.layers.Rescaling(0.5), keras.layers.Add()
    return keras.Model([a, b], add([half(a), half(b)])), keras.Model([a, b], half(add([a, b])))


@local_identity(of="Add", example=_halves, makes="Rescaling")
def common_factors(graph: Graph, place: int) -> Instead | None:
    """`a · x + a · y` is `a · (x + y)`."""
    call = graph.calls[place]
    if len(call.inputs) < 2 or len(set(call.inputs)) == 1 or call.arguments:
        return None
    sources = [graph.calls[tensor.call] for tensor in call.inputs]
    # Of a wide sum most terms have no factor: none is looked at behind the first of these.
    found = takewhile(lambda factor: factor is not None, map(_scale_and_offset, sources))
    factors = [factor for factor in found if factor is not None]
    scales = {scale for scale, offset in factors if not offset}
    if len(factors) < len(sources) or len(scales) != 1 or any(each.beside for each in sources):
        return None
    if any(offset for _, offset in factors) or scales == {1.0}:
        return None
    if not all(reads_alone(graph, tensor) for tensor in call.inputs):
        return None
    inner = call.moved(tuple(each.inputs[0] for each in sources), None)
    return instead(graph, inner, _rescaling(call, scales.pop(), 0.0))


def _half_of_a_sum(keras: Any) -> Pair:
    a, b = keras.Input((4,)), keras.Input((4,))
    return (
        keras.Model([a, b], (a + b) / 2),
        keras.Model([a, b], keras.layers.Average()([a, b])),
    )


@local_identity(of="Rescaling", example=_half_of_a_sum, makes="Average")
def averages(graph: Graph, place: int) -> Instead | None:
    """A sum of n tensors, divided by n, is their average."""
    call = graph.calls[place]
    own, tensor = _scale_and_offset(call), call.inputs[0]
    total = graph.calls[tensor.call]
    if total.op != "Add" or own is None or own[1] or not reads_alone(graph, tensor):
        return None
    count = len(total.inputs)
    if count < 2 or _rounded(1 / count) != _rounded(own[0]) or total.beside != call.beside:
        return None
    return instead(graph, replace(total, op="Average", name=call.name, trace=call.trace))


def _largest(keras: Any) -> Pair:
    start = keras.Input((4,))
    return (
        keras.Model(start, keras.ops.maximum(start, 0)),
        keras.Model(start, keras.layers.ReLU()(start)),
    )


@local_identity(of="Maximum", example=_largest, makes="Activation")
def cut_at_zero(graph: Graph, place: int) -> Instead | None:
    """What is left of a number above 0 is its ReLU."""
    call = graph.calls[place]
    if _with_a_number(call) not in ((0.0, False), (0.0, True)):
        return None
    relu = replace(call, op="Activation", config={"activation": "relu"}, arguments=call.beside)
    return instead(graph, relu)


_POWERS = {2.0: "Square", 0.5: "Sqrt", -1.0: "Reciprocal"}


def _root(keras: Any) -> Pair:
    start = keras.Input((4,))
    positive = keras.layers.Activation("softplus")
    return (
        keras.Model(start, keras.ops.power(positive(start), 0.5)),
        keras.Model(start, keras.ops.sqrt(positive(start))),
    )


@local_identity(of="Power", example=_root, makes=" ".join(_POWERS.values()))
def powers(graph: Graph, place: int) -> Instead | None:
    """Powers that have a name: squares, roots, reciprocals; the first power is the number."""
    call = graph.calls[place]
    given = _with_a_number(call)
    if given is None or given[1]:
        return None
    if given[0] == 1.0:
        return bypassed(graph, call)
    op = _POWERS.get(given[0])
    return None if op is None else instead(graph, replace(call, op=op, arguments=call.beside))
