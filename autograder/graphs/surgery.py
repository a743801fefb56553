"""Surgery on graphs: calls put in, taken out, replaced, numbered anew, and tensors redirected.

A graph is never changed: each function gives a new one, or the same where nothing is to be done.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
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

    def moved(tensors: Iterable[Tensor]) -> tuple[Tensor, ...]:
        return tuple(Tensor(places[t.call], t.output) for t in tensors)

    calls = tuple(
        graph.calls[old].moved(moved(graph.calls[old].inputs), graph.calls[old].weights)
        for old in order
    )
    return replace(graph, calls=calls, outputs=moved(graph.outputs))


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


def without_call(graph: Graph, place: int) -> Graph:
    """One call bypassed: whoever read it reads its first input."""
    return redirected(graph, Tensor(place), graph.calls[place].inputs[0])


def redirected(graph: Graph, old: Tensor, new: Tensor, but: int | None = None) -> Graph:
    """Whatever read one tensor reads another; the call `but` goes on as before."""
    calls = tuple(
        call
        if place == but or old not in call.inputs
        else call.moved(tuple(new if t == old else t for t in call.inputs), call.weights)
        for place, call in enumerate(graph.calls)
    )
    outputs = tuple(new if tensor == old else tensor for tensor in graph.outputs)
    return replace(graph, calls=calls, outputs=outputs)


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
    added: list[Call] = []
    source = tensor
    for call in new:
        added.append(call.moved((source,), call.weights))
        source = Tensor(len(graph.calls) + len(added) - 1)
    if readers is None:
        changed = redirected(graph, tensor, source)
        return replace(changed, calls=(*changed.calls, *added))
    calls = list(graph.calls)
    for place in readers:
        inputs = tuple(source if t == tensor else t for t in calls[place].inputs)
        calls[place] = calls[place].moved(inputs, calls[place].weights)
    return replace(graph, calls=(*calls, *added))


def new_weights(graph: Graph) -> int:
    """A number for a set of weights that no call uses yet."""
    return 1 + max((call.weights for call in graph.calls if call.weights is not None), default=-1)


def with_own_numbers(graph: Graph) -> Graph:
    """Weights numbered by first use, so that equal graphs have equal numbers."""
    numbers: dict[int | None, int] = {}
    for call in graph.calls:
        if call.weights is not None:
            numbers.setdefault(call.weights, len(numbers))
    calls = tuple(call.moved(call.inputs, numbers.get(call.weights)) for call in graph.calls)
    return replace(graph, calls=calls)
