"""The identities in the order in which they are tried, until none finds anything more to write."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.graphs.graph import Graph
from autograder.graphs.identities import merges, repeats, reshaping
from autograder.graphs.identities.identity import Identity
from autograder.graphs.surgery import with_own_numbers, without_unused

IDENTITIES: tuple[Identity, ...] = (
    merges.squares,
    reshaping.last_shapes,
    # Before merges are flattened: a merge that is read twice stays, and its repetitions are joined.
    repeats.repeats,
    merges.flat_merges,
)

MOST_ROUNDS = 50
"""Each rule makes a graph smaller or simpler, so few rounds do; a graph of any size comes here."""


def rewrite(graph: Graph) -> Graph:
    """The same computation in one spelling, its weights numbered by first use."""
    return with_own_numbers(in_one_spelling(graph))


def in_one_spelling(graph: Graph) -> Graph:
    """The same computation without what reaches no output, written until nothing changes."""
    for _ in range(MOST_ROUNDS):
        before = graph
        for identity in IDENTITIES:
            graph = identity.applied(graph)
        graph = without_unused(graph)  # rules leave behind what is no longer read
        if graph is before:
            break
    return graph


def is_in_one_spelling(
    graph: Graph, places: Sequence[int], near: Sequence[int] | None = None
) -> bool:
    """Whether no identity has anything to write, in a graph of which only these calls count.

    Quick to tell, also of a graph whose calls are in no order: they are not written anew.

    Args:
        graph: any graph.
        places: the calls that count.
        near: where something may be written, as far as rules look no further than a call and what
            it reads; everywhere by default.
    """
    near = places if near is None else near
    return not any(
        identity.bites(graph, places if identity.compares_all else near) for identity in IDENTITIES
    )
