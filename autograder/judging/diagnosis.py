"""Find out which mistake turned the reference into the answer.

Every misconception in the catalogue is an edit of a graph. Each is made in the reference; where the
result is the answer, that is the mistake. Where no one edit explains the answer, those that come
nearest to it are tried with a second one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from autograder.graphs import Graph, Palette, normal_form
from autograder.graphs.describe import counted, layer_name, number
from autograder.graphs.identities.rules import is_in_one_spelling
from autograder.graphs.surgery import needed
from autograder.judging.difference import first_difference, weights_of
from autograder.judging.edits import Edit, finished, place_of, spoken, traced
from autograder.judging.expressions import differing
from autograder.judging.hints import distance, labels, pieces, seen_in, traits
from autograder.judging.misconceptions import CATALOGUE
from autograder.judging.verdict import Finding, Status, Verdict

BREADTH = 16
"""How many first edits are tried with a second one."""

CANDIDATES = 8 * BREADTH
"""How many first edits are looked at closely to choose those."""

FAR_MORE = 4
"""An answer with this many times the reference's calls, and a hundred more, is not compared."""

MOST_CALLS = 500_000
"""How many calls all edited graphs may have together before the search gives up."""


@dataclass(frozen=True)
class Step:
    """An edit made: its misconception, the edited graph in order, and the step before it."""

    id: str
    edit: Edit
    graph: Graph
    before: Step | None = None


@dataclass(frozen=True)
class Attempt:
    """An edit made: which calls of it count, and how far they are from the answer's."""

    id: str
    edit: Edit
    needed: list[int]
    distance: int


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


def far_too_large(answer: Graph, reference: Graph) -> Finding | None:
    """What to say of an answer far larger than its reference, which it cannot equal; else None.

    It is told before anything is compared: so comparing takes a time that the reference sets,
    whatever the answer is.
    """
    made, meant = len(answer.calls), len(reference.calls)
    read, to_read = (sum(len(call.inputs) for call in g.calls) for g in (answer, reference))
    if made > FAR_MORE * meant + 100:
        unit, what = "call", f"calls layers {number(made)} times"
    elif read > FAR_MORE * to_read + 100:
        unit, what, made, meant = "tensor", f"hands on {number(read)} tensors", read, to_read
    else:
        return None
    return Finding(
        "far-too-large",
        f"Your model {what}; about {counted(meant, unit)} are meant.",
        expected=counted(meant, unit),
        found=counted(made, unit),
        next_step="Is there a loop that goes round far too often?",
    )


class _Search:
    """One search for the edits that lead from a reference to an answer."""

    def __init__(self, answer: Graph, reference: Graph) -> None:
        self.answer, self.reference = answer, traced(reference)
        self.palette = Palette()
        self.key = normal_form(answer, self.palette).key
        self.labels, self.pieces, self.traits = labels(answer), pieces(answer), traits(answer)
        self.left = MOST_CALLS

    def explanation(self) -> Step | None:
        """The last step of the best explanation; its `before` is the step before it."""
        start = Step("", Edit(self.reference, ""), self.reference)
        tried: list[Attempt] = []
        found: list[Step] = []
        for attempt in self._attempts(start):
            step = self._answer(attempt, start)
            if step is None:
                tried.append(attempt)
            elif not step.edit.farfetched:
                return step
            else:
                found.append(step)
        return found[0] if found else self._second(start, tried)

    def _second(self, start: Step, tried: list[Attempt]) -> Step | None:
        """The best explanation by two edits, the first of which leads nearer to the answer."""
        found = []
        for first in self._nearest(start, tried):
            for attempt in self._attempts(first):
                step = self._answer(attempt, first)
                if step is not None:
                    found.append(step)
        return min(found, key=_preference, default=None)

    def _nearest(self, start: Step, tried: list[Attempt]) -> list[Step]:
        """The first steps that are worth a second one, the nearest first."""
        steps = []
        for attempt in sorted(tried, key=lambda attempt: attempt.distance)[:CANDIDATES]:
            graph = finished(attempt.edit.graph)
            if graph is not None:
                steps.append((self._distance(graph), len(steps), attempt, graph))
        limit = self._distance(start.graph)
        nearer = [step for step in sorted(steps) if step[0] < limit] or sorted(steps)
        return [Step(a.id, a.edit, graph, start) for _, _, a, graph in nearer[:BREADTH]]

    def _distance(self, graph: Graph) -> int:
        """How far a graph is from the answer, piece by piece and setting by setting."""
        apart = distance(pieces(graph), self.pieces)
        return apart + distance(traits(graph), self.traits)

    def _attempts(self, start: Step) -> Iterator[Attempt]:
        hints = seen_in(self.answer, start.graph, self.palette)
        for entry in CATALOGUE.values():
            for edit in entry.make(start.graph, hints):
                if self.left <= 0:
                    return
                self.left -= len(edit.graph.calls)
                kept = needed(edit.graph)
                apart = distance(labels(edit.graph, kept), self.labels)
                yield Attempt(entry.id, edit, kept, apart)

    def _answer(self, attempt: Attempt, start: Step) -> Step | None:
        """The attempt as a step, if it leads to the answer."""
        graph = attempt.edit.graph
        if attempt.distance and is_in_one_spelling(graph, attempt.needed):
            return None
        graph = finished(graph)
        if graph is None or labels(graph) != self.labels or pieces(graph) != self.pieces:
            return None
        if normal_form(graph, self.palette).key != self.key:
            return None
        return Step(attempt.id, attempt.edit, graph, start)


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
        names.setdefault(role, spoken(edit.otherwise.get(role, "a layer")))
    where = tuple(layer_name(answer, here[role]) for role in edit.where if role in here)
    message = _filled(spoken(edit.message), names)
    traces = [edit.roles[role] for role in edit.where]
    if len(traces) == 1 and traces[0] in edit.origin[:1] and edit.where[0] in here and there:
        message = f"{message} {_formulas(answer, reference, here[edit.where[0]], there[0])}"
    return Finding(
        step.id,
        message.strip(),
        where,
        spoken(edit.expected),
        spoken(edit.found),
        _filled(edit.next_step, names),
    )


def _filled(text: str, names: Mapping[str, str]) -> str:
    """A sentence with names for its roles; other braces are what somebody wrote, and stay."""
    return re.sub(r"\{(\w+)\}", lambda role: names.get(role[1], role[0]), text)


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
