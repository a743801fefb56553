"""A class's grades: what the gradebook says, and what of it still holds.

One process writes them; others may hold the gradebook meanwhile, and are waited for.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from nbgrader.api import Gradebook

from autograder.grading.course.folder import Course
from autograder.grading.engine.archive import unpack
from autograder.grading.engine.gradebook import write_scores
from autograder.grading.engine.late import LatePenalties, late_penalties, renew_late_penalties
from autograder.grading.engine.packed_assignment import Bundle
from autograder.grading.engine.patience import TEN_MINUTES, Patience
from autograder.grading.engine.result import Graded

Value = TypeVar("Value")
STAMP = ".graded"
"""A file in each autograded folder: the digest of what it was graded from; then remarks."""


@dataclass(frozen=True)
class Score:
    """One student's points in one assignment, as nbgrader's gradebook has them."""

    student: str
    assignment: str
    score: float
    max_score: float


@dataclass(frozen=True)
class Grades:
    """The gradebook of a course, and the folders with what was graded.

    Attributes:
        course: whose.
        wait: seconds to wait for a gradebook that another program holds. All that is asked of it
            raises `Problem` where that takes longer.
    """

    course: Course
    wait: float = TEN_MINUTES

    def gradebook(self) -> Gradebook:
        """The gradebook, opened; close it after use."""
        return self.patiently(self._opened)

    @cached_property
    def patiently(self) -> Patience:
        """Does something with the gradebook once nobody else holds it."""
        return Patience(self.course.db_url, self.wait)

    def ask(self, question: Callable[[Gradebook], Value]) -> Value:
        """What the gradebook answers."""

        def answer() -> Value:
            with self._opened() as gradebook:
                return question(gradebook)

        return self.patiently(answer)

    def _opened(self) -> Gradebook:
        return Gradebook(self.patiently.short_url, self.course.config.CourseDirectory.course_id)

    def scores(self, assignment: str) -> list[Score]:
        """Everybody's points in an assignment, by student."""
        found = self.ask(lambda gradebook: gradebook.submission_dicts(assignment))
        scores = [
            Score(row["student"], assignment, row["score"], row["max_score"]) for row in found
        ]
        return sorted(scores, key=lambda score: score.student)

    def late_penalties(self, assignment: str) -> dict[str, float]:
        """The points that being late costs, by student; of all who have a score."""
        return self.ask(lambda gradebook: late_penalties(gradebook, assignment))

    def renew_late_penalties(self, assignment: str) -> list[str]:
        """Reckon all late penalties by today's due date and extensions; whose have changed."""
        return self.ask(
            lambda gradebook: renew_late_penalties(gradebook, assignment, self._penalties)
        )

    @cached_property
    def _penalties(self) -> LatePenalties:
        return LatePenalties(self.course.config)

    def is_graded(self, student: str, assignment: str, state: str) -> bool:
        """Whether a submission was graded from just this, and its result is still there."""
        return self._stamp(student, assignment)[:1] == [state]

    def remarks(self, student: str, assignment: str) -> list[str]:
        """What the instructor should know of a graded submission, a line each."""
        return self._stamp(student, assignment)[1:]

    def _stamp(self, student: str, assignment: str) -> list[str]:
        stamp = self.course.folder("autograded", student, assignment) / STAMP
        return stamp.read_text(encoding="utf-8").splitlines() if stamp.is_file() else []

    def keep(self, gradebook: Gradebook, bundle: Bundle, result: Graded, state: str) -> None:
        """Write one result: the grades in one transaction, then the folder in one step.

        Stopped between the two, the submission counts as not graded and is graded again, to the
        same result.
        """
        target = self.course.folder("autograded", result.student, bundle.assignment)
        fresh = target.with_name(f".{target.name}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        unpack(result.autograded, fresh)
        (fresh / STAMP).write_text("\n".join([state, *result.remarks]), encoding="utf-8")
        stamp_file = fresh / "timestamp.txt"
        timestamp = stamp_file.read_text().strip() if stamp_file.is_file() else None
        self.patiently(
            lambda: write_scores(
                gradebook,
                bundle.assignment,
                result.student,
                timestamp=timestamp,
                notebooks=result.notebooks,
                penalties=self._penalties,
            )
        )
        shutil.rmtree(target, ignore_errors=True)
        fresh.rename(target)
