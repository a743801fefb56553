"""Mistakes in the axis that a layer works along."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from autograder.graphs import Call, Graph
from autograder.judging.edits import Edit
from autograder.judging.hints import Hints
from autograder.judging.misconceptions.catalogue import misconception
from autograder.judging.misconceptions.one_setting import setting_edit, with_other_values
from autograder.judging.misconceptions.sketch import Sketch


def _joined(axis: int) -> Graph:
    sketch = Sketch()
    start = sketch.input(8, 8, 3)
    ends = [sketch.activation(name, start) for name in ("relu", "tanh")]
    return sketch.graph(sketch.step("Concatenate", *ends, axis=axis))


@misconception("wrong-axis", example=lambda: (_joined(3), _joined(1)))
def wrong_axis(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """Tensors joined, or normalised, along another axis."""
    for other in with_other_values(graph, hints, ("axis", "axes")):
        yield setting_edit(
            graph,
            other.graph,
            other.places,
            expected=_axis(other.call, other.meant),
            found=_axis(other.call, other.value),
            message=_about_axes(other.call),
            next_step="Which axis should grow? Look at the shape that the question gives.",
        )


def _axis(call: Call, axis: Any) -> str:
    """An axis as it is written most: the last one as −1."""
    is_last = call.shape is not None and axis in (-1, len(call.shape) - 1)
    return f"axis −1 ({len(call.shape or ()) - 1})" if is_last else f"axis {axis}"


def _about_axes(call: Call) -> str:
    kinds = {
        2: "Axis 0 is the batch: it holds one example behind the other. The last axis holds what "
        "is known of each.",
        3: "Axis 0 is the batch, axis 1 counts the steps of a sequence, and the last axis holds "
        "what is known of each step.",
    }
    return kinds.get(
        len(call.shape or ()),
        "Axis 0 is the batch; with Keras' channels-last pictures the last axis holds the channels. "
        "Older code counts channels as axis 1: today that stacks heights.",
    )
