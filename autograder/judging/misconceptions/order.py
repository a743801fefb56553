"""Mistakes about which layer comes before which."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from autograder.graphs import Graph, Tensor
from autograder.graphs.blocks import own_activation
from autograder.graphs.describe import counted, describe, told_apart
from autograder.graphs.layers.facts import facts
from autograder.graphs.surgery import moved_row, redirected
from autograder.judging.edits import Edit
from autograder.judging.hints import Hints
from autograder.judging.misconceptions.catalogue import misconception
from autograder.judging.misconceptions.sketch import Sketch


def _in_turn(*widths: int) -> Graph:
    sketch = Sketch()
    tensor = sketch.input(8)
    for width in widths:
        tensor = sketch.activation("relu", sketch.layer("Dense", tensor, units=width))
    return sketch.graph(tensor)


@misconception(
    "layers-reordered", example=lambda: (_in_turn(4, 6), _in_turn(6, 4)), rearranges=True
)
def layers_reordered(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """Two layers that follow each other, in the other order; or a layer elsewhere altogether."""
    for place, call in enumerate(graph.calls):
        if len(call.inputs) != 1:
            continue
        for end in {place, own_activation(graph, place) or place}:
            yield from _swapped_with_next(graph, hints, place, end)
    yield from _swapped_everywhere(graph, hints)
    yield from _merges_swapped(graph, hints)
    yield from _elsewhere(graph, hints)


def _swapped_everywhere(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """Two kinds of layers in the other order wherever they follow each other, as in each block."""
    for pairs in _pairs_alike(graph):
        if not any(hints.is_site(graph, place) for pair in pairs for place in pair):
            continue
        changed = graph
        for first, second in pairs:
            changed = _exchanged(changed, (first, first), (second, second))
        edit = _in_the_other_order(graph, changed, *pairs[0])
        also = counted(len(pairs) - 1, "more place")
        yield replace(
            edit,
            message=f"{edit.message} It is so in {also} of this network.",
            origin=tuple(graph.calls[place].trace for pair in pairs for place in pair),
        )


def _pairs_alike(graph: Graph) -> list[list[tuple[int, int]]]:
    """Layers that only the next one reads, each with that one, in groups of the same classes."""
    found: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for first, call in enumerate(graph.calls):
        readers = graph.readers[first]
        if len(call.inputs) != 1 or len(readers) != 1 or first in graph.returned:
            continue
        second = readers[0][0]
        if len(graph.calls[second].inputs) != 1 or _are_one_layer(graph, first, second):
            continue
        if facts(call.op).same_shape and facts(graph.calls[second].op).same_shape:
            found.setdefault((_kind(graph, first), _kind(graph, second)), []).append(
                (first, second)
            )
    alike = (group for group in found.values() if len(group) > 1)
    return [group for group in alike if len({n for pair in group for n in pair}) == 2 * len(group)]


def _kind(graph: Graph, place: int) -> str:
    """What a call is by its class, and of an activation by its settings, too."""
    call = graph.calls[place]
    return call.label if call.op == "Activation" else call.op


def _swapped_with_next(graph: Graph, hints: Hints, start: int, end: int) -> Iterator[Edit]:
    """The layer from `start` to `end` exchanged with the one that alone reads it."""
    readers = graph.readers[end]
    if len(readers) != 1 or end in graph.returned:
        return
    second = readers[0][0]
    if len(graph.calls[second].inputs) != 1 or _are_one_layer(graph, start, second):
        return
    if not any(hints.is_site(graph, place) for place in (start, end, second)):
        return
    for last in {second, own_activation(graph, second) or second}:
        changed = _exchanged(graph, (start, end), (second, last))
        yield _in_the_other_order(graph, changed, start, second)


def _in_the_other_order(graph: Graph, changed: Graph, first: int, second: int) -> Edit:
    before, after = graph.calls[first], graph.calls[second]
    return Edit(
        changed,
        "{second} comes before {first}; the other order is meant. Each works on what the one "
        "before it made, so another order is mostly another network.",
        {"first": before.trace, "second": after.trace},
        ("second", "first"),
        expected=f"{describe(before)}, then {describe(after)}",
        found=f"{describe(after)}, then {describe(before)}",
        next_step="Follow your drawing from the input on and compare the order with the question.",
        origin=(before.trace, after.trace),
        otherwise={"first": describe(before), "second": describe(after)},
    )


def _merges_swapped(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """Two merges, number by number, the first read by the second alone, in the other order.

    Each keeps what it brings to the tensor that goes through both.
    """
    for first, call in enumerate(graph.calls):
        readers = graph.readers[first]
        if call.op not in _BY_NUMBER or len(readers) != 1 or first in graph.returned:
            continue
        second = readers[0][0]
        other = graph.calls[second]
        if other.op not in _BY_NUMBER - {call.op} or len(call.inputs) != 2:
            continue
        if hints.is_site(graph, first) or hints.is_site(graph, second):
            for tensor in call.inputs:
                changed = _merges_exchanged(graph, first, second, tensor)
                yield _in_the_other_order(graph, changed, first, second)


_BY_NUMBER = frozenset(
    {"Add", "Average", "Divide", "Maximum", "Minimum", "Multiply", "Subtract", "TrueDivide"}
)


def _merges_exchanged(graph: Graph, first: int, second: int, through: Tensor) -> Graph:
    """The graph with the second merge on a tensor that the first one reads, and that behind it."""
    changed = redirected(graph, Tensor(second), Tensor(first), but=first)
    calls = list(changed.calls)
    reads = {first: (through, Tensor(second)), second: (Tensor(first), through)}
    for place, (old, new) in reads.items():
        call = graph.calls[place]
        inputs = tuple(new if tensor == old else tensor for tensor in call.inputs)
        calls[place] = call.moved(inputs, call.weights)
    return replace(changed, calls=tuple(calls))


def _are_one_layer(graph: Graph, first: int, second: int) -> bool:
    """Whether two calls are of one layer: in the other order they are the same."""
    weights = graph.calls[first].weights
    return weights is not None and weights == graph.calls[second].weights


def _exchanged(graph: Graph, one: tuple[int, int], other: tuple[int, int]) -> Graph:
    """Two neighbouring pieces of a chain, each from a call to a call, in the other order."""
    (start, end), (second, last) = one, other
    source, calls = graph.calls[start].inputs[0], list(graph.calls)
    for place, call in enumerate(calls):
        if place in (start, second) or Tensor(last) not in call.inputs:
            continue
        inputs = tuple(Tensor(end) if t == Tensor(last) else t for t in call.inputs)
        calls[place] = call.moved(inputs, call.weights)
    calls[second] = calls[second].moved((source,), calls[second].weights)
    calls[start] = calls[start].moved((Tensor(last),), calls[start].weights)
    outputs = tuple(Tensor(end) if t == Tensor(last) else t for t in graph.outputs)
    return replace(graph, calls=tuple(calls), outputs=outputs)


def _movable(graph: Graph, hints: Hints) -> Iterator[list[int]]:
    """Each layer of one input by itself, and with the activation that belongs to it."""
    for place, call in enumerate(graph.calls):
        if len(call.inputs) != 1:
            continue
        end = own_activation(graph, place)
        for row in [[place]] if end is None else [[place], [place, end]]:
            if any(hints.is_site(graph, here) for here in row):
                yield row


def _elsewhere(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """A layer that works on another tensor, and whose place behind its own is closed."""
    for row in _movable(graph, hints):
        call = graph.calls[row[0]]
        for source in hints.sources(graph, row[0]):
            if source.call in row or source == call.inputs[0]:
                continue
            if not hints.is_site(graph, source.call):
                continue
            readers = sorted({reader for reader, _ in graph.readers[source.call]} - set(row))
            choices = [None, *([reader] for reader in readers if len(readers) > 1)]
            for choice in choices:
                yield _worked_elsewhere(graph, row, source, choice)


def _worked_elsewhere(
    graph: Graph, row: list[int], source: Tensor, readers: list[int] | None
) -> Edit:
    call = graph.calls[row[0]]
    right = call.inputs[0].call

    def apart(which: int) -> str:
        return told_apart(graph, [right, source.call])[which]

    return Edit(
        moved_row(graph, row, source, readers),
        "{layer} stands in another place than it should: it works on {source}, and is meant to "
        "work on {right}. Each layer works on what the one before it made, so another order is "
        "mostly another network.",
        {
            "layer": call.trace,
            "source": graph.calls[source.call].trace,
            "right": graph.calls[right].trace,
        },
        ("layer",),
        expected=lambda: f"working on {apart(0)}",
        found=lambda: f"working on {apart(1)}",
        next_step="Follow your drawing from the input on and compare the order with the question.",
        origin=(call.trace,),
        otherwise={"right": lambda: apart(0)},
    )
