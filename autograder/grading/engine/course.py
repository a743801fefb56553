"""The instructor's course on disk: what is to be graded, and where results go."""

from __future__ import annotations

import glob
import hashlib
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from nbgrader.api import Gradebook, MissingEntry
from traitlets.config import Config

from autograder.grading.course.config import CONFIG, own_folder, read_config
from autograder.grading.course.release import generate
from autograder.grading.engine import reference_solution
from autograder.grading.engine.archive import pack, unpack
from autograder.grading.engine.grade_one import Bundle, Result
from autograder.grading.engine.gradebook import (
    as_gradebook,
    digest_of,
    read_assignments,
    write_scores,
)
from autograder.grading.engine.late import LatePenalties, late_penalties, renew_late_penalties
from autograder.grading.engine.patience import TEN_MINUTES, Patience
from autograder.grading.processes.fingerprint import fingerprint
from autograder.grading.submissions.strays import Stray, is_junk, is_student, strays
from autograder.problem import Problem

Value = TypeVar("Value")
STAMP = ".graded"
"""A file in each autograded folder: the digest of what it was graded from; then its flags."""


@dataclass(frozen=True)
class Course:
    """A folder with `nbgrader_config.py`, as nbgrader lays it out."""

    root: Path
    wait: float = TEN_MINUTES
    """Seconds to wait for a gradebook that another program holds."""

    @cached_property
    def config(self) -> Config:
        """What the configuration file sets."""
        return read_config(self.root)

    @property
    def db_url(self) -> str:
        """The gradebook's database."""
        return self.config.CourseDirectory.db_url

    def folder(self, step: str, student: str, assignment: str) -> Path:
        """Where a step of nbgrader's cycle keeps a student's assignment."""
        return self.root / self.config.CourseDirectory[f"{step}_directory"] / student / assignment

    def gradebook(self) -> Gradebook:
        """The gradebook, opened; close it after use.

        Raises:
            Problem: if another program holds it for long; so do all that read and write it here.
        """
        course_id = self.config.CourseDirectory.course_id
        return self._patiently(lambda: Gradebook(self._patiently.short_url, course_id))

    @cached_property
    def _patiently(self) -> Patience:
        return Patience(self.db_url, self.wait)

    def _asked(self, question: Callable[[Gradebook], Value]) -> Value:
        """What the gradebook answers."""

        def ask() -> Value:
            with Gradebook(
                self._patiently.short_url, self.config.CourseDirectory.course_id
            ) as gradebook:
                return question(gradebook)

        return self._patiently(ask)

    @property
    def submitted(self) -> Path:
        """Where submissions lie: a folder for each student, in it one for each assignment."""
        return self.root / self.config.CourseDirectory.submitted_directory

    def all_assignments(self) -> list[str]:
        """The assignments that there are."""
        source = self.folder("source", ".", ".")
        folders = source.iterdir() if source.is_dir() else ()
        return sorted(path.name for path in folders if path.is_dir() and not is_junk(path.name))

    def assignments(self) -> list[str]:
        """The assignments that somebody submitted."""
        return [name for name in self.all_assignments() if self.students(name)]

    def students(self, assignment: str) -> list[str]:
        """Who submitted an assignment."""
        everybody = self.submitted.iterdir() if self.submitted.is_dir() else ()
        folders = [folder / assignment for folder in everybody if is_student(folder)]
        return sorted(
            path.parent.name for path in folders if path.is_dir() and not path.is_symlink()
        )

    def strays(self) -> list[Stray]:
        """What lies among the submissions and is none."""
        return list(strays(self.submitted, self.all_assignments()))

    def bundle(self, assignment: str) -> Bundle:
        """All that a worker needs to grade an assignment; makes the students' version if needed.

        Raises:
            Problem: if there is no such assignment.
        """
        source = self.folder("source", ".", assignment)
        if not source.is_dir():
            there_are = ", ".join(self.all_assignments()) or "none"
            raise Problem(
                f"There is no assignment {assignment!r} in {source.parent}. There are: {there_are}."
            )
        if glob.escape(assignment) != assignment:
            raise Problem(f"{source}: nbgrader finds no assignment with [, * or ?. Rename it.")
        if not self._knows(assignment) or not self.folder("release", ".", assignment).is_dir():
            self._patiently(lambda: generate(self.root, assignment, into_gradebook=True))
        rows = self._patiently(lambda: read_assignments(self._patiently.short_url))
        return Bundle(
            assignment,
            (self.root / CONFIG).read_bytes(),
            as_gradebook(rows),
            digest_of(rows, assignment),
            pack(source, lambda path: path.suffix != ".ipynb"),
            pack(self.folder("release", ".", assignment)),
        )

    def _knows(self, assignment: str) -> bool:
        def has_notebooks(gradebook: Gradebook) -> bool:
            try:
                return bool(gradebook.find_assignment(assignment).notebooks)
            except MissingEntry:
                return False

        return self._asked(has_notebooks)

    def unproved_reference(self, bundle: Bundle) -> tuple[str, bytes] | None:
        """The reference solution, as whose submission it goes and packed; None if it is proved.

        Raises:
            Unproved: if it cannot be made.
        """
        source, release = (
            self.folder(step, ".", bundle.assignment) for step in ("source", "release")
        )
        submission = reference_solution.submission(source, release)
        proof = self._proof(bundle.assignment)
        if proof.is_file() and proof.read_text(encoding="utf-8") == digest(bundle, submission):
            return None
        return reference_solution.STUDENT, submission

    def prove(self, bundle: Bundle, submission: bytes, result: Result) -> None:
        """Note that the reference solution has full points.

        Args:
            bundle: the assignment.
            submission: the reference solution, packed.
            result: what grading it gave.

        Raises:
            Unproved: if it has not.
        """
        reference_solution.demand_full_points(bundle.assignment, result)
        proof = self._proof(bundle.assignment)
        with suppress(OSError):  # then it is graded again next time
            proof.parent.mkdir(parents=True, exist_ok=True)
            proof.write_text(digest(bundle, submission), encoding="utf-8")

    def _proof(self, assignment: str) -> Path:
        """A file with the digest of all that the reference solution had full points with."""
        return own_folder(self.root, self.config) / f"{assignment}.proved"

    def scores(self, assignment: str) -> list[tuple[str, float, float]]:
        """Everybody's points in an assignment, and the points there are."""
        found = self._asked(lambda gradebook: gradebook.submission_dicts(assignment))
        return [(row["student"], row["score"], row["max_score"]) for row in found]

    def late_penalties(self, assignment: str) -> dict[str, float]:
        """The points that being late costs, by student; of all who have a score."""
        return self._asked(lambda gradebook: late_penalties(gradebook, assignment))

    def renew_late_penalties(self, assignment: str) -> list[str]:
        """Reckon all late penalties by today's due date and extensions; whose have changed."""
        return self._asked(
            lambda gradebook: renew_late_penalties(gradebook, assignment, self._penalties)
        )

    @cached_property
    def _penalties(self) -> LatePenalties:
        return LatePenalties(self.config)

    def is_graded(self, student: str, assignment: str, state: str) -> bool:
        """Whether a submission was graded from just this, and its result is still there."""
        return self._stamp(student, assignment)[:1] == [state]

    def flags(self, student: str, assignment: str) -> list[str]:
        """What the instructor should know of a graded submission, a line each."""
        return self._stamp(student, assignment)[1:]

    def _stamp(self, student: str, assignment: str) -> list[str]:
        stamp = self.folder("autograded", student, assignment) / STAMP
        return stamp.read_text(encoding="utf-8").splitlines() if stamp.is_file() else []

    def keep(self, gradebook: Gradebook, bundle: Bundle, result: Result, state: str) -> None:
        """Write one result: the grades in one transaction, then the folder in one step.

        Stopped between the two, the submission counts as not graded and is graded again, to the
        same result.

        Raises:
            Problem: if another program holds the gradebook for long.
        """
        target = self.folder("autograded", result.student, bundle.assignment)
        fresh = target.with_name(f".{target.name}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        unpack(result.autograded, fresh)
        (fresh / STAMP).write_text("\n".join([state, *result.flags]), encoding="utf-8")
        stamp_file = fresh / "timestamp.txt"
        timestamp = stamp_file.read_text().strip() if stamp_file.is_file() else None
        names = bundle.assignment, result.student
        about = *names, timestamp, result.notebooks, self._penalties
        self._patiently(lambda: write_scores(gradebook, *about))
        shutil.rmtree(target, ignore_errors=True)
        fresh.rename(target)


def digest(bundle: Bundle, submission: bytes) -> str:
    """All that a result depends on, but for late penalties: what is graded, and what by.

    That is the submission, the assignment as it was released and as the gradebook has it, its
    references, the configuration, and the package with the libraries that it uses.
    """
    parts = (bundle.config, bundle.cells.encode(), bundle.source, bundle.release, submission)
    whole = hashlib.sha256(fingerprint().digest.encode())
    for part in parts:
        whole.update(hashlib.sha256(part).digest())
    return whole.hexdigest()
