"""Mistakes in the axis that a layer works along."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, product
from typing import Any

from autograder.graphs import Call, Graph, Tensor
from autograder.graphs.graph import Shape
from autograder.graphs.identities.reshaping import gives_a_shape
from autograder.graphs.identities.rules import in_one_spelling
from autograder.graphs.layers.facts import facts
from autograder.graphs.layers.spellings import REDUCTIONS
from autograder.graphs.returned import tensor_shape
from autograder.graphs.surgery import with_config, with_insert, with_layer, without_calls
from autograder.judging.edits import Edit
from autograder.judging.hints import Hints
from autograder.judging.misconceptions.catalogue import misconception
from autograder.judging.misconceptions.one_setting import (
    OtherValue,
    groups_of_layers,
    groups_with,
    setting_edit,
    with_other_values,
)
from autograder.judging.misconceptions.sketch import Sketch


def _joined(axis: int) -> Graph:
    sketch = Sketch()
    start = sketch.input(8, 8, 3)
    ends = [sketch.activation(name, start) for name in ("relu", "tanh")]
    return sketch.graph(sketch.step("Concatenate", *ends, axis=axis))


@misconception("wrong-axis", example=lambda: (_joined(3), _joined(1)))
def wrong_axis(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """Tensors joined, summed or normalised along another axis."""
    others = with_other_values(graph, hints, ("axis", "axes"))
    for other in chain(others, _as_another_reduction(graph, hints)):
        for changed in _with_axis_kept(graph, other):
            yield _along_another(graph, changed, other)
        if other.call.op == "Dot":
            turned = _from_the_other_side(other.graph, other.places)
            yield _along_another(graph, turned, other, _TURNED)
    yield from _over_the_batch(graph, hints)
    yield from _pooled_over_the_batch(graph, hints)


def _as_another_reduction(graph: Graph, hints: Hints) -> Iterator[OtherValue]:
    """Other axes of a sum or the like, where those of one of the two are a pooling by its name."""
    for places, call in groups_of_layers(graph, hints):
        rank = len(tensor_shape(graph.calls, call.inputs[0]) or ()) if call.inputs else 0
        meant = axes_reduced(call, rank)
        if meant is None:
            continue
        for other in hints.replacements(call):
            axes = axes_reduced(other, rank)
            if axes is not None and _reduction(other) == _reduction(call) and axes != meant:
                said = replace(call, config={**call.config, "axis": meant})
                yield OtherValue(with_layer(graph, places, other), places, said, "axis", axes)


def _reduction(call: Call) -> str:
    return next((op for op, pool in REDUCTIONS.items() if call.op.startswith(pool)), call.op)


def axes_reduced(call: Call, rank: int) -> Any:
    """Which axes of examples a call takes away; None where it takes none, or the batch, too."""
    is_pooling = _reduction(call) != call.op
    if rank < 2 or not (is_pooling or "keepdims" in call.keras_config):
        return None
    axes = list(range(1, rank - 1)) if is_pooling else call.keras_config.get("axis")
    if not axes or _holds_the_batch(axes):
        return None
    return axes[0] if isinstance(axes, list) and len(axes) == 1 else axes


def _from_the_other_side(graph: Graph, places: list[int]) -> Graph:
    """The graph in which some calls read their tensors in the other order."""
    for place in places:
        graph = graph.with_call(place, inputs=graph.calls[place].inputs[::-1])
    return graph


_TURNED = ", its two tensors in each other's place"


def _along_another(graph: Graph, changed: Graph, other: OtherValue, turned: str = "") -> Edit:
    """Some calls along another axis, as an edit.

    Args:
        graph: the graph before.
        changed: the graph with the mistake in it.
        other: which calls, and which axis.
        turned: what else is otherwise there, behind the axes.
    """
    shape = _worked_on(graph, other.places[0])
    if other.call.op == "Dot":
        return setting_edit(
            graph,
            changed,
            other.places,
            expected=_axes_of_both(other.meant),
            found=_axes_of_both(other.value) + turned,
            message="The first is an axis of its first tensor, the second one of its second. To "
            "multiply by a transposed matrix is to multiply along its other axis.",
            next_step="Is one of the two tensors transposed that should not be, or the other way "
            "round?",
            verb="multiplies along",
        )
    joins = len(other.call.inputs) > 1
    return setting_edit(
        graph,
        changed,
        other.places,
        expected=_axis(shape, other.meant),
        found=_axis(shape, other.value),
        message=_about_axes(len(shape), joins),
        next_step=_WHICH_GROWS if joins else _WHICH_WORKS,
    )


def _axes_of_both(axes: Any) -> str:
    one, other = axes if isinstance(axes, list) else (axes, axes)
    return f"axes {one} and {other}"


def _over_the_batch(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """A sum or the like over the batch, too, by its axis or because it was given none.

    What is kept of the batch stays in the operation, where axes of examples become a new shape.
    """
    for places, call in groups_with(graph, hints, "axis", lambda call: "keepdims" in call.config):
        shape = _worked_on(graph, places[0])
        keeping = [call.config["keepdims"], *hints.values(call, "keepdims")]
        for value, keepdims in product(hints.values(call, "axis"), keeping):
            if not _holds_the_batch(value):
                continue
            config = {**call.config, "axis": value, "keepdims": keepdims}
            config = {key: value for key, value in config.items() if value is not None}
            changed = with_layer(graph, places, replace(call, config=config))
            yield setting_edit(
                graph,
                _without_kept_axes(changed, places, call.config["axis"]),
                places,
                expected=_axis(shape, call.config["axis"]),
                found=_axis(shape, value) if value is not None else "no axis",
                message=_OVER_THE_BATCH,
                next_step=_WHICH_WORKS,
            )


_OVER_THE_BATCH = (
    "So it goes over the examples of a batch: what comes out for one depends on the others."
)


def _holds_the_batch(axes: Any) -> bool:
    return axes is None or 0 in (axes if isinstance(axes, list) else [axes])


def _pooled_over_the_batch(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """The same where the operation over the axes that are meant is a pooling by its name."""
    for places, call in groups_of_layers(graph, hints):
        reduction = next((op for op, pool in REDUCTIONS.items() if call.op.startswith(pool)), None)
        for other in hints.replacements(call) if reduction else []:
            value = other.config.get("axis")
            if other.op != reduction or not _holds_the_batch(value):
                continue
            shape = _worked_on(graph, places[0])
            axes = list(range(1, len(shape) - 1))
            changed = with_layer(graph, places, other)
            yield setting_edit(
                graph,
                _without_kept_axes(changed, places, axes),
                places,
                expected=_axis(shape, axes if len(axes) > 1 else axes[0]),
                found=_axis(shape, value) if value is not None else "no axis",
                message=_OVER_THE_BATCH,
                next_step=_WHICH_WORKS,
            )


def _without_kept_axes(graph: Graph, places: list[int], axes: Any) -> Graph:
    """The graph without the new shapes behind calls that keep axes as ones."""
    changed = graph
    for place in places:
        read = tensor_shape(graph.calls, graph.calls[place].inputs[0]) or ()
        kept = with_ones(read, axes)
        for reader, _ in graph.readers[place]:
            behind = graph.calls[reader]
            if gives_a_shape(behind) and list((behind.shape or ())[1:]) == kept:
                changed = without_calls(changed, [reader])
    return changed


_WHICH_GROWS = "Which axis should grow? Look at the shape that the question gives."
_WHICH_WORKS = "Which axis is meant? Write down the shape that comes in, and the one that goes out."


def _worked_on(graph: Graph, place: int) -> Shape:
    """The shape with the axis in it that a call works along: it may go, or be made."""
    call = graph.calls[place]
    read = tensor_shape(graph.calls, call.inputs[0]) if call.inputs else None
    return max(read or (), call.shape or (), key=len)


def _with_axis_kept(graph: Graph, other: OtherValue) -> Iterator[Graph]:
    """The graph with another axis, and with that one kept, where the one meant is kept as a 1."""
    yield other.graph
    changed, keeping = other.graph, []
    for place in other.places:
        read = tensor_shape(graph.calls, graph.calls[place].inputs[0]) or ()
        for reader in _behind(graph, place):
            target = graph.calls[reader].keras_config.get("target_shape")
            if target is not None and list(target) == with_ones(read, other.meant):
                kept = with_ones(read, other.value)
                changed = with_config(changed, [reader], target_shape=kept)
                keeping.append((place, reader))
    if keeping:
        yield changed
        yield from _with_it_elsewhere(changed, keeping)
        yield _as_kept(graph, other, keeping)


def _as_kept(graph: Graph, other: OtherValue, keeping: list[tuple[int, int]]) -> Graph:
    """The graph with another axis kept as one types it: identities say where it is made again."""
    changed = without_calls(other.graph, [reader for _, reader in keeping])
    calls = list(changed.calls)
    for place in other.places:
        read = tensor_shape(graph.calls, graph.calls[place].inputs[0]) or ()
        shape = (None, *with_ones(read, other.value))
        config = {**calls[place].config, "keepdims": True}
        calls[place] = replace(calls[place], config=config, shape=shape)
        for behind in _row_behind(graph, place, {reader for _, reader in keeping}):
            calls[behind] = replace(calls[behind], shape=shape)
    return in_one_spelling(replace(changed, calls=tuple(calls)))


def _row_behind(graph: Graph, place: int, new_shapes: set[int]) -> Iterator[int]:
    """What stands behind a call and has its shape, or the one that some calls give."""
    for reader, _ in graph.readers[place]:
        if reader in new_shapes or _keeps_the_shape(graph, reader):
            yield reader
            yield from _row_behind(graph, reader, new_shapes)


def _keeps_the_shape(graph: Graph, place: int) -> bool:
    call = graph.calls[place]
    return len(call.inputs) == 1 and call.shape == tensor_shape(graph.calls, call.inputs[0])


def _with_it_elsewhere(graph: Graph, keeping: list[tuple[int, int]]) -> Iterator[Graph]:
    """The graph with that axis made at once, or behind what works number by number.

    Where it is made depends on which axis it is, and is nobody's choice.
    """
    at_once = at_last = graph
    for place, reader in keeping:
        at_once = _moved_behind(at_once, reader, place)
        end = reader
        while (behind := _only_reader_by_number(graph, end)) is not None:
            end = behind
        at_last = _moved_behind(at_last, reader, end)
    yield from (changed for changed in (at_once, at_last) if changed is not graph)


def _only_reader_by_number(graph: Graph, place: int) -> int | None:
    readers = [reader for reader, _ in graph.readers[place]]
    if len(readers) != 1 or place in graph.returned:
        return None
    call = graph.calls[readers[0]]
    return readers[0] if len(call.inputs) == 1 and facts(call.op).same_shape else None


def _moved_behind(graph: Graph, place: int, end: int) -> Graph:
    """The graph with one call taken out, and put in behind another one."""
    call = graph.calls[place]
    if end == place or call.inputs[0].call == end:
        return graph
    return with_insert(without_calls(graph, [place]), Tensor(end), [call])


def _behind(graph: Graph, place: int) -> Iterator[int]:
    """Who reads a call, and who reads what these make where they keep its shape."""
    for reader, _ in graph.readers[place]:
        yield reader
        if _keeps_the_shape(graph, reader):
            yield from _behind(graph, reader)


def with_ones(shape: Shape, axes: Any) -> list[int | None]:
    """A shape without the batch, with a 1 for each axis that something was summed over."""
    ones = {axis % len(shape) for axis in (axes if isinstance(axes, list) else [axes]) if shape}
    return [1 if axis in ones else size for axis, size in enumerate(shape)][1:]


def _axis(shape: Shape, axis: Any) -> str:
    """An axis as it is written most: the last one as −1."""
    is_last = bool(shape) and axis in (-1, len(shape) - 1)
    return f"axis −1 ({len(shape) - 1})" if is_last else f"axis {axis}"


def _about_axes(rank: int, joins: bool) -> str:
    kinds = {
        2: "Axis 0 is the batch: it holds one example behind the other. The last axis holds what "
        "is known of each.",
        3: "Axis 0 is the batch, axis 1 counts the steps of a sequence, and the last axis holds "
        "what is known of each step.",
    }
    of_pictures = (
        "Axis 0 is the batch; with Keras' channels-last pictures the last axis holds the channels."
    )
    older = " Older code counts channels as axis 1: today that stacks heights."
    return kinds.get(rank, of_pictures + (older if joins else ""))
