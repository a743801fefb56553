"""Layers and the operations that do the same: one of the two names is kept."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from autograder.graphs.graph import HOLE, NO_WRAPPERS, Call, Graph
from autograder.graphs.identities.identity import (
    Instead,
    Pair,
    bypassed,
    instead,
    local_identity,
)
from autograder.graphs.returned import shape_read, tensor_shape


def _as_it_is(keras: Any) -> Pair:
    ids, layers = keras.Input((6,), dtype="int32"), keras.layers
    embedded = layers.Embedding(9, 4, mask_zero=True)(ids)
    return (
        keras.Model(ids, layers.Flatten()(layers.Reshape((6, 4))(embedded))),
        keras.Model(ids, layers.Flatten()(embedded)),
    )


@local_identity(of="Identity", example=_as_it_is)
def as_it_is(graph: Graph, place: int) -> Instead | None:
    """What only ends a mask is nothing where nobody would have gone by it."""
    call = graph.calls[place]
    return None if call.beside else bypassed(graph, call)


def _rank(graph: Graph, call: Call) -> int:
    """How many axes what a call reads has; 0 where that is not known."""
    return len(shape_read(graph, call) or ())


def _permuted(keras: Any) -> Pair:
    start = keras.Input((5, 3))
    return (
        keras.Model(start, keras.ops.transpose(start, (0, 2, 1))),
        keras.Model(start, keras.layers.Permute((2, 1))(start)),
    )


@local_identity(of="Transpose Swapaxes Moveaxis", example=_permuted, makes="Permute", by_shape=True)
def permutations(graph: Graph, place: int) -> Instead | None:
    """To put the axes of each example in another order is to permute them."""
    call = graph.calls[place]
    rank = _rank(graph, call)
    order = _order_of_axes(call, rank) if rank else None
    if order is None or order[0]:
        return None
    return instead(graph, replace(call, op="Permute", config={"dims": order[1:]}))


def _order_of_axes(call: Call, rank: int) -> list[int] | None:
    """Which axis of what is read each axis is."""
    config, order = call.config, list(range(rank))
    if call.op == "Transpose":
        axes = config.get("axes")
        return [axis % rank for axis in axes] if isinstance(axes, list) else order[::-1]
    if call.op == "Swapaxes":
        one, other = config["axis1"] % rank, config["axis2"] % rank
        order[one], order[other] = order[other], order[one]
        return order
    source, destination = config.get("source"), config.get("destination")
    if not isinstance(source, int) or not isinstance(destination, int):
        return None
    axis = order.pop(source % rank)
    return [*order[: destination % rank], axis, *order[destination % rank :]]


def _zeros_around(keras: Any) -> Pair:
    start = keras.Input((5, 3))
    return (
        keras.Model(start, keras.ops.pad(start, [[0, 0], [1, 2], [0, 0]])),
        keras.Model(start, keras.layers.ZeroPadding1D((1, 2))(start)),
    )


@local_identity(
    of="Pad",
    example=_zeros_around,
    makes="ZeroPadding1D ZeroPadding2D ZeroPadding3D",
    by_shape=True,
)
def zeros_around(graph: Graph, place: int) -> Instead | None:
    """To pad the axes between the first and the last with zeros is what a ZeroPadding does."""
    call = graph.calls[place]
    rank, width = _rank(graph, call), call.config.get("pad_width")
    # The number to pad with is an argument of the operation's call.
    others = {name: value for name, value in call.arguments.items() if name != "constant_values"}
    if call.config.get("mode") != "constant" or call.arguments.get("constant_values") or others:
        return None
    if rank not in (3, 4, 5) or not isinstance(width, list) or len(width) != rank:
        return None
    if any(width[0]) or any(width[-1]):
        return None
    padding = width[1] if rank == 3 else width[1:-1]
    op = f"ZeroPadding{rank - 2}D"
    return instead(graph, replace(call, op=op, config={"padding": padding}, arguments={}))


def _of_length_one(keras: Any) -> Pair:
    start = keras.Input((5,))
    return (
        keras.Model(start, keras.ops.normalize(start)),
        keras.Model(start, keras.layers.UnitNormalization()(start)),
    )


@local_identity(of="Normalize", example=_of_length_one, makes="UnitNormalization", by_shape=True)
def unit_lengths(graph: Graph, place: int) -> Instead | None:
    """To divide by the length is what a UnitNormalization does."""
    call = graph.calls[place]
    config = dict(call.config)
    order, axis = config.pop("order", 2), config.pop("axis", -1)
    if order != 2 or config.pop("epsilon", 1e-12) != 1e-12 or config or not _rank(graph, call):
        return None
    return instead(graph, replace(call, op="UnitNormalization", config={"axis": axis}))


def _several_times(keras: Any) -> Pair:
    start = keras.Input((4,))
    return (
        keras.Model(start, keras.ops.repeat(start[:, None], 3, axis=1)),
        keras.Model(start, keras.layers.RepeatVector(3)(start)),
    )


@local_identity(
    of="Repeat Tile UpSampling1D",
    example=_several_times,
    makes="RepeatVector UpSampling1D",
    by_shape=True,
)
def repeated_steps(graph: Graph, place: int) -> Instead | None:
    """A vector repeated along a new axis is a RepeatVector; steps repeated, an UpSampling1D."""
    call = graph.calls[place]
    times = _times(call) if _rank(graph, call) == 3 else None
    if times is None:
        return None
    before = graph.calls[call.inputs[0].call]
    shape = tensor_shape(graph.calls, before.inputs[0]) if before.op == "Reshape" else None
    if shape and len(shape) == 2 and before.config.get("target_shape") == [1, shape[1]]:
        new = replace(call, op="RepeatVector", config={"n": times}, inputs=before.inputs)
    elif call.op == "Repeat":
        new = replace(call, op="UpSampling1D", config={"size": times})
    else:
        return None
    return instead(graph, replace(new, arguments=call.beside))


def _times(call: Call) -> int | None:
    """How often a call repeats what it reads, along the second axis and no other."""
    config = call.config
    if call.op == "UpSampling1D":
        return config.get("size")
    if call.op == "Repeat":
        count = config.get("repeats")
        return count if type(count) is int and config.get("axis") == 1 else None
    count = config.get("repeats")
    if not isinstance(count, list) or len(count) != 3 or count[0] != 1 or count[2] != 1:
        return None
    return count[1]


def _transposed_product(keras: Any) -> Pair:
    a, b = keras.Input((5, 4)), keras.Input((6, 4))
    return (
        keras.Model([a, b], keras.ops.matmul(a, keras.ops.transpose(b, (0, 2, 1)))),
        keras.Model([a, b], keras.layers.Dot(axes=2)([a, b])),
    )


@local_identity(of="Matmul Einsum Dot", example=_transposed_product, makes="Dot", by_shape=True)
def products_of_steps(graph: Graph, place: int) -> Instead | None:
    """A product of two sequences of vectors is a Dot, along the axes that it adds up."""
    call = graph.calls[place]
    shapes = [tensor_shape(graph.calls, tensor) for tensor in call.inputs]
    if len(shapes) != 2 or any(shape is None or len(shape) != 3 for shape in shapes):
        return None
    if call.wrappers != NO_WRAPPERS:
        return None
    found = _summed(call)
    if found is None:
        return None
    inputs, axes = list(call.inputs), list(found)
    for number in range(2):
        source = graph.calls[inputs[number].call]
        is_turned = source.op == "Permute" and source.config.get("dims") == [2, 1]
        if is_turned and source.wrappers == NO_WRAPPERS and not source.arguments:
            inputs[number], axes[number] = source.inputs[0], 3 - axes[number]
    if call.op == "Dot" and tuple(inputs) == call.inputs:
        return None
    config = {
        "axes": axes[0] if axes[0] == axes[1] else axes,
        "normalize": bool(call.config.get("normalize")),
    }
    new = replace(call, op="Dot", config=config, inputs=tuple(inputs), arguments=call.beside)
    return instead(graph, new)


def _summed(call: Call) -> tuple[int, int] | None:
    """The axes of its two tensors along which a call multiplies and adds up."""
    if call.op == "Matmul":
        return (2, 1) if call.arguments.get("args", [HOLE, HOLE]) == [HOLE, HOLE] else None
    if call.op == "Dot":
        axes = call.config.get("axes")
        pair = axes if isinstance(axes, list) else [axes, axes]
        return (pair[0], pair[1]) if 0 not in pair else None
    given, _, made = str(call.config.get("subscripts", "")).replace(" ", "").partition("->")
    first, _, second = given.partition(",")
    if not (len(first) == len(second) == len(made) == 3 and first[0] == second[0] == made[0]):
        return None
    shared = set(first[1:]) & set(second[1:])
    if len(shared) != 1 or len(set(first + second)) != 4:
        return None
    (letter,) = shared
    if made[1:] != first[1:].replace(letter, "") + second[1:].replace(letter, ""):
        return None
    return first.index(letter), second.index(letter)


def _sum_of_products(keras: Any) -> Pair:
    a, b = keras.Input((4,)), keras.Input((4,))
    return (
        keras.Model([a, b], keras.ops.sum(a * b, axis=-1, keepdims=True)),
        keras.Model([a, b], keras.layers.Dot(axes=1)([a, b])),
    )


@local_identity(of="Flatten", example=_sum_of_products, makes="Dot", by_shape=True)
def sums_of_products(graph: Graph, place: int) -> Instead | None:
    """The products of two vectors, added up, are their Dot."""
    call = graph.calls[place]
    total = graph.calls[call.inputs[0].call]
    if total.op != "Sum":
        return None
    product = graph.calls[total.inputs[0].call]
    if any(each.wrappers != NO_WRAPPERS or each.arguments for each in (call, total, product)):
        return None
    shape = tensor_shape(graph.calls, total.inputs[0])
    if product.op != "Multiply" or len(product.inputs) != 2 or not shape:
        return None
    shapes = {tensor_shape(graph.calls, tensor) for tensor in product.inputs}
    if len(shape) != 2 or shapes != {shape} or total.config.get("axis") not in (1, -1, [1], [-1]):
        return None
    config = {"axes": 1, "normalize": False}
    dot = replace(call, op="Dot", config=config, inputs=product.inputs, shape=(shape[0], 1))
    return instead(graph, dot)
