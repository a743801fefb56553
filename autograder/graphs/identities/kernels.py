"""Kernels and windows: what padding adds nothing to, windows over all, and what goes by order."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from autograder.graphs.graph import NO_WRAPPERS, Call, Graph
from autograder.graphs.identities.identity import (
    Instead,
    Pair,
    instead,
    local_identity,
    reads_alone,
)
from autograder.graphs.identities.reshaping import reshaped
from autograder.graphs.returned import tensor_shape

_CONVOLUTIONS = (
    "Conv1D Conv2D Conv3D DepthwiseConv1D DepthwiseConv2D SeparableConv1D SeparableConv2D"
)
_TRANSPOSED = "Conv1DTranspose Conv2DTranspose Conv3DTranspose"
_WINDOWS = (
    "MaxPooling1D MaxPooling2D MaxPooling3D AveragePooling1D AveragePooling2D AveragePooling3D"
)

_GLOBAL = " ".join(f"Global{name}" for name in _WINDOWS.split())


def _space(graph: Graph, call: Call) -> tuple[int | None, ...] | None:
    """The sizes of the axes that a kernel moves along; None where they are not known."""
    shape = tensor_shape(graph.calls, call.inputs[0]) if len(call.inputs) == 1 else None
    times = call.wrappers.time_distributed
    return shape[1 + times : -1] if shape and "data_format" not in call.config else None


def _sizes(call: Call, key: str, rank: int) -> list[int]:
    value = call.config.get(key, 1)
    return list(value) if isinstance(value, list) else [value] * rank


def _padding_of_same(call: Call, space: Sequence[int | None]) -> list[tuple[int, int]] | None:
    """What padding "same" adds before and behind each axis, as TensorFlow does.

    Source of the formula: TensorFlow's notes on padding in tf.nn.
    """
    rank = len(space)
    kernel = _sizes(call, "kernel_size" if "kernel_size" in call.config else "pool_size", rank)
    strides, dilations = (_sizes(call, key, rank) for key in ("strides", "dilation_rate"))
    if not len(kernel) == len(strides) == len(dilations) == rank:
        return None
    found = []
    for size, own, stride, dilation in zip(space, kernel, strides, dilations, strict=True):
        reach = (own - 1) * dilation + 1
        if size is None:
            # Without strides it does not depend on the size.
            if stride != 1:
                return None
            total = reach - 1
        else:
            total = max((math.ceil(size / stride) - 1) * stride + reach - size, 0)
        found.append((total // 2, total - total // 2))
    return found


def _no_rest(keras: Any) -> Pair:
    start, layers = keras.Input((6, 4)), keras.layers
    return (
        keras.Model(start, layers.MaxPooling1D(2, padding="same")(start)),
        keras.Model(start, layers.MaxPooling1D(2)(start)),
    )


@local_identity(of=f"{_CONVOLUTIONS} {_TRANSPOSED} {_WINDOWS}", example=_no_rest, by_shape=True)
def idle_padding(graph: Graph, place: int) -> Instead | None:
    """Padding that adds nothing at this size is as good as none."""
    call = graph.calls[place]
    space = _space(graph, call)
    if call.config.get("padding") != "same" or not space:
        return None
    if set(call.config.get("kernel_size", [0])) == {1}:  # never compared there
        return None
    if call.op in _TRANSPOSED.split():
        is_idle = "output_padding" not in call.config and (
            _sizes(call, "kernel_size", len(space)) == _sizes(call, "strides", len(space))
            and set(_sizes(call, "dilation_rate", len(space))) == {1}
        )
    else:
        padding = _padding_of_same(call, space)
        is_idle = padding is not None and not any(map(any, padding))
    valid = replace(call, config={**call.config, "padding": "valid"})
    return instead(graph, valid) if is_idle else None


def _padded(keras: Any) -> Pair:
    start, layers = keras.Input((6, 6, 3)), keras.layers
    return (
        keras.Model(start, layers.DepthwiseConv2D(3)(layers.ZeroPadding2D(1)(start))),
        keras.Model(start, layers.DepthwiseConv2D(3, padding="same")(start)),
    )


@local_identity(of=_CONVOLUTIONS, example=_padded, by_shape=True)
def padding_layers(graph: Graph, place: int) -> Instead | None:
    """Zeros that a layer puts around what a convolution reads are padding of its own."""
    call = graph.calls[place]
    before = graph.calls[call.inputs[0].call]
    if not before.op.startswith("ZeroPadding") or call.config.get("padding") != "valid":
        return None
    times = call.wrappers.time_distributed
    if before.wrappers.time_distributed != times or before.arguments or call.arguments:
        return None
    space = _space(graph, before)
    given = before.config.get("padding")
    if not space or not isinstance(given, list) or not reads_alone(graph, call.inputs[0]):
        return None
    pairs = [tuple(pair) for pair in ([given] if len(space) == 1 else given)]
    own = [_sizes(call, key, len(space)) for key in ("kernel_size", "dilation_rate")]
    reach = [(size - 1) * dilation for size, dilation in zip(*own, strict=True)]
    padding = None
    if pairs == _padding_of_same(call, space):
        padding = "same"
    elif call.op == "Conv1D" and pairs == [(reach[0], 0)]:
        padding = "causal"
    if padding is None:
        return None
    config = {**call.config, "padding": padding}
    return instead(graph, replace(call, config=config, inputs=before.inputs))


def _over_all(keras: Any) -> Pair:
    start, layers = keras.Input((4, 6, 3)), keras.layers
    return (
        keras.Model(start, layers.MaxPooling2D((4, 6))(start)),
        keras.Model(start, layers.Reshape((1, 1, 3))(layers.GlobalMaxPooling2D()(start))),
    )


@local_identity(of=_WINDOWS, example=_over_all, makes=f"Reshape Flatten {_GLOBAL}", by_shape=True)
def windows_over_all(graph: Graph, place: int) -> Instead | None:
    """A window over all of the space leaves what a global pooling does, and axes of one place."""
    call = graph.calls[place]
    space, shape = _space(graph, call), tensor_shape(graph.calls, call.inputs[0])
    if not space or not shape or None in shape[1:] or call.wrappers != NO_WRAPPERS:
        return None
    if _sizes(call, "pool_size", len(space)) != list(space) or len(space) == space.count(1):
        return None
    if call.config.get("padding") != "valid":  # it would stay larger with small strides
        return None
    left = (shape[0], shape[-1])
    pooled = replace(call, op=f"Global{call.op}", config={"keepdims": False}, shape=left)
    # A mask that ends at the window ends at the pooling.
    behind = reshaped(replace(call, arguments={}), [*[1] * len(space), shape[-1]])
    return instead(graph, pooled, behind)


_RISING = frozenset(
    {"celu", "elu", "exponential", "hard_sigmoid", "hard_tanh", "leaky_relu", "linear"}
    | {"log_sigmoid", "relu", "relu6", "selu", "sigmoid", "softplus", "softsign", "tanh"}
)
"""Activations that make more of more, or the same, so that the largest stays the largest."""

_OF_THE_LARGEST = " ".join(name for name in f"{_WINDOWS} {_GLOBAL}".split() if "Max" in name)


def _activated_late(keras: Any) -> Pair:
    start, layers = keras.Input((4, 6, 3)), keras.layers
    return (
        keras.Model(start, layers.ReLU()(layers.MaxPooling2D(2)(start))),
        keras.Model(start, layers.MaxPooling2D(2)(layers.ReLU()(start))),
    )


@local_identity(of="Activation", example=_activated_late, makes=_OF_THE_LARGEST)
def activated_before_pooling(graph: Graph, place: int) -> Instead | None:
    """An activation that makes more of more may come before the largest is taken, or after it."""
    call = graph.calls[place]
    pooling = graph.calls[call.inputs[0].call]
    if pooling.op not in _OF_THE_LARGEST.split() or not reads_alone(graph, call.inputs[0]):
        return None
    slopes = [value for key, value in call.config.items() if key != "activation"]
    if call.config["activation"] not in _RISING or any(slope < 0 for slope in slopes):
        return None
    if call.arguments or pooling.arguments or call.wrappers != NO_WRAPPERS:
        return None
    shape = tensor_shape(graph.calls, pooling.inputs[0])
    return instead(graph, replace(call, inputs=pooling.inputs, shape=shape), pooling)
