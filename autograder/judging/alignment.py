"""Which call of a graph stands in the place of which of another one that is wired as it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograder.graphs import Graph, Palette, Tensor
from autograder.graphs.free_orders import free_orders
from autograder.graphs.normal_form import first_colours


def in_place_of(graph: Graph, other: Graph, palette: Palette) -> dict[int, int] | None:
    """For each call of a graph that counts, the one of another graph in its place.

    What the calls do may differ: only who reads whom is looked at, from the outputs back. Where the
    order of what a call reads is free, what is most alike is taken for each other.

    Args:
        graph: any graph.
        other: another one.
        palette: colours for both.

    Returns:
        None where one of them has a call that the other has no place for.
    """
    if len(graph.inputs) != len(other.inputs) or len(graph.outputs) != len(other.outputs):
        return None
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    arranged = _Arranged(graph, other, palette)
    open_ = list(zip(graph.outputs, other.outputs, strict=True))
    while open_:
        one, its = open_.pop()
        if one.output != its.output or pairs.get(one.call, its.call) != its.call:
            return None
        if one.call in pairs:
            continue
        inputs = len(graph.inputs)
        is_an_input = one.call < inputs or its.call < inputs
        if its.call in taken or (is_an_input and one.call != its.call):
            return None
        pairs[one.call] = its.call
        taken.add(its.call)
        read = arranged.read(one.call, its.call)
        if read is None:
            return None
        open_ += read
    return pairs


class _Arranged:
    """What two calls read, tensor by tensor, each with the one that stands for it."""

    def __init__(self, graph: Graph, other: Graph, palette: Palette) -> None:
        self.graph, self.other = graph, other
        self._free = free_orders(graph), free_orders(other)
        colours = first_colours(graph, palette), first_colours(other, palette)
        self._likenesses: list[tuple[Callable[[int], Any], Callable[[int], Any]]] = [
            (colours[0].__getitem__, colours[1].__getitem__),
            (lambda n: graph.calls[n].label, lambda n: other.calls[n].label),
            (lambda n: graph.calls[n].op, lambda n: other.calls[n].op),
            (lambda n: 0, lambda n: 0),
        ]

    def read(self, one: int, its: int) -> list[tuple[Tensor, Tensor]] | None:
        """Pairs of tensors; None where one call reads more than the other."""
        mine, theirs = self.graph.calls[one].inputs, self.other.calls[its].inputs
        if len(mine) != len(theirs):
            return None
        if not (self._free[0][one] and self._free[1][its]):
            return list(zip(mine, theirs, strict=True))
        left, open_, found = list(theirs), list(mine), []
        for own, like in self._likenesses:
            for tensor in list(open_):
                kind = own(tensor.call), tensor.output
                twin = next((t for t in left if (like(t.call), t.output) == kind), None)
                if twin is not None:
                    left.remove(twin)
                    open_.remove(tensor)
                    found.append((tensor, twin))
        return None if open_ else found
