"""New shapes: the same numbers in the same order."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from autograder.graphs.graph import NO_WRAPPERS, Call, Graph, Tensor
from autograder.graphs.identities.identity import Instead, Pair, bypassed, instead, local_identity
from autograder.graphs.returned import shape_read


def gives_a_shape(call: Call) -> bool:
    """Whether a call only gives each example another shape."""
    if call.op not in {"Flatten", "Reshape"}:
        return False
    return call.wrappers == NO_WRAPPERS and "newshape" not in call.config


def reshaped(call: Call, target: list[int | None]) -> Call:
    """A call that gives each example this shape, in the place of another."""
    flat = len(target) == 1
    return replace(
        call,
        op="Flatten" if flat else "Reshape",
        config={} if flat else {"target_shape": target},
        arguments=call.beside,
        wrappers=NO_WRAPPERS,
        weights=None,
        built_on=(),
        shape=(call.shape[0] if call.shape else None, *target),
        more_shapes={},
    )


def _two_shapes(keras: Any) -> Pair:
    start, reshape = keras.Input((6, 4)), keras.layers.Reshape
    return (
        keras.Model(start, reshape((2, 12))(reshape((3, 8))(start))),
        keras.Model(start, reshape((2, 12))(start)),
    )


@local_identity(of="Flatten Reshape", example=_two_shapes)
def last_shapes(graph: Graph, place: int) -> Instead | None:
    """Of two new shapes, one given after the other, the last one counts."""
    call = graph.calls[place]
    before = graph.calls[call.inputs[0].call]
    if not (gives_a_shape(call) and gives_a_shape(before)):
        return None
    # A mask that ended at the first ends at the one that is left.
    new = replace(call, arguments={**before.beside, **call.beside})
    return instead(graph, new.moved(before.inputs, call.weights))


def _there_and_back(keras: Any) -> Pair:
    start, reshape, dense = keras.Input((6, 4)), keras.layers.Reshape, keras.layers.Dense(3)
    return (
        keras.Model(start, dense(reshape((6, 4))(reshape((24,))(start)))),
        keras.Model(start, dense(start)),
    )


@local_identity(of="Flatten Reshape", example=_there_and_back, by_shape=True)
def same_shapes(graph: Graph, place: int) -> Instead | None:
    """To give a tensor the shape that it has changes nothing."""
    call = graph.calls[place]
    shape = shape_read(graph, call)
    if not shape or not gives_a_shape(call) or None in shape[1:]:
        return None
    target = call.config.get("target_shape")
    same = len(shape) == 2 if call.op == "Flatten" else list(shape[1:]) == target
    return bypassed(graph, call) if same else None


def _once(keras: Any) -> Pair:
    start = keras.Input((4,))
    return (
        keras.Model(start, keras.layers.RepeatVector(1)(start)),
        keras.Model(start, keras.layers.Reshape((1, 4))(start)),
    )


@local_identity(of="RepeatVector", example=_once, makes="Reshape", by_shape=True)
def repeated_once(graph: Graph, place: int) -> Instead | None:
    """To repeat a vector once is to give it one more axis."""
    call = graph.calls[place]
    shape = shape_read(graph, call)
    if not shape or call.config.get("n") != 1 or len(shape) != 2 or None in shape[1:]:
        return None
    return instead(graph, reshaped(call, [1, shape[1]]))


def _moved_past_ones(keras: Any) -> Pair:
    start = keras.Input((4, 1))
    return (
        keras.Model(start, keras.layers.Permute((2, 1))(start)),
        keras.Model(start, keras.layers.Reshape((1, 4))(start)),
    )


@local_identity(of="Permute", example=_moved_past_ones, makes="Reshape Flatten", by_shape=True)
def axes_of_one_place(graph: Graph, place: int) -> Instead | None:
    """To move axes of one place past others is to give a new shape."""
    call = graph.calls[place]
    shape, dims = shape_read(graph, call), call.config["dims"]
    if not shape or None in shape[1:] or len(dims) != len(shape) - 1:
        return None
    longer = [axis for axis in dims if shape[axis] != 1]
    if longer != sorted(longer):
        return None
    return instead(graph, reshaped(call, [shape[axis] for axis in dims]))


def _stacked(keras: Any) -> Pair:
    a, b, layers = keras.Input((4,)), keras.Input((4,)), keras.layers
    rows = [layers.Reshape((1, 4))(each) for each in (a, b)]
    return (
        keras.Model([a, b], keras.ops.stack([a, b], axis=1)),
        keras.Model([a, b], layers.Concatenate(axis=1)(rows)),
    )


@local_identity(of="Stack", example=_stacked, makes="Reshape Flatten Concatenate", by_shape=True)
def stacks(graph: Graph, place: int) -> Instead | None:
    """To stack tensors is to give each a new axis, and to join them along it."""
    call = graph.calls[place]
    shape, axis = call.shape, call.config.get("axis")
    if not shape or not isinstance(axis, int) or None in shape[1:] or not axis % len(shape):
        return None
    if call.wrappers != NO_WRAPPERS:
        return None
    place = axis % len(shape)
    target = [size if n != place else 1 for n, size in enumerate(shape)][1:]
    end = len(graph.calls)
    rows = [
        replace(reshaped(call, target), inputs=(tensor,), trace="", name="")
        for tensor in call.inputs
    ]
    read = tuple(Tensor(end + n) for n in range(len(rows)))
    joined = replace(call, op="Concatenate", config={"axis": place}, inputs=read)
    return Instead((*rows, joined), (Tensor(end + len(rows)),))


_REDUCES = (
    "Mean Max Amax Min Amin Sum Prod Std Var Any All "
    "GlobalAveragePooling1D GlobalAveragePooling2D GlobalAveragePooling3D "
    "GlobalMaxPooling1D GlobalMaxPooling2D GlobalMaxPooling3D"
)


def _kept(keras: Any) -> Pair:
    start, layers = keras.Input((4, 4, 3)), keras.layers
    return (
        keras.Model(start, layers.GlobalAveragePooling2D(keepdims=True)(start)),
        keras.Model(start, layers.Reshape((1, 1, 3))(layers.GlobalAveragePooling2D()(start))),
    )


@local_identity(of=_REDUCES, example=_kept, makes=f"{_REDUCES} Reshape Flatten", by_shape=True)
def axes_kept(graph: Graph, place: int) -> Instead | None:
    """An axis that is kept, of one place, is as good as one that is added afterwards."""
    call = graph.calls[place]
    shape, read = call.shape, shape_read(graph, call)
    if not call.config.get("keepdims") or not shape or not read:
        return None
    gone = _axes_gone(call, len(read))
    if len(shape) != len(read) or None in shape[1:] or not gone or 0 in gone:
        return None
    left = tuple(size for n, size in enumerate(shape) if n not in gone)
    plain = replace(call, config={**call.config, "keepdims": False}, shape=left)
    return instead(graph, plain, reshaped(call, list(shape[1:])))


def _axes_gone(call: Call, rank: int) -> set[int]:
    if call.op.startswith("Global"):
        return set(range(1, rank - 1))
    axis = call.config.get("axis")
    axes = axis if isinstance(axis, list) else [axis]
    return {a % rank for a in axes if isinstance(a, int)} if None not in axes else set()
