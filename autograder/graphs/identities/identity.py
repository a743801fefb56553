"""What an identity is: two ways to write the same computation, and which of them is kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.graphs.graph import Graph

Pair = tuple[Any, Any]
"""Two Keras models that compute the same: as the rule finds it, and as it leaves it."""


@dataclass(frozen=True)
class Identity:
    """A rule that writes one computation in another way.

    Attributes:
        write: the graph written by the rule. It is called only where `bites`, and keeps each call's
            `trace` where the call stays: edits find their calls again by it.
        bites: whether the rule may change a graph of which only these calls count. The graph may be
            one that is being edited: its calls are in no order.
        example: given the module keras, a pair of models that are made of the same layers. A test
            computes with both.
        compares_all: whether the rule compares calls that stand anywhere; other rules look at a
            call and what it reads.
    """

    write: Callable[[Graph], Graph]
    bites: Callable[[Graph, Sequence[int]], bool]
    example: Callable[[Any], Pair]
    compares_all: bool = False

    @property
    def name(self) -> str:
        """The name of its function."""
        return self.write.__name__

    def applied(self, graph: Graph) -> Graph:
        """The graph written by the rule; itself where there is nothing to write anew."""
        return self.write(graph) if self.bites(graph, range(len(graph.calls))) else graph


def identity(
    bites: Callable[[Graph, Sequence[int]], bool],
    example: Callable[[Any], Pair],
    compares_all: bool = False,
) -> Callable[[Callable[[Graph], Graph]], Identity]:
    """Make an identity of a function; its docstring states it."""
    return lambda write: Identity(write, bites, example, compares_all)
