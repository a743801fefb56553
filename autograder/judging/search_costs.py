"""What the parts of a search take: counted in units, and not measured."""

from __future__ import annotations

from typing import Protocol

from autograder.graphs import Graph
from autograder.graphs.feature_orders import asks_for_features
from autograder.judging.nearness import Change


class Finished(Protocol):
    """An edit made, and whether any identity writes something anew in what it made."""

    @property
    def change(self) -> Change:
        """What it changed."""

    @property
    def is_spelled(self) -> bool:
        """Whether none does."""


class Costs:
    """What each thing that a search does takes, in its units, for graphs of this size.

    Attributes:
        editing: to edit a graph.
        changing: to see what an edit changed, beside what `Change.work` counts.
        comparing: to put an edited graph in order, or to colour it.
        rewriting: to write an edited graph in one spelling.
        looking: to see where a graph and the answer part.
    """

    def __init__(self, *graphs: Graph) -> None:
        size = max(map(_tensors_handed_on, graphs))
        self.editing = 30 + size // 2
        self.changing = size // 2
        self.comparing = 2 * size
        if any(map(asks_for_features, graphs)):
            self.comparing += 6 * size
        self.rewriting = 10 * size
        self.looking = 10 * size

    def of(self, attempt: Finished) -> int:
        """What it takes to finish an edited graph, and to see whether identities write it anew."""
        finishing = self.comparing if attempt.is_spelled else self.rewriting
        return self.spelling(attempt.change) + finishing

    def spelling(self, change: Change) -> int:
        """What it takes to see whether an identity writes something near an edit."""
        return _A_CALL_NEAR * len(change.near)


_A_CALL_NEAR = 2


def _tensors_handed_on(graph: Graph) -> int:
    return sum(len(call.inputs) for call in graph.calls) + len(graph.outputs)
