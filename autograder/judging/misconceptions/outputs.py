"""Mistakes about which tensors the model returns; tried when nothing more specific fits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from autograder.graphs import Graph, Tensor
from autograder.graphs.describe import counted, tensors_told_apart
from autograder.judging.edits import Edit
from autograder.judging.hints import Hints
from autograder.judging.misconceptions.catalogue import misconception
from autograder.judging.misconceptions.sketch import Sketch


def _other_output_example() -> tuple[Graph, Graph]:
    def stack(last: bool) -> Graph:
        sketch = Sketch()
        hidden = sketch.activation("relu", sketch.layer("Dense", sketch.input(8), units=4))
        deeper = sketch.activation("relu", sketch.layer("Dense", hidden, units=4))
        head = sketch.layer("Dense", deeper, units=2)
        return sketch.graph(head if last else hidden)

    return stack(True), stack(False)


@misconception("wrong-output", example=_other_output_example, rearranges=True)
def wrong_output(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """A model that returns another tensor than asked for, too few or too many."""
    for number in range(len(graph.outputs)):
        for tensor in hints.results(graph, number):
            if tensor != graph.outputs[number]:
                yield _taken_elsewhere(graph, hints, number, tensor)
        if len(graph.outputs) > 1:
            yield _missing(graph, number)
    for number in range(len(graph.outputs) + 1):
        for tensor in hints.results(graph, number):
            yield _too_many(graph, number, tensor)


def _taken_elsewhere(graph: Graph, hints: Hints, number: int, taken: Tensor) -> Edit:
    """One output that is another tensor than asked for."""
    right = graph.outputs[number]
    outputs = (*graph.outputs[:number], taken, *graph.outputs[number + 1 :])

    def apart(which: int) -> str:
        return tensors_told_apart(graph, [right, taken])[which]

    def message() -> str:
        name = _name(graph, hints, number)
        if taken.call == right.call:
            return (
                f"Output {name} is {apart(1)} of {{taken}}, which returns several tensors: "
                f"{apart(0)} is meant."
            )
        if taken in graph.outputs:
            return (
                f"Output {name} is the same, number by number, as that of {{taken}}; it is meant "
                f"to be {apart(0)}."
            )
        return (
            f"Output {name} is taken from {{taken}}, not from the end of its branch: what lies "
            "behind that tensor is not part of the model."
        )

    return Edit(
        replace(graph, outputs=outputs),
        message,
        {"taken": graph.calls[taken.call].trace},
        ("taken",),
        expected=lambda: apart(0),
        found=lambda: apart(1),
        next_step="Look at what you give to keras.Model as outputs: is each the last tensor of "
        "its branch?",
        origin=(graph.calls[right.call].trace,),
    )


def _name(graph: Graph, hints: Hints, number: int) -> str:
    name = graph.output_names[number]
    return repr(name) if name and hints.goes_by([name]) else f"{number + 1}"


def _missing(graph: Graph, number: int) -> Edit:

    def message() -> str:
        lost = tensors_told_apart(graph, graph.outputs)[number]
        return f"An output is missing: {lost} is not returned."

    return Edit(
        replace(
            graph,
            outputs=graph.outputs[:number] + graph.outputs[number + 1 :],
            output_names=graph.output_names[:number] + graph.output_names[number + 1 :],
        ),
        message,
        expected=counted(len(graph.outputs), "output"),
        found=counted(len(graph.outputs) - 1, "output"),
        next_step="Give keras.Model a list, or a dictionary, with every output.",
        origin=(graph.calls[graph.outputs[number].call].trace,),
    )


def _too_many(graph: Graph, number: int, tensor: Tensor) -> Edit:
    return Edit(
        replace(
            graph,
            outputs=(*graph.outputs[:number], tensor, *graph.outputs[number:]),
            output_names=(*graph.output_names[:number], "", *graph.output_names[number:]),
        ),
        "The model returns a tensor too many: that of {taken}.",
        {"taken": graph.calls[tensor.call].trace},
        ("taken",),
        expected=counted(len(graph.outputs), "output"),
        found=counted(len(graph.outputs) + 1, "output"),
        next_step="Give keras.Model only the outputs that the question asks for.",
    )
