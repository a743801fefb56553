"""Mistakes about which call reads which tensor."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from autograder.graphs import Graph, Tensor
from autograder.graphs.blocks import own_activation
from autograder.graphs.describe import (
    describe,
    input_name,
    listed,
    tensors_told_apart,
    with_article,
)
from autograder.graphs.layers.facts import facts
from autograder.graphs.surgery import reached, with_reading
from autograder.judging.edits import Edit
from autograder.judging.hints import Hints, unlike_positions
from autograder.judging.misconceptions.catalogue import misconception
from autograder.judging.misconceptions.sketch import Sketch


def _heads_example() -> tuple[Graph, Graph]:
    def heads(late: bool) -> Graph:
        sketch = Sketch()
        first = sketch.layer("Dense", sketch.input(8), units=4)
        second = sketch.layer("Dense", first, units=4)
        side = sketch.layer("Dense", second if late else first, units=1)
        return sketch.graph(sketch.layer("Dense", second, units=2), side)

    return heads(False), heads(True)


@misconception("head-on-wrong-tensor", example=_heads_example, rearranges=True)
def head_on_wrong_tensor(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """An output's own layer reads another tensor than it should."""
    for edit in _rewired(graph, hints, lambda place, _: is_head(graph, place)):
        yield replace(
            edit,
            message="The output layer {layer} reads {source}, not the tensor it is meant to "
            "answer from. It would learn from other features than the exercise asks for.",
            next_step="Look at what you call this layer on, and follow that tensor back to its "
            "input.",
        )


def skipping(source: int) -> Graph:
    """Three dense layers, and a shortcut from one of their tensors to the end, for examples."""
    sketch = Sketch()
    tensors = [sketch.input(8)]
    tensors.append(sketch.layer("Dense", tensors[0], units=8))
    tensors.append(sketch.layer("Dense", tensors[1], units=8))
    tensors.append(sketch.layer("Dense", tensors[2], units=8))
    return sketch.graph(sketch.step("Add", tensors[3], tensors[source]))


@misconception(
    "skip-from-wrong-tensor", example=lambda: (skipping(0), skipping(1)), rearranges=True
)
def skip_from_wrong_tensor(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """A shortcut that starts at another tensor than it should."""
    for edit in _rewired(graph, hints, lambda place, position: is_skip(graph, place, position)):
        yield replace(
            edit,
            message="The shortcut into {layer} starts at {source}. It is meant to start at "
            "{right}, so it leads past other layers than it should.",
            next_step="Give the tensor where the shortcut starts a name of its own, before the "
            "lines that go on from it, and use that name when you merge.",
        )


def _fork(deep: bool) -> Graph:
    sketch = Sketch()
    first = sketch.layer("Dense", sketch.input(8), units=8)
    second = sketch.layer("Dense", first, units=8)
    third = sketch.layer("Dense", second if deep else first, units=4)
    fourth = sketch.layer("Dense", second, units=3)
    return sketch.graph(
        sketch.layer("Dense", sketch.step("Concatenate", third, fourth, axis=1), units=1)
    )


@misconception("wrong-tensor", example=lambda: (_fork(True), _fork(False)), rearranges=True)
def wrong_tensor(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """A call that reads another tensor than it should."""
    yield from _rewired(graph, hints, lambda place, position: True)
    yield from _another_result(graph)
    yield from _reading_strangers(graph, hints)


def _another_result(graph: Graph) -> Iterator[Edit]:
    """A call that reads several results of another, one of them twice: h for c, too.

    What makes them is called otherwise where fewer results are read, so that nothing in the answer
    need be like it.
    """
    for place, call in enumerate(graph.calls):
        for position, right in enumerate(call.inputs):
            for source in dict.fromkeys(call.inputs):
                if source.call == right.call and source.output != right.output:
                    yield _reading_other(graph, place, position, source, lost=False)


_MOST_STRANGE = 3
"""A tensor that more calls make is no slip of the pen."""


def _reading_strangers(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """A call that reads what layers make that nobody asked for, in the place of what is there."""
    for place, call in enumerate(graph.calls):
        if len(call.inputs) < 2 or not hints.is_site(graph, place):
            continue
        for branch in hints.strangers(graph, place):
            right = call.inputs[branch.position]
            made_of = {t for new in branch.calls for t in new.inputs if t.call < len(graph.calls)}
            if len(branch.calls) > _MOST_STRANGE or right in made_of:
                continue
            if is_lost(graph, right, place) or any(graph.depends(t.call, place) for t in made_of):
                continue
            longer = replace(graph, calls=(*graph.calls, *branch.calls))
            edit = _reading_other(longer, place, branch.position, branch.tensor, lost=False)
            yield replace(
                edit,
                message="{layer} reads {source}, which is not asked for; {right} is meant there.",
            )


def _rewired(graph: Graph, hints: Hints, is_meant: Callable[[int, int], bool]) -> Iterator[Edit]:
    """Every call with an input read from elsewhere, where that is meant, by place and position.

    Activations come last: most of them are part of the layer that they read.
    """
    places = sorted(range(len(graph.calls)), key=lambda n: graph.calls[n].op == "Activation")
    for place in places:
        call = graph.calls[place]
        if not hints.is_site(graph, place):
            continue
        positions = [n for n in unlike_positions(graph, place) if is_meant(place, n)]
        if not positions:
            continue
        sources = [t for t in hints.sources(graph, place) if not graph.depends(t.call, on=place)]
        for position in positions:
            right = call.inputs[position]
            lost = is_lost(graph, right, place)
            for source in sources:
                if source.call == place or source == right:
                    continue
                yield _reading_other(graph, place, position, source, lost=lost)


def _reading_other(graph: Graph, place: int, position: int, source: Tensor, *, lost: bool) -> Edit:
    """One input of a call read from elsewhere."""
    call = graph.calls[place]
    right = call.inputs[position]
    changed = with_reading(graph, place, position, source)

    def apart(which: int) -> str:
        return tensors_told_apart(graph, [right, source])[which]

    def meant() -> str:
        return f"another {apart(0)}" if apart(0) == apart(1) else apart(0)

    def message() -> str:
        if source.call == right.call:
            text = f"{{layer}} reads {apart(1)}; {apart(0)} is meant there: {{source}} makes both."
            return text + (" So one of them is read twice." if source in call.inputs else "")
        if source in call.inputs:
            text = "{layer} reads {source} twice; one of the two is meant to be "
            return f"{text}{meant()}.{_unread(graph, changed)}"
        return (
            "{layer} reads {source}; {right} is meant there. The shapes may fit, but the network "
            f"computes something else.{_unread(graph, changed)}"
        )

    return Edit(
        changed,
        message,
        {
            "layer": call.trace,
            "source": graph.calls[source.call].trace,
            "right": graph.calls[right.call].trace,
        },
        ("layer",),
        expected=lambda: f"reading {apart(0)}",
        found=lambda: f"reading {apart(1)}",
        next_step="Look at what you call this layer on. A variable that was used again for "
        "something else is the usual reason.",
        origin=(call.trace,),
        farfetched=lost,
        otherwise={
            "right": meant,
            "layer": lambda: with_article(describe(call)),
        },
    )


def _unread(before: Graph, after: Graph) -> str:
    """What to say of inputs that reach an output no more."""
    lost = sorted((reached(before) - reached(after)) & set(range(len(before.inputs))))
    names = [input_name(before, number) for number in lost]
    reach = "reaches" if len(names) == 1 else "reach"
    return f" So {listed(names)} {reach} no output." if names else ""


def is_lost(graph: Graph, tensor: Tensor, reader: int) -> bool:
    """Whether a call drops out of the network when one reader turns away from it.

    Then a layer is missing, which says more than that a tensor is wrong.
    """
    return (
        graph.calls[tensor.call].op != "Input"
        and all(place == reader for place, _ in graph.readers[tensor.call])
        and tensor.call not in graph.returned
    )


def is_head(graph: Graph, place: int) -> bool:
    """Whether a call with weights makes an output, with no more than an activation behind it."""
    call = graph.calls[place]
    if call.weights is None or len(call.inputs) != 1:
        return False
    last = own_activation(graph, place)
    ends = {place, place if last is None else last}
    return not ends.isdisjoint(graph.returned)


def is_skip(graph: Graph, place: int, position: int) -> bool:
    """Whether an input of a merge is a shortcut: another input of it depends on that tensor."""
    call = graph.calls[place]
    kind = facts(call.op)
    if not kind.merge or kind.weighs:
        return False
    short = call.inputs[position].call
    return bool(graph.behind[place] >> short & 1)
