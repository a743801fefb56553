"""Find out which mistake turned the reference into the answer.

Every misconception in the catalogue is an edit of a graph. Each is made in the reference; where the
result is the answer, that is the mistake. Where no one edit explains the answer, those that come
nearest to it are tried with a second one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from autograder.graphs import Graph, Palette, normal_form
from autograder.graphs.describe import layer_name, number
from autograder.judging.difference import first_difference, weights_of
from autograder.judging.edits import Edit, finished, place_of, traced
from autograder.judging.expressions import differing
from autograder.judging.hints import Profile, profile, seen_in
from autograder.judging.misconceptions import CATALOGUE
from autograder.judging.verdict import Finding, Status, Verdict

BREADTH = 16
"""How many first edits are tried with a second one."""

MOST_EDITS = 6_000
"""How many edits are tried for one answer before the search gives up."""


@dataclass(frozen=True)
class Step:
    """An edit made: its misconception, the edited graph, and what it consists of."""

    id: str
    edit: Edit
    graph: Graph
    profile: Profile
    before: Step | None = None


def diagnose(answer: Graph, reference: Graph) -> Verdict:
    """Name the mistake, or the two, that tell a wrong answer from the reference.

    Args:
        answer: the student's graph, its inputs and outputs in the reference's order.
        reference: the graph it should be, and is not.
    """
    search = _Search(answer, reference)
    found = search.explanation()
    if found is None:
        difference = first_difference(answer, reference, Palette())
        return Verdict(
            Status.WRONG,
            (difference.finding,),
            answer,
            reference,
            difference.answer_marks,
            difference.reference_marks,
        )
    return _verdict(answer, reference, found)


class _Search:
    """One search for the edits that lead from a reference to an answer."""

    def __init__(self, answer: Graph, reference: Graph) -> None:
        self.answer, self.reference = answer, traced(reference)
        self.palette = Palette()
        self.key = normal_form(answer, self.palette).key
        self.profile = profile(answer)
        self.left = MOST_EDITS

    def explanation(self) -> Step | None:
        """The last step of the best explanation; its `before` is the step before it."""
        start = Step("", Edit(self.reference, ""), self.reference, profile(self.reference))
        tried: list[Step] = []
        farfetched: Step | None = None
        for step in self._steps(start):
            if not self._is_answer(step):
                tried.append(step)
            elif not step.edit.farfetched:
                return step
            elif farfetched is None:
                farfetched = step
        return farfetched or self._second(tried, start.profile.distance(self.profile))

    def _second(self, tried: list[Step], distance: int) -> Step | None:
        """The best explanation by two edits, the first of which leads nearer to the answer."""
        ranked = sorted((step.profile.distance(self.profile), n) for n, step in enumerate(tried))
        nearer = [(d, n) for d, n in ranked if d < distance] or ranked
        found = [
            step
            for _, n in nearer[:BREADTH]
            for step in self._steps(tried[n])
            if self._is_answer(step)
        ]
        return min(found, key=_preference, default=None)

    def _steps(self, start: Step) -> Iterator[Step]:
        hints = seen_in(self.answer, start.graph, self.profile, start.profile)
        for entry in CATALOGUE.values():
            for edit in entry.make(start.graph, hints):
                if self.left <= 0:
                    return
                self.left -= 1
                graph = finished(edit.graph)
                if graph is not None:
                    yield Step(entry.id, edit, graph, profile(graph), start)

    def _is_answer(self, step: Step) -> bool:
        if step.profile.pieces != self.profile.pieces:
            return False
        return normal_form(step.graph, self.palette).key == self.key


def _preference(last: Step) -> tuple[int, int, int]:
    """Of two explanations by two edits the one with the smaller preference is taken."""
    order = list(CATALOGUE)
    first = last.before or last
    farfetched = first.edit.farfetched + last.edit.farfetched
    ranks = order.index(first.id), order.index(last.id)
    return farfetched, sum(ranks), min(ranks)


def _verdict(answer: Graph, reference: Graph, last: Step) -> Verdict:
    """The verdict that an explanation makes, in the student's own layer names."""
    palette = Palette()
    mine, theirs = normal_form(answer, palette), normal_form(last.graph, palette)
    counterpart = dict(zip(theirs.order, mine.order, strict=True))
    steps = [last] if last.before is None or not last.before.id else [last.before, last]
    findings, marks, origins = [], [], []
    for step in steps:
        here = _places(step.edit, last.graph, counterpart)
        there = [int(trace) for trace in step.edit.origin if trace.isdigit()]
        marks += [place for role, place in here.items() if role in step.edit.where]
        origins += there
        findings.append(_finding(step, answer, reference, here, there))
    return Verdict(
        Status.WRONG,
        tuple(findings),
        answer,
        reference,
        tuple(dict.fromkeys(marks)),
        tuple(dict.fromkeys(origins)),
    )


def _places(edit: Edit, graph: Graph, counterpart: dict[int, int]) -> dict[str, int]:
    """For each role of an edit that is still in the graph, its place in the answer."""
    found = {}
    for role, trace in edit.roles.items():
        place = place_of(graph, trace)
        if place is not None and place in counterpart:
            found[role] = counterpart[place]
    return found


def _finding(
    step: Step, answer: Graph, reference: Graph, here: dict[str, int], there: list[int]
) -> Finding:
    edit = step.edit
    names = {role: repr(layer_name(answer, place)) for role, place in here.items()}
    for role in edit.roles:
        names.setdefault(role, "a layer")
    where = tuple(layer_name(answer, here[role]) for role in edit.where if role in here)
    message = edit.message.format(**names)
    if len(edit.where) == 1 and len(there) == 1 and edit.where[0] in here:
        message = f"{message} {_formulas(answer, reference, here[edit.where[0]], there[0])}"
    return Finding(
        step.id,
        message.strip(),
        where,
        edit.expected,
        edit.found,
        edit.next_step.format(**names),
    )


def _formulas(answer: Graph, reference: Graph, here: int, there: int) -> str:
    """Both parameter formulas, the factors that differ in brackets; "" where none do."""
    built, meant = weights_of(answer, here), weights_of(reference, there)
    if built is None or meant is None or built.count == meant.count:
        return ""
    mark: list[str] = []
    if built.symbols() == meant.symbols():
        mark = differing(built.expression, meant.expression)
    return (
        f"Its weights: {built.numbers(mark)} = {number(built.count)}; "
        f"expected are {meant.numbers(mark)} = {number(meant.count)}."
    )
