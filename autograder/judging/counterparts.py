"""Which calls of two graphs do the same, told by what they compute and what is made of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from autograder.graphs import Graph, Palette, Tensor
from autograder.graphs.normal_form import (
    first_colours,
    reader_colours,
    settled_colours,
)


@dataclass(frozen=True)
class Match:
    """Which calls of a graph are also in another one, such as the answer.

    A call is matched from the inputs where the answer has one that computes the same, and from the
    outputs where the answer has one of which the same is made. Between the two is the mistake. Of
    equal calls, as many are matched as the answer has.
    """

    from_inputs: list[int]
    from_outputs: list[int]
    not_computed: frozenset[int]
    not_used: frozenset[int]

    def computed(self, place: int) -> bool:
        """Whether the other graph computes the same as this call, as often as this graph."""
        return place not in self.not_computed

    def used(self, place: int) -> bool:
        """Whether the other graph uses a call as this one is used, as often as this graph."""
        return place not in self.not_used

    def kind_of(self, graph: Graph, tensor: Tensor) -> tuple[Any, int]:
        """What a tensor is: how it is computed, where the other graph computes it, too; else, as
        with another mistake before it, the label of its call. And which output of that.
        """
        place, output = tensor
        own = self.from_inputs[place] if self.computed(place) else graph.calls[place].label
        return own, output

    def computed_as(self, colour: int) -> list[int]:
        """The calls of the graph that are of this colour by what they compute."""
        return self._by_computed.get(colour, [])

    def used_as(self, colour: int) -> list[int]:
        """The calls of the graph that are of this colour by what is made of them."""
        return self._by_used.get(colour, [])

    @cached_property
    def _by_computed(self) -> dict[int, list[int]]:
        return _places(self.from_inputs)

    @cached_property
    def _by_used(self) -> dict[int, list[int]]:
        return _places(self.from_outputs)

    def kind(self, place: int) -> tuple[int, int]:
        """What a call is matched by: how it is computed, and how it is used."""
        return self.from_inputs[place], self.from_outputs[place]

    def alike(self, graph: Graph, places: Iterable[int], most: int = 1) -> list[int]:
        """Some calls, at most so many of those that nothing tells apart but their place."""
        equal: dict[Any, list[int]] = {}
        for place in places:
            equal.setdefault(self.kind(place), []).append(place)
        if any(len(group) > most for group in equal.values()):
            # They are matched by what reads them; what else their readers read tells more.
            colours, groups = settled_colours(graph), equal.values()
            equal = {}
            for place in (place for group in groups for place in group):
                equal.setdefault(colours[place], []).append(place)
        return sorted(place for group in equal.values() for place in group[:most])


def _places(colours: list[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for place, colour in enumerate(colours):
        found.setdefault(colour, []).append(place)
    return found


def matched(answer: Graph, graph: Graph, palette: Palette) -> tuple[Match, Match]:
    """Which calls of an answer are also in a graph, and which of the graph in the answer."""
    mine = first_colours(answer, palette), reader_colours(answer, palette)
    theirs = first_colours(graph, palette), reader_colours(graph, palette)
    return _match(mine, theirs), _match(theirs, mine)


def _match(mine: tuple[list[int], list[int]], theirs: tuple[list[int], list[int]]) -> Match:
    lacking = [Counter(own) - Counter(other) for own, other in zip(mine, theirs, strict=True)]
    computed, used = mine
    known = set(zip(*theirs, strict=True))
    strange = [kind not in known for kind in zip(*mine, strict=True)]
    return Match(
        computed,
        used,
        _surplus(computed, lacking[0], [colour in lacking[1] for colour in used], strange),
        _surplus(used, lacking[1], [colour in lacking[0] for colour in computed], strange),
    )


def _surplus(
    colours: list[int], lacking: Counter[int], first: list[bool], strange: list[bool]
) -> frozenset[int]:
    """Of the calls of each colour as many as the other graph lacks.

    Those come first that are also matched from the other side by none, then those that are computed
    and used as no call of the other graph is, then the last ones.
    """
    left, found = Counter(lacking), set()
    for place in sorted(range(len(colours)), key=lambda n: (first[n], strange[n], n), reverse=True):
        if left[colours[place]] > 0:
            left[colours[place]] -= 1
            found.add(place)
    return frozenset(found)


def sites(graph: Graph, match: Match) -> frozenset[int]:
    """Calls that are matched from neither side, and those where the two sides meet."""
    found = set()
    for place, call in enumerate(graph.calls):
        if not match.computed(place):
            if not match.used(place):
                found.add(place)
            for tensor in call.inputs:
                if match.computed(tensor.call):
                    found |= {place, tensor.call}
        elif not all(match.computed(tensor.call) for tensor in call.inputs):
            found.add(place)  # the answer has one like it, which reads another of what it reads
        if _reads_twins(graph, place, match):
            found.add(place)
    for tensor in graph.outputs:
        if not (match.computed(tensor.call) and match.used(tensor.call)):
            found.add(tensor.call)
    return frozenset(found)


def _reads_twins(graph: Graph, place: int, match: Match) -> bool:
    """Whether a call reads two tensors made alike, and one of them is used otherwise on the other
    side: which of the two is read where, what they are made of does not show.
    """
    read = set(graph.calls[place].inputs)
    made = {(match.from_inputs[tensor.call], tensor.output) for tensor in read}
    return len(made) < len(read) and not all(match.used(tensor.call) for tensor in read)


def mirrored(answer: Graph, here: Match, there: Match) -> frozenset[int]:
    """Calls of the graph that match those of the answer where it differs.

    Where the answer has a call too many of a row of equal ones, only the answer shows it.
    """
    differing = sites(answer, here)
    computed = {here.from_inputs[place] for place in differing}
    used = {here.from_outputs[place] for place in differing}
    return frozenset(
        place
        for place, colour in enumerate(there.from_inputs)
        if colour in computed or there.from_outputs[place] in used
    )


def arranged(
    tensors: list[tuple[Any, Tensor]], kinds: list[tuple[Any, int]]
) -> tuple[Tensor, ...] | None:
    """Tensors in the order of some kinds, each once; None where there is not one for each.

    Args:
        tensors: each with what makes it, and of those that are alike the first first.
        kinds: what makes a tensor, and which output of that it is.
    """
    left: dict[Any, list[Tensor]] = {}
    for maker, tensor in reversed(tensors):
        left.setdefault((maker, tensor.output), []).append(tensor)
    order = [alike.pop() for alike in map(left.get, kinds) if alike]
    return tuple(order) if len(order) == len(kinds) else None
