"""Edits of a graph: the small steps that turn a right network into a wrong one.

A graph that is edited carries its places as names (`traced`), so that a call can be found again
after calls were put in, taken out and sorted anew.
"""

from __future__ import annotations

import graphlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from autograder.graphs import Call, Graph, Tensor
from autograder.graphs.rewrite import rewrite


@dataclass(frozen=True)
class Edit:
    """A mistake made in a graph, and the words for it.

    In `message` and `next_step`, `{role}` stands for the name that the student gave to the call
    with that role.

    Attributes:
        graph: the graph with the mistake in it.
        message: what was built, what was meant, and why it matters.
        roles: calls of the edited graph that the words speak of, by their trace.
        where: the roles that are the place of the mistake.
        expected: what is meant there.
        found: what the mistake has there.
        next_step: one thing to try.
        origin: traces of the calls that were meant.
        farfetched: True where the edit explains an answer only if nothing else does.
    """

    graph: Graph
    message: str
    roles: Mapping[str, str] = field(default_factory=dict)
    where: tuple[str, ...] = ()
    expected: str = ""
    found: str = ""
    next_step: str = ""
    origin: tuple[str, ...] = ()
    farfetched: bool = False


def traced(graph: Graph) -> Graph:
    """The graph with each call named by its place."""
    calls = tuple(replace(call, name=str(place)) for place, call in enumerate(graph.calls))
    return replace(graph, calls=calls)


def place_of(graph: Graph, trace: str) -> int | None:
    """Where the call with this trace is now; None if it is gone."""
    return next((n for n, call in enumerate(graph.calls) if call.name == trace), None)


def finished(graph: Graph) -> Graph | None:
    """The edited graph in order and in one spelling; None if it reads in a circle."""
    ordered = in_order(graph)
    return None if ordered is None else rewrite(ordered)


def in_order(graph: Graph) -> Graph | None:
    """The graph with its calls sorted so that each reads earlier ones; None for a circle."""
    if all(t.call < place for place, call in enumerate(graph.calls) for t in call.inputs):
        return graph
    sorter: graphlib.TopologicalSorter[int] = graphlib.TopologicalSorter()
    for place, call in enumerate(graph.calls):
        sorter.add(place, *(tensor.call for tensor in call.inputs))
    try:
        order = list(sorter.static_order())
    except graphlib.CycleError:
        return None
    inputs = range(len(graph.inputs))
    order = [*inputs, *(place for place in order if place not in inputs)]
    return renumbered(graph, order)


def renumbered(graph: Graph, order: list[int]) -> Graph:
    """The graph with its calls in another order."""
    places = {old: new for new, old in enumerate(order)}

    def moved(tensors: Iterable[Tensor]) -> tuple[Tensor, ...]:
        return tuple(Tensor(places[t.call], t.output) for t in tensors)

    calls = tuple(replace(graph.calls[old], inputs=moved(graph.calls[old].inputs)) for old in order)
    return replace(graph, calls=calls, outputs=moved(graph.outputs))


def with_config(graph: Graph, places: Iterable[int], **settings: Any) -> Graph:
    """Other settings for some calls; a setting of None is taken away."""
    calls = list(graph.calls)
    for place in places:
        config = {**calls[place].config, **settings}
        config = {key: value for key, value in config.items() if value is not None}
        calls[place] = replace(calls[place], config=config)
    return replace(graph, calls=tuple(calls))


def with_op(graph: Graph, places: Iterable[int], op: str, config: Mapping[str, Any]) -> Graph:
    """Another layer in the place of some calls, reading the same tensors."""
    calls = list(graph.calls)
    for place in places:
        calls[place] = replace(calls[place], op=op, config=dict(config))
    return replace(graph, calls=tuple(calls))


def with_reading(graph: Graph, place: int, position: int, tensor: Tensor) -> Graph:
    """One input of one call read from another tensor."""
    inputs = list(graph.calls[place].inputs)
    inputs[position] = tensor
    return graph.with_call(place, inputs=tuple(inputs))


def without_call(graph: Graph, place: int) -> Graph:
    """One call bypassed: whoever read it reads its first input."""
    return redirected(graph, Tensor(place), graph.calls[place].inputs[0])


def redirected(graph: Graph, old: Tensor, new: Tensor, but: int | None = None) -> Graph:
    """Whatever read one tensor reads another; the call `but` goes on as before."""
    calls = tuple(
        call
        if place == but or old not in call.inputs
        else replace(call, inputs=tuple(new if t == old else t for t in call.inputs))
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
    calls = list(graph.calls)
    source = tensor
    for call in new:
        calls.append(replace(call, inputs=(source,)))
        source = Tensor(len(calls) - 1)
    for place in range(len(graph.calls)) if readers is None else readers:
        inputs = tuple(source if t == tensor else t for t in calls[place].inputs)
        calls[place] = replace(calls[place], inputs=inputs)
    outputs = graph.outputs
    if readers is None:
        outputs = tuple(source if t == tensor else t for t in outputs)
    return replace(graph, calls=tuple(calls), outputs=outputs)


def new_weights(graph: Graph) -> int:
    """A number for a set of weights that no call uses yet."""
    return 1 + max((call.weights for call in graph.calls if call.weights is not None), default=-1)


def calls_of(graph: Graph, place: int) -> list[int]:
    """All calls of the same layer: those that share their weights with this one."""
    weights = graph.calls[place].weights
    if weights is None:
        return [place]
    return [n for n, call in enumerate(graph.calls) if call.weights == weights]


def first_calls(graph: Graph) -> list[int]:
    """For each layer, its first call."""
    return [place for place in range(len(graph.calls)) if calls_of(graph, place)[0] == place]


def own_activation(graph: Graph, place: int) -> int | None:
    """The activation that alone reads a call: with it, the call makes one layer."""
    readers = graph.readers[place]
    if len(readers) != 1 or any(tensor.call == place for tensor in graph.outputs):
        return None
    reader = readers[0][0]
    return reader if graph.calls[reader].op == "Activation" else None


def ancestors(graph: Graph, place: int) -> set[int]:
    """All calls that a call depends on."""
    found: set[int] = set()
    stack = [tensor.call for tensor in graph.calls[place].inputs]
    while stack:
        here = stack.pop()
        if here not in found:
            found.add(here)
            stack += [tensor.call for tensor in graph.calls[here].inputs]
    return found
