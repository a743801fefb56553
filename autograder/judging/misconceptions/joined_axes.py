"""Mistakes in the axis that a layer works along."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from autograder.graphs import Graph
from autograder.graphs.graph import Shape
from autograder.graphs.layers.facts import facts
from autograder.graphs.returned import tensor_shape
from autograder.graphs.surgery import with_config
from autograder.judging.edits import Edit
from autograder.judging.hints import Hints
from autograder.judging.misconceptions.catalogue import misconception
from autograder.judging.misconceptions.one_setting import (
    OtherValue,
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
    for other in with_other_values(graph, hints, ("axis", "axes")):
        shape = _worked_on(graph, other.places[0])
        joins = len(other.call.inputs) > 1
        for changed in _with_axis_kept(graph, other):
            yield setting_edit(
                graph,
                changed,
                other.places,
                expected=_axis(shape, other.meant),
                found=_axis(shape, other.value),
                message=_about_axes(len(shape), joins),
                next_step=_WHICH_GROWS if joins else _WHICH_WORKS,
            )


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
    changed, is_kept = other.graph, False
    for place in other.places:
        read = tensor_shape(graph.calls, graph.calls[place].inputs[0]) or ()
        for reader in _behind(graph, place):
            target = graph.calls[reader].config.get("target_shape")
            if target is not None and list(target) == _with_ones(read, other.meant):
                kept = _with_ones(read, other.value)
                changed, is_kept = with_config(changed, [reader], target_shape=kept), True
    if is_kept:
        yield changed


def _behind(graph: Graph, place: int) -> Iterator[int]:
    """Who reads a call, and who reads what these make where they work number by number."""
    for reader, _ in graph.readers[place]:
        yield reader
        call = graph.calls[reader]
        if len(call.inputs) == 1 and facts(call.op).same_shape:
            yield from _behind(graph, reader)


def _with_ones(shape: Shape, axes: Any) -> list[int | None]:
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
