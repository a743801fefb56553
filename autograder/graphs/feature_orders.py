"""In which order features may come: the numbers along the last axis of a tensor.

Features that are added to features, or multiplied by them, have to come in the same order. A
layer that makes features with weights of its own makes them in any; so a concatenation may be
turned around although a layer's result is added to it, as in a residual block.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from autograder.graphs.graph import HOLE, Call, Graph
from autograder.graphs.layers.activations import NOT_FEATURE_BY_FEATURE
from autograder.graphs.layers.facts import facts

_ALSO_NUMBER_BY_NUMBER = frozenset({"Subtract", "TrueDivide"})
"""What merges number by number, beside what does so in any order."""


def joins_features(call: Call) -> bool:
    """Whether a concatenation goes along the last axis, that of the features."""
    axis = call.config.get("axis")
    return axis == -1 or (call.shape is not None and axis == len(call.shape) - 1)


def features_may_move(graph: Graph) -> list[bool]:
    """For each call, whether its features could be in any other order.

    They could where whoever reads them weighs them, or hands them on in that order to who does,
    and where all that has the same order either has weights that make it, or comes from the same.
    A layer that is called more than once has to find the same order each time.
    """
    if not asks_for_features(graph):
        return [False] * len(graph.calls)
    orders = feature_orders(graph)
    fixed = _fixed(graph, orders)
    return [orders.of(place) not in fixed for place in range(len(graph.calls))]


def asks_for_features(graph: Graph) -> bool:
    """Whether there is a concatenation whose order depends on that of features elsewhere."""
    return any(_may_be_turned(graph, place) for place in range(len(graph.calls)))


def _may_be_turned(graph: Graph, place: int) -> bool:
    """Whether a call joins features, and nobody outside sees in which order."""
    call = graph.calls[place]
    return call.op == "Concatenate" and joins_features(call) and place not in graph.returned


class Comes(Enum):
    """Where the order of a call's features comes from."""

    OF_WEIGHTS = "of weights, which could make any"
    OF_PARTS = "of other orders"
    AS_READ = "as it is read"
    GIVEN = "given, and nothing can change it"


@dataclass
class FeatureOrders:
    """Which calls have their features in one order.

    Attributes:
        comes: for each call where its order comes from.
    """

    comes: list[Comes]

    def __post_init__(self) -> None:
        self._nearer = list(range(len(self.comes)))

    def of(self, place: int) -> int:
        """The call that stands for all that have the order of this one."""
        while self._nearer[place] != place:
            self._nearer[place] = self._nearer[self._nearer[place]]
            place = self._nearer[place]
        return place

    def join(self, place: int, other: int) -> None:
        """Note that two calls have one order."""
        self._nearer[self.of(place)] = self.of(other)


def feature_orders(graph: Graph) -> FeatureOrders:
    """Which calls of a graph have their features in one order, and where it comes from."""
    orders = FeatureOrders([_comes(graph, call) for call in graph.calls])
    for place in range(len(graph.calls)):
        for before in _in_the_same_order(graph, place):
            orders.join(place, before)
    return orders


def _fixed(graph: Graph, orders: FeatureOrders) -> set[int]:
    """The orders that are not free."""
    of_parts = Counter(orders.of(n) for n, how in enumerate(orders.comes) if how is Comes.OF_PARTS)
    fixed = {order for order, count in of_parts.items() if count > 1}
    fixed |= {orders.of(place) for place in graph.returned}
    needs: dict[int, set[int]] = {}
    for place, how in enumerate(orders.comes):
        readers = graph.readers[place]
        told = {reader: _told_by(graph, place, *reader) for reader in readers}
        if how is Comes.GIVEN or not readers or True in told.values():
            fixed.add(orders.of(place))
        needed = (orders.of(reader) for (reader, _), tells in told.items() if tells is None)
        needs.setdefault(orders.of(place), set()).update(needed)
    return fixed | set(_with_all_that_need(fixed, needs))


def _with_all_that_need(fixed: set[int], needs: dict[int, set[int]]) -> Iterator[int]:
    """The orders that are not free because one that they need is not."""
    needed_by: dict[int, list[int]] = {}
    for order, others in needs.items():
        for other in others:
            needed_by.setdefault(other, []).append(order)
    stack, seen = list(fixed), set(fixed)
    while stack:
        for order in needed_by.get(stack.pop(), ()):
            if order not in seen:
                seen.add(order)
                stack.append(order)
                yield order


def _in_the_same_order(graph: Graph, place: int) -> Iterator[int]:
    """The calls that a call reads, and whose features have the order of its own."""
    call = graph.calls[place]
    if _merges_number_by_number(call) or (_hands_on(graph, call) and not _is_shared(graph, call)):
        for tensor in call.inputs:
            size = _features(graph.calls[tensor.call])
            if not tensor.output and size is not None and size == _features(call):
                yield tensor.call


def _comes(graph: Graph, call: Call) -> Comes:
    if _is_shared(graph, call):
        return Comes.GIVEN
    if _makes_features(call):
        return Comes.OF_WEIGHTS
    if _merges_number_by_number(call):
        return Comes.AS_READ
    if call.op == "Concatenate" and joins_features(call):
        return Comes.OF_PARTS
    if _hands_on(graph, call):
        size = _features(graph.calls[call.inputs[0].call])
        return Comes.AS_READ if size is not None and size == _features(call) else Comes.OF_PARTS
    return Comes.GIVEN


def _told_by(graph: Graph, place: int, reader: int, position: int) -> bool | None:
    """Whether a reader tells features in another order; None where that depends on its own order.

    Args:
        graph: any graph.
        place: the call whose features they are.
        reader: a call that reads them.
        position: which of its inputs they are.
    """
    call = graph.calls[reader]
    if _is_shared(graph, call) or call.inputs[position].output:
        return True
    if _merges_number_by_number(call):
        return None if _features(graph.calls[place]) in (1, _features(call)) else True
    if facts(call.op).weighs_features:
        return not _weighs(call, position)
    if call.op == "Concatenate":
        return None if joins_features(call) else True
    return None if _hands_on(graph, call) else True


def _is_shared(graph: Graph, call: Call) -> bool:
    return call.weights is not None and len(graph.layers[call.weights]) > 1


def _features(call: Call) -> int | None:
    return call.shape[-1] if call.shape else None


def _merges_number_by_number(call: Call) -> bool:
    is_merge = facts(call.op).any_order or call.op in _ALSO_NUMBER_BY_NUMBER
    return is_merge and len(call.inputs) > 1 and _features(call) is not None


def _weighs(call: Call, position: int) -> bool:
    """Whether a layer that weighs features weighs those of this input.

    Neither the state that a recurrent layer starts with is weighed, nor a mask by name.
    """
    is_beside = position and (facts(call.op).mask == "steps" or HOLE in str(call.arguments))
    return _is_of_the_last_axis(call) and not is_beside


def _is_of_the_last_axis(call: Call) -> bool:
    return "data_format" not in call.config and call.config.get("groups", 1) == 1


def _makes_features(call: Call) -> bool:
    """Whether a layer has weights of its own for each feature that it makes, and could turn them.

    A recurrent layer could, with all that it remembers, where nobody else sees its state.
    """
    row = facts(call.op)
    if call.wrappers.bidirectional or not _is_of_the_last_axis(call):
        return False
    if row.mask == "steps":
        return row.recurrent and len(call.inputs) == 1 and not call.config.get("return_state")
    return row.weighs_features or call.op == "Embedding"


def _hands_on(graph: Graph, call: Call) -> bool:
    """Whether a call makes each feature of the one that it reads there, whatever their order."""
    if call.op == "GetItem":
        return _takes_all_features(call)
    if call.op == "Reshape":
        return _leaves_features_alone(graph, call)
    keeps = facts(call.op).keeps_features and "data_format" not in call.config
    return keeps and len(call.inputs) == 1 and _looks_along_features(call)


def _leaves_features_alone(graph: Graph, call: Call) -> bool:
    """Whether a Reshape only puts other axes before the last one."""
    size = _features(graph.calls[call.inputs[0].call])
    return size is not None and size == _features(call) and "target_shape" in call.config


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
    values = (call.config.get(key, 1) for key in ("scale", "offset"))
    return all(isinstance(value, (int, float)) for value in values)  # and no array has an order
