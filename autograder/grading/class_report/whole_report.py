"""All that is told of a class, ready for a page or a table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from autograder.grading.class_report.class_data import (
    Answer,
    Assignment,
    ClassData,
    Exercise,
    Person,
)
from autograder.grading.class_report.figures import Figures, figures, kind_of
from autograder.grading.class_report.mistakes import Mistake, is_misconception, mistakes
from autograder.grading.class_report.similar_answers import Similar, similar_answers
from autograder.grading.class_report.standing import Standing, standings
from autograder.graphs.describe import counted

FEW_PASSED = 0.6
"""Where less of the class passed than this, the section is worth another lesson."""

OFTEN = 0.2
"""So it is where this part of the class made the same mistake."""

FEWEST = 2
"""Students for whom something is taught again; for one there are words."""


MOST_REMARKS = 20
"""Lines about one student's work in an assignment."""


@dataclass(frozen=True)
class ExerciseReport:
    """One exercise: how it went, and what went wrong."""

    exercise: Exercise
    figures: Figures
    mistakes: tuple[Mistake, ...]


@dataclass(frozen=True)
class TeachAgain:
    """What is worth another lesson.

    Attributes:
        exercise: which shows it; its section is the one that teaches it.
        reasons: why, a sentence each.
    """

    exercise: Exercise
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """Something about one student's work that an instructor should see."""

    student: str
    where: str
    text: str


@dataclass(frozen=True)
class AssignmentReport:
    """One assignment.

    Attributes:
        name: its name.
        most_points: the points that there are.
        exercises: in their order.
        teach_again: the most urgent first.
        nothing_from: who handed in nothing.
        not_graded: who handed in something that has no grades.
        not_judged: answers that could not be judged, with the reason.
        remarks: what is worth a look.
        similar: answers that are alike.
        graded: how many have grades.
        attempts: by student, how often they handed in; of those who did more than once.
        is_of_before: whether it was graded before the judge's findings were kept.
    """

    name: str
    most_points: float
    exercises: tuple[ExerciseReport, ...]
    teach_again: tuple[TeachAgain, ...]
    nothing_from: tuple[Person, ...]
    not_graded: tuple[str, ...]
    not_judged: tuple[Line, ...]
    remarks: tuple[Line, ...]
    similar: tuple[Similar, ...]
    graded: int
    attempts: dict[str, int]
    is_of_before: bool


@dataclass(frozen=True)
class ClassReport:
    """A class.

    Attributes:
        made: when.
        is_anonymous: whether it holds no names.
        people: everybody, by id.
        assignments: those that are reported on.
        standings: everybody, by id.
    """

    made: datetime
    is_anonymous: bool
    people: tuple[Person, ...]
    assignments: tuple[AssignmentReport, ...]
    standings: tuple[Standing, ...]


def class_report(data: ClassData, made: datetime, *, is_anonymous: bool = False) -> ClassReport:
    """Make a report of what was gathered."""
    return ClassReport(
        made,
        is_anonymous,
        data.people,
        tuple(_assignment(each, data.people) for each in data.assignments),
        standings(data),
    )


def _assignment(assignment: Assignment, people: tuple[Person, ...]) -> AssignmentReport:
    exercises = tuple(
        ExerciseReport(each, figures(assignment, each), mistakes(assignment, each))
        for each in assignment.exercises
    )
    answers = [answer for own in assignment.answers.values() for answer in own.values()]
    return AssignmentReport(
        assignment.name,
        assignment.most_points,
        exercises,
        tuple(teach_again(exercises)),
        assignment.nothing_from(people),
        assignment.not_graded,
        tuple(_not_judged(assignment)),
        tuple(_remarks(assignment)),
        similar_answers(assignment),
        len(assignment.answers),
        {student: often for student, often in sorted(assignment.times.items()) if often > 1},
        bool(answers) and all(answer.kept is None for answer in answers),
    )


def teach_again(exercises: tuple[ExerciseReport, ...]) -> list[TeachAgain]:
    """What is worth another lesson, the exercise that fewest passed first."""
    found = [(each, tuple(_reasons(each))) for each in exercises]
    urgent = sorted((each for each in found if each[1]), key=lambda each: each[0].figures.pass_rate)
    return [TeachAgain(each.exercise, reasons) for each, reasons in urgent]


def _reasons(report: ExerciseReport) -> Iterator[str]:
    done = report.figures
    failed = done.handed_in - done.passed
    if failed >= FEWEST and done.pass_rate < FEW_PASSED:
        yield f"{done.passed} of {counted(done.handed_in, 'student')} passed."
    for mistake in report.mistakes:
        count = len(mistake.students)
        if is_misconception(mistake.id) and count >= FEWEST and count >= OFTEN * done.handed_in:
            yield f"{counted(count, 'student')} made one mistake, {mistake.id}. {mistake.words}"


def _remarks(assignment: Assignment) -> Iterator[Line]:
    for student, lines in assignment.remarks.items():
        yield from (Line(student, "", line) for line in lines[:MOST_REMARKS])
        if (more := len(lines) - MOST_REMARKS) > 0:
            yield Line(student, "", f"and {more} more, in the notebook's metadata.")


def _not_judged(assignment: Assignment) -> Iterator[Line]:
    for exercise in assignment.exercises:
        for answer in assignment.answers_to(exercise):
            if kind_of(answer, exercise.points) == "not_judged":
                yield Line(answer.student, exercise.name, _why(answer))
            elif answer.needs_a_person:
                yield Line(answer.student, exercise.name, "It waits for your points.")


def _why(answer: Answer) -> str:
    if answer.score is None or answer.kept is None:
        return "It waits for your points."
    return " ".join(finding.message for finding in answer.kept.findings)
