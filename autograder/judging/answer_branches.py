"""Tensors of an answer, made of what the graph has that is edited towards it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from autograder.graphs import Call, Graph, Tensor
from autograder.graphs.surgery import new_weights
from autograder.judging.counterparts import Match
from autograder.judging.hints import Branch

_LONGEST_BRANCH = 30
"""A branch of more calls is no slip of the pen."""


@dataclass(frozen=True)
class Branches:
    """What an answer makes otherwise than a graph, or beside it, of tensors that both have.

    Attributes:
        answer: the student's graph.
        here: the calls of the answer, matched with the graph being edited.
        there: the calls of the graph being edited, matched with the answer.
    """

    answer: Graph
    here: Match
    there: Match

    def beside(
        self, graph: Graph, inputs: tuple[Tensor, ...], readers: Iterable[int]
    ) -> list[Branch]:
        """The first tensor that each of some calls of the answer reads beside these.

        Args:
            graph: the graph being edited.
            inputs: what a call of it reads.
            readers: calls of the answer.
        """
        found = []
        own = Counter(self.there.kind_of(graph, tensor) for tensor in inputs)
        for reader in readers:
            read = self.answer.calls[reader].inputs
            left = Counter(own)
            for position, tensor in enumerate(read if len(read) > len(inputs) else ()):
                kind = self.here.kind_of(self.answer, tensor)
                left[kind] -= 1
                if left[kind] < 0:
                    found.append(self._branch(graph, position, tensor))
                    break
        return [branch for branch in found if branch is not None]

    def made_otherwise(self, graph: Graph, tensors: Iterable[Tensor]) -> Iterator[Branch]:
        """Those of some tensors of the answer that the graph has not, of what it has."""
        for position, tensor in enumerate(tensors):
            if not self.here.computed(tensor.call):
                branch = self._branch(graph, position, tensor)
                if branch is not None:
                    yield branch

    def _branch(self, graph: Graph, position: int, end: Tensor) -> Branch | None:
        """A tensor of the answer made of what the graph has; None if that takes too many calls."""
        needed = sorted(self._not_there(end))
        if len(needed) > _LONGEST_BRANCH:
            return None
        known, fresh = self._known, new_weights(graph)
        copied: dict[int, int] = {}
        calls: list[Call] = []

        def moved(tensor: Tensor) -> Tensor | None:
            here = copied.get(tensor.call, known.get(self.here.from_inputs[tensor.call]))
            return None if here is None else Tensor(here, tensor.output)

        for place in needed:
            call = self.answer.calls[place]
            inputs = [moved(tensor) for tensor in call.inputs]
            if None in inputs:
                return None
            copied[place] = len(graph.calls) + len(calls)
            weights = None if call.weights is None else fresh + call.weights
            known_inputs = tuple(tensor for tensor in inputs if tensor is not None)
            calls.append(replace(call, inputs=known_inputs, weights=weights, trace=f"new {place}"))
        tensor = moved(end)
        return None if tensor is None else Branch(position, calls, tensor)

    @cached_property
    def _known(self) -> dict[int, int]:
        """For each colour, the call of the graph being edited that has it."""
        return {colour: place for place, colour in enumerate(self.there.from_inputs)}

    def _not_there(self, end: Tensor) -> set[int]:
        """The calls that a tensor of the answer needs, up to those that the graph has.

        Some of them, where they are more than a branch may have.
        """
        found: set[int] = set()
        stack = [end.call]
        while stack and len(found) <= _LONGEST_BRANCH:
            place = stack.pop()
            if place in found or self.here.computed(place):
                continue
            found.add(place)
            stack += [tensor.call for tensor in self.answer.calls[place].inputs]
        return found
