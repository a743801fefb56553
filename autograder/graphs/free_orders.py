"""Where the order in which a call reads its tensors is all the same to what a network can learn."""

from __future__ import annotations

from autograder.graphs.feature_orders import features_may_move, joins_features
from autograder.graphs.graph import Graph
from autograder.graphs.layers.facts import facts

_FREE_FOR_SOME = frozenset({"Concatenate", "Dot", "Subtract"})
"""Calls whose order is free where none of their readers can tell it, or of some tensors."""


def can_be_free(op: str) -> bool:
    """Whether there are graphs in which the order of such a call's inputs is free."""
    return facts(op).any_order or op in _FREE_FOR_SOME


def free_orders(graph: Graph) -> tuple[bool, ...]:
    """For each call, whether the order of its inputs is all the same to what a network can learn.

    True for a sum, a product and the like; for a difference of which only the size is used; and
    for a concatenation of features that go, each by itself, to layers that weigh them: another
    order is another order of their weights, and nothing else.
    """
    if "free orders" not in graph.noted:
        may_move = features_may_move(graph)
        graph.noted["free orders"] = tuple(
            _is_free(graph, place, may_move[place]) for place in range(len(graph.calls))
        )
    return graph.noted["free orders"]


def _is_free(graph: Graph, place: int, may_move: bool) -> bool:
    call = graph.calls[place]
    if len(call.inputs) < 2:
        return False
    if facts(call.op).any_order:
        return True
    match call.op:
        case "Subtract":
            readers = [graph.calls[reader] for reader, _ in graph.readers[place]]
            return place not in graph.returned and all(facts(each.op).even for each in readers)
        case "Dot":  # of two vectors, it is a number
            return call.shape is not None and len(call.shape) == 2
        case "Concatenate":
            return may_move and joins_features(call)
    return False
