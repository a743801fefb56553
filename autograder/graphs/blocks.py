"""Which calls make one layer: a layer and the activation that belongs to it."""

from __future__ import annotations

from collections.abc import Iterator

from autograder.graphs.graph import Graph


def own_activation(graph: Graph, place: int) -> int | None:
    """The activation that alone reads a call: with it, the call makes one layer."""
    readers = graph.readers[place]
    if len(readers) != 1 or place in graph.returned:
        return None
    reader = readers[0][0]
    return reader if graph.calls[reader].op == "Activation" else None


def blocks(graph: Graph) -> Iterator[tuple[int, ...]]:
    """The calls of a graph, with those together that one layer makes, in order.

    An activation that a layer was given as an argument has that layer's name; one that somebody
    made as a layer of its own has another, and is a block of its own.
    """
    taken: set[int] = set()
    for place, call in enumerate(graph.calls):
        if place in taken:
            continue
        end = own_activation(graph, place)
        if end is None or call.op == "Input" or graph.calls[end].name != call.name:
            yield (place,)
        else:
            taken.add(end)
            yield place, end
