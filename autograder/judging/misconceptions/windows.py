"""Mistakes in the window of a convolution or of pooling: its size, its steps, its edges."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from autograder.graphs import Call, Graph
from autograder.graphs.describe import describe, sizes_text
from autograder.graphs.layers.facts import facts
from autograder.graphs.surgery import with_config, with_layer
from autograder.judging.edits import Edit, changed_together
from autograder.judging.hints import Hints
from autograder.judging.misconceptions.catalogue import misconception
from autograder.judging.misconceptions.one_setting import one_layer, setting_edit, with_other_values
from autograder.judging.misconceptions.sketch import Sketch


def _conv(**changes: Any) -> Graph:
    config = {"filters": 4, "kernel_size": [3, 3], "strides": [1, 1], "padding": "same"}
    return one_layer("Conv2D", 8, 8, 3, **{**config, **changes})


@misconception("wrong-kernel-size", example=lambda: (_conv(), _conv(kernel_size=[5, 5])))
def wrong_kernel_size(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """A convolution that looks at a window of another size."""
    for other in with_other_values(graph, hints, ("kernel_size",)):
        for padded in _paddings(other.graph, hints, other.places, other.call):
            yield setting_edit(
                graph,
                padded,
                other.places,
                expected=f"a kernel of {sizes_text(other.meant)}",
                found=f"a kernel of {sizes_text(other.value)}",
                message="The kernel's size says how much of its surroundings each place sees, and "
                "is a factor in the number of weights.",
                next_step="Check the kernel size of this layer.",
            )
    yield from _of_one_step(graph, hints)


def _of_one_step(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """A kernel over several steps in the place of one of 1, or the other way round: a kernel of 1
    is a Dense at each step, and stands in graphs as that.
    """

    def alike(place: int) -> list[str]:
        return [graph.calls[place].label] if graph.calls[place].op in _STEPWISE else []

    for places in changed_together(graph, hints.is_site, alike):
        call = graph.calls[places[0]]
        for other in hints.replacements(call):
            if {call.op, other.op} == set(_STEPWISE) and _features(call) == _features(other):
                yield setting_edit(
                    graph,
                    with_layer(graph, places, other),
                    places,
                    expected=_kernel(call),
                    found=_kernel(other),
                    message="A Dense, or a kernel of 1, looks at each step by itself; a larger one "
                    "sees the steps around it, too.",
                    next_step="Check the class of this layer, and its kernel size.",
                )


_STEPWISE = ("Conv1D", "Dense")


def _features(call: Call) -> Any:
    return call.config.get("filters", call.config.get("units"))


def _kernel(call: Call) -> str:
    if call.op == "Dense":
        return "no kernel wider than 1"
    return f"a kernel of {sizes_text(call.config['kernel_size'])}"


def _paddings(graph: Graph, hints: Hints, places: list[int], meant: Call) -> Iterator[Graph]:
    """The graph with each padding that the calls may have by right.

    A window of one place needs none, nor do windows that do not overlap, where they fit; others
    have to have some.
    """
    yield graph
    if _needs_no_padding(meant) or _needs_no_padding(graph.calls[places[0]]):
        for padding in hints.values(meant, "padding"):
            yield with_config(graph, places, padding=padding)


def _needs_no_padding(call: Call) -> bool:
    kernel = call.config.get("kernel_size")
    strides = call.config.get("strides")
    if kernel is None or set(kernel) == {1}:
        return kernel is not None
    return strides is not None and all(k <= s for k, s in zip(kernel, strides, strict=True))


def _pool(op: str = "MaxPooling2D", **changes: Any) -> Graph:
    config = {"pool_size": [2, 2], "strides": [2, 2], "padding": "valid"}
    sketch = Sketch()
    return sketch.graph(sketch.step(op, sketch.input(8, 8, 3), **{**config, **changes}))


def _is_of_sequences(call: Call) -> bool:
    return call.op.endswith(("1D", "1DTranspose"))


def _sides(call: Call) -> str:
    return "the sequence" if _is_of_sequences(call) else "each side of the picture"


def _size(call: Call) -> str:
    return "the length of the sequence" if _is_of_sequences(call) else "height and width"


def _thing(call: Call) -> str:
    return "sequence" if _is_of_sequences(call) else "picture"


@misconception("wrong-strides", example=lambda: (_conv(), _conv(strides=[2, 2])))
def wrong_strides(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """A convolution that moves its window by other steps."""
    for other in with_other_values(
        graph, hints, ("strides",), lambda call: not facts(call.op).pools
    ):
        for padded in _paddings(other.graph, hints, other.places, other.call):
            yield setting_edit(
                graph,
                padded,
                other.places,
                expected=f"strides of {sizes_text(other.meant)}",
                found=f"strides of {sizes_text(other.value)}",
                message=f"With a stride of 2 {_sides(other.call)} is halved; with 1 it stays. All "
                "shapes behind this layer follow from that.",
                next_step="Check the strides of this layer against the shapes in the question.",
            )


_CAUSAL = (
    'With "causal" padding each step sees itself and what came before it. With "same" it sees '
    'later steps, too; with "valid" the edges are lost.'
)


@misconception("wrong-padding", example=lambda: (_conv(), _conv(padding="valid")))
def wrong_padding(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """ "valid" for "same" padding, or the other way round."""
    for other in with_other_values(graph, hints, ("padding",)):
        yield setting_edit(
            graph,
            other.graph,
            other.places,
            expected=f'padding "{sizes_text(other.meant)}"',
            found=f'padding "{sizes_text(other.value)}"',
            message=_CAUSAL
            if "causal" in (other.meant, other.value)
            else f'With "same" padding a stride of 1 keeps {_size(other.call)}; with '
            '"valid" the window stays inside, and the edges are lost.',
            next_step="Check the padding of this layer. Which one is Keras' default?",
        )


@misconception("wrong-pooling", example=lambda: (_pool(), _pool(pool_size=[3, 3], strides=[3, 3])))
def wrong_pooling(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """Pooling of another kind, size or step."""

    def alike(place: int) -> list[str]:
        return [graph.calls[place].label] if facts(graph.calls[place].op).pools else []

    for places in changed_together(graph, hints.is_site, alike):
        call = graph.calls[places[0]]
        others = [other for other in hints.replacements(call) if facts(other.op).pools]
        for size in [call.config.get("pool_size"), *hints.values(call, "pool_size")]:
            for strides in [call.config.get("strides"), *hints.values(call, "strides")]:
                new = {"pool_size": size, "strides": strides}
                new = {key: value for key, value in new.items() if value is not None}
                if {**call.config, **new} != call.config:
                    others.append(replace(call, config={**call.config, **new}))
        for other in others:
            yield setting_edit(
                graph,
                with_layer(graph, places, other),
                places,
                expected=describe(call),
                found=describe(other),
                message="Pooling says which values of a window survive: the largest or the mean, "
                f"of a small window or of the whole {_thing(call)}, and how far the window moves.",
                next_step="Compare kind, pool size and strides of this layer with the question.",
                verb="is",
            )
