"""Wrong models made from the catalogue: every mistake, made in every system.

What a mistake made of the reference becomes a Keras model and is read back, as a student's answer
would be. Where a more specific mistake would have made the same graph, that is the one to name.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from corpus.as_keras import CannotBuild, as_keras
from corpus.case import Case
from corpus.invented import LARGE, Invented
from corpus.systems import BUILDERS, reference

from autograder.graphs import Graph, Palette, normal_form, read_graph
from autograder.judging.edits import finished, traced
from autograder.judging.misconceptions import CATALOGUE
from autograder.judging.nearness import pieces
from autograder.judging.pairing import in_order_of

SITES = 2
"""How many models are made of one mistake in one system; of a large one it is one."""

PAIRED = [name for name in BUILDERS if name not in ("A6", "B2", "D2")]


@dataclass(frozen=True)
class Made:
    """A mistake made in a graph; `rank` is smaller for what is preferred as its name."""

    id: str
    rank: tuple[bool, int]
    graph: Graph


def made_in(graph: Graph) -> list[Made]:
    """Every mistake of the catalogue, made in a graph in every way that comes to mind."""
    hints, found = Invented(graph), []
    for number, entry in enumerate(CATALOGUE.values()):
        for edit in entry.make(traced(graph), hints):
            result = finished(edit.graph)
            if result is not None:
                found.append(Made(entry.id, (edit.farfetched, number), result))
    return found


def _signature(graph: Graph) -> Any:
    return frozenset(pieces(graph).items())


class Truth:
    """Which mistake is the most specific one that makes a graph."""

    def __init__(self, mistakes: list[Made]) -> None:
        self.palette = Palette()
        self.alike: dict[Any, list[Made]] = defaultdict(list)
        for made in mistakes:
            self.alike[_signature(made.graph)].append(made)

    def of(self, graph: Graph) -> str | None:
        """The id of the mistake; None if no single mistake makes this graph."""
        key = normal_form(graph, self.palette).key
        ranked = sorted(self.alike[_signature(graph)], key=lambda made: made.rank)
        return next((m.id for m in ranked if normal_form(m.graph, self.palette).key == key), None)


def _spread(mistakes: list[Made], count: int) -> Iterator[Made]:
    """Some of the mistakes, from all over the graph; then the others, in case Keras refuses."""
    step = max(1, len(mistakes) // count)
    order = sorted(range(len(mistakes)), key=lambda n: (n % step != step // 2, n))
    return (mistakes[n] for n in order[: 6 * count])


def singles(system: str) -> Iterator[Case]:
    """One mistake in a system, of each kind that it can have."""
    meant = reference(system)
    mistakes = made_in(meant)
    truth = Truth(mistakes)
    right = normal_form(meant, truth.palette).key
    by_id: dict[str, list[Made]] = defaultdict(list)
    for made in mistakes:
        by_id[made.id].append(made)
    seen = set()
    for group in by_id.values():
        kept = 0
        for made in _spread(group, SITES):
            model = _model(made.graph)
            key = None if model is None else _key(model, meant, truth.palette)
            if key is None or key == right or key in seen:
                continue
            seen.add(key)
            name = truth.of(made.graph) or made.id
            yield Case(system, (frozenset({name}),), lambda model=model: model, made.id)
            kept += 1
            if kept == (1 if len(meant.calls) > LARGE else SITES):
                break


def pairs(system: str, count: int = 6) -> Iterator[Case]:
    """Two mistakes in a system, one made on top of the other."""
    meant = reference(system)
    first_ones = made_in(meant)
    truth = Truth(first_ones)
    by_id: dict[str, list[Made]] = defaultdict(list)
    for made in first_ones:
        if not made.rank[0] and truth.of(made.graph) == made.id:
            by_id[made.id].append(made)
    names, kept, right = list(by_id), 0, normal_form(meant, truth.palette).key
    for number, name in enumerate(names):
        if kept == count:
            return
        first = by_id[name][number % len(by_id[name])]
        other = names[(number * 5 + 3) % len(names)]
        seconds_of_all = made_in(first.graph)
        seconds = [made for made in seconds_of_all if made.id == other and not made.rank[0]]
        if not seconds or other == name:
            continue
        second = seconds[number % len(seconds)]
        if truth.of(second.graph) is not None:
            continue
        model = _model(second.graph)
        if model is None or _key(model, meant, truth.palette) == right:
            continue
        named = Truth(seconds_of_all).of(second.graph) or other
        both = (frozenset({name}), frozenset({named}))
        yield Case(system, both, lambda model=model: model, f"{name} then {other}")
        kept += 1


def _key(model: Any, meant: Graph, palette: Palette) -> Any:
    return normal_form(in_order_of(read_graph(model), meant), palette).key


def _model(graph: Graph) -> Any:
    try:
        return as_keras(graph)
    except CannotBuild:
        return None
