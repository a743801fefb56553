"""One name for each graph: two graphs are equal when their normal forms are.

Calls are coloured by what they compute, from what, for whom and with whose weights, until no
colour tells more apart; then numbered from the outputs backwards, in the order of the colours
where a merge leaves the order open.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from autograder.graphs.free_orders import free_orders
from autograder.graphs.graph import Call, Graph


@dataclass(frozen=True)
class NormalForm:
    """A graph under its one name.

    Attributes:
        key: equal for two graphs exactly when they are the same network.
        order: for each place in the normal form, the call of the graph that stands there.
    """

    key: tuple[Any, ...]
    order: tuple[int, ...]


@dataclass
class Palette:
    """Gives equal things equal numbers; graphs coloured with one palette can be compared."""

    numbers: dict[Any, int] = field(default_factory=dict)

    def noted(self, graph: Graph, what: str, find: Callable[[], list[int]]) -> list[int]:
        """What is found of a graph in these colours; found anew only for another palette."""
        known = graph.noted.get(what)
        if known is None or known[0] is not self:
            known = graph.noted[what] = self, find()
        return known[1]

    def number(self, thing: Any) -> int:
        """The number of a thing, new for a thing not seen before."""
        return self.numbers.setdefault(thing, len(self.numbers))


def normal_form(graph: Graph, palette: Palette | None = None, sharing: bool = True) -> NormalForm:
    """The normal form of a graph.

    Args:
        graph: any graph.
        palette: share one among graphs that are compared with each other.
        sharing: False to take no notice of which calls share their weights.
    """
    palette = palette or Palette()
    free = free_orders(graph)
    colours = _colours(graph, palette, free, sharing)
    return _numbered(graph, free, colours, sharing)


def counterparts(graph: Graph, other: Graph, sharing: bool = True) -> dict[int, int] | None:
    """For each call that counts, the one of another graph that stands in its place.

    Args:
        graph: any graph.
        other: another one.
        sharing: as for `normal_form`.

    Returns:
        None where the normal forms are two.
    """
    palette = Palette()
    mine, theirs = (normal_form(each, palette, sharing) for each in (graph, other))
    return dict(zip(mine.order, theirs.order, strict=True)) if mine.key == theirs.key else None


def first_colours(graph: Graph, palette: Palette) -> list[int]:
    """A colour for each call by what it computes and from what, sharing aside."""
    unknown = [0] * len(graph.calls)
    return palette.noted(
        graph,
        "first colours",
        lambda: _from_inputs(graph, palette, free_orders(graph), unknown),
    )


def colour_of(call: Call, read: list[tuple[int, int]], palette: Palette) -> int:
    """The colour, among `first_colours`, of a call that is no input and reads such colours."""
    return palette.number(((call.label, call.weights is not None), 0, tuple(read)))


def reader_colours(graph: Graph, palette: Palette) -> list[int]:
    """A colour for each call by what it computes and what is made of it, sharing aside."""
    return palette.noted(graph, "reader colours", lambda: _from_readers(graph, palette))


def _from_readers(graph: Graph, palette: Palette) -> list[int]:
    free = free_orders(graph)
    result = [0] * len(graph.calls)
    returned: dict[int, list[Any]] = defaultdict(list)
    for number, tensor in enumerate(graph.outputs):
        returned[tensor.call].append((number, tensor.output))
    for place in reversed(range(len(graph.calls))):
        readers = sorted(
            (result[reader], -1 if free[reader] else position)
            for reader, position in graph.readers[place]
        )
        label = _label(graph, place)
        result[place] = palette.number(("read", label, tuple(readers), tuple(returned[place])))
    return result


def settled_colours(graph: Graph) -> list[int]:
    """A colour for each call, equal for two only if nothing tells them apart but their place."""
    if "settled colours" not in graph.noted:
        graph.noted["settled colours"] = _colours(graph, Palette(), free_orders(graph), True)
    return graph.noted["settled colours"]


def _label(graph: Graph, place: int) -> Any:
    label = graph.calls[place].label
    return (place, label) if place < len(graph.inputs) else label


def _from_inputs(graph: Graph, palette: Palette, free: Sequence[bool], old: list[int]) -> list[int]:
    colours: list[int] = []
    for place, call in enumerate(graph.calls):
        read = [(colours[tensor.call], tensor.output) for tensor in call.inputs]
        if free[place]:
            read.sort()
        label = (_label(graph, place), call.weights is not None)
        colours.append(palette.number((label, old[place], tuple(read))))
    return colours


def _colours(graph: Graph, palette: Palette, free: Sequence[bool], sharing: bool) -> list[int]:
    """Refine colours until a round tells no more calls apart."""
    colours = first_colours(graph, palette)
    count = len(set(colours))
    owners: dict[int, list[int]] = defaultdict(list)
    if sharing:
        for place, call in enumerate(graph.calls):
            if call.weights is not None:
                owners[call.weights].append(place)
    while True:
        colours = _one_round(graph, palette, free, colours, owners)
        if len(set(colours)) == count:
            return colours
        count = len(set(colours))


def _one_round(
    graph: Graph,
    palette: Palette,
    free: Sequence[bool],
    colours: list[int],
    owners: dict[int, list[int]],
) -> list[int]:
    """Tell calls apart by what is made of them, all the way back, then by what they are made of.

    Whole passes, not a step from call to call: two long chains that differ at their ends alone
    would take as many rounds as they have calls.
    """
    groups = {
        weights: palette.number(("shared", tuple(sorted(colours[place] for place in places))))
        for weights, places in owners.items()
    }
    returned: dict[int, list[int]] = defaultdict(list)
    for number, tensor in enumerate(graph.outputs):
        returned[tensor.call].append(number)
    mixed = [0] * len(graph.calls)
    for place in reversed(range(len(graph.calls))):
        readers = sorted(
            (mixed[reader], -1 if free[reader] else position)
            for reader, position in graph.readers[place]
        )
        weights = graph.calls[place].weights
        group = groups.get(weights, -1) if weights is not None else -1
        own = (colours[place], group, tuple(readers), tuple(returned[place]))
        mixed[place] = palette.number(own)
    return _from_inputs(graph, palette, free, mixed)


def _numbered(graph: Graph, free: Sequence[bool], colours: list[int], sharing: bool) -> NormalForm:
    numbers: dict[int, int] = {place: place for place in range(len(graph.inputs))}
    order = list(range(len(graph.inputs)))
    rows: list[Any] = [graph.calls[place].label for place in order]
    weights: dict[int, int] = {}
    arranged = [
        sorted(call.inputs, key=lambda t: (colours[t.call], t.output))
        if free[place]
        else call.inputs
        for place, call in enumerate(graph.calls)
    ]
    stack = [tensor.call for tensor in reversed(graph.outputs)]
    while stack:
        place = stack[-1]
        if place in numbers:
            stack.pop()
            continue
        waiting = [t.call for t in reversed(arranged[place]) if t.call not in numbers]
        if waiting:
            stack += waiting
            continue
        stack.pop()
        call = graph.calls[place]
        owner = None
        if call.weights is not None:
            owner = weights.setdefault(call.weights, len(weights)) if sharing else 0
        read = [(numbers[t.call], t.output) for t in arranged[place]]
        if free[place]:
            read.sort()
        numbers[place] = len(order)
        order.append(place)
        rows.append((call.label, owner, tuple(read)))
    outputs = tuple((numbers[t.call], t.output) for t in graph.outputs)
    return NormalForm((tuple(rows), len(graph.inputs), outputs), tuple(order))
