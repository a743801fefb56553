"""Which calls share their weights, as groups that can be carried from one graph to another."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from autograder.graphs import Graph, Palette, normal_form


def with_sharing_of(graph: Graph, other: Graph) -> Graph | None:
    """The graph with its weights shared as in another one; None if their calls differ.

    The calls are matched by their normal forms without regard to sharing.
    """
    palette = Palette()
    mine = normal_form(graph, palette, sharing=False)
    theirs = normal_form(other, palette, sharing=False)
    if mine.key != theirs.key:
        return None
    calls = list(graph.calls)
    for here, there in zip(mine.order, theirs.order, strict=True):
        calls[here] = replace(calls[here], weights=other.calls[there].weights)
    return replace(graph, calls=tuple(calls))


def groups(graph: Graph) -> dict[int, list[int]]:
    """For each set of weights, the calls that use it."""
    found: dict[int, list[int]] = defaultdict(list)
    for place, call in enumerate(graph.calls):
        if call.weights is not None:
            found[call.weights].append(place)
    return dict(found)


def partition(graph: Graph) -> dict[int, frozenset[int]]:
    """For each call with weights, the calls it shares them with, itself included."""
    return {place: frozenset(places) for places in groups(graph).values() for place in places}


def connected(graph: Graph, places: set[int]) -> list[set[int]]:
    """Sets of calls that hang together: one reads the other, weightless calls between aside."""
    links: dict[int, set[int]] = {place: set() for place in places}
    for place in places:
        stack = [tensor.call for tensor in graph.calls[place].inputs]
        while stack:
            here = stack.pop()
            if here in places:
                links[place].add(here)
                links[here].add(place)
            elif graph.calls[here].weights is None and len(graph.calls[here].inputs) == 1:
                stack += [tensor.call for tensor in graph.calls[here].inputs]
    parts: list[set[int]] = []
    left = set(places)
    while left:
        part, stack = set(), [left.pop()]
        while stack:
            here = stack.pop()
            part.add(here)
            new = links[here] - part
            stack += new
        left -= part
        parts.append(part)
    return parts
