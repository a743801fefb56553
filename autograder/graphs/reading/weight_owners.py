"""Calls that stand for weights of layers, where something reads these by itself.

An operation does, and code that somebody wrote: a layer of one's own may hold another layer, and a
function use one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from autograder.graphs.graph import WEIGHT, Call, Graph, Tensor
from autograder.graphs.reading.collected import Collected
from autograder.graphs.surgery import reading_order, renumbered
from autograder.graphs.weight_names import named_weights


def with_weights_read(graph: Graph, collected: Collected) -> Graph:
    """The graph in which each weight that is read shares the weights of the layer that has it.

    One of a layer that the model does not call is a weight by itself.
    """
    used = {**collected.used, **_borrowed(graph, collected.behind)}
    used = {place: variables for place, variables in used.items() if variables}
    if not collected.read and not used:
        return graph
    calls, read = list(graph.calls), {id(v): place for place, v in collected.read.items()}
    for place, variables in used.items():
        for variable in variables:
            if id(variable) not in read:
                read[id(variable)] = len(calls)
                calls.append(weight_call(variable))
        more = tuple(Tensor(read[id(variable)]) for variable in variables)
        calls[place] = replace(calls[place], inputs=(*calls[place].inputs, *more))
    variables = [*collected.read.values(), *(v for each in used.values() for v in each)]
    owners = _owners(graph.calls, collected.behind)
    for variable in variables:
        place, whose = read[id(variable)], owners.get(id(variable))
        calls[place] = _of_its_owner(calls[place], variable, whose, collected)
    graph = replace(graph, calls=tuple(calls))
    return renumbered(graph, reading_order(graph) or []) if used else graph


def weight_call(variable: Any) -> Call:
    """The call that stands for a weight where it is read, until it is known whose it is."""
    name = str(getattr(variable, "path", variable.name)).split("/")[0]
    return Call(WEIGHT, name=name, shape=tuple(variable.shape))


def _borrowed(graph: Graph, behind: Mapping[int, Any]) -> dict[int, list[Any]]:
    """For each call of a layer of somebody's own the variables that belong to other layers."""
    return {
        place: [
            variable
            for variable, held in zip(live.weights, graph.calls[place].held or (), strict=True)
            if held.elsewhere
        ]
        for place, live in behind.items()
        if graph.calls[place].held
    }


def _owners(calls: Sequence[Call], behind: Mapping[int, Any]) -> dict[int, tuple[Call, str]]:
    """For each variable a call of the layer that has it, and what it is called there."""
    owners: dict[int, tuple[Call, str]] = {}
    for by_itself in (True, False):
        for place, live in behind.items():
            held = calls[place].held
            for number, (name, variable) in enumerate(named_weights(live)):
                if by_itself is not bool(held and held[number].elsewhere):
                    owners.setdefault(id(variable), (calls[place], name))
    return owners


def _of_its_owner(
    call: Call, variable: Any, whose: tuple[Call, str] | None, collected: Collected
) -> Call:
    if whose is None:
        config = {"shape": list(variable.shape), "weight": variable.name}
        return replace(call, config=config, weights=collected.weights_of(id(variable)))
    owner, name = whose
    return replace(call, config={"weight": name}, weights=owner.weights, name=owner.name)
