"""Edits of a graph: the small steps that turn a right network into a wrong one.

A graph that is edited carries its places as traces (`traced`), so that a call can be found again
after calls were put in, taken out and sorted anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from autograder.graphs import Graph
from autograder.graphs.graph import WEIGHT
from autograder.graphs.identities.rules import in_one_spelling
from autograder.graphs.surgery import reading_order, renumbered

Text = str | Callable[[], str]
"""Words; or what finds them, where that takes long: of a thousand edits one at most is told."""


def spoken(text: Text) -> str:
    """The words themselves."""
    return text if isinstance(text, str) else text()


@dataclass(frozen=True)
class Edit:
    """A mistake made in a graph, and the words for it.

    In `message` and `next_step`, `{role}` stands for the name that the student gave to the call
    with that role.

    Attributes:
        graph: the graph with the mistake in it.
        message: what was built, what was meant, and why it matters.
        roles: calls of the edited graph that the words speak of, by their trace.
        where: the roles that are the place of the mistake.
        expected: what is meant there.
        found: what the mistake has there.
        next_step: one thing to try.
        origin: traces of the calls that were meant.
        farfetched: True where the edit explains an answer only if nothing else does.
        otherwise: words for roles whose call the student does not have; "a layer" by default.
        of_layers: whether it changes layers with all their calls: then no single call is meant.
        follows: whether it follows from another mistake, and is no mistake by itself.
    """

    graph: Graph
    message: Text
    roles: Mapping[str, str] = field(default_factory=dict)
    where: tuple[str, ...] = ()
    expected: Text = ""
    found: Text = ""
    next_step: str = ""
    origin: tuple[str, ...] = ()
    farfetched: bool = False
    otherwise: Mapping[str, Text] = field(default_factory=dict)
    of_layers: bool = False
    follows: bool = False


def traced(graph: Graph) -> Graph:
    """The graph with each call traced by its place."""
    calls = tuple(replace(call, trace=str(place)) for place, call in enumerate(graph.calls))
    return replace(graph, calls=calls)


def place_of(graph: Graph, trace: str) -> int | None:
    """Where the call with this trace is now; None if it is gone."""
    return next((n for n, call in enumerate(graph.calls) if call.trace == trace), None)


def finished(graph: Graph) -> Graph | None:
    """The edited graph in order and in one spelling; None if it reads in a circle."""
    ordered = in_order(graph)
    return None if ordered is None else in_one_spelling(ordered, edited=True)


def in_order(graph: Graph) -> Graph | None:
    """The edited graph with each call behind what it reads; None if it reads in a circle."""
    order = reading_order(graph)
    if order is None or order == list(range(len(graph.calls))):
        return None if order is None else graph
    return renumbered(graph, order)


def calls_of(graph: Graph, place: int) -> list[int]:
    """All calls of the same layer: those that share their weights with this one."""
    weights = graph.calls[place].weights
    is_weight = graph.calls[place].op == WEIGHT
    return [place] if weights is None or is_weight else graph.calling(weights)


def changed_together(
    graph: Graph, is_site: Callable[[Graph, int], bool], alike: Callable[[int], Iterable[Any]]
) -> Iterator[list[int]]:
    """Groups of calls that one slip of the pen would change: each group once.

    A layer with all its calls; calls without weights in a model that is called several times; and
    all layers that are alike, for what is written once in a loop or copied from line to line.

    Args:
        graph: any graph.
        is_site: whether a call is worth changing; a group is where one of its calls is.
        alike: for a call, the names of the likenesses it has for the change in question; none
            leaves the call out.
    """
    families = graph.families
    groups: dict[Any, list[int]] = {}
    for place in range(len(graph.inputs), len(graph.calls)):
        names = list(alike(place))
        if names and graph.calls[place].weights is None:
            groups["call", place] = [place]
        if names:
            groups.setdefault(("family", families[place]), []).append(place)
        for name in names:
            groups.setdefault(("like", name), []).append(place)
    rank = {"call": 0, "family": 0, "like": 1}
    seen: set[tuple[int, ...]] = set()
    for _, group in sorted(groups.items(), key=lambda item: rank[item[0][0]]):
        if tuple(group) not in seen:
            seen.add(tuple(group))
            if any(is_site(graph, place) for place in group):
                yield group


@dataclass(frozen=True)
class Subject:
    """The calls that a sentence speaks of.

    Attributes:
        text: "{layer_0}", or "Each of {layer_0}, {layer_1} and {layer_2}".
        roles: the trace of each role in the text.
    """

    text: str
    roles: dict[str, str]


def subject(graph: Graph, places: list[int], start: str = "Each of") -> Subject:
    """How to speak of some calls: one layer by its name, several as "each of" them."""
    families = graph.families
    one_each = list({families[place]: place for place in reversed(places)}.values())[::-1]
    roles = {f"layer_{n}": graph.calls[place].trace for n, place in enumerate(one_each)}
    names = [f"{{{role}}}" for role in roles]
    if len(names) == 1:
        return Subject(names[0], roles)
    if len(names) > 4:
        names = [*names[:3], f"{len(names) - 3} more"]
    return Subject(f"{start} {', '.join(names[:-1])} and {names[-1]}", roles)


def slip(
    graph: Graph,
    changed: Graph,
    places: list[int],
    message: str,
    *,
    expected: str,
    found: str,
    next_step: str,
) -> Edit:
    """One slip of the pen at some calls, which are what the sentence begins with.

    Args:
        graph: the graph before.
        changed: the graph with the mistake in it.
        places: the calls where it was made.
        message: the rest of the sentence, and why it matters.
        expected: what is meant there.
        found: what the mistake has there.
        next_step: one thing to try.
    """
    who = subject(graph, places)
    return Edit(
        changed,
        f"{who.text} {message}",
        who.roles,
        tuple(who.roles),
        expected=expected,
        found=found,
        next_step=next_step,
        origin=tuple(graph.calls[place].trace for place in places),
        of_layers=True,
    )
