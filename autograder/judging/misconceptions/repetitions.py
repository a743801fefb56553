"""Mistakes about how often a layer, or a block of layers, is called with the same weights."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import pairwise

from autograder.graphs import Graph, Tensor
from autograder.graphs.blocks import own_activation
from autograder.graphs.describe import be, counted
from autograder.graphs.surgery import reached, redirected, with_insert, without_calls
from autograder.judging.edits import Edit, calls_of
from autograder.judging.hints import Hints
from autograder.judging.misconceptions.catalogue import misconception
from autograder.judging.misconceptions.sketch import Sketch

_UNSEEN = (
    "The weights are the same either way, so the parameter count does not show it: the graph does."
)
_COUNT = "Count how often you call this layer, and on what."


def _repeated(times: int) -> Graph:
    sketch = Sketch()
    tensor = sketch.input(8)
    for _ in range(times):
        tensor = sketch.layer("Dense", tensor, name="again", units=8)
    return sketch.graph(tensor)


@misconception("call-missing", example=lambda: (_repeated(3), _repeated(2)), rearranges=True)
def call_missing(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """A shared layer, or a block of them, called less often than asked for."""
    for place, call in enumerate(graph.calls):
        meant = len(calls_of(graph, place))
        if call.weights is not None and meant > 1 and len(call.inputs) == 1:
            for changed in _removed(graph, place):
                yield _called_less(graph, changed, place, meant - 1)
    for places in _blocks(graph):
        for times in range(len(places) - 1, 0, -1):
            first, later = (_read(graph, places[n]) for n in (0, len(places) - times))
            yield _called_less(graph, redirected(graph, later, first), places[0], times)


def _called_less(graph: Graph, changed: Graph, place: int, times: int) -> Edit:
    places, kept = calls_of(graph, place), reached(changed)
    left = next((p for p in places if p in kept and p != place), place)
    return Edit(
        changed,
        partial(_too_few, graph, kept, len(places), times),
        {"layer": graph.calls[left].trace},
        ("layer",),
        expected=f"{len(places)} calls",
        found=counted(times, "call"),
        next_step=_COUNT,
        origin=(graph.calls[place].trace,),
    )


def _too_few(graph: Graph, kept: set[int], meant: int, times: int) -> str:
    many = len(_fewer(graph, kept)) > 1
    who = "Shared layers, as of a block, are" if many else "A shared layer is"
    each = " of each" if many else ""
    return f"{who} called {counted(times, 'time')}; {meant} calls{each} are meant. {_UNSEEN}"


def _fewer(graph: Graph, kept: set[int]) -> set[int]:
    """The layers of which calls are gone, and some are left."""
    return {
        weights
        for weights, places in graph.layers.items()
        if 0 < sum(place in kept for place in places) < len(places)
    }


def _removed(graph: Graph, place: int) -> Iterator[Graph]:
    """The graph with one call bypassed, alone and with its activation."""
    yield without_calls(graph, [place])
    end = own_activation(graph, place)
    if end is not None:
        yield without_calls(graph, [end, place])


@misconception("call-extra", example=lambda: (_repeated(2), _repeated(3)))
def call_extra(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """A layer, or a block of them, called once more than asked for."""
    for place, call in enumerate(graph.calls):
        if call.weights is None or len(call.inputs) != 1:
            continue
        end = own_activation(graph, place)
        again = replace(call, trace=f"again {len(graph.calls)} {call.trace}")
        repeats = [(place, [again])]
        if end is not None:
            repeats.append((end, [again, graph.calls[end]]))
        for source, new in repeats:
            yield _called_more(graph, with_insert(graph, Tensor(source), new), place, "One layer")
    for places in _blocks(graph):
        changed = _with_the_block_again(graph, *(_read(graph, place) for place in places[:2]))
        yield _called_more(graph, changed, places[0], "Each layer of a block")


def _called_more(graph: Graph, changed: Graph, place: int, who: str) -> Edit:
    meant = len(calls_of(graph, place))
    return Edit(
        changed,
        f"{who} is called {meant + 1} times; {counted(meant, 'call')} {be(meant)} meant. {_UNSEEN}",
        {"layer": graph.calls[place].trace},
        ("layer",),
        expected=counted(meant, "call"),
        found=f"{meant + 1} calls",
        next_step=_COUNT,
        origin=(graph.calls[place].trace,),
    )


def _blocks(graph: Graph) -> Iterator[list[int]]:
    """For each block of layers that is called again on what it made: the calls of one of these.

    The layer may stand anywhere in the block: what is read by its later call instead of what its
    first one read leaves out one round of the block.
    """
    seen: list[tuple[int, int, int]] = []
    sharing = Counter(len(places) for places in graph.layers.values())
    for places in sorted(graph.layers.values()):
        count = len(places)
        if count < 2 or sharing[count] < 2:
            continue
        if any(n == count and start < places[0] < end for n, start, end in seen):
            continue
        sources = [set(graph.calls[place].inputs) for place in places]
        if all(len(each) == 1 for each in sources) and _leads(graph, places):
            seen.append((count, places[0], places[1]))
            yield places


def _read(graph: Graph, place: int) -> Tensor:
    return graph.calls[place].inputs[0]


def _leads(graph: Graph, places: list[int]) -> bool:
    """Whether each call is made from what the call before it made."""
    return all(graph.depends(after, before) for before, after in pairwise(places))


def _with_the_block_again(graph: Graph, start: Tensor, end: Tensor) -> Graph:
    """What is made of one tensor to come to the other, made once more of that one."""
    inside = [
        place
        for place in range(len(graph.calls))
        if graph.depends(place, start.call)
        and (place == end.call or graph.depends(end.call, place))
    ]
    calls = list(graph.calls)
    copies = {place: len(calls) + number for number, place in enumerate(inside)}

    def moved(tensor: Tensor) -> Tensor:
        if tensor == start:
            return end
        return Tensor(copies.get(tensor.call, tensor.call), tensor.output)

    for place in inside:
        call = graph.calls[place]
        again = replace(call, trace=f"again {copies[place]} {call.trace}")
        calls.append(again.moved(tuple(map(moved, call.inputs)), call.weights))
    own = set(copies.values())
    last = Tensor(copies[end.call], end.output)
    for place, call in enumerate(calls):
        if place not in own and end in call.inputs:
            inputs = tuple(last if tensor == end else tensor for tensor in call.inputs)
            calls[place] = call.moved(inputs, call.weights)
    outputs = tuple(last if tensor == end else tensor for tensor in graph.outputs)
    return replace(graph, calls=tuple(calls), outputs=outputs)
