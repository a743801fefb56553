"""Layers that are left out, one by one or in a row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from autograder.graphs import Call, Graph
from autograder.graphs.blocks import own_activation
from autograder.graphs.describe import describe, with_article, words
from autograder.graphs.surgery import (
    without_calls,
)
from autograder.judging.edits import Edit, Text, calls_of, subject
from autograder.judging.hints import Hints
from autograder.judging.misconceptions.catalogue import misconception
from autograder.judging.misconceptions.missing_parts import parts_missing
from autograder.judging.misconceptions.other_layers import layers_alike
from autograder.judging.misconceptions.sketch import stacked
from autograder.judging.misconceptions.two_ways import not_turned_round


@misconception("missing-layer", example=lambda: (stacked(4, 6), stacked(6)), rearranges=True)
def missing_layer(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """A layer left out."""
    for places in layers_alike(graph, hints):
        call = graph.calls[places[0]]
        if any(len(graph.calls[place].inputs) != 1 for place in places):
            continue
        for with_activation in (True, False):
            lacking = _whole(graph, places[0]) if with_activation else describe(call)
            sources = _before(graph, places, with_activation)
            who = subject(graph, sources, "each of")
            count = len({graph.families[place] for place in places})
            if count > len(who.roles):
                missing, lacking = f"{_COUNTS.get(count, count)} layers are", _times(lacking, count)
            else:
                missing = "A layer is"
            yield Edit(
                _bypassed(graph, places, with_activation),
                f"{missing} missing after {who.text}: {lacking}.",
                who.roles,
                tuple(who.roles),
                expected=f"after it: {lacking}",
                found="no such layer",
                next_step=_COMPARE,
                origin=tuple(graph.calls[place].trace for place in places),
                otherwise=_by_class(graph, sources, who.roles),
            )
    for places in _rows(graph, hints):
        source, lacking = graph.calls[places[0]].inputs[0].call, _in_a_row(graph, places)
        yield Edit(
            _bypassed(graph, places, True),
            f"{_COUNTS[_listed(lacking, places)]} layers are missing after {{source}}: {lacking}.",
            {"source": graph.calls[source].trace},
            ("source",),
            expected=f"after it: {lacking}",
            found="no such layers",
            next_step=_COMPARE,
            origin=tuple(graph.calls[place].trace for place in places),
        )
    yield from parts_missing(graph, hints)
    yield from not_turned_round(graph, hints)


def _by_class(graph: Graph, places: list[int], roles: Mapping[str, str]) -> dict[str, Text]:
    """What to call layers by their roles that have no name in the answer."""
    calls = {graph.calls[place].trace: graph.calls[place] for place in places}
    return {role: partial(_a, calls[trace]) for role, trace in roles.items()}


def _before(graph: Graph, places: list[int], with_activation: bool) -> list[int]:
    """What calls read that are left out: the last before each that stays."""
    gone = set(places)
    if with_activation:
        gone.update(own_activation(graph, place) or place for place in places)
    found = []
    for place in places:
        while place in gone:
            place = graph.calls[place].inputs[0].call
        found.append(place)
    return list(dict.fromkeys(found))


_COMPARE = (
    "Compare your layers with the list in the question, one by one. Is one of them made but never "
    "called?"
)
_COUNTS = {2: "Two", 3: "Three", 4: "Four", 5: "Five", 6: "Six", 7: "Seven", 8: "Eight"}
_MOST_IN_A_ROW = 4


def _rows(graph: Graph, hints: Hints) -> Iterator[list[int]]:
    """Two to four layers that follow each other, each read by the next alone."""
    for start, call in enumerate(graph.calls):
        if len(call.inputs) != 1 or call.op == "Activation" or not hints.is_site(graph, start):
            continue
        row = [start]
        while len(row) < _MOST_IN_A_ROW and (behind := _only_reader(graph, row[-1])) is not None:
            row.append(behind)
            if not _are_shared(graph, row) and not _makes_an_output(graph, behind):
                yield list(row)


def _only_reader(graph: Graph, place: int) -> int | None:
    """The layer that alone reads a layer; None where there is none, or a merge."""
    end = own_activation(graph, place)
    end = place if end is None else end
    readers = graph.readers[end]
    if len(readers) != 1 or end in graph.returned:
        return None
    reader = readers[0][0]
    return reader if len(graph.calls[reader].inputs) == 1 else None


def _makes_an_output(graph: Graph, place: int) -> bool:
    """Whether a layer is the last of its branch: without it another tensor is returned."""
    ends = {place, own_activation(graph, place)}
    return not ends.isdisjoint(graph.returned)


def _are_shared(graph: Graph, places: list[int]) -> bool:
    return any(len(calls_of(graph, place)) > 1 for place in places)


def _whole(graph: Graph, place: int) -> str:
    """A layer in words, with the activation behind it."""
    text, end = words(graph, place), own_activation(graph, place)
    if end is None or text == words(graph, end):
        return text
    return f"{text}{_THEN}{describe(graph.calls[end])}"


def _in_a_row(graph: Graph, places: list[int]) -> str:
    texts = [_whole(graph, place) for place in places]
    if len(set(texts)) == 1:
        return _times(texts[0], len(texts))
    return _THEN.join(texts)


def _listed(text: str, places: list[int]) -> int:
    """How many layers are spoken of: an activation may be a layer by itself."""
    return max(len(places), text.count(_THEN) + 1)


_THEN = ", then "


def _times(text: str, count: int) -> str:
    return f"{text}, {'twice' if count == 2 else f'{count} times'}"


def _bypassed(graph: Graph, places: list[int], with_activation: bool) -> Graph:
    """The graph without some calls, and without the activations that belong to them."""
    ends = [own_activation(graph, place) for place in places] if with_activation else []
    return without_calls(graph, [*places, *(end for end in ends if end is not None)])


def _a(call: Call) -> str:
    return with_article(describe(call))
