"""Find the edits that lead from a reference to an answer.

Every misconception in the catalogue is an edit of a graph. Each is made in the reference; where the
result is the answer, that is the mistake. Where no one edit explains the answer, the same is made
again and again, as long as each time leads nearer to the answer; then those that come nearest are
tried with a second one of another kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from autograder.graphs import Graph, Palette, normal_form
from autograder.graphs.identities.rules import is_in_one_spelling
from autograder.judging.edits import Edit, finished, traced
from autograder.judging.hints import seen_in
from autograder.judging.misconceptions import CATALOGUE, Misconception
from autograder.judging.nearness import Change, Nearness, distance, pieces

BREADTH = 16
"""How many first edits are tried with a second one."""

CANDIDATES = 8 * BREADTH
"""How many first edits are looked at closely to choose those."""

MOST_REPEATED = 200
"""How often one mistake is looked for at most."""

MOST_CALLS = 500_000
"""How many calls all edited graphs may have together before the search gives up."""


@dataclass(frozen=True)
class Step:
    """An edit made: its misconception, and the edited graph in order."""

    id: str
    edit: Edit
    graph: Graph


@dataclass(frozen=True)
class Attempt:
    """An edit made, and what it changed."""

    id: str
    edit: Edit
    change: Change


@dataclass(frozen=True)
class Near:
    """A step, and how far from the answer it leads."""

    step: Step
    distance: int


class Search:
    """One search for the edits that lead from a reference to an answer."""

    def __init__(self, answer: Graph, reference: Graph) -> None:
        self.answer, self.reference = answer, traced(reference)
        self.palette = Palette()
        self.key = normal_form(answer, self.palette).key
        self.pieces = pieces(answer)
        self.left = MOST_CALLS

    def explanation(self) -> list[Step]:
        """The steps of the best explanation, in order; none if there is none."""
        start = Step("", Edit(self.reference, ""), self.reference)
        tried: list[Attempt] = []
        found: list[Step] = []
        for attempt in self._attempts(start, CATALOGUE.values()):
            step = self._answer(attempt)
            if step is None:
                tried.append(attempt)
            elif not step.edit.farfetched:
                return [step]
            else:
                found.append(step)
        if found:
            return found[:1]
        nearest = self._nearest(start, tried)
        return self._again_and_again(start, nearest) or self._second(start, nearest)

    def _again_and_again(self, start: Step, nearest: list[Step]) -> list[Step]:
        """One mistake made several times: each time it leads nearer to the answer."""
        apart = self._distance(start.graph)
        for id in dict.fromkeys(step.id for step in nearest):
            steps = self._climb(CATALOGUE[id], start, apart)
            if len(steps) > 2:  # two may be explained better by two that differ
                return steps
        return []

    def _climb(self, entry: Misconception, start: Step, apart: int) -> list[Step]:
        """Steps of one misconception that lead nearer and nearer, if they arrive."""
        steps: list[Step] = []
        gain = 0  # what the first step gained: one that gains as much is as good
        while len(steps) < MOST_REPEATED:
            best = self._nearer(entry, steps[-1] if steps else start, apart, gain)
            if best is None:
                return []
            gain = gain or apart - best.distance
            apart = best.distance
            steps.append(best.step)
            if apart == 0 and normal_form(best.step.graph, self.palette).key == self.key:
                return steps
        return []

    def _nearer(self, entry: Misconception, step: Step, apart: int, enough: int) -> Near | None:
        """The step of one misconception that leads nearest, or the first that gains enough."""
        best: Near | None = None
        for attempt in self._attempts(step, [entry]):
            graph = finished(attempt.edit.graph)
            if graph is None:
                continue
            near = Near(Step(attempt.id, attempt.edit, graph), self._distance(graph))
            if near.distance < (best.distance if best else apart):
                best = near
                if enough and apart - near.distance >= enough:
                    break
        return best

    def _second(self, start: Step, nearest: list[Step]) -> list[Step]:
        """The best explanation by two edits, the first of which leads nearer to the answer."""
        found = []
        for first in nearest:
            for attempt in self._attempts(first, CATALOGUE.values()):
                step = self._answer(attempt)
                if step is not None:
                    found.append([first, step])
        return min(found, key=_preference, default=[])

    def _nearest(self, start: Step, tried: list[Attempt]) -> list[Step]:
        """The first steps that are worth a second one, the nearest first."""
        steps = []
        for attempt in sorted(tried, key=lambda attempt: attempt.change.distance)[:CANDIDATES]:
            graph = finished(attempt.edit.graph)
            if graph is not None:
                steps.append((self._distance(graph), len(steps), attempt, graph))
        limit = self._distance(start.graph)
        nearer = [step for step in sorted(steps) if step[0] < limit] or sorted(steps)
        return [Step(a.id, a.edit, graph) for _, _, a, graph in nearer[:BREADTH]]

    def _distance(self, graph: Graph) -> int:
        return distance(pieces(graph), self.pieces)

    def _attempts(self, start: Step, entries: Iterable[Misconception]) -> Iterator[Attempt]:
        hints = seen_in(self.answer, start.graph, self.palette)
        nearness = Nearness(start.graph, self.pieces)
        for entry in entries:
            for edit in entry.make(start.graph, hints):
                if self.left <= 0:
                    return
                self.left -= len(edit.graph.calls)
                yield Attempt(entry.id, edit, nearness.after(edit.graph))

    def _answer(self, attempt: Attempt) -> Step | None:
        """The attempt as a step, if it leads to the answer."""
        graph, change = attempt.edit.graph, attempt.change
        if change.distance and is_in_one_spelling(graph, change.kept, change.near):
            return None
        graph = finished(graph)
        if graph is None or pieces(graph) != self.pieces:
            return None
        if normal_form(graph, self.palette).key != self.key:
            return None
        return Step(attempt.id, attempt.edit, graph)


def _preference(steps: list[Step]) -> tuple[int, int, int]:
    """Of two explanations by two edits the one with the smaller preference is taken."""
    order = list(CATALOGUE)
    farfetched = sum(step.edit.farfetched for step in steps)
    ranks = [order.index(step.id) for step in steps]
    return farfetched, sum(ranks), min(ranks)
