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

FIRST, AGAIN, SECOND = 500_000, 300_000, 400_000
"""How much each part of the search may do: looking for one edit, for the same edit again and again,
and for a second one. A unit is about a microsecond, but counted and not measured, so that the
same answer is always told the same."""


def _work(graph: Graph) -> int:
    """What it takes to edit a graph of this size, and to see what changed."""
    return 60 + 2 * len(graph.calls)


def _work_of_comparing(graph: Graph) -> int:
    """What it takes to put an edited graph in order, and to take it to pieces."""
    return 8 * len(graph.calls)


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
        self.left = FIRST

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
        if Nearness(start.graph, self.pieces).fewer:
            others = [entry for entry in CATALOGUE.values() if entry.rearranges]
            tried += self._attempts(start, others, alone=False)
        nearest = self._nearest(start, tried)
        return self._again_and_again(start, nearest) or self._second(start, nearest)

    def _again_and_again(self, start: Step, nearest: list[Step]) -> list[Step]:
        """One mistake made several times: each time it leads nearer to the answer."""
        self.left = AGAIN
        for id in dict.fromkeys(step.id for step in nearest):
            steps = self._climb(CATALOGUE[id], start)
            if len(steps) > 2:  # two may be explained better by two that differ
                return steps
        return []

    def _climb(self, entry: Misconception, start: Step) -> list[Step]:
        """Steps of one misconception that lead nearer and nearer, if they arrive."""
        steps: list[Step] = []
        apart, gain = self._distance(start.graph), 0
        while len(steps) < MOST_REPEATED:
            near = self._nearer(entry, steps[-1] if steps else start, apart, gain)
            if near is None:
                return []
            # What the first step gained: one that gains as much is as good.
            gain = gain or apart - near.distance
            apart = near.distance
            steps.append(near.step)
            if apart == 0 and normal_form(near.step.graph, self.palette).key == self.key:
                return steps
        return []

    def _nearer(self, entry: Misconception, step: Step, apart: int, enough: int) -> Near | None:
        """The step of one misconception that leads nearest, or the first that gains enough."""
        best: Near | None = None
        for attempt in self._attempts(step, [entry], alone=False):
            limit = best.distance if best else apart
            if self._distance_of(attempt) >= limit:
                continue
            graph = finished(attempt.edit.graph)
            if graph is None:
                continue
            near = Near(Step(attempt.id, attempt.edit, graph), self._distance(graph))
            if near.distance < limit:
                best = near
                if enough and apart - near.distance >= enough:
                    break
        return best

    def _distance_of(self, attempt: Attempt) -> int:
        """How far an attempt leads at best: what an identity writes anew may bring it nearer."""
        graph, change = attempt.edit.graph, attempt.change
        return change.distance if is_in_one_spelling(graph, change.kept, change.near) else 0

    def _second(self, start: Step, nearest: list[Step]) -> list[Step]:
        """The best explanation by two edits, the first of which leads nearer to the answer."""
        self.left, found = SECOND, []
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

    def _attempts(
        self, start: Step, entries: Iterable[Misconception], alone: bool = True
    ) -> Iterator[Attempt]:
        """The edits that may lead to the answer, alone or with another one."""
        hints = seen_in(self.answer, start.graph, self.palette)
        nearness = Nearness(start.graph, self.pieces)
        for entry in entries:
            if alone and entry.rearranges and nearness.fewer:
                continue  # no other order makes a layer that is not there
            for edit in entry.make(start.graph, hints):
                if self.left <= 0:
                    return
                self.left -= _work(edit.graph)
                yield Attempt(entry.id, edit, nearness.after(edit.graph))

    def _answer(self, attempt: Attempt) -> Step | None:
        """The attempt as a step, if it leads to the answer."""
        graph = attempt.edit.graph
        if not attempt.change.may_lead_there(graph):
            return None
        self.left -= _work_of_comparing(graph)
        graph = finished(graph)
        if graph is None or pieces(graph) != self.pieces:
            return None
        self.left -= 2 * _work_of_comparing(graph)
        if normal_form(graph, self.palette).key != self.key:
            return None
        return Step(attempt.id, attempt.edit, graph)


def _preference(steps: list[Step]) -> tuple[int, int, int]:
    """Of two explanations by two edits the one with the smaller preference is taken."""
    order = list(CATALOGUE)
    farfetched = sum(step.edit.farfetched for step in steps)
    ranks = [order.index(step.id) for step in steps]
    return farfetched, sum(ranks), min(ranks)
