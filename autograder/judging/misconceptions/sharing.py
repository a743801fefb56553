"""Mistakes about who shares whose weights."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from autograder.graphs import Graph, Tensor
from autograder.graphs.describe import words
from autograder.graphs.surgery import new_weights
from autograder.judging.edits import Edit, calls_of
from autograder.judging.hints import Hints
from autograder.judging.misconceptions.catalogue import misconception
from autograder.judging.misconceptions.sketch import Sketch
from autograder.judging.weight_sharing import connected, groups, torn_and_joined


def _two_towers(shared: tuple[str, str], second: tuple[str, str]) -> Graph:
    sketch = Sketch()
    left, right = sketch.input(8, name="left"), sketch.input(8, name="right")
    ends = []
    for tensor, (first_name, second_name) in ((left, shared), (right, second)):
        hidden = sketch.layer("Dense", tensor, name=first_name, units=4)
        ends.append(sketch.layer("Dense", hidden, name=second_name, units=3))
    return sketch.graph(sketch.layer("Dense", sketch.step("Subtract", *ends), units=1, name="head"))


def _example(second: tuple[str, str]) -> tuple[Graph, Graph]:
    return _two_towers(("a", "b"), ("a", "b")), _two_towers(("a", "b"), second)


def _torn(graph: Graph, hints: Hints) -> Iterator[tuple[Graph, set[int], bool]]:
    """Other sharings of the same calls in which layers came apart, and whether wholly so.

    Layers that hang together, such as those of one encoder, count as one thing.
    """
    for other in hints.sharing(graph):
        torn, joined = torn_and_joined(graph, other)
        if not torn or joined:
            continue
        repeated = {p for places in groups(graph).values() if len(places) > 1 for p in places}
        parts = [part for part in connected(graph, repeated) if part & torn]
        layers = {graph.calls[place].weights for part in parts for place in part}
        whole = {p for p in repeated if graph.calls[p].weights in layers}
        yield other, torn, all(len(calls_of(other, place)) == 1 for place in whole)


def _names(graph: Graph, places: set[int]) -> tuple[dict[str, str], tuple[str, ...]]:
    roles = {f"layer_{n}": graph.calls[place].trace for n, place in enumerate(sorted(places)[:4])}
    return roles, tuple(roles)


@misconception("not-shared", example=lambda: _example(("c", "d")), rearranges=True)
def not_shared(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """A layer of its own for each call, where one layer is meant to be called several times."""
    for other, torn, wholly in _torn(graph, hints):
        if wholly:
            roles, where = _names(graph, torn)
            calls, layers = len(torn), len({graph.calls[place].weights for place in torn})
            sets = "one set of weights" if layers == 1 else f"{layers} sets of weights"
            yield Edit(
                other,
                "Layers that should be one and the same are separate layers here, each with "
                "weights "
                "of its own. Equal settings do not make two layers one: what one of them learns, "
                "the other does not know.",
                roles,
                where,
                expected=f"{sets}, used by {calls} calls",
                found=f"{calls} sets of weights, one for each call",
                next_step="Make each such layer once, before you use it, and call that same object "
                "wherever it is needed.",
                origin=tuple(graph.calls[place].trace for place in sorted(torn)),
            )


@misconception("partly-shared", example=lambda: _example(("a", "d")), rearranges=True)
def partly_shared(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """Some calls share their weights as they should, others do not."""
    for other, torn, wholly in _torn(graph, hints):
        if not wholly:
            new = groups(other)
            alone = {place for place in torn if len(new[other.calls[place].weights or 0]) == 1}
            roles, where = _names(graph, alone or torn)
            yield Edit(
                other,
                "Some calls share their weights as they should, but not all: part of what "
                "should be "
                "one is made anew for another call. So the two paths measure with different "
                "rulers.",
                roles,
                where,
                expected=f"{len(groups(graph))} sets of weights in all",
                found=f"{len(new)} sets of weights in all",
                next_step="Find the layer that is made a second time, and call the first one again "
                "instead. A model that holds all shared layers makes it hard to forget one.",
                origin=tuple(graph.calls[place].trace for place in sorted(alone or torn)),
            )


def _shared_example() -> tuple[Graph, Graph]:
    def stack(second: str) -> Graph:
        sketch = Sketch()
        hidden = sketch.layer("Dense", sketch.input(8), name="a", units=8)
        return sketch.graph(sketch.layer("Dense", hidden, name=second, units=8))

    return stack("b"), stack("a")


_ONE_LAYER = (
    "One layer is called several times where separate layers are meant. All its calls use the same "
    "weights, so the network has fewer of them, and cannot learn something different at each "
    "place.",
    "Make a new layer for each place. Look for a layer object that you use twice, perhaps from a "
    "loop or an earlier cell.",
)
_ONE_RESULT = (
    "What one layer makes is used at several places, where each is meant to have a layer of its "
    "own. So the network has fewer weights, and cannot learn something different for each place.",
    "Make a layer for each place. Look for a layer or a tensor that you use twice, perhaps from a "
    "loop or an earlier cell.",
)


def _read_the_same(graph: Graph, places: set[int]) -> bool:
    """Whether calls read the same tensors: as calls of one layer they are one call."""
    return len({graph.calls[place].inputs for place in places}) == 1


@misconception("shared-by-mistake", example=_shared_example, rearranges=True)
def shared_by_mistake(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """One layer called several times, where several layers are meant."""
    for other in hints.sharing(graph):
        torn, joined = torn_and_joined(graph, other)
        if torn or not joined:
            continue
        roles, where = _names(graph, joined)
        said, next_step = _ONE_RESULT if _read_the_same(graph, joined) else _ONE_LAYER
        yield Edit(
            other,
            said,
            roles,
            where,
            expected=f"{len(groups(graph))} sets of weights in all",
            found=f"{len(groups(other))} sets of weights in all",
            next_step=next_step,
            origin=tuple(graph.calls[place].trace for place in sorted(joined)),
        )


def _twice_example() -> tuple[Graph, Graph]:
    def fork(twice: bool) -> Graph:
        sketch = Sketch()
        start = sketch.input(8)
        hidden = sketch.layer("Dense", start, units=4)
        again = sketch.layer("Dense", start, units=4) if twice else hidden
        return sketch.graph(
            sketch.layer("Dense", hidden, units=1), sketch.layer("Dense", again, units=2)
        )

    return fork(False), fork(True)


@misconception("made-twice", example=_twice_example)
def made_twice(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """A layer made anew for a second use of its result, where one result is meant for both."""
    for place in range(len(graph.inputs), len(graph.calls)):
        for chain in _chains(graph, hints, place):
            for changed, copy in _copied(graph, place, chain):
                yield _made_twice(graph, chain, changed, copy)


_LONGEST_CHAIN = 100
"""Calls in a row that somebody may have made twice."""


def _chains(graph: Graph, hints: Hints, place: int) -> Iterator[list[int]]:
    """A call that several read, with what it is made from: rows that begin with a layer.

    Those where there is a mistake, and of which there could be more.
    """
    uses = len(graph.readers[place])
    if place in graph.returned:
        uses += sum(tensor.call == place for tensor in graph.outputs)
    if uses < 2:
        return
    chain, is_site, has_more = [place], False, False
    while len(graph.calls[chain[0]].inputs) == 1 and len(calls_of(graph, chain[0])) == 1:
        if len(chain) > _LONGEST_CHAIN:
            return
        is_site = is_site or hints.is_site(graph, chain[0])
        if graph.calls[chain[0]].weights is not None:
            has_more = has_more or hints.has_more(graph.calls[chain[0]])
            if is_site and has_more:
                yield chain
        chain = [graph.calls[chain[0]].inputs[0].call, *chain]


def _copied(graph: Graph, place: int, chain: list[int]) -> Iterator[tuple[Graph, str]]:
    """The graph with one use of a call moved to a copy of its chain; the copy's first trace."""
    calls, free = list(graph.calls), new_weights(graph)
    source = graph.calls[chain[0]].inputs[0]
    for n in chain:
        call = graph.calls[n]
        weights = None if call.weights is None else free + len(calls)
        calls.append(replace(call.moved((source,), weights), trace=f"copy {len(calls)}"))
        source = Tensor(len(calls) - 1)
    longer = replace(graph, calls=tuple(calls))
    first = f"copy {len(graph.calls)}"
    for reader in sorted({reader for reader, _ in graph.readers[place]}):
        inputs = (source if t.call == place else t for t in graph.calls[reader].inputs)
        yield longer.with_call(reader, inputs=tuple(inputs)), first
    for number, tensor in enumerate(graph.outputs):
        if tensor.call == place:
            outputs = (*graph.outputs[:number], source, *graph.outputs[number + 1 :])
            yield replace(longer, outputs=outputs), first


def _made_twice(graph: Graph, chain: list[int], changed: Graph, copy: str) -> Edit:
    behind = "" if len(_weighty(graph, chain)) == 1 else ", with all that stands behind it"
    made = ", then ".join(words(graph, n) for n in _weighty(graph, chain))
    return Edit(
        changed,
        "{layer} and {copy} read the same tensor, with the same settings: one layer is meant"
        f"{behind}, and what it makes is used in both places. Each of your two learns for itself.",
        {"layer": graph.calls[chain[0]].trace, "copy": copy},
        ("layer", "copy"),
        expected=f"{made}: once",
        found="the same twice",
        next_step="Keep the result in a variable, and use this variable in both places.",
        origin=(graph.calls[chain[0]].trace,),
    )


def _weighty(graph: Graph, chain: list[int]) -> list[int]:
    return [n for n in chain if graph.calls[n].weights is not None]
