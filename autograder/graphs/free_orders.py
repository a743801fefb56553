"""Where the order in which a call reads its tensors is all the same to what a network can learn."""

from __future__ import annotations

from autograder.graphs.graph import HOLE, Call, Graph
from autograder.graphs.layers.activations import NOT_FEATURE_BY_FEATURE
from autograder.graphs.layers.facts import facts

_FREE_FOR_SOME = frozenset({"Concatenate", "Dot", "Subtract"})
"""Calls whose order is free where none of their readers can tell it, or of some tensors."""


def can_be_free(op: str) -> bool:
    """Whether there are graphs in which the order of such a call's inputs is free."""
    return facts(op).any_order or op in _FREE_FOR_SOME


def free_orders(graph: Graph) -> list[bool]:
    """For each call, whether the order of its inputs is all the same to what a network can learn.

    True for a sum, a product and the like; for a difference of which only the size is used; and
    for a concatenation of features that go, each by itself, to layers that weigh them: another
    order is another order of their weights, and nothing else.
    """
    may_move = _features_may_move(graph)
    return [_is_free(graph, place, may_move[place]) for place in range(len(graph.calls))]


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


def joins_features(call: Call) -> bool:
    """Whether a concatenation goes along the last axis, that of the features."""
    axis = call.config.get("axis")
    return axis == -1 or (call.shape is not None and axis == len(call.shape) - 1)


def _features_may_move(graph: Graph) -> list[bool]:
    """For each call, whether its features, the last axis, could be in any other order.

    From the last call to the first: whoever reads a call comes behind it, and is settled. A layer
    that is called more than once has to find the same order each time.
    """
    found = [False] * len(graph.calls)
    if not any(call.op == "Concatenate" for call in graph.calls):
        return found  # nobody asks
    for place in reversed(range(len(graph.calls))):
        readers = graph.readers[place]
        found[place] = (
            bool(readers)
            and place not in graph.returned
            and all(_is_blind(graph, *reader, found[reader[0]]) for reader in readers)
        )
    return found


def _is_blind(graph: Graph, place: int, position: int, may_move: bool) -> bool:
    """Whether a reader makes the same of features in another order.

    Args:
        graph: any graph.
        place: the reader.
        position: which of its inputs has those features.
        may_move: whether the features that the reader makes could be in any other order.
    """
    call = graph.calls[place]
    row, weights = facts(call.op), call.weights
    if weights is not None and len(graph.layers[weights]) > 1:
        return False
    if "data_format" in call.config:  # another axis than the last is that of the features
        return False
    if row.weighs_features:
        # Neither the state that a recurrent layer starts with is weighed, nor a mask by name.
        is_beside = position and (row.mask == "steps" or HOLE in str(call.arguments))
        return call.config.get("groups", 1) == 1 and not is_beside
    if call.op == "Concatenate":
        return may_move and joins_features(call)
    if call.op == "GetItem":
        return may_move and _takes_all_features(call)
    is_alike = row.keeps_features and len(call.inputs) == 1 and _looks_along_features(call)
    return may_move and is_alike


def _takes_all_features(call: Call) -> bool:
    """Whether `x[…]` leaves the last axis as it is."""
    index = call.index
    if not isinstance(index, list) or None in index or not call.shape or len(call.inputs) > 1:
        return False
    return len(index) < len(call.shape) + sum(isinstance(entry, int) for entry in index)


def _looks_along_features(call: Call) -> bool:
    """Whether settings of a layer that keeps features do not make it mix them."""
    if call.config.get("activation") in NOT_FEATURE_BY_FEATURE or "args" in call.arguments:
        return False
    values = (call.config.get(key) for key in ("scale", "offset"))
    return not any(isinstance(value, list) for value in values)
