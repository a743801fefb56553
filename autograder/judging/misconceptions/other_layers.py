"""Mistakes about what a layer is: of another class, merging otherwise, giving another shape."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, permutations
from typing import Any

from autograder.graphs import Call, Graph, Tensor
from autograder.graphs.describe import describe, with_article
from autograder.graphs.free_orders import free_orders
from autograder.graphs.identities.reshaping import gives_a_shape
from autograder.graphs.layers.facts import facts
from autograder.graphs.surgery import (
    new_weights,
    with_layer,
)
from autograder.judging.edits import Edit, changed_together, slip
from autograder.judging.hints import Hints
from autograder.judging.misconceptions.catalogue import misconception
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
                    _is_another(call, other),
                    expected=describe(call),
                    found=describe(other),
                    next_step=_WHICH_WAY,
                )
    yield from _some_otherwise(graph, hints)


_WHICH_WAY = "Which way of merging does the question name? Compare the shape behind it."


def _is_another(call: Call, other: Call) -> str:
    return f"is {_a(other)}; {_a(call)} is meant. {_does(other)}; {_does(call)}."


def _some_otherwise(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """Some of the tensors that one merge brings together, brought together in another way.

    A sum of several is one merge, however it was put together: its last step, or its first.
    """
    for place, call in enumerate(graph.calls):
        count = len(call.inputs)
        if call.op not in _NESTED or not 2 < count <= _MOST_NESTED:
            continue
        if not hints.is_site(graph, place):
            continue
        others = [each for each in hints.replacements(call) if facts(each.op).merge]
        for other in (each for each in others if len(each.inputs) == 2 and each.op != call.op):
            for one in call.inputs:
                rest = tuple(tensor for tensor in call.inputs if tensor != one)
                if len(rest) == count - 1:
                    yield from _in_two_steps(graph, place, other, rest=rest, one=one)
            for pair in combinations(call.inputs, 2):
                yield _pair_otherwise(graph, place, other, pair)


_NESTED = frozenset({"Add", "Multiply", "Maximum", "Minimum"})
_MOST_NESTED = 6


def _in_two_steps(
    graph: Graph, place: int, other: Call, *, rest: tuple[Tensor, ...], one: Tensor
) -> Iterator[Edit]:
    """All but one brought together as before, and that one in another way."""
    call = graph.calls[place]
    inner = replace(call, inputs=rest, name="", trace=f"part of {place}")
    longer = replace(graph, calls=(*graph.calls, inner))
    part = Tensor(len(graph.calls))
    for inputs in ((part, one), (one, part)):
        changed = with_layer(longer, [place], other).with_call(place, inputs=inputs)
        yield _one_step(changed, call.trace, call, other)


def _pair_otherwise(graph: Graph, place: int, other: Call, pair: tuple[Tensor, ...]) -> Edit:
    """Two of the tensors brought together in another way before the rest is."""
    call = graph.calls[place]
    inner = replace(other, inputs=pair, name="", weights=None, trace=f"part of {place}")
    longer = replace(graph, calls=(*graph.calls, inner))
    left = list(call.inputs)
    for tensor in pair:
        left.remove(tensor)
    changed = longer.with_call(place, inputs=(*left, Tensor(len(graph.calls))))
    return _one_step(changed, inner.trace, call, other)


def _one_step(changed: Graph, trace: str, call: Call, other: Call) -> Edit:
    """One of the steps in which tensors are brought together, in another way than the others."""
    return Edit(
        changed,
        f"{{layer}} {_is_another(call, other)}",
        {"layer": trace},
        ("layer",),
        expected=describe(call),
        found=describe(other),
        next_step=_WHICH_WAY,
        origin=(call.trace,),
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
    for places in layers_alike(graph, hints):
        call = graph.calls[places[0]]
        if call.op not in {"Flatten", "Reshape"}:
            continue
        for other in hints.replacements(call):
            if "newshape" not in other.keras_config:
                continue
            sizes = ", ".join(str(size) for size in other.keras_config["newshape"])
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
    for places in [*layers_alike(graph, hints), *groups_of_activations(graph, hints)]:
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


def layers_alike(graph: Graph, hints: Hints) -> Iterator[list[int]]:
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
    calls, made, free = list(graph.calls), dict[int, int](), new_weights(graph)
    differ = len({graph.calls[place].label for place in places}) > 1
    for place in places:
        call, weights = graph.calls[place], None
        if other.weights is not None:
            weights = call.weights
            if weights is None:
                weights = made.setdefault(graph.families[place], free + len(made))
        own = {key: value for key, value in call.config.items() if key in other.config}
        cells = facts(call.op).recurrent and facts(other.op).recurrent
        fewer_states = cells and 0 < len(other.inputs) < len(call.inputs)
        calls[place] = replace(
            call,
            op=other.op,
            config={**other.config, **own} if differ else other.config,
            inputs=call.inputs[: len(other.inputs)] if fewer_states else call.inputs,
            weights=weights,
            wrappers=call.wrappers if differ else other.wrappers,
            arguments=other.arguments,
        )
    return replace(graph, calls=tuple(calls))
