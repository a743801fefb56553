"""Parts of a tensor: whatever takes places along an axis is `x[…]`."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from autograder.graphs.graph import HOLE, Call, Graph, Shape, Tensor
from autograder.graphs.identities.identity import Instead, Pair, instead, local_identity
from autograder.graphs.identities.reshaping import reshaped
from autograder.graphs.layers.shaping import ALL, plain_index, taken_shape
from autograder.graphs.returned import shape_read

_MOST_PARTS = 1000
"""More parts of a tensor are no way to write slices."""


def _slice(start: int | None = None, stop: int | None = None, step: int | None = None) -> Any:
    return {"class_name": "__slice__", "config": {"start": start, "stop": stop, "step": step}}


def _taking(call: Call, shape: Shape, axis: int, entry: Any) -> Call | None:
    """A call that takes something along one axis, in the place of another."""
    index = plain_index([*[ALL] * axis, entry], shape)
    if index is None:
        return None
    return replace(
        call,
        op="GetItem",
        config={},
        arguments={**call.beside, "args": [HOLE, index]},
        shape=(shape[0], *taken_shape(index, shape)),
        more_shapes={},
        trace="",
    )


def _axis_of(call: Call, shape: Shape) -> int | None:
    axis = call.config.get("axis")
    return axis % len(shape) if isinstance(axis, int) and axis % len(shape) else None


def _split(keras: Any) -> Pair:
    start, join = keras.Input((6,)), keras.layers.Concatenate()
    left, right = keras.ops.split(start, 2, axis=-1)
    return (
        keras.Model(start, join([right, left])),
        keras.Model(start, join([start[:, 3:], start[:, :3]])),
    )


@local_identity(of="Split Unstack", example=_split, makes="GetItem", by_shape=True)
def parts(graph: Graph, place: int) -> Instead | None:
    """Each part of a tensor that is split, or unstacked, is a slice or a place of it."""
    call = graph.calls[place]
    shape = shape_read(graph, call)
    axis = None if not shape else _axis_of(call, shape)
    if shape is None or axis is None:
        return None
    size = shape[axis]
    entries = None if size is None else _entries(call, size)
    if not entries:
        return None
    taken = [_taking(call, shape, axis, entry) for entry in entries]
    calls = tuple(each for each in taken if each is not None)
    if len(calls) < len(taken):
        return None
    end = len(graph.calls)
    return Instead(calls, tuple(Tensor(end + number) for number in range(len(calls))))


def _entries(call: Call, size: int) -> Sequence[Any]:
    given = size if call.op == "Unstack" else call.config.get("indices_or_sections")
    if isinstance(given, int) and not 0 < given <= min(size, _MOST_PARTS):
        return []
    if call.op == "Unstack":
        return range(size)
    if isinstance(given, int):
        given = range(0, size + 1, size // given) if size % given == 0 else []
    else:
        given = [0, *given, size] if isinstance(given, list) else []
    return [_slice(*ends) for ends in itertools.pairwise(given)]


def _taken(keras: Any) -> Pair:
    start = keras.Input((5, 4))
    return (
        keras.Model(start, keras.ops.take(start, 2, axis=1)),
        keras.Model(start, start[:, 2]),
    )


@local_identity(of="Take", example=_taken, makes="GetItem", by_shape=True)
def places_taken(graph: Graph, place: int) -> Instead | None:
    """To take one place, or some that follow each other, is a slice."""
    call = graph.calls[place]
    shape, taken = shape_read(graph, call), call.index
    axis = None if not shape else _axis_of(call, shape)
    if shape is None or axis is None:
        return None
    size = shape[axis]
    if isinstance(taken, list) and taken and all(type(place) is int for place in taken):
        in_a_row = taken == list(range(taken[0], taken[0] + len(taken)))
        if not in_a_row or taken[0] < 0 or (size is not None and taken[-1] >= size):
            return None
        taken = _slice(taken[0], taken[-1] + 1)
    elif type(taken) is not int or size is None or not -size <= taken < size:
        return None
    new = _taking(call, shape, axis, taken)
    return None if new is None else instead(graph, new)


def _cropped(keras: Any) -> Pair:
    start = keras.Input((6, 4))
    return (
        keras.Model(start, keras.layers.Cropping1D((1, 2))(start)),
        keras.Model(start, start[:, 1:-2]),
    )


@local_identity(
    of="Cropping1D Cropping2D Cropping3D", example=_cropped, makes="GetItem", by_shape=True
)
def croppings(graph: Graph, place: int) -> Instead | None:
    """What is left of a tensor whose ends are cropped is a slice of it."""
    call = graph.calls[place]
    shape, cropping = shape_read(graph, call), call.config.get("cropping")
    if not shape or not isinstance(cropping, list):
        return None
    if "data_format" in call.config:
        return None
    pairs = [cropping] if call.op == "Cropping1D" else cropping
    index = plain_index([ALL, *(_slice(a or None, -b or None) for a, b in pairs)], shape)
    if index is None:
        return None
    return instead(
        graph,
        replace(call, op="GetItem", config={}, arguments={**call.arguments, "args": [HOLE, index]}),
    )


def _flipped(keras: Any) -> Pair:
    start = keras.Input((5, 3))
    return (
        keras.Model(start, keras.ops.flip(start, axis=1)),
        keras.Model(start, start[:, ::-1]),
    )


@local_identity(of="Flip", example=_flipped, makes="GetItem", by_shape=True)
def flips(graph: Graph, place: int) -> Instead | None:
    """To flip a tensor along an axis is to take its places backwards."""
    call = graph.calls[place]
    shape = shape_read(graph, call)
    axis = None if not shape else _axis_of(call, shape)
    if shape is None or axis is None:
        return None
    new = _taking(call, shape, axis, _slice(step=-1))
    return None if new is None else instead(graph, new)


def _only_place(keras: Any) -> Pair:
    start = keras.Input((1, 4))
    return keras.Model(start, start[:, 0]), keras.Model(start, keras.layers.Flatten()(start))


@local_identity(of="GetItem", example=_only_place, makes="Flatten Reshape", by_shape=True)
def only_places(graph: Graph, place: int) -> Instead | None:
    """The only place along an axis is the tensor without that axis."""
    call = graph.calls[place]
    shape = shape_read(graph, call)
    index = plain_index(call.index, shape) if shape else None
    if index is None or None in index:
        return None
    sizes = dict(enumerate(shape))
    lost = [n for n, entry in enumerate(index) if isinstance(entry, int)]
    rest = [entry for n, entry in enumerate(index) if n not in lost]
    if not lost or any(n == 0 or sizes[n] != 1 for n in lost) or any(e != ALL for e in rest):
        return None
    target = [size for n, size in sizes.items() if n and n not in lost]
    if None in target:
        return None
    return instead(graph, reshaped(call, target))


def _one_long(keras: Any) -> Pair:
    start = keras.Input((5, 4))
    return (
        keras.Model(start, start[:, 2:3]),
        keras.Model(start, keras.layers.Reshape((1, 4))(start[:, 2])),
    )


@local_identity(of="GetItem", example=_one_long, makes="GetItem Reshape", by_shape=True)
def slices_of_one(graph: Graph, place: int) -> Instead | None:
    """A slice of length one is a place, and an axis for it."""
    call = graph.calls[place]
    shape = shape_read(graph, call)
    index = plain_index(call.index, shape) if shape and None not in shape[1:] else None
    if index is None or None in index:
        return None
    entries = [_only_one(*each) for each in zip(index, shape, strict=False)]
    if entries == index:
        return None
    target = [*taken_shape(index, shape)]
    plain = plain_index(entries, shape)
    if plain is None or None in target:
        return None
    left = (shape[0], *taken_shape(plain, shape))
    taken = replace(call, arguments={**call.arguments, "args": [HOLE, plain]}, shape=left)
    return instead(graph, taken, reshaped(call, target))


def _only_one(entry: Any, size: int | None) -> Any:
    """The place that a slice of length one takes; other entries as they are."""
    if size is None or size == 1 or isinstance(entry, int):
        return entry
    places = range(
        *slice(*(entry["config"][key] for key in ("start", "stop", "step"))).indices(size)
    )
    return places[0] if len(places) == 1 else entry
