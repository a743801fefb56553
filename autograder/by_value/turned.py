"""Features that one network has in another order than the other, because of a concatenation.

What is added to them, or multiplied by them, has to come in that order, too: a layer that makes it
has the same weights in the order of the other network, and its result is turned. So is the noise
that stands for that of a layer, which falls on each feature alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from autograder.by_value.noise import is_noise
from autograder.graphs import Graph
from autograder.graphs.feature_orders import Comes, FeatureOrders, feature_orders, joins_features

Order = np.ndarray
"""For each feature of the answer's tensor, which one of the reference's tensor it stands for."""


class _NotKnown(Exception):
    """Nobody knows which feature stands for which."""


def turned(
    answer: Graph,
    reference: Graph,
    counterpart: Mapping[int, int] | None,
    *,
    sizes: Mapping[int, int],
    sizes_meant: Mapping[int, int],
) -> dict[int, Order]:
    """The calls of an answer that are to be turned, each with the order of its features.

    Args:
        answer: what is evaluated.
        reference: what it is compared with.
        counterpart: for each call of the answer the one of the reference that stands in its place;
            without them nothing is turned.
        sizes: how many features each call of the answer makes.
        sizes_meant: the same of the reference.
    """
    if counterpart is None:
        return {}
    turns = _Turns(answer, reference, counterpart)
    turns.sizes, turns.sizes_meant = sizes, sizes_meant
    try:
        found = {place: turns.of(place) for place in turns.made_in_order()}
    except (_NotKnown, KeyError, RecursionError):
        return {}
    return {place: order for place, order in found.items() if (np.diff(order) != 1).any()}


class _Turns:
    """The order of the features of each call of an answer."""

    def __init__(self, answer: Graph, reference: Graph, counterpart: Mapping[int, int]) -> None:
        self.answer, self.reference, self.counterpart = answer, reference, counterpart
        self.orders: FeatureOrders = feature_orders(answer)
        self.sizes: Mapping[int, int] = {}
        self.sizes_meant: Mapping[int, int] = {}
        self._from = {
            self.orders.of(place): place
            for place, comes in enumerate(self.orders.comes)
            if comes is Comes.OF_PARTS
        }
        self._known: dict[int, Order] = {}

    def made_in_order(self) -> Sequence[int]:
        """The calls that make features, or noise, in the order of some that are put together."""
        return [
            place
            for place, (call, comes) in enumerate(
                zip(self.answer.calls, self.orders.comes, strict=True)
            )
            if (comes is Comes.OF_WEIGHTS or is_noise(call.op))
            and self.orders.of(place) in self._from
        ]

    def of(self, place: int) -> Order:
        """The order of a call's features.

        Raises:
            _NotKnown: if nobody knows.
        """
        order = self.orders.of(place)
        if order not in self._known:
            source = self._from.get(order)
            size = self.sizes[place]
            self._known[order] = np.arange(size) if source is None else self._of_parts(source)
        return self._known[order]

    def _of_parts(self, place: int) -> Order:
        call = self.answer.calls[place]
        if call.op == "Concatenate" and joins_features(call):
            return self._side_by_side(place)
        before, now = self.sizes[call.inputs[0].call], self.sizes[place]
        order = self.of(call.inputs[0].call)
        times = now // before
        if call.op == "Flatten":
            return (np.arange(times)[:, None] * before + order).ravel()
        if "depth_multiplier" in call.config:
            return (order[:, None] * times + np.arange(times)).ravel()
        raise _NotKnown

    def _side_by_side(self, place: int) -> Order:
        meant = self.reference.calls[self.counterpart[place]].inputs
        ends = np.cumsum([self.sizes_meant[tensor.call] for tensor in meant])
        starts: dict[tuple[int, int], list[int]] = {}
        for tensor, end in zip(meant, ends, strict=True):
            start = int(end) - self.sizes_meant[tensor.call]
            starts.setdefault((tensor.call, tensor.output), []).append(start)
        found = []
        for tensor in self.answer.calls[place].inputs:
            open_ = starts.get((self.counterpart[tensor.call], tensor.output))
            if not open_:
                raise _NotKnown
            found.append(open_.pop(0) + self.of(tensor.call))
        return np.concatenate(found)
