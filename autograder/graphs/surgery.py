"""Surgery on graphs: calls put in, taken out, replaced, numbered anew, and tensors redirected.

A graph is never changed: each function gives a new one, or the same where nothing is to be done.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import compress, count
from operator import is_not
from typing import Any

from autograder.graphs.graph import Call, Graph, Tensor
from autograder.graphs.layers.facts import facts, owns_weights


def without_unused(graph: Graph) -> Graph:
    """The graph without calls that reach no output; inputs always stay."""
    kept = needed(graph)
    if len(kept) == len(graph.calls):
        return graph
    return renumbered(graph, kept)


def needed(graph: Graph) -> list[int]:
    """The inputs, and all calls that an output depends on, in order."""
    return sorted(reached(graph) | set(range(len(graph.inputs))))


def reached(graph: Graph) -> set[int]:
    """All calls, inputs among them, that an output depends on."""
    found: set[int] = set()
    stack = [tensor.call for tensor in graph.outputs]
    while stack:
        place = stack.pop()
        if place not in found:
            found.add(place)
            stack += [t.call for t in graph.calls[place].inputs if t.call not in found]
    return found


def reading_order(graph: Graph) -> list[int] | None:
    """The inputs, then all calls that an output needs, each behind what it reads.

    None where a call depends on itself.
    """
    if all(t.call < place for place, call in enumerate(graph.calls) for t in call.inputs):
        return needed(graph)
    order = list(range(len(graph.inputs)))
    done, open_ = set(order), set[int]()
    stack = [tensor.call for tensor in reversed(graph.outputs)]
    while stack:
        place = stack[-1]
        waiting = [t.call for t in reversed(graph.calls[place].inputs) if t.call not in done]
        if place in done or not waiting:
            stack.pop()
            if place not in done:
                done.add(place)
                order.append(place)
        elif open_.intersection(waiting) or place in waiting:
            return None
        else:
            open_.add(place)
            stack += waiting
    return order


def renumbered(graph: Graph, order: list[int]) -> Graph:
    """The graph with its calls in another order."""
    places = {old: new for new, old in enumerate(order)}
    others = {old for old, new in places.items() if old != new}

    def moved(tensors: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        if others.isdisjoint(tensor.call for tensor in tensors):
            return tensors
        return tuple(Tensor(places[t.call], t.output) for t in tensors)

    calls = (graph.calls[old] for old in order)
    moved_calls = tuple(call.moved(moved(call.inputs), call.weights) for call in calls)
    return replace(graph, calls=moved_calls, outputs=moved(graph.outputs))


def calls_changed(before: Graph, after: Graph) -> list[int]:
    """Where two graphs, of which one was made from the other, have not the very same call."""
    return list(compress(count(), map(is_not, before.calls, after.calls)))


def with_config(graph: Graph, places: Iterable[int], **settings: Any) -> Graph:
    """Other settings for some calls, and what follows from them; one of None is taken away.

    With its settings a layer may lose its weights, or come to have some.
    """
    calls, free = list(graph.calls), new_weights(graph)
    for place in places:
        own = calls[place].config
        followers = {
            key: settings[leader]
            for key, leader in facts(calls[place].op).follows.items()
            if leader in settings and own.get(key) == own.get(leader)
        }
        config = {**own, **followers, **settings}
        config = {key: value for key, value in config.items() if value is not None}
        weights = calls[place].weights
        if not owns_weights(calls[place].op, config):
            weights = None
        elif weights is None and not owns_weights(calls[place].op, calls[place].config):
            weights, free = free, free + 1
        calls[place] = replace(calls[place], config=config, weights=weights)
    return replace(graph, calls=tuple(calls))


def with_wrappers(graph: Graph, places: Iterable[int], **changes: Any) -> Graph:
    """Other layers around some calls."""
    calls = list(graph.calls)
    for place in places:
        call, wrappers = calls[place], replace(calls[place].wrappers, **changes)
        config = dict(call.config)
        if call.wrappers.bidirectional and not wrappers.bidirectional:
            config.pop("zero_output_for_mask", None)  # a Bidirectional sets it; alone it is False
        calls[place] = replace(call, wrappers=wrappers, config=config)
    return replace(graph, calls=tuple(calls))


def with_arguments(graph: Graph, places: Iterable[int], arguments: Mapping[str, Any]) -> Graph:
    """Other arguments beside their tensors for some calls."""
    calls = list(graph.calls)
    for place in places:
        calls[place] = replace(calls[place], arguments=arguments)
    return replace(graph, calls=tuple(calls))


def with_trainable(graph: Graph, places: Iterable[int], trainable: bool) -> Graph:
    """Some calls with their layers free to learn, or frozen."""
    calls = list(graph.calls)
    for place in places:
        calls[place] = replace(calls[place], trainable=trainable)
    return replace(graph, calls=tuple(calls))


def with_layer(graph: Graph, places: Iterable[int], other: Call) -> Graph:
    """Another call's layer in the place of some calls, reading the same tensors."""
    calls = list(graph.calls)
    for place in places:
        calls[place] = replace(
            calls[place],
            op=other.op,
            config=other.config,
            wrappers=other.wrappers,
            arguments=other.arguments,
        )
    return replace(graph, calls=tuple(calls))


def with_reading(graph: Graph, place: int, position: int, tensor: Tensor) -> Graph:
    """One input of one call read from another tensor."""
    inputs = list(graph.calls[place].inputs)
    inputs[position] = tensor
    calls = list(graph.calls)
    calls[place] = calls[place].moved(tuple(inputs), calls[place].weights)
    return replace(graph, calls=tuple(calls))


def without_calls(graph: Graph, places: Iterable[int]) -> Graph:
    """Some calls bypassed: whoever read one reads its first input, or what that was made of."""
    before = {Tensor(place): graph.calls[place].inputs[0] for place in places}
    for tensor in sorted(before):
        while (source := before[tensor]) in before:
            before[tensor] = before[source]
    return all_redirected(graph, before)


def redirected(graph: Graph, old: Tensor, new: Tensor, but: int | None = None) -> Graph:
    """Whatever read one tensor reads another; the call `but` goes on as before."""
    return all_redirected(graph, {old: new}, but)


def all_redirected(graph: Graph, others: Mapping[Tensor, Tensor], but: int | None = None) -> Graph:
    """Whatever read some tensors reads others, all at once; the call `but` goes on as before."""
    calls = list(graph.calls)
    known = "readers" in vars(graph)  # of a graph that many edits are made in
    readers = {n for old in others for n, _ in graph.readers[old.call]} if known else None
    for place in range(len(calls)) if readers is None else readers:
        call = calls[place]
        if place != but and not others.keys().isdisjoint(call.inputs):
            calls[place] = call.moved(tuple(others.get(t, t) for t in call.inputs), call.weights)
    outputs = tuple(others.get(tensor, tensor) for tensor in graph.outputs)
    return replace(graph, calls=tuple(calls), outputs=outputs)


def with_inserts(graph: Graph, new: Mapping[Tensor, list[Call]]) -> Graph:
    """Calls put in after some tensors, one reading the other, for all that read the tensor."""
    added: list[Call] = []
    ends: dict[Tensor, Tensor] = {}
    for tensor, calls in new.items():
        ends[tensor] = tensor
        for call in calls:
            added.append(call.moved((ends[tensor],), call.weights))
            ends[tensor] = Tensor(len(graph.calls) + len(added) - 1)
    changed = all_redirected(graph, ends)
    return replace(changed, calls=(*changed.calls, *added))


def with_insert(
    graph: Graph, tensor: Tensor, new: list[Call], readers: Iterable[int] | None = None
) -> Graph:
    """Calls put in after a tensor, one reading the other.

    Args:
        graph: any graph.
        tensor: what the first new call reads.
        new: the calls; their inputs are set here.
        readers: which readers of the tensor read the last new call from now on; all, and the
            model's outputs, by default.
    """
    if readers is None:
        return with_inserts(graph, {tensor: new})
    added: list[Call] = []
    source = tensor
    for call in new:
        added.append(call.moved((source,), call.weights))
        source = Tensor(len(graph.calls) + len(added) - 1)
    calls = list(graph.calls)
    for place in readers:
        inputs = tuple(source if t == tensor else t for t in calls[place].inputs)
        calls[place] = calls[place].moved(inputs, calls[place].weights)
    return replace(graph, calls=(*calls, *added))


def moved_row(graph: Graph, row: list[int], tensor: Tensor, readers: list[int] | None) -> Graph:
    """Calls that follow each other taken out, and put in behind another tensor.

    Args:
        graph: any graph.
        row: the calls, one reading the other.
        tensor: what the first is to read.
        readers: who of those that read the tensor is to read the last; all by default.
    """
    source = graph.calls[row[0]].inputs[0]
    closed = redirected(graph, Tensor(row[-1]), source)
    return with_insert(closed, tensor, [graph.calls[place] for place in row], readers)


def new_weights(graph: Graph) -> int:
    """A number for a set of weights that no call uses yet."""
    return 1 + max(graph.layers, default=-1)


def with_own_numbers(graph: Graph) -> Graph:
    """Weights numbered by first use, so that equal graphs have equal numbers."""
    numbers: dict[int | None, int] = {}
    for call in graph.calls:
        if call.weights is not None:
            numbers.setdefault(call.weights, len(numbers))
    calls = tuple(call.moved(call.inputs, numbers.get(call.weights)) for call in graph.calls)
    return replace(graph, calls=calls)
