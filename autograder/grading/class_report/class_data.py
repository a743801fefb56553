"""What is known of a graded class, as plain data: exercises, people, answers."""

from __future__ import annotations

from dataclasses import dataclass, field

from autograder.judging.reports.kept import Kept
from autograder.judging.verdict import Status


@dataclass(frozen=True)
class Section:
    """A heading of a chapter.

    Attributes:
        heading: its text.
        link: from the course's folder to the released notebook, with the heading's anchor.
    """

    heading: str = ""
    link: str = ""


@dataclass(frozen=True)
class Exercise:
    """One check of an assignment.

    Attributes:
        assignment: whose.
        check: the grade id of its check cell.
        points: what it is worth.
        title: the heading above it.
        section: the part of the chapter that it stands in.
        answer_cells: the grade ids of the cells that it looks at.
        released: what stands in these cells when students get them.
        solution: what the solution has there; "" where that is not known.
        notebook: where an assignment has several notebooks, which of them; else "".
    """

    assignment: str
    check: str
    points: float
    title: str = ""
    section: Section = field(default_factory=Section)
    answer_cells: tuple[str, ...] = ()
    released: str = ""
    solution: str = ""
    notebook: str = ""

    @property
    def name(self) -> str:
        """What people call it; no other exercise of the assignment has this name."""
        name = self.check.removesuffix("_check")
        return f"{self.notebook}: {name}" if self.notebook else name


@dataclass(frozen=True)
class Person:
    """Somebody in the class."""

    id: str
    name: str = ""

    @property
    def shown(self) -> str:
        """The id, and the name where there is one."""
        return f"{self.id} ({self.name})" if self.name else self.id


@dataclass(frozen=True)
class Answer:
    """One student's answer in one exercise.

    Attributes:
        student: whose.
        exercise: its name.
        score: its points; None where nobody has given any yet.
        kept: what the judge found; None where nothing was kept of it.
        source: what stands in the answer cells.
        seconds: by the clock, of the answer cells and the check together; None if not known.
        needs_a_person: whether it waits for somebody's points.
    """

    student: str
    exercise: str
    score: float | None
    kept: Kept | None = None
    source: str = ""
    seconds: float | None = None
    needs_a_person: bool = False

    def status(self, points: float) -> Status:
        """What the answer is; by its points where nothing else is known."""
        if self.kept is not None:
            return self.kept.status
        if self.score is None:
            return Status.NOT_CHECKABLE
        return Status.PASSED if self.score >= points else Status.WRONG


@dataclass(frozen=True)
class Assignment:
    """One assignment with all that was handed in.

    Attributes:
        name: its name.
        exercises: in the notebook's order.
        answers: by student, then by exercise; of those who were graded.
        remarks: by student, lines for the instructor.
        not_graded: students who handed in something that has no grades.
        times: by student, how often something is known to have been handed in.
    """

    name: str
    exercises: tuple[Exercise, ...]
    answers: dict[str, dict[str, Answer]] = field(default_factory=dict)
    remarks: dict[str, tuple[str, ...]] = field(default_factory=dict)
    not_graded: tuple[str, ...] = ()
    times: dict[str, int] = field(default_factory=dict)

    def answers_to(self, exercise: Exercise) -> list[Answer]:
        """Everybody's answer to an exercise."""
        name = exercise.name
        return [own[name] for own in self.answers.values() if name in own]

    def points(self, student: str) -> float:
        """A student's points."""
        return sum(answer.score or 0.0 for answer in self.answers.get(student, {}).values())

    @property
    def most_points(self) -> float:
        """The points that there are."""
        return sum(exercise.points for exercise in self.exercises)

    def nothing_from(self, people: tuple[Person, ...]) -> tuple[Person, ...]:
        """Who of these people has handed in nothing."""
        there = {*self.answers, *self.not_graded}
        return tuple(person for person in people if person.id not in there)


@dataclass(frozen=True)
class ClassData:
    """A class.

    Attributes:
        people: everybody in it, by id.
        assignments: those that are reported on.
    """

    people: tuple[Person, ...]
    assignments: tuple[Assignment, ...]
