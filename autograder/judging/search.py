"""Find the edits that lead from a reference to an answer.

Every misconception in the catalogue is an edit of a graph. Each is made in the reference; where the
result is the answer, that is the mistake. Where no one edit explains the answer, the same is made
again and again, as long as each time leads nearer to the answer; then those that come nearest are
tried with a second one of another kind.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, pairwise, takewhile
from operator import itemgetter

from autograder.graphs import Graph, Palette, normal_form
from autograder.graphs.normal_form import first_colours
from autograder.judging.answer_hints import Seen, seen_in
from autograder.judging.edits import Edit, finished, in_order, traced
from autograder.judging.explanations import Step, preference, unsays
from autograder.judging.misconceptions import CATALOGUE, Misconception
from autograder.judging.nearness import Change, Nearness, distance, pieces
from autograder.judging.place_by_place import InEachPlace, place_by_place
from autograder.judging.search_costs import Costs

BREADTH = 16
"""How many first edits are tried with a second one."""

CANDIDATES = 8 * BREADTH
"""How many first edits are looked at closely to choose those."""

LIKELY = 3
"""How many kinds of mistakes are tried again and again: those whose first leads nearest."""

MOST_REPEATED = 200
"""How often one mistake is looked for at most."""

FIRST, AGAIN, SECOND = 350_000, 700_000, 250_000
"""How much each part of the search may do: looking for one edit, for the same edit again and again,
and for a second one. A unit is about a microsecond, but counted and not measured, so that the
same answer is always told the same. What is done takes as long as there are tensors to be read."""


@dataclass(frozen=True)
class Attempt:
    """An edit made, and what it changed."""

    id: str
    edit: Edit
    change: Change

    @cached_property
    def is_spelled(self) -> bool:
        """Whether no identity writes anything anew in the edited graph."""
        return self.change.is_in_one_spelling(self.edit.graph)

    @cached_property
    def finished(self) -> Graph | None:
        """The edited graph in order and in one spelling; None if it reads in a circle."""
        return (in_order if self.is_spelled else finished)(self.edit.graph)

    @property
    def step(self) -> Step | None:
        """The edit as a step; None if what it made reads in a circle."""
        return None if self.finished is None else Step(self.id, self.edit, self.finished)


@dataclass(frozen=True)
class Near:
    """A step, and how far from the answer it leads.

    Attributes:
        step: the step.
        distance: how many calls one graph computes and the other does not.
        pieces: how many pieces one has and the other has not.
    """

    step: Step
    distance: int
    pieces: int


@dataclass(frozen=True)
class Beginning:
    """A step that edits are made from, and what there is to know of it.

    Attributes:
        step: the step.
        hints: which mistakes the answer shows traces of.
        nearness: how far the step is from the answer, and with it each edit.
    """

    step: Step
    hints: Seen
    nearness: Nearness

    @cached_property
    def front(self) -> Seen:
        """The hints for the first places where the step and the answer part, alone."""
        return self.hints.at_the_front(self.step.graph)


class Search:
    """One search for the edits that lead from a reference to an answer."""

    def __init__(self, answer: Graph, reference: Graph) -> None:
        self.answer, self.reference = answer, traced(reference)
        self.palette = Palette()
        self.key = normal_form(answer, self.palette).key
        self.pieces = pieces(answer)
        self.computed = Counter(first_colours(answer, self.palette))
        self.costs = Costs(answer, reference)
        self.left = FIRST

    def explanation(self) -> list[Step]:
        """The steps of the best explanation, in order; none if there is none."""
        start = self._start()
        tried: list[Attempt] = []
        if found := self._alone(self._attempts(start, CATALOGUE.values()), tried):
            return [found]
        if start.nearness.fewer:
            others = [entry for entry in CATALOGUE.values() if entry.rearranges]
            if found := self._alone(self._attempts(start, others, alone=False), tried):
                return [found]
        wired_alike = place_by_place(self.answer, self.reference, self.palette)
        if wired_alike.steps and not self._is_answer(wired_alike.steps[-1].graph):
            wired_alike = InEachPlace([])
        if wired_alike.is_one_mistake:
            return wired_alike.steps
        tried.sort(key=lambda attempt: attempt.change.distance)
        again = self._again_and_again(start)
        if len(again) > 2:
            return again
        # Two of one kind may be explained better by two that differ.
        if len(again) == 2 and unsays(self.reference, *again):
            again = []
        found = self._second(start, tried, [again] if again else [])
        return found or (wired_alike.steps if wired_alike.are_few_mistakes else [])

    def is_one(self, id: str) -> bool:
        """Whether one edit of this misconception is the explanation, and no farfetched one.

        What the catalogue prefers to it is looked at, and nothing else; and first whether it is
        an explanation at all.
        """
        start = self._start()
        if not self._is_one(start, [CATALOGUE[id]]):
            return False
        preferred = takewhile(lambda entry: entry.id != id, CATALOGUE.values())
        return not self._is_one(start, preferred)

    def _is_one(self, start: Beginning, entries: Iterable[Misconception]) -> bool:
        if start.nearness.lacks:
            entries = (entry for entry in entries if not entry.rearranges)
        edits = self._edits(start, entries)
        likely = (each for each in edits if self._may_be_answer(start, each[1].graph))
        found = self._alone((_attempt(start, *each) for each in likely), [])
        return found is not None and not found.edit.farfetched

    def _may_be_answer(self, start: Beginning, edited: Graph) -> bool:
        """Whether an edited graph may be the answer; quick, and most are told by it."""
        return _ends(edited) == _ends(self.answer) and start.nearness.may_have_all(edited)

    def _start(self) -> Beginning:
        return self._beginning(Step("", Edit(self.reference, ""), self.reference))

    def _alone(self, attempts: Iterable[Attempt], tried: list[Attempt]) -> Step | None:
        """The first edit that leads to the answer, farfetched ones last; enters what does not."""
        farfetched: list[Step] = []
        for attempt in attempts:
            step = self._answer(attempt)
            if step is None:
                tried.append(attempt)
            elif not step.edit.farfetched:
                return step
            else:
                farfetched.append(step)
        same = [step for step in farfetched if step.id == farfetched[0].id]
        return next(filter(_is_there, same), same[0]) if same else None

    def _beginning(self, step: Step) -> Beginning:
        hints = seen_in(self.answer, step.graph, self.palette)
        return Beginning(step, hints, Nearness(step.graph, self.pieces))

    def _again_and_again(self, start: Beginning) -> list[Step]:
        """One mistake made several times."""
        self.left, here = AGAIN, self._near(start.step, start.nearness.distance)
        first = {id: self._nearer(entry, here, start) for id, entry in CATALOGUE.items()}
        ways = {id: found for id, found in first.items() if found}
        found: list[list[Step]] = []
        for id in sorted(ways, key=lambda id: min(map(_likelihood, ways[id])))[:LIKELY]:
            steps = self._climb(CATALOGUE[id], here, ways[id])
            if steps:
                found.append(steps)
                if not any(step.edit.farfetched for step in steps):
                    break
        return min(found, key=_farfetched, default=[])

    def _climb(self, entry: Misconception, here: Near, ways: list[Near]) -> list[Step]:
        """Steps of one misconception, each of which makes more as in the answer, to its end.

        Where none leads on, the step before is made at the place that was second best.
        """
        steps, open_ = [here], [ways]
        while open_ and self.left > 0 and len(steps) < MOST_REPEATED:
            if not open_[-1]:
                open_.pop()
                steps.pop()
                continue
            near = _most_likely(open_[-1], steps)
            open_[-1].remove(near)
            steps.append(near)
            key = normal_form(near.step.graph, self.palette).key if not near.distance else None
            if key == self.key:
                return [near.step for near in steps[1:]]
            self.left -= self.costs.looking
            open_.append(self._nearer(entry, near, self._beginning(near.step)))
        return []

    def _nearer(self, entry: Misconception, here: Near, start: Beginning) -> list[Near]:
        """The steps of one misconception that lead nearer from here."""
        found: list[Near] = []
        before = here.step.graph
        if self.left <= 0:
            return found
        for edit in entry.make(before, start.front):
            if self.left <= 0:
                break
            self.left -= self.costs.editing
            if self._leads_away(before, edit.graph):
                continue
            if not start.hints.goes_on_as_here(before, edit.graph, self.palette):
                continue
            attempt = _attempt(start, entry.id, edit)
            self.left -= self.costs.changing + attempt.change.work
            self.left -= self.costs.comparing + self.costs.of(attempt)
            if attempt.step is None:
                continue
            is_told, told = attempt.is_spelled, attempt.change.distance
            near = self._near(attempt.step, told if is_told else self._distance(attempt.step.graph))
            if near.distance < here.distance:
                found.append(near)
        # Of steps that lead equally near, most often to equal places in equal blocks, one is tried.
        return list({(near.distance, near.pieces): near for near in reversed(found)}.values())

    def _near(self, step: Step, distance: int) -> Near:
        apart = Counter(self.computed)
        apart.subtract(first_colours(step.graph, self.palette))
        return Near(step, sum(map(abs, apart.values())), distance)

    def _second(
        self, start: Beginning, tried: list[Attempt], found: list[list[Step]]
    ) -> list[Step]:
        """The best explanation by two edits, the first of which leads nearer to the answer.

        Args:
            start: where they begin.
            tried: the first edits.
            found: explanations by two edits that are known already.
        """
        self.left = SECOND
        for first in self._nearest(start.nearness.distance, tried):
            if self.left <= 0:
                break
            self.left -= self.costs.looking
            for attempt in self._attempts(self._beginning(first), CATALOGUE.values()):
                step = self._answer(attempt)
                if step is not None and not unsays(self.reference, first, step):
                    found.append([first, step])
        return min(found, key=preference, default=[])

    def _nearest(self, limit: int, tried: list[Attempt]) -> list[Step]:
        """The first steps that are worth a second one, the nearest first.

        Args:
            limit: how far the answer is from where they start.
            tried: all of them, the nearest first before identities are written.
        """
        found = []
        for attempt in tried[:CANDIDATES]:
            if self.left <= SECOND // 2:
                break
            self.left -= self.costs.comparing + self.costs.of(attempt)
            if attempt.is_spelled:
                found.append((attempt.change.distance, attempt))
            elif (graph := attempt.finished) is not None:
                found.append((self._distance(graph), attempt))
        found.sort(key=itemgetter(0))
        nearer = [pair for pair in found if pair[0] < limit] or found
        steps = (attempt.step for _, attempt in nearer)
        return list(islice((step for step in steps if step is not None), BREADTH))

    def _distance(self, graph: Graph) -> int:
        return distance(pieces(graph), self.pieces)

    def _attempts(
        self, start: Beginning, entries: Iterable[Misconception], alone: bool = True
    ) -> Iterator[Attempt]:
        """The edits that may lead to the answer, alone or with another one, and their changes."""
        for each in self._edits(start, entries, alone):
            attempt = _attempt(start, *each)
            self.left -= attempt.change.work
            yield attempt

    def _edits(
        self, start: Beginning, entries: Iterable[Misconception], alone: bool = True
    ) -> Iterator[tuple[str, Edit]]:
        """Those edits, each with its misconception's id."""
        for entry in entries:
            if alone and entry.rearranges and start.nearness.fewer:
                continue  # no other order makes a layer that is not there
            for edit in entry.make(start.step.graph, start.hints):
                if self.left <= 0:
                    return
                self.left -= self.costs.editing
                if self._leads_away(start.step.graph, edit.graph):
                    continue
                self.left -= self.costs.changing
                yield entry.id, edit

    def _leads_away(self, before: Graph, after: Graph) -> bool:
        """Whether there are inputs, or outputs, more or fewer now than the answer has."""
        return any(
            abs(made - meant) > abs(known - meant)
            for made, known, meant in zip(*map(_ends, (after, before, self.answer)), strict=True)
        )

    def _answer(self, attempt: Attempt) -> Step | None:
        """The attempt as a step, if it leads to the answer."""
        if not attempt.change.fewer:
            self.left -= self.costs.spelling(attempt.change)
        if not attempt.change.may_lead_there(attempt.edit.graph):
            return None
        self.left -= self.costs.of(attempt)
        step = attempt.step
        if step is None or (not attempt.is_spelled and pieces(step.graph) != self.pieces):
            return None
        self.left -= 2 * self.costs.comparing
        return step if self._is_answer(step.graph) else None

    def _is_answer(self, graph: Graph) -> bool:
        """Whether this is the answer's graph; most that are not compute something else."""
        if Counter(first_colours(graph, self.palette)) != self.computed:
            return False
        return normal_form(graph, self.palette).key == self.key


def _ends(graph: Graph) -> tuple[int, int]:
    """How many inputs a graph has, and how many outputs."""
    return len(graph.inputs), len(graph.outputs)


def _attempt(start: Beginning, id: str, edit: Edit) -> Attempt:
    return Attempt(id, edit, start.nearness.after(edit.graph))


def _is_there(step: Step) -> bool:
    """Whether the answer has the calls that an edit speaks of, so that they have names there."""
    left = {call.trace for call in step.graph.calls}
    return bool(step.edit.where) and all(step.edit.roles[role] in left for role in step.edit.where)


def _farfetched(steps: list[Step]) -> int:
    return sum(step.edit.farfetched for step in steps)


def _likelihood(near: Near) -> tuple[int, bool]:
    """Smaller for a step that leads nearer, and of equal ones for what is likelier."""
    return near.distance, near.step.edit.farfetched


def _most_likely(choice: list[Near], steps: list[Near]) -> Near:
    """The step that gains what steps before it gained, as in equal blocks; or what gains most."""
    gains = {a.distance - b.distance for a, b in pairwise(steps)}
    known = [near for near in choice if steps[-1].distance - near.distance in gains]
    likely = known if known and len(gains) > 1 else choice
    return min(likely, key=lambda near: (near.distance, near.pieces))
