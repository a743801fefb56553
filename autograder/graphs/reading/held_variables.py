"""The variables of layers of which nobody knows a formula, in the calls of these layers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from autograder.graphs.graph import Graph, Held
from autograder.graphs.layers.facts import has_no_formula
from autograder.graphs.reading.own_code import held_by, is_made_over


def with_held(graph: Graph, behind: Mapping[int, Any]) -> Graph:
    """The graph with what such layers hold.

    Args:
        graph: as it was read.
        behind: for each call that has weights the live layer that has them, where there is one.
    """
    own = {
        place: live
        for place, live in behind.items()
        if has_no_formula(graph.calls[place].op, graph.calls[place].config) or is_made_over(live)
    }
    others = [live for place, live in behind.items() if place not in own]
    owner = _owners([*others, *own.values()])  # one whose formula is known counts first
    calls = list(graph.calls)
    for place, live in own.items():
        calls[place] = replace(calls[place], held=_held(live, owner))
    return replace(graph, calls=tuple(calls))


def _owners(layers: list[Any]) -> dict[int, int]:
    """For each variable the layer with which it counts: the first that has it."""
    owner: dict[int, int] = {}
    for live in layers:
        for variable in live.weights:
            owner.setdefault(id(variable), id(live))
    return owner


def _held(live: Any, owner: Mapping[int, int]) -> tuple[Held, ...]:
    return tuple(
        variable._replace(elsewhere=owner[id(each)] != id(live))
        for variable, each in zip(held_by(live), live.weights, strict=True)
    )
