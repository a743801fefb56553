"""What only an answer has: calls that the graph being edited has not, or not as often.

They are looked up, not looked through: a search asks for them at each place of a large graph.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from autograder.graphs import Call, Graph, Wrappers
from autograder.graphs.blocks import own_activation
from autograder.graphs.graph import WEIGHT, Shape
from autograder.graphs.layers.facts import facts


@dataclass(frozen=True)
class ExtraCalls:
    """Calls of an answer that the graph being edited has not, or not as often; and its inputs.

    Attributes:
        answer: the student's graph.
        places: where they are in it.
    """

    answer: Graph
    places: tuple[int, ...]

    def values(self, call: Call, key: str) -> list[Any]:
        """Values that calls of the same op have, and this one has not."""
        return self._other(call, f"setting {key}", lambda one: one.config.get(key))

    def wrappers(self, call: Call) -> list[Wrappers]:
        """What is around calls of the same op, and not around this one."""
        return self._other(call, "wrappers", lambda one: one.wrappers)

    def arguments(self, call: Call) -> list[Mapping[str, Any]]:
        """What calls of the same op are given, and this one is not."""
        return self._other(call, "arguments", lambda one: one.arguments)

    def _other(self, call: Call, what: str, read: Callable[[Call], Any]) -> list[Any]:
        known = self._known.get((call.op, what))
        if known is None:
            known = self._known[call.op, what] = []
            for value in map(read, self._by_op.get(call.op, ())):
                if value not in known:
                    known.append(value)
        own = read(call)
        return [value for value in known if value != own]

    def frozen_otherwise(self, graph: Graph, trainable: bool) -> list[list[int]]:
        """The calls that the answer has, but for whether they can learn; all at once, then fewer.

        Of layers that are alike the answer may have some frozen only: then they are told apart by
        what they are computed from, or by what is made of them.
        """
        extra = {call.label for call in self._one_each if call.trainable is trainable}
        places: list[int] = []
        for alike in graph.labelled.values() if extra else ():
            others = [place for place in alike if _learns(graph.calls[place]) is (not trainable)]
            if others and replace(graph.calls[others[0]], trainable=trainable).label in extra:
                places += others
        places.sort()
        layers = dict.fromkeys(graph.calls[place].weights for place in places)
        groups = [places, *(graph.layers[weights] for weights in layers if weights is not None)]
        return [group for n, group in enumerate(groups) if group and (not n or group != places)]

    def replacements(self, call: Call) -> list[Call]:
        """Calls of another op that only the answer has; of merges, all: they nest in each other.

        Of what has no weights and makes this shape, all, too: what is made of one tensor twice is
        there once.
        """
        others = self._one_each
        if facts(call.op).merge:
            others = self._with_merges
        elif _is_weightless(call) and call.shape:
            others = [*others, *self._weightless.get(call.shape, ())]
        by_label = {other.label: other for other in others}
        return [other for other in by_label.values() if other.op not in (call.op, "Input", WEIGHT)]

    def merges(self) -> Iterable[Call]:
        """Merges of two tensors, one of each class."""
        calls = (call for call in self._one_each if len(call.inputs) == 2)
        return {call.op: call for call in calls if facts(call.op).merge}.values()

    def weights_read(self) -> Iterable[str]:
        """Names of weights that operations read, and none of the graph's."""
        calls = (call for call in self._one_each if call.op == WEIGHT)
        return dict.fromkeys(str(call.config.get("weight")) for call in calls)

    def additions(self) -> Iterator[list[Call]]:
        """Calls that only the answer has, alone and with the activation that reads them."""
        seen = set()
        for place in self.places:
            call = self.answer.calls[place]
            if call.op == "Input" or len(call.inputs) != 1:
                continue
            for addition in ([call], self._with_activation(place)):
                key = tuple(part.label for part in addition)
                if key not in seen:
                    seen.add(key)
                    yield addition

    def _with_activation(self, place: int) -> list[Call]:
        places = (place, own_activation(self.answer, place))
        return [self.answer.calls[n] for n in places if n is not None]

    def has_more(self, call: Call) -> bool:
        """Whether the answer has more calls of this label than the graph being edited."""
        return call.label in self._labels

    @cached_property
    def _one_each(self) -> list[Call]:
        """The first call of each label."""
        found: dict[str, Call] = {}
        for call in (self.answer.calls[place] for place in self.places):
            found.setdefault(call.label, call)
        return list(found.values())

    @cached_property
    def _labels(self) -> frozenset[str]:
        return frozenset(call.label for call in self._one_each)

    @cached_property
    def _by_op(self) -> dict[str, list[Call]]:
        found: dict[str, list[Call]] = {}
        for call in self._one_each:
            found.setdefault(call.op, []).append(call)
        return found

    @cached_property
    def _known(self) -> dict[tuple[str, str], list[Any]]:
        """What was read of the calls of an op, each value once."""
        return {}

    @cached_property
    def _with_merges(self) -> list[Call]:
        merges = (call for call in self.answer.calls if facts(call.op).merge)
        return list({call.label: call for call in (*self._one_each, *merges)}.values())

    @cached_property
    def _weightless(self) -> dict[Shape | None, list[Call]]:
        """The answer's calls without weights by the shape that they make, one of each label."""
        found: dict[Shape | None, dict[str, Call]] = {}
        for call in filter(_is_weightless, self.answer.calls):
            found.setdefault(call.shape, {})[call.label] = call
        return {shape: list(calls.values()) for shape, calls in found.items()}


def _learns(call: Call) -> bool | None:
    """Whether a call's layer is free to learn; None of what has nothing to learn."""
    return None if call.weights is None else call.trainable


def _is_weightless(call: Call) -> bool:
    return call.weights is None and len(call.inputs) == 1 and call.op != "Activation"
