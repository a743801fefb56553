"""Mistakes about what goes into the model and what comes out of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache, partial
from itertools import combinations, permutations

from autograder.graphs import Graph
from autograder.graphs.describe import shape_text, tensors_told_apart
from autograder.graphs.surgery import with_config
from autograder.judging.edits import Edit, Text, subject
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
    for first, second in _outputs_to_swap(graph, hints):
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


_FEW = 12
"""Inputs, or outputs, of which each two are exchanged; of more, those of which an answer shows it.

Else a hundred outputs would be all that a search has time for.
"""


def _outputs_to_swap(graph: Graph, hints: Hints) -> Iterator[tuple[int, int]]:
    """Pairs of outputs that may stand in each other's place."""
    pairs = combinations(range(len(graph.outputs)), 2)
    if len(graph.outputs) <= _FEW:
        yield from pairs
        return
    found = [set(hints.results(graph, number)) for number in range(len(graph.outputs))]
    apart = [tensor not in like for tensor, like in zip(graph.outputs, found, strict=True)]
    for one, other in pairs:
        if apart[one] and apart[other] and graph.outputs[other] in found[one]:
            yield one, other


def _exchange(graph: Graph, hints: Hints, first: int, second: int) -> tuple[str, Text, str]:
    """Of two outputs in each other's place: what is wrong, what is meant, and what to try."""
    apart = cache(partial(tensors_told_apart, graph, [graph.outputs[n] for n in (first, second)]))
    names = [graph.output_names[n] for n in (first, second)]
    is_by_name = hints.pairing_of_outputs(graph) is Pairing.BY_NAME
    if is_by_name and all(names) and hints.goes_by(names):
        return (
            f"Under the name {names[0]!r} stands what is meant for {names[1]!r}, and the other way "
            "round. Losses and targets go by these names, so each output would be trained on the "
            "other's answers.",
            lambda: f"{names[0]!r}: {apart()[0]}; {names[1]!r}: {apart()[1]}",
            "Look at the outputs that you give to keras.Model: which tensor stands under which "
            "name?",
        )
    return (
        f"Outputs {first + 1} and {second + 1} are in each other's place: {{one}} comes where "
        "{other} is meant. Losses and targets go by that order, so each head would be trained on "
        "the other's answers.",
        lambda: f"output {first + 1}: {apart()[0]}; output {second + 1}: {apart()[1]}",
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
    for first, second in sorted(
        {(min(pair), max(pair)) for pair in _inputs_read_for(graph, hints)}
    ):
        one, other = graph.calls[first].trace, graph.calls[second].trace
        yield Edit(
            _reading_inputs(graph, {first: second, second: first}),
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


def _inputs_read_for(graph: Graph, hints: Hints) -> list[tuple[int, int]]:
    """Pairs of inputs of which the second may be read where the first is meant.

    Where many seem to be, they are read behind another mistake: then those count that are read
    otherwise themselves.
    """
    count = len(graph.inputs)
    if count <= _FEW:
        return list(permutations(range(count), 2))
    found = {
        (meant, source.call): None
        for meant in range(count)
        for reader in {reader for reader, _ in graph.readers[meant]}
        for source in hints.sources(graph, reader)
        if source.call < count and source.call != meant
    }
    pairs = sorted(found)
    if len(pairs) > _MOST_PAIRS:
        pairs = [pair for pair in pairs if all(hints.is_site(graph, n) for n in pair)]
    return pairs if len(pairs) <= _MOST_PAIRS else []


_MOST_PAIRS = _FEW * (_FEW - 1)


def _reading_inputs(graph: Graph, instead: Mapping[int, int]) -> Graph:
    """The graph with other inputs read in the place of some."""
    calls = list(graph.calls)
    for place in {reader for number in instead for reader, _ in graph.readers[number]}:
        call = calls[place]
        inputs = (t._replace(call=instead.get(t.call, t.call)) for t in call.inputs)
        calls[place] = call.moved(tuple(inputs), call.weights)
    return replace(graph, calls=tuple(calls))


def two_inputs(both: bool) -> Graph:
    """Two inputs that are merged, for examples; or one of them twice."""
    sketch = Sketch()
    left, right = sketch.input(8, name="left"), sketch.input(8, name="right")
    ends = [sketch.layer("Dense", t, units=4) for t in ((left, right) if both else (left, left))]
    return sketch.graph(sketch.layer("Dense", sketch.step("Concatenate", *ends, axis=1), units=1))


@misconception(
    "same-input-twice", example=lambda: (two_inputs(True), two_inputs(False)), rearranges=True
)
def same_input_twice(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """One input feeds two branches, and another feeds none."""
    for lost, used in _inputs_read_for(graph, hints):
        if not graph.readers[lost]:
            continue
        yield Edit(
            _reading_inputs(graph, {lost: used}),
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
