"""Layers that nobody asked for, and where they stand."""

from __future__ import annotations

from collections.abc import Iterator

from autograder.graphs import Call, Graph, Tensor
from autograder.graphs.describe import describe
from autograder.graphs.surgery import (
    new_weights,
    with_insert,
    with_inserts,
)
from autograder.judging.edits import Edit, calls_of, changed_together
from autograder.judging.hints import Hints
from autograder.judging.misconceptions.blocks_again import blocks_once_more
from autograder.judging.misconceptions.catalogue import misconception
from autograder.judging.misconceptions.sketch import stacked


@misconception("extra-layer", example=lambda: (stacked(4), stacked(4, 6)))
def extra_layer(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """A layer that was not asked for."""
    additions = list(hints.additions())
    gaps = list(_gaps(graph, hints)) if additions else []
    for addition in additions:
        for places, choice in gaps:
            changed, name = _with_additions(graph, addition, places, choice)
            yield Edit(
                changed,
                f"{{layer}} ({_with_end(addition)}) is a layer that the question does not ask for.",
                {"layer": name},
                ("layer",),
                expected="no layer there",
                found=_with_end(addition),
                next_step="Compare your layers with the list in the question, one by one.",
                origin=tuple(graph.calls[place].trace for place in places),
            )
    yield from blocks_once_more(graph, hints)


def _with_end(addition: list[Call]) -> str:
    ends = [str(call.config["activation"]) for call in addition[1:]]
    return ", ".join([describe(addition[0]), *ends])


def _gaps(graph: Graph, hints: Hints) -> Iterator[tuple[list[int], list[int] | None]]:
    """Where a layer could be put in: behind which calls, and before which of their readers."""

    def is_near(_: Graph, place: int) -> bool:
        near = (place, *(reader for reader, _ in graph.readers[place]))
        return any(hints.is_site(graph, p) for p in near)

    for place in range(len(graph.inputs)):
        if is_near(graph, place):
            yield [place], None
    for places in changed_together(graph, is_near, lambda place: [graph.calls[place].label]):
        yield places, None
    for place in range(len(graph.calls)):
        readers = sorted({reader for reader, _ in graph.readers[place]})
        returned = place in graph.returned
        if len(readers) + returned > 1 and is_near(graph, place):
            yield from (([place], [reader]) for reader in readers)
            if 2 < len(readers) <= _MOST_READERS:  # all but one of them
                yield from (([place], [r for r in readers if r != reader]) for reader in readers)
        if len(calls_of(graph, place)) > 1 and is_near(graph, place):
            yield [place], None


_MOST_READERS = 12


def _with_additions(
    graph: Graph, addition: list[Call], places: list[int], choice: list[int] | None
) -> tuple[Graph, str]:
    """The graph with new layers behind some calls, and the trace of the first of them.

    Calls of one layer are followed by calls of one new layer.
    """
    families, made, free = graph.families, dict[int, list[int | None]](), new_weights(graph)
    name, new = f"new {len(graph.calls)}", dict[Tensor, list[Call]]()
    for number, place in enumerate(places):
        if families[place] not in made:
            weighty = (call.weights is not None for call in addition)
            made[families[place]] = [free + n if w else None for n, w in enumerate(weighty)]
            free += len(addition)
        new[Tensor(place)] = [
            call.once_more(f"{name} {number} {n}", weights)
            for n, (call, weights) in enumerate(zip(addition, made[families[place]], strict=True))
        ]
    if choice is None:
        return with_inserts(graph, new), f"{name} 0 0"
    ((tensor, calls),) = new.items()
    return with_insert(graph, tensor, calls, choice), f"{name} 0 0"
