"""What works on the last axis alone: Dense layers, convolutions of one place, and such."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from autograder.graphs.graph import NO_WRAPPERS, Call, Graph, Shape
from autograder.graphs.identities.identity import Instead, Pair, instead, local_identity
from autograder.graphs.identities.reshaping import gives_a_shape, reshaped
from autograder.graphs.layers.facts import facts
from autograder.graphs.returned import tensor_shape


def _pointwise(keras: Any) -> Pair:
    start, layers = keras.Input((5, 3)), keras.layers
    return (
        keras.Model(start, layers.Conv1D(4, 1)(start)),
        keras.Model(start, layers.Dense(4)(start)),
    )


@local_identity(of="Conv1D EinsumDense", example=_pointwise, makes="Dense")
def kernels_of_one_place(graph: Graph, place: int) -> Instead | None:
    """A convolution of one place along a sequence is a Dense layer on the last axis.

    On images they are left two: a Dense layer that reads one has mostly lost its Flatten.
    """
    call = graph.calls[place]
    units = _units_of_one_place(call)
    if units is None or len(call.inputs) != 1 or call.wrappers.bidirectional:
        return None
    return instead(graph, _as_dense(call, units))


def _as_dense(call: Call, units: int) -> Call:
    bias = bool(call.config.get("use_bias", "bias_axes" in call.config))
    config = {"units": units, "use_bias": bias}
    return replace(call, op="Dense", config=config, wrappers=NO_WRAPPERS)


def _units_of_one_place(call: Call) -> int | None:
    """How many numbers a layer makes at each place of what it finds there; None for others."""
    config = call.config
    if call.op == "EinsumDense":
        return _units_of_equation(config)
    ones = [config.get(key, [1]) for key in ("kernel_size", "strides")]
    if any(set(each) != {1} for each in ones) or config.get("groups", 1) != 1:
        return None
    return None if "data_format" in config else config.get("filters")


def _units_of_equation(config: Any) -> int | None:
    """The same of an EinsumDense whose equation says so, as "abc,cd->abd"."""
    given, arrow, made = str(config.get("equation", "")).replace(" ", "").partition("->")
    read, comma, kernel = given.replace("...", "").partition(",")
    made = made.replace("...", "")
    shape = config.get("output_shape")
    last = shape[-1] if isinstance(shape, list) and shape else shape
    if not (arrow and comma and len(kernel) == 2 and read and made and type(last) is int):
        return None
    is_plain = read[-1] == kernel[0] and made == read[:-1] + kernel[1] and kernel[1] not in read
    return last if is_plain and config.get("bias_axes") in (None, kernel[1]) else None


def _late(keras: Any) -> Pair:
    start, layers = keras.Input((4,)), keras.layers
    dense, reshape = layers.Dense(3), layers.Reshape
    return (
        keras.Model(start, dense(reshape((1, 1, 4))(start))),
        keras.Model(start, reshape((1, 1, 3))(dense(start))),
    )


_ON_THE_LAST_AXIS = (
    "Dense Activation Dropout AlphaDropout GaussianDropout GaussianNoise Rescaling Square Sqrt "
    "BatchNormalization LayerNormalization UnitNormalization Negative Reciprocal Exp Log Conv2D"
)


@local_identity(of=_ON_THE_LAST_AXIS, example=_late, makes="Reshape", by_shape=True)
def late_shapes(graph: Graph, place: int) -> Instead | None:
    """An axis of one place may be added before or behind what works on the last axis."""
    call = graph.calls[place]
    if len(call.inputs) != 1 or not call.shape:
        return None
    if call.op == "Conv2D":
        units = _units_of_one_place(call)
        if units is None:
            return None
        call = _as_dense(call, units)
    elif call.wrappers != NO_WRAPPERS:
        return None
    before = graph.calls[call.inputs[0].call]
    if before.op != "Reshape" or not gives_a_shape(before):
        return None
    old, new = before.shape, tensor_shape(graph.calls, before.inputs[0])
    if not old or not new:
        return None
    if not _adds_ones(new, old) or not _is_on_the_last_axis(call, len(old)):
        return None
    target = [*old[1:-1], call.shape[-1]]
    if None in target or _note_of_a_mask(call) != _note_of_a_mask(before):
        return None
    inner = replace(
        call.moved(before.inputs, call.weights),
        config=_on_the_last_axis(call, len(new)),
        shape=(*new[:-1], call.shape[-1]),
    )
    return instead(graph, inner, reshaped(call, target))


def _note_of_a_mask(call: Call) -> dict[str, Any]:
    return {key: value for key, value in call.arguments.items() if key == "mask"}


def _adds_ones(few: Shape, many: Shape) -> bool:
    """Whether a shape is another one with axes of one place put in before the last."""
    if len(few) < 2 or len(many) <= len(few) or few[-1] != many[-1]:
        return False
    rest = list(few[1:-1])
    for size in many[1:-1]:
        if rest and size == rest[0]:
            rest.pop(0)
        elif size != 1:
            return False
    return not rest


def _is_on_the_last_axis(call: Call, rank: int) -> bool:
    if call.op == "Activation":
        return facts(call.op).one_by_one and call.config.get("axis") in (None, -1, rank - 1)
    return call.config.get("axis", -1) in (-1, rank - 1) and "noise_shape" not in call.config


def _on_the_last_axis(call: Call, rank: int) -> dict[str, Any]:
    """A call's settings with the last axis under the number that it has among fewer."""
    config = dict(call.config)
    if isinstance(config.get("axis"), int) and config["axis"] >= 0:
        config["axis"] = rank - 1
    return config
