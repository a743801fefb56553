"""How each student stands: what is open, and which mistake comes again and again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from autograder.grading.class_report.class_data import Assignment, ClassData, Person
from autograder.grading.class_report.figures import kind_of
from autograder.grading.class_report.mistakes import findings, is_misconception, words


@dataclass(frozen=True)
class Stuck:
    """The same mistake in several exercises.

    Attributes:
        id: the misconception.
        words: what it is.
        exercises: where it was made.
    """

    id: str
    words: str
    exercises: tuple[str, ...]


@dataclass(frozen=True)
class Standing:
    """How a student stands.

    Attributes:
        person: who.
        points: all together.
        most_points: those of the assignments that were handed in.
        missing: assignments of which nothing was handed in.
        not_attempted: exercises without an answer, in what was handed in.
        not_passed: exercises with an answer that is not right.
        stuck: mistakes made in several exercises.
    """

    person: Person
    points: float
    most_points: float
    missing: tuple[str, ...]
    not_attempted: tuple[str, ...]
    not_passed: tuple[str, ...]
    stuck: tuple[Stuck, ...]

    @property
    def has_nothing_open(self) -> bool:
        """Whether all is handed in and right."""
        return not (self.missing or self.not_attempted or self.not_passed)


def standings(data: ClassData) -> tuple[Standing, ...]:
    """How everybody stands, by id."""
    return tuple(_standing(person, data.assignments) for person in data.people)


def _standing(person: Person, assignments: Sequence[Assignment]) -> Standing:
    there = [each for each in assignments if person.id in each.answers]
    kinds: dict[str, list[str]] = {}
    made: dict[str, list[str]] = {}
    for assignment in there:
        own = assignment.answers[person.id]
        for exercise in assignment.exercises:
            if (answer := own.get(exercise.name)) is None:
                continue
            kinds.setdefault(kind_of(answer, exercise.points), []).append(exercise.name)
            for id in {finding.id for finding in findings(answer)}:
                if is_misconception(id):
                    made.setdefault(id, []).append(exercise.name)
    return Standing(
        person,
        sum(each.points(person.id) for each in there),
        sum(each.most_points for each in there),
        tuple(each.name for each in assignments if each.nothing_from((person,))),
        tuple(kinds.get("not_attempted", ())),
        (*kinds.get("partly", ()), *kinds.get("wrong", ())),
        tuple(
            Stuck(id, words(id), tuple(where))
            for id, where in sorted(made.items(), key=lambda each: (-len(each[1]), each[0]))
            if len(where) > 1
        ),
    )
