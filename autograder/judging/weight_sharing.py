"""Which calls share their weights, as groups that can be carried from one graph to another."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from autograder.graphs import Graph, counterparts
from autograder.graphs.surgery import calls_changed


def with_sharing_of(graph: Graph, other: Graph) -> Graph | None:
    """The graph with its weights shared as in another one; None if their calls differ.

    The calls are matched by their normal forms without regard to sharing: of both all layers are
    taken apart first, because sharing decides, too, which orders are free.
    """
    counterpart = counterparts(_all_apart(graph), _all_apart(other), sharing=False)
    if counterpart is None:
        return None
    calls = list(graph.calls)
    for here, there in counterpart.items():
        calls[here] = replace(calls[here], weights=other.calls[there].weights)
    return replace(graph, calls=tuple(calls))


def _all_apart(graph: Graph) -> Graph:
    """The graph with a layer for each call."""
    calls = (
        call if call.weights is None else replace(call, weights=place)
        for place, call in enumerate(graph.calls)
    )
    return replace(graph, calls=tuple(calls))


def with_layers_apart(graph: Graph) -> Iterator[Graph]:
    """The graph with a layer for each call: of one layer that is called often, then of all."""
    often = [places for places in graph.layers.values() if len(places) > 1]
    for choice in (*([places] for places in often), often if len(often) > 1 else []):
        calls, free = list(graph.calls), max(graph.layers, default=-1) + 1
        for places in choice:
            for place in places[1:]:
                calls[place] = replace(calls[place], weights=free)
                free += 1
        if choice:
            yield replace(graph, calls=tuple(calls))


def with_repeats_joined(graph: Graph) -> Iterator[Graph]:
    """The graph with one layer in the place of several that do the same with the same tensors."""
    repeats: dict[Any, list[int]] = defaultdict(list)
    for place, call in enumerate(graph.calls):
        if call.weights is not None:
            repeats[call.label, call.inputs].append(place)
    for places in repeats.values():
        owners = {graph.calls[place].weights for place in places}
        if len(owners) > 1:
            calls = list(graph.calls)
            for place in places:
                calls[place] = replace(calls[place], weights=min(owners, key=int))
            yield replace(graph, calls=tuple(calls))


def groups(graph: Graph) -> dict[int, list[int]]:
    """For each set of weights, the calls that use it."""
    return graph.layers


def torn_and_joined(before: Graph, after: Graph) -> tuple[set[int], set[int]]:
    """Calls that share their weights with fewer, and with other calls than they did before.

    Counted, not compared set by set: one layer may be called very often.
    """
    old = before.layers
    moved = {
        place: (before.calls[place].weights, after.calls[place].weights)
        for place in calls_changed(before, after)
        if before.calls[place].weights != after.calls[place].weights
    }
    sizes = Counter(
        {weights: len(old.get(weights, ())) for pair in moved.values() for weights in pair}
    )
    left, size = sizes - Counter(was for was, _ in moved.values()), sizes.copy()
    size.subtract(was for was, _ in moved.values())
    size.update(now for _, now in moved.values())
    together = Counter(moved.values()) + Counter({(w, w): count for w, count in left.items()})
    pairs = {place: (w, w) for w in sizes for place in old.get(w, ())} | moved
    torn = {p for p, (was, now) in pairs.items() if together[was, now] < sizes[was]}
    joined = {p for p, (was, now) in pairs.items() if together[was, now] < size[now]}
    return torn, joined


def connected(graph: Graph, places: set[int]) -> list[set[int]]:
    """Sets of calls that hang together: one reads the other, weightless calls between aside."""
    links: dict[int, set[int]] = {place: set() for place in places}
    made_by: list[int | None] = []
    for place, call in enumerate(graph.calls):
        sources = [made_by[tensor.call] for tensor in call.inputs]
        if place in places:
            made_by.append(place)
            for source in sources:
                if source is not None:
                    links[place].add(source)
                    links[source].add(place)
        else:
            passes_on = call.weights is None and len(sources) == 1
            made_by.append(sources[0] if passes_on else None)
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
