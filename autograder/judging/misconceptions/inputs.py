"""Inputs that are left out, that reach no output, or that nobody asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from autograder.graphs import Graph, Tensor
from autograder.graphs.describe import counted
from autograder.graphs.layers.facts import facts
from autograder.graphs.surgery import renumbered, without_calls
from autograder.judging.edits import Edit
from autograder.judging.hints import Hints
from autograder.judging.misconceptions.catalogue import misconception
from autograder.judging.misconceptions.interface import two_inputs
from autograder.judging.misconceptions.sketch import Sketch


def _lonely_example() -> tuple[Graph, Graph]:
    sketch = Sketch()
    left, _ = sketch.input(8, name="left"), sketch.input(8, name="right")
    return two_inputs(True), sketch.graph(
        sketch.layer("Dense", sketch.layer("Dense", left, units=4), units=1)
    )


@misconception("unused-input", example=_lonely_example, rearranges=True)
def unused_input(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """An input that reaches no output."""
    for lost in range(len(graph.inputs)):
        pruned = without_branch(graph, lost)
        if pruned is not None:
            yield Edit(
                pruned,
                "Input {lost} reaches no output: nothing that depends on it is part of the model. "
                "Keras accepts that without a word, and then never looks at that data.",
                {"lost": graph.calls[lost].trace},
                ("lost",),
                expected="a path from this input to an output",
                found="no path from this input to an output",
                next_step="Check where what is made of this input is meant to go: into a merge, or "
                "to a layer as its state or its mask.",
                origin=(graph.calls[lost].trace,),
            )


def without_branch(graph: Graph, place: int) -> Graph | None:
    """The graph in which nothing depends on a call; None where no merge lets it go."""
    dependent = {p for p in range(len(graph.calls)) if graph.depends(p, on=place)} | {place}
    calls, kept = list(graph.calls), set()
    for reader in sorted(dependent):
        inputs = graph.calls[reader].inputs
        left = tuple(t for t in inputs if t.call not in dependent or t.call in kept)
        if left and reader != place:
            calls[reader] = calls[reader].moved(left, calls[reader].weights)
            kept.add(reader)
    if any(t.call in dependent - kept for t in graph.outputs) or not kept:
        return None
    pruned = replace(graph, calls=tuple(calls))
    lost = (n for n in kept if len(calls[n].inputs) == 1 < len(graph.calls[n].inputs))
    return without_calls(pruned, [n for n in lost if facts(graph.calls[n].op).merge])


def _missing_input_example() -> tuple[Graph, Graph]:
    sketch = Sketch()
    left = sketch.input(8, name="left")
    return two_inputs(True), sketch.graph(
        sketch.layer("Dense", sketch.layer("Dense", left, units=4), units=1)
    )


@misconception("missing-input", example=_missing_input_example, rearranges=True)
def missing_input(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """An input left out of the model, with all that depends on it."""
    if len(graph.inputs) < 2 or not hints.may_have_inputs(graph, len(graph.inputs) - 1):
        return
    for lost in range(len(graph.inputs)):
        pruned = graph if not graph.readers[lost] else without_branch(graph, lost)
        if pruned is None:
            continue
        yield Edit(
            without_input(pruned, lost),
            f"The model lacks an input: {_called(graph, lost)}, and the branch that begins there.",
            expected=counted(len(graph.inputs), "input"),
            found=counted(len(graph.inputs) - 1, "input"),
            next_step="Count the keras.Input lines, and what you give to keras.Model as inputs.",
            origin=(graph.calls[lost].trace,),
        )


def _called(graph: Graph, number: int) -> str:
    return repr(graph.inputs[number]) if graph.inputs[number] else f"number {number + 1}"


def without_input(graph: Graph, number: int) -> Graph:
    """The graph without an input that nothing reads."""
    order = [place for place in range(len(graph.calls)) if place != number]
    places = {old: new for new, old in enumerate(order)}

    def moved(tensors: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        return tuple(Tensor(places.get(t.call, 0), t.output) for t in tensors)

    before = (graph.calls[place] for place in order)
    calls = tuple(call.moved(moved(call.inputs), call.weights) for call in before)
    inputs = tuple(name for n, name in enumerate(graph.inputs) if n != number)
    return replace(graph, calls=calls, inputs=inputs, outputs=moved(graph.outputs))


def _extra_input_example() -> tuple[Graph, Graph]:
    def flat(extra: bool) -> Graph:
        sketch = Sketch()
        start = sketch.input(8, name="start")
        if extra:
            sketch.input(3, name="more")
        return sketch.graph(sketch.layer("Dense", start, units=4))

    return flat(False), flat(True)


@misconception("extra-input", example=_extra_input_example)
def extra_input(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """An input too many, that nothing reads."""
    count = len(graph.inputs)
    if not hints.may_have_inputs(graph, count + 1):
        return
    for number in range(count + 1):
        for shape in hints.input_shapes(number):
            new = replace(graph.calls[0], config={"shape": shape}, trace=f"new input {number}")
            order = [*range(number), len(graph.calls), *range(number, len(graph.calls))]
            longer = renumbered(replace(graph, calls=(*graph.calls, new)), order)
            inputs = (*graph.inputs[:number], "", *graph.inputs[number:])
            yield Edit(
                replace(longer, inputs=inputs),
                "Input {more} is one too many: it reaches no output, and the exercise does not ask "
                "for it.",
                {"more": new.trace},
                ("more",),
                expected=counted(count, "input"),
                found=counted(count + 1, "input"),
                next_step="Give keras.Model only the inputs that the question names.",
            )
