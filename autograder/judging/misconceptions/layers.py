"""Mistakes about which layers there are, how often they are called, and in which order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from itertools import permutations
from typing import Any

from autograder.graphs import Call, Graph, Tensor
from autograder.graphs.blocks import own_activation
from autograder.graphs.describe import describe, with_article, words
from autograder.graphs.free_orders import free_orders
from autograder.graphs.identities.reshaping import gives_a_shape
from autograder.graphs.layers.facts import facts
from autograder.graphs.surgery import (
    new_weights,
    with_insert,
    with_inserts,
    with_layer,
    without_calls,
)
from autograder.judging.edits import Edit, Text, calls_of, changed_together, slip, subject
from autograder.judging.hints import Hints
from autograder.judging.misconceptions.blocks_again import blocks_once_more
from autograder.judging.misconceptions.catalogue import misconception
from autograder.judging.misconceptions.missing_parts import parts_missing
from autograder.judging.misconceptions.one_setting import groups_of_activations
from autograder.judging.misconceptions.sketch import Sketch


def _merge(op: str) -> Graph:
    sketch = Sketch()
    start = sketch.input(8)
    ends = [sketch.layer("Dense", start, units=n) for n in (4, 4)]
    config = {"axis": 1} if op == "Concatenate" else {}
    return sketch.graph(sketch.step(op, *ends, **config))


@misconception("wrong-merge", example=lambda: (_merge("Add"), _merge("Concatenate")))
def wrong_merge(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """Tensors brought together in another way."""
    free = free_orders(graph)

    def alike(place: int) -> list[str]:
        call = graph.calls[place]
        return [call.label] if facts(call.op).merge and len(call.inputs) > 1 else []

    for places in changed_together(graph, hints.is_site, alike):
        call = graph.calls[places[0]]
        for other in hints.replacements(call):
            if not facts(other.op).merge:
                continue
            changed = with_layer(graph, places, other)
            orders = _orders(call.inputs, free[places[0]]) if len(places) == 1 else [call.inputs]
            for inputs in orders:
                yield slip(
                    graph,
                    changed.with_call(places[0], inputs=inputs),
                    places,
                    f"is {_a(other)}; {_a(call)} is meant. {_does(other)}; {_does(call)}.",
                    expected=describe(call),
                    found=describe(other),
                    next_step="Which way of merging does the question name? Compare the shape "
                    "behind it.",
                )


def _orders(inputs: tuple[Tensor, ...], is_free: bool) -> Iterator[tuple[Tensor, ...]]:
    """The inputs of a merge in each order that its own kind does not tell apart."""
    yield inputs
    if is_free and len(inputs) <= _FEW:
        yield from (order for order in permutations(inputs) if order != inputs)


_FEW = 3


def _does(call: Call) -> str:
    return f"{call.op} {facts(call.op).does}"


def _a(call: Call) -> str:
    return with_article(describe(call))


def _cells(op: str) -> Graph:
    sketch = Sketch()
    return sketch.graph(sketch.layer(op, sketch.input(None, 4), units=3))


def _in_rows(op: str, **config: Any) -> Graph:
    sketch = Sketch()
    return sketch.graph(sketch.step(op, sketch.input(2, 6), **config))


@misconception(
    "wrong-shape", example=lambda: (_in_rows("Flatten"), _in_rows("Reshape", newshape=[-1, 6]))
)
def wrong_shape(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """A shape of the whole batch, which moves numbers from one example into another."""
    for places in _alike(graph, hints):
        call = graph.calls[places[0]]
        if call.op not in {"Flatten", "Reshape"}:
            continue
        for other in hints.replacements(call):
            if "newshape" not in other.config:
                continue
            sizes = ", ".join(str(size) for size in other.config["newshape"])
            yield slip(
                graph,
                _replaced(graph, places, other),
                places,
                f"gives the whole batch the shape ({sizes}): that moves numbers from one example "
                "into another, and makes more or fewer examples of them.",
                expected=describe(call),
                found=f"shape ({sizes})",
                next_step="Flatten and Reshape keep examples apart. With keras.ops.reshape the "
                "sizes behind −1 must hold all numbers of one example.",
            )


@misconception("wrong-layer", example=lambda: (_cells("LSTM"), _cells("GRU")))
def wrong_layer(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """A layer of another class in the right place."""
    for places in [*_alike(graph, hints), *groups_of_activations(graph, hints)]:
        call = graph.calls[places[0]]
        for other in hints.replacements(call):
            if "Activation" in (call.op, other.op) and not _may_be_confused(call, other):
                continue
            meant, found = (_of_all(graph, places, one) for one in (call, other))
            edit = slip(
                graph,
                _replaced(graph, places, other),
                places,
                f"is {with_article(found)}; {with_article(meant)} is meant. Layers of different "
                "classes compute different things, even where their shapes agree.",
                expected=meant,
                found=found,
                next_step="Compare the class of this layer with the question.",
            )
            yield replace(edit, farfetched=_is_a_neighbour(graph, places, other))


def _of_all(graph: Graph, places: list[int], call: Call) -> str:
    """A layer in words that are true of several, where their settings are not the same."""
    differ = len({graph.calls[place].label for place in places}) > 1
    return call.op if differ else describe(call)


def _is_a_neighbour(graph: Graph, places: list[int], other: Call) -> bool:
    """Whether a layer stands beside these calls already, or gives a shape that is lost at once.

    Twice it often does what it does once. Then nobody wrote it a second time, but what stood there
    is missing.
    """
    behind = {reader for place in places for reader, _ in graph.readers[place]}
    before = {tensor.call for place in places for tensor in graph.calls[place].inputs}
    if gives_a_shape(other) and all(gives_a_shape(graph.calls[place]) for place in behind):
        return True
    return any(graph.calls[place].label == other.label for place in behind | before)


def _alike(graph: Graph, hints: Hints) -> Iterator[list[int]]:
    """All calls but activations, in groups that one slip would change."""

    def names(place: int) -> list[str]:
        call = graph.calls[place]
        return [] if call.op == "Activation" else [call.label, call.op]

    return changed_together(graph, hints.is_site, names)


def _may_be_confused(call: Call, other: Call) -> bool:
    """Whether an activation and a layer may stand for each other.

    An activation behind a layer that is missing stands there on its own account, as does one that
    is written into the layer before.
    """
    layer = other if call.op == "Activation" else call
    return layer.weights is None or facts(layer.op).same_shape


def _replaced(graph: Graph, places: list[int], other: Call) -> Graph:
    """The graph with another layer in the place of some calls, with weights if that has any.

    Layers that differ keep what both classes have, such as the number of their units. A recurrent
    layer with fewer states, as a GRU beside an LSTM, reads the first ones.
    """
    changed, made = with_layer(graph, places, other), dict[int, int]()
    differ = len({graph.calls[place].label for place in places}) > 1
    for place in places:
        call, weights = graph.calls[place], None
        if other.weights is not None:
            weights = call.weights
            if weights is None:
                new = new_weights(changed)
                weights = made.setdefault(graph.families[place], new)
        own = {key: value for key, value in call.config.items() if key in other.config}
        cells = facts(call.op).recurrent and facts(other.op).recurrent
        fewer_states = cells and 0 < len(other.inputs) < len(call.inputs)
        changed = changed.with_call(
            place,
            weights=weights,
            inputs=call.inputs[: len(other.inputs)] if fewer_states else call.inputs,
            config={**other.config, **own} if differ else other.config,
        )
    return changed


def _stack(*widths: int) -> Graph:
    sketch = Sketch()
    tensor = sketch.input(8)
    for width in widths:
        tensor = sketch.activation("relu", sketch.layer("Dense", tensor, units=width))
    return sketch.graph(sketch.layer("Dense", tensor, units=1))


@misconception("missing-layer", example=lambda: (_stack(4, 6), _stack(6)), rearranges=True)
def missing_layer(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """A layer left out."""
    for places in _alike(graph, hints):
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


@misconception("extra-layer", example=lambda: (_stack(4), _stack(4, 6)))
def extra_layer(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """A layer that was not asked for."""
    for addition in hints.additions():
        for places, choice in _gaps(graph, hints):
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
            replace(call, trace=f"{name} {number} {n}", weights=weights)
            for n, (call, weights) in enumerate(zip(addition, made[families[place]], strict=True))
        ]
    if choice is None:
        return with_inserts(graph, new), f"{name} 0 0"
    ((tensor, calls),) = new.items()
    return with_insert(graph, tensor, calls, choice), f"{name} 0 0"
