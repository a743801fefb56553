"""Mistakes about what goes into the model and what comes out of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import permutations

from autograder.graphs import Graph, Tensor
from autograder.graphs.describe import counted, shape_text, tensors_told_apart
from autograder.graphs.layers.facts import facts
from autograder.graphs.surgery import renumbered, with_config, without_calls
from autograder.judging.edits import Edit, subject
from autograder.judging.given import dictionary
from autograder.judging.hints import Hints
from autograder.judging.misconceptions.catalogue import misconception
from autograder.judging.misconceptions.sketch import Sketch
from autograder.judging.pairing import Pairing

_MOST_REORDERED = 4
"""Outputs; all orders of them are tried."""


def _shapes_example() -> tuple[Graph, Graph]:
    def flat(size: int) -> Graph:
        sketch = Sketch()
        return sketch.graph(sketch.layer("Dense", sketch.input(size), units=4))

    return flat(64), flat(63)


@misconception("wrong-input-shape", example=_shapes_example)
def wrong_input_shape(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """An input of another shape than asked for, or all inputs of one shape."""
    inputs = graph.calls[: len(graph.inputs)]
    like: dict[str, list[int]] = {}
    for place, call in enumerate(inputs):
        like.setdefault(call.label, []).append(place)
    groups = [[place] for place in range(len(inputs))]
    groups += [places for places in like.values() if len(places) > 1]
    for places in groups:
        call = graph.calls[places[0]]
        for shape in hints.input_shapes(places[0]):
            if shape == call.config["shape"]:
                continue
            found = shape_text((None, *shape))
            expected = shape_text((None, *call.config["shape"]))
            who = subject(graph, places)
            yield Edit(
                with_config(graph, places, shape=shape),
                f"{who.text} is an input of shape {found}; {expected} is meant. The shape says "
                "what one row of data looks like, without the batch axis, and every layer behind "
                "it is built for it.",
                who.roles,
                tuple(who.roles),
                expected=f"shape {expected}",
                found=f"shape {found}",
                next_step="Compare the shape in keras.Input with the one in the question, axis "
                "by axis.",
                origin=tuple(graph.calls[place].trace for place in places),
            )


def _outputs_example() -> tuple[Graph, Graph]:
    def heads(swapped: bool) -> Graph:
        sketch = Sketch()
        start = sketch.input(8)
        first = sketch.layer("Dense", start, units=1)
        second = sketch.layer("Dense", start, units=10)
        return sketch.graph(*((second, first) if swapped else (first, second)))

    return heads(False), heads(True)


def _unnamed_example() -> tuple[Graph, Graph]:
    right, wrong = _outputs_example()
    right = replace(right, outputs_given="dict", output_names=("yes", "no"))
    return right, replace(wrong, outputs_given="list")


@misconception("outputs-unnamed", example=_unnamed_example, rearranges=True)
def outputs_unnamed(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """A list in another order than that of the names: which two are exchanged is anybody's guess.

    All orders of a few outputs are one mistake; of many, their number would be out of hand.
    """
    count = len(graph.outputs)
    if count > _MOST_REORDERED or hints.pairing_of_outputs(graph) is not Pairing.UNTOLD:
        return
    for order in permutations(graph.outputs):
        if order == graph.outputs:
            continue
        yield Edit(
            replace(graph, outputs=order),
            "Your outputs are a list, so nothing says which is which. In a dictionary each has its "
            "name, and the order makes no difference.",
            expected=dictionary("output", graph.output_names),
            found=f"a list of {count} outputs",
            next_step="Give a dictionary with these names, and check again.",
        )


@misconception("outputs-swapped", example=_outputs_example, rearranges=True)
def outputs_swapped(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """Two outputs in each other's place."""
    for first in range(len(graph.outputs)):
        for second in range(first + 1, len(graph.outputs)):
            outputs = list(graph.outputs)
            if outputs[first] == outputs[second]:
                continue
            outputs[first], outputs[second] = outputs[second], outputs[first]
            one, other = (graph.calls[outputs[n].call].trace for n in (first, second))
            message, expected, next_step = _exchange(graph, hints, first, second)
            yield Edit(
                replace(graph, outputs=tuple(outputs)),
                message,
                {"one": one, "other": other},
                ("one", "other"),
                expected=expected,
                found="the two the other way round",
                next_step=next_step,
                origin=(one, other),
                # Then a student sees the right order there; what lies before them may be crossed.
                farfetched=hints.names_as_meant(graph, (first, second)),
            )


def _exchange(graph: Graph, hints: Hints, first: int, second: int) -> tuple[str, str, str]:
    """Of two outputs in each other's place: what is wrong, what is meant, and what to try."""
    one, other = tensors_told_apart(graph, [graph.outputs[n] for n in (first, second)])
    names = [graph.output_names[n] for n in (first, second)]
    is_by_name = hints.pairing_of_outputs(graph) is Pairing.BY_NAME
    if is_by_name and all(names) and hints.goes_by(names):
        return (
            f"Under the name {names[0]!r} stands what is meant for {names[1]!r}, and the other way "
            "round. Losses and targets go by these names, so each output would be trained on the "
            "other's answers.",
            f"{names[0]!r}: {one}; {names[1]!r}: {other}",
            "Look at the outputs that you give to keras.Model: which tensor stands under which "
            "name?",
        )
    return (
        f"Outputs {first + 1} and {second + 1} are in each other's place: {{one}} comes where "
        "{other} is meant. Losses and targets go by that order, so each head would be trained on "
        "the other's answers.",
        f"output {first + 1}: {one}; output {second + 1}: {other}",
        "Look at the order of the outputs that you give to keras.Model, or at the names they go "
        "by.",
    )


def _crossed_example() -> tuple[Graph, Graph]:
    def towers(crossed: bool) -> Graph:
        sketch = Sketch()
        text, question = sketch.input(None, name="text"), sketch.input(None, name="question")
        first, second = (question, text) if crossed else (text, question)
        ends = [
            sketch.layer("LSTM", sketch.layer("Embedding", t, input_dim=9, output_dim=n), units=n)
            for t, n in ((first, 4), (second, 2))
        ]
        return sketch.graph(
            sketch.layer("Dense", sketch.step("Concatenate", *ends, axis=1), units=3)
        )

    return towers(False), towers(True)


@misconception("inputs-crossed", example=_crossed_example, rearranges=True)
def inputs_crossed(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """Two inputs that each go where the other belongs."""
    count = len(graph.inputs)
    for first in range(count):
        for second in range(first + 1, count):
            swap = {first: second, second: first}
            calls = [
                call.moved(
                    tuple(Tensor(swap.get(t.call, t.call), t.output) for t in call.inputs),
                    call.weights,
                )
                for call in graph.calls
            ]
            one, other = graph.calls[first].trace, graph.calls[second].trace
            yield Edit(
                replace(graph, calls=tuple(calls)),
                "Inputs {one} and {other} are crossed: each goes where the other belongs. Nothing "
                "complains where their shapes fit, but the model reads the wrong data.",
                {"one": one, "other": other},
                ("one", "other"),
                expected="each input into its own branch",
                found="the two inputs exchanged",
                next_step="Follow the first arrow out of each input in your drawing. Is it the "
                "branch that is meant for it? If so, look at the order of the list that you merge.",
                origin=(one, other),
            )


def _branches(both: bool) -> Graph:
    sketch = Sketch()
    left, right = sketch.input(8, name="left"), sketch.input(8, name="right")
    ends = [sketch.layer("Dense", t, units=4) for t in ((left, right) if both else (left, left))]
    return sketch.graph(sketch.layer("Dense", sketch.step("Concatenate", *ends, axis=1), units=1))


@misconception(
    "same-input-twice", example=lambda: (_branches(True), _branches(False)), rearranges=True
)
def same_input_twice(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """One input feeds two branches, and another feeds none."""
    for lost in range(len(graph.inputs)):
        for used in range(len(graph.inputs)):
            if lost == used or not graph.readers[lost]:
                continue
            calls = [
                call.moved(
                    tuple(t._replace(call=used) if t.call == lost else t for t in call.inputs),
                    call.weights,
                )
                for call in graph.calls
            ]
            yield Edit(
                replace(graph, calls=tuple(calls)),
                f"{_twice(graph, used, lost)} Keras says nothing about an input that reaches no "
                "output, but the model never sees what you give it there.",
                {"used": graph.calls[used].trace, "lost": graph.calls[lost].trace},
                ("used", "lost"),
                expected="each input into its own branch",
                found="the same input into both branches",
                next_step=_where_twice(graph, used, lost),
                origin=(graph.calls[lost].trace,),
            )


def _is_read_by_one_layer(graph: Graph, used: int, lost: int) -> bool:
    """Whether one layer is called on both inputs: its `output` is that of the first call."""
    one, other = (
        {graph.calls[place].weights for place, _ in graph.readers[number]} - {None}
        for number in (used, lost)
    )
    return bool(one & other)


def _twice(graph: Graph, used: int, lost: int) -> str:
    if not _is_read_by_one_layer(graph, used, lost):
        return "Input {used} feeds two branches, and input {lost} none: one was written twice."
    return (
        "What comes of input {used} stands in two places, and input {lost} reaches no output. "
        "Either the layer was called on one input twice, or it was asked for its `output`: it "
        "answers for its first call, however often it was called."
    )


def _where_twice(graph: Graph, used: int, lost: int) -> str:
    if not _is_read_by_one_layer(graph, used, lost):
        return (
            "Look for the line that calls a layer on the wrong input; a copied line is the usual "
            "place."
        )
    return "Keep the tensor that each call returns, under a name of its own, and use those."


def _lonely_example() -> tuple[Graph, Graph]:
    sketch = Sketch()
    left, _ = sketch.input(8, name="left"), sketch.input(8, name="right")
    return _branches(True), sketch.graph(
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
    return _branches(True), sketch.graph(
        sketch.layer("Dense", sketch.layer("Dense", left, units=4), units=1)
    )


@misconception("missing-input", example=_missing_input_example, rearranges=True)
def missing_input(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """An input left out of the model, with all that depends on it."""
    if len(graph.inputs) < 2:
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
