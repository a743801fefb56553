"""An axis that a sum or the like takes away, where it is meant to stay as one place; or kept."""

from __future__ import annotations

from collections.abc import Iterator

from autograder.graphs import Call, Graph, Tensor
from autograder.graphs.describe import shape_text
from autograder.graphs.graph import Shape
from autograder.graphs.identities.reshaping import gives_a_shape
from autograder.graphs.returned import tensor_shape
from autograder.graphs.surgery import with_insert, without_calls
from autograder.judging.edits import Edit
from autograder.judging.hints import Hints
from autograder.judging.misconceptions.joined_axes import axes_reduced, with_ones


def kept_otherwise(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """`keepdims` forgotten, or given where it is not meant.

    In a graph an axis that is kept is a new shape, which stands behind what works along the last
    axis alone.
    """
    for place in range(len(graph.calls)):
        ones = _ones(graph, place)
        if ones is not None:
            yield from _taken_away(graph, hints, place, ones)
            yield from _kept(graph, hints, place, ones)


def _taken_away(graph: Graph, hints: Hints, place: int, ones: Shape) -> Iterator[Edit]:
    for end in _row_behind(graph, place):
        for reader, _ in graph.readers[end]:
            if _gives(graph.calls[reader], ones) and hints.is_site(graph, reader):
                yield _told(graph, without_calls(graph, [reader]), place, ones, is_kept=False)


def _kept(graph: Graph, hints: Hints, place: int, ones: Shape) -> Iterator[Edit]:
    for new in (addition[0] for addition in hints.additions() if len(addition) == 1):
        for end in _row_behind(graph, place) if _gives(new, ones) else ():
            last = (graph.calls[end].shape or (None,))[-1]
            if last == new.config["target_shape"][-1]:
                changed = with_insert(graph, Tensor(end), [new])
                yield _told(graph, changed, place, ones, is_kept=True)


def _told(graph: Graph, changed: Graph, place: int, ones: Shape, *, is_kept: bool) -> Edit:
    call = graph.calls[place]
    kept, gone = shape_text(ones), shape_text(call.shape)
    return Edit(
        changed,
        "{layer} "
        + (
            "keeps the axis that it goes along, with a length of 1; it is meant to go."
            if is_kept
            else "takes the axis away that it goes along; it is meant to stay, with a length of 1."
        )
        + " Shapes are matched from the last axis on, so with an axis more or less other numbers "
        "may meet.",
        {"layer": call.trace},
        ("layer",),
        expected=f"shape {gone if is_kept else kept}",
        found=f"shape {kept if is_kept else gone}",
        next_step="keepdims=True keeps such an axis, and without it the axis goes. Reshape or "
        "keras.ops.expand_dims puts one in.",
        origin=(call.trace,),
    )


def _ones(graph: Graph, place: int) -> Shape | None:
    """What a call would make if it kept its axes; None where it takes none away."""
    call = graph.calls[place]
    read = tensor_shape(graph.calls, call.inputs[0]) if len(call.inputs) == 1 else None
    axes = axes_reduced(call, len(read or ()))
    return (None, *with_ones(read, axes)) if read and axes is not None else None


def _gives(call: Call, ones: Shape) -> bool:
    """Whether a call gives this shape, but for how long the last axis is."""
    target = call.keras_config.get("target_shape")
    return bool(target) and gives_a_shape(call) and list(target[:-1]) == list(ones[1:-1])


def _row_behind(graph: Graph, place: int) -> Iterator[int]:
    """A call, and the row of calls behind it that make as many axes."""
    shape = graph.calls[place].shape or ()
    for _ in range(_LONGEST):
        yield place
        readers = graph.readers[place]
        if len(readers) != 1 or place in graph.returned:
            return
        place = readers[0][0]
        call = graph.calls[place]
        if len(call.inputs) != 1 or len(call.shape or ()) != len(shape):
            return


_LONGEST = 8
