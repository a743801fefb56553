"""Mistakes about which tensors the model returns; tried when nothing more specific fits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from autograder.graphs import Graph, Tensor
from autograder.graphs.describe import describe
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


@misconception("wrong-output", example=_other_output_example)
def wrong_output(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """A model that returns another tensor than asked for, too few or too many."""
    names = (
        "Look at what you give to keras.Model as outputs: is each the last tensor of its branch?"
    )
    for number, tensor in enumerate(graph.outputs):
        for place in hints.results(graph, number):
            if place == tensor.call:
                continue
            outputs = (*graph.outputs[:number], Tensor(place), *graph.outputs[number + 1 :])
            yield Edit(
                replace(graph, outputs=outputs),
                f"Output {number + 1} is taken from {{taken}}, not from the end of its branch: "
                f"what "
                "lies behind that tensor is not part of the model.",
                {"taken": graph.calls[place].name},
                ("taken",),
                expected=describe(graph.calls[tensor.call]),
                found=describe(graph.calls[place]),
                next_step=names,
                origin=(graph.calls[tensor.call].name,),
            )
        if len(graph.outputs) > 1:
            yield Edit(
                replace(
                    graph,
                    outputs=graph.outputs[:number] + graph.outputs[number + 1 :],
                    output_names=graph.output_names[:number] + graph.output_names[number + 1 :],
                ),
                f"An output is missing: {describe(graph.calls[tensor.call])} is not returned.",
                expected=f"{len(graph.outputs)} outputs",
                found=f"{len(graph.outputs) - 1} outputs",
                next_step="Give keras.Model a list, or a dictionary, with every output.",
                origin=(graph.calls[tensor.call].name,),
            )
    for number in range(len(graph.outputs) + 1):
        for place in hints.results(graph, number):
            yield Edit(
                replace(
                    graph,
                    outputs=(*graph.outputs[:number], Tensor(place), *graph.outputs[number:]),
                    output_names=(*graph.output_names[:number], "", *graph.output_names[number:]),
                ),
                "The model returns a tensor too many: that of {taken}.",
                {"taken": graph.calls[place].name},
                ("taken",),
                expected=f"{len(graph.outputs)} output{'s' if len(graph.outputs) != 1 else ''}",
                found=f"{len(graph.outputs) + 1} outputs",
                next_step="Give keras.Model only the outputs that the question asks for.",
            )
