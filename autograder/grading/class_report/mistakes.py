"""Which mistakes a class made in an exercise, how often, and one example of each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from autograder.grading.class_report.class_data import Answer, Assignment, Exercise
from autograder.grading.class_report.wrong_networks import drawn, under_plain_names
from autograder.graphs.draw import Drawing
from autograder.judging.difference import ID as FIRST_DIFFERENCE
from autograder.judging.misconceptions import CATALOGUE
from autograder.judging.own_sizes import NOT_YOURS
from autograder.judging.reports.kept import ONLY_HIDDEN, KeptFinding
from autograder.judging.verdict import Status

MOST_DRAWN = 3
"""Mistakes of an exercise with a drawing: the most frequent ones."""

OTHERS = {
    ONLY_HIDDEN: "Right for the sizes that students see, wrong for others: a number is written "
    "out where one of the function's arguments belongs.",
    NOT_YOURS: "Right with sizes that are somebody else's, where each student has their own.",
    "raised": "The function raised an error.",
    FIRST_DIFFERENCE: "No known mistake explains it: the first call that differs is named.",
}
"""What is no mistake in the catalogue."""


@dataclass(frozen=True)
class Mistake:
    """A mistake that several students may have made in an exercise.

    Attributes:
        id: of the misconception, or of what else was found.
        words: what it is, in a sentence.
        students: who made it.
        message: what most of them were told.
        next_step: what they were told to try.
        drawing: one of their networks under plain names; None where there is none to show.
    """

    id: str
    words: str
    students: tuple[str, ...]
    message: str
    next_step: str
    drawing: Drawing | None = None


def is_misconception(id: str) -> bool:
    """Whether a finding is a mistake with a name, which can be made again elsewhere."""
    return id in CATALOGUE or id == ONLY_HIDDEN


def findings(answer: Answer) -> tuple[KeptFinding, ...]:
    """What was found wrong in an answer; beside what only hidden cases refuse, nothing counts."""
    if answer.kept is None or answer.kept.status is not Status.WRONG:
        return ()
    found = answer.kept.findings
    return found[:1] if found and found[0].id == ONLY_HIDDEN else found


def mistakes(assignment: Assignment, exercise: Exercise) -> tuple[Mistake, ...]:
    """The mistakes made in an exercise, the most frequent first."""
    made: dict[tuple[str, str], list[tuple[Answer, KeptFinding]]] = {}
    for answer in assignment.answers_to(exercise):
        for finding in _once(findings(answer)):
            made.setdefault(_kind(finding), []).append((answer, finding))
    order = sorted(made.items(), key=lambda each: (-len(each[1]), each[0]))
    known = set(re.findall(r"\w+", f"{exercise.released}\n{exercise.solution}"))
    return tuple(
        _mistake(id, found, known, is_drawn=place < MOST_DRAWN)
        for place, ((id, _), found) in enumerate(order)
    )


def _kind(finding: KeptFinding) -> tuple[str, str]:
    """What makes two findings the same: the mistake's name, else what was told, names aside."""
    return finding.id, "" if is_misconception(finding.id) else _without_names(finding.message)


def _without_names(text: str) -> str:
    return re.sub(r"'[^']*'", "", text)


def _once(found: tuple[KeptFinding, ...]) -> Iterator[KeptFinding]:
    yield from {_kind(finding): finding for finding in reversed(found)}.values()


def _mistake(
    id: str, found: list[tuple[Answer, KeptFinding]], known: set[str], *, is_drawn: bool
) -> Mistake:
    answer, finding = _typical(found)
    message, drawing = finding.message, None
    if (example := under_plain_names(answer, known)) is not None:
        message = example.text(message)
        if is_drawn and id != ONLY_HIDDEN:  # a class may see it: it would tell of hidden sizes
            drawing = drawn(example.graph, _marks(answer), "One of these networks:")
    students = tuple(each.student for each, _ in found)
    return Mistake(id, words(id), students, message, finding.next_step, drawing)


def _typical(found: list[tuple[Answer, KeptFinding]]) -> tuple[Answer, KeptFinding]:
    """The first of those who were told what most were told, names aside; with a network if any."""
    texts = [_without_names(finding.message) for _, finding in found]
    [(most, _)] = Counter(texts).most_common(1)
    alike = [each for each, text in zip(found, texts, strict=True) if text == most]
    shown = [each for each in alike if each[0].kept is not None and each[0].kept.graph is not None]
    return (shown or alike)[0]


def _marks(answer: Answer) -> tuple[int, ...]:
    return answer.kept.marks if answer.kept is not None else ()


def words(id: str) -> str:
    """What a finding is, in a sentence; "" where its message says all."""
    if id in CATALOGUE:
        first = (CATALOGUE[id].make.__doc__ or "").split("\n\n")[0]
        return " ".join(first.split())
    return OTHERS.get(id, "")
