"""The identities in the order in which they are tried, until none finds anything more to write."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from autograder.graphs.graph import Graph
from autograder.graphs.identities import (
    arithmetic,
    kernels,
    last_axis,
    merges,
    order_alone,
    repeats,
    reshaping,
    signed_terms,
    slicing,
    states,
    steps,
    twins,
    ways,
)
from autograder.graphs.identities.identity import Identity
from autograder.graphs.surgery import with_own_numbers, without_unused

IDENTITIES: tuple[Identity, ...] = (
    # One name for each operation, before anything else looks at it.
    steps.shapes_in_steps,
    steps.permutations_in_steps,
    steps.along_other_axes,
    twins.as_it_is,
    twins.permutations,
    twins.zeros_around,
    twins.unit_lengths,
    arithmetic.powers,
    arithmetic.cut_at_zero,
    arithmetic.scales_and_offsets,
    arithmetic.common_factors,
    # Before merges are flattened: a sum of sums is no average of its terms.
    arithmetic.averages,
    signed_terms.terms_taken_away,
    merges.squares,
    slicing.parts,
    slicing.places_taken,
    slicing.croppings,
    slicing.flips,
    states.last_steps,
    states.states,
    ways.ends_of_both,
    ways.states_of_both,
    ways.ways_merged,
    ways.ways_joined,
    ways.states_merged,
    ways.ways_with_states,
    slicing.slices_of_one,
    slicing.only_places,
    reshaping.axes_kept,
    reshaping.repeated_once,
    reshaping.axes_of_one_place,
    reshaping.stacks,
    reshaping.last_shapes,
    reshaping.same_shapes,
    kernels.idle_padding,
    kernels.padding_layers,
    kernels.windows_over_all,
    kernels.activated_before_pooling,
    last_axis.kernels_of_one_place,
    last_axis.late_shapes,
    twins.repeated_steps,
    twins.products_of_steps,
    twins.sums_of_products,
    order_alone.places_of_the_largest,
    # Before merges are flattened: a merge that is read twice stays, and its repetitions are joined.
    repeats.repeats,
    merges.flat_merges,
)

_OF_EDITED = tuple(identity for identity in IDENTITIES if not identity.by_shape)

MADE = frozenset(op for identity in _OF_EDITED for op in identity.makes)
"""The classes of calls that identities make of an edited graph: there may be more afterwards."""


@lru_cache(maxsize=256)
def may_be_made(ops: frozenset[str]) -> frozenset[str]:
    """The classes of calls that identities may make, or write with other settings.

    Args:
        ops: the classes of the calls of an edited graph.
    """
    there = ops
    while True:
        concerned = [identity for identity in _OF_EDITED if identity.concerns(there)]
        more = there.union(*(identity.makes for identity in concerned))
        if more == there:
            return frozenset().union(*(identity.makes | identity.of for identity in concerned))
        there = more


MOST_ROUNDS = 50
"""Each rule makes a graph smaller or simpler, so few rounds do; a graph of any size comes here."""


def rewrite(graph: Graph) -> Graph:
    """The same computation in one spelling, its weights numbered by first use."""
    return with_own_numbers(in_one_spelling(graph))


def in_one_spelling(graph: Graph, *, edited: bool = False) -> Graph:
    """The same computation without what reaches no output, written until nothing changes.

    Args:
        graph: any graph.
        edited: whether its shapes are those from before an edit, so that nothing may go by them.
    """
    identities = _OF_EDITED if edited else IDENTITIES
    for _ in range(MOST_ROUNDS):
        before = graph
        ops = frozenset(call.op for call in graph.calls)
        for identity in identities:
            if identity.concerns(ops):
                graph = identity.applied(graph)
                ops |= identity.makes
        graph = without_unused(graph)  # rules leave behind what is no longer read
        if graph is before:
            break
    return graph


def is_in_one_spelling(
    graph: Graph, places: Sequence[int], near: Sequence[int] | None = None
) -> bool:
    """Whether no identity has anything to write, in an edited graph of which these calls count.

    Quick to tell, also of a graph whose calls are in no order: they are not written anew.

    Args:
        graph: any graph.
        places: the calls that count.
        near: where something may be written, as far as rules look no further than a call and what
            it reads; everywhere by default.
    """
    near = places if near is None else near
    graph = _without_other_readers(graph, places)
    ops = frozenset(graph.calls[n].op for n in near)
    return not any(
        identity.bites_near(graph, places, near)
        for identity in _OF_EDITED
        if identity.concerns(ops)
    )


def _without_other_readers(graph: Graph, places: Sequence[int]) -> Graph:
    """The graph in which only these calls read: rules ask whether a tensor is read alone."""
    calls = list(graph.calls)
    for place in set(range(len(calls))).difference(places) if len(places) < len(calls) else ():
        calls[place] = calls[place].moved((), None)
    return replace(graph, calls=tuple(calls)) if len(places) < len(calls) else graph
