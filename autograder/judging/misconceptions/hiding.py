"""Masks that are not given, and masks that get lost on the way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from autograder.graphs import Graph, Tensor
from autograder.graphs.holes import holes
from autograder.graphs.masks import LOST
from autograder.graphs.surgery import with_arguments, with_insert, without_calls
from autograder.judging.edits import Edit, changed_together, slip
from autograder.judging.hints import Hints
from autograder.judging.misconceptions.catalogue import misconception
from autograder.judging.misconceptions.sketch import Sketch

_MASK = "mask"


def _read(masked: bool) -> Graph:
    sketch = Sketch()
    words, mask = sketch.input(6, 4), sketch.input(6)
    inputs, arguments = ((words, mask), {_MASK: "#"}) if masked else ((words,), {})
    return sketch.graph(sketch.layer("LSTM", *inputs, units=3, arguments=arguments))


@misconception("missing-mask", example=lambda: (_read(True), _read(False)))
def missing_mask(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """A layer called without the mask that it was to be given."""
    for places in changed_together(graph, hints.is_site, lambda place: _given(graph, place)):
        calls = list(graph.calls)
        for place in places:
            call = calls[place]
            count = holes(call.arguments[_MASK])
            calls[place] = replace(
                call, inputs=call.inputs[:-count], arguments=_without(call.arguments)
            )
        yield slip(
            graph,
            replace(graph, calls=tuple(calls)),
            places,
            "is called without a mask, where the exercise gives it one: it reads the padding like "
            "everything else.",
            expected="a mask",
            found="no mask",
            next_step=_HAND_OVER,
        )
    yield from _part_without_mask(graph, hints)


_HAND_OVER = "Hand the mask over in the call: layer(x, mask=…)."


def _part_without_mask(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """A model inside the model that is called without the mask that it was to be given."""
    for place, call in enumerate(graph.calls):
        readers = graph.readers[place]
        if call.op != "Masked" or not readers:
            continue
        if hints.is_site(graph, place) or any(hints.is_site(graph, n) for n, _ in readers):
            yield Edit(
                without_calls(graph, [place]),
                "The part that begins with {layer} is called without a mask, where the exercise "
                "gives it one: it reads the padding like everything else.",
                {"layer": graph.calls[readers[0][0]].trace},
                ("layer",),
                expected="a mask",
                found="no mask",
                next_step=_HAND_OVER,
                origin=(call.trace,),
            )


def _given(graph: Graph, place: int) -> list[str]:
    """A likeness of calls that are given a mask by hand."""
    return [_MASK] if holes(graph.calls[place].arguments.get(_MASK)) else []


def _joined(lost: bool) -> Graph:
    sketch = Sketch()
    ids = sketch.input(6)
    words = sketch.layer("Embedding", ids, input_dim=9, output_dim=4, mask_zero=True)
    other = sketch.layer("Embedding", ids, input_dim=9, output_dim=4, mask_zero=True)
    both = sketch.step("Add", words, other, arguments=LOST if lost else {})
    return sketch.graph(sketch.layer("LSTM", both, units=3))


@misconception("mask-lost", example=lambda: (_joined(False), _joined(True)))
def mask_lost(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """What hands no mask on, on the way of one: operators, `keras.ops`, some layers."""
    yield from _ended_for_nothing(graph, hints)

    def alike(place: int) -> list[str]:
        call = graph.calls[place]
        return [call.op] if any(LOST.items() <= it.items() for it in hints.arguments(call)) else []

    for places in changed_together(graph, hints.is_site, alike):
        yield slip(
            graph,
            with_arguments(graph, places, {**graph.calls[places[0]].arguments, **LOST}),
            places,
            f"{_HANDS_NONE_ON}.",
            expected="the mask goes on",
            found="the mask is lost",
            next_step=_WHAT_HANDS_ON,
        )


_HANDS_NONE_ON = (
    "hands no mask on, as no operator and no function of keras.ops does: what comes behind reads "
    "the padding like words"
)
_WHAT_HANDS_ON = (
    "Use a layer that does the same and hands masks on, such as layers.Add()([a, b]) for a + b."
)


def _ended_for_nothing(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """A call that changes no number, and loses the mask."""
    for addition in hints.additions():
        if addition[0].op != "Identity" or not LOST.items() <= addition[0].arguments.items():
            continue
        for place in range(len(graph.calls)):
            if not hints.is_site(graph, place) and not any(
                hints.is_site(graph, reader) for reader, _ in graph.readers[place]
            ):
                continue
            trace = f"new {len(graph.calls)}"
            yield Edit(
                with_insert(graph, Tensor(place), [replace(addition[0], trace=trace)]),
                f"{{layer}} changes no number, but {_HANDS_NONE_ON}.",
                {"layer": trace},
                ("layer",),
                expected="the mask goes on",
                found="the mask is lost",
                next_step="Leave it away.",
                origin=(graph.calls[place].trace,),
            )


@misconception("mask-not-lost", example=lambda: (_joined(True), _joined(False)))
def mask_not_lost(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """A layer that hands a mask on where an operation was meant that does not."""

    def alike(place: int) -> list[str]:
        call = graph.calls[place]
        return [call.op] if LOST.items() <= call.arguments.items() else []

    for places in changed_together(graph, hints.is_site, alike):
        yield slip(
            graph,
            with_arguments(graph, places, _without(graph.calls[places[0]].arguments)),
            places,
            "hands the mask on, where the exercise has something that does not: what comes "
            "behind passes over the padding.",
            expected="the mask ends there",
            found="the mask goes on",
            next_step="Use the operator or the function of keras.ops that does the same.",
        )


def _without(arguments: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in arguments.items() if key != _MASK}
