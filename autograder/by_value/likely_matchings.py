"""Matchings of weights to begin with, before what outputs answer to is asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from autograder.by_value.matching import Colours, Matching, Pair
from autograder.by_value.network import Network


def by_structure(
    answer: Network, reference: Network, counterpart: Mapping[int, int] | None
) -> Matching | None:
    """The matching of two networks each of whose calls has its counterpart; None of others."""
    if counterpart is None:
        return None
    pairs = {
        answer.graph.calls[mine].weights: reference.graph.calls[theirs].weights
        for mine, theirs in counterpart.items()
    }
    places = {(owner, nth): slot for slot, owner, nth in _owned(reference)}
    found = {k: np.full(count, -1) for k, count in reference.kinds.items()}
    for slot, owner, nth in _owned(answer):
        other = places.get((pairs.get(owner), nth))
        if other is None or other.kind != slot.kind:
            return None
        rows = np.arange(slot.count)
        found[slot.kind][slot.start + rows] = other.start + rows
    complete = all((np.sort(own) == np.arange(len(own))).all() for own in found.values())
    return found if complete else None


def in_order(answer: Network, reference: Network) -> Matching:
    """Units in the order of their variables' names, then as they come."""
    return Pair(_in_order(answer), _in_order(reference)).matching()


def _in_order(network: Network) -> Colours:
    found = {kind: np.zeros(count, int) for kind, count in network.kinds.items()}
    named = [slot for slot in network.slots if slot.is_read]
    ranks = sorted(range(len(named)), key=lambda n: (named[n].name, n))
    number = 0
    for rank in ranks:
        slot = named[rank]
        found[slot.kind][slot.start : slot.start + slot.count] = number + np.arange(slot.count)
        number += slot.count
    return found


def _owned(network: Network) -> Iterator[tuple[Any, int, int]]:
    """Each slot that is read, with its layer's number and its own among the layer's."""
    owners = {}
    for number, layer in network.rebuilt.layers.items():
        for nth, variable in enumerate(layer.weights):
            owners[id(variable)] = (number, nth)
    for slot in network.slots:
        if slot.is_read:
            yield (slot, *owners[id(slot.variable)])
