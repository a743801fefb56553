"""The files that a submission's code may see."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nbgrader.coursedir import CourseDirectory

from autograder.grading.submissions.plain_files import copy_plain
from autograder.judging.references import FILE


@contextmanager
def submitted_files(course: CourseDirectory, assignment: str, student: str) -> Iterator[Path]:
    """A copy of what the submission's code may see: its files, and those that were released.

    No notebooks: the one that is being graded has the hidden tests in it. No references: nothing
    there judges. No links. Where both have a file, it is the released one.
    """
    with _copies(
        course,
        assignment,
        (course.submitted_directory, student),
        (course.release_directory, "."),
    ) as folder:
        yield folder


@contextmanager
def released_files(course: CourseDirectory, assignment: str) -> Iterator[Path]:
    """A copy of what the solution may see that runs as a submission: what was released."""
    with _copies(course, assignment, (course.release_directory, ".")) as folder:
        yield folder


@contextmanager
def _copies(course: CourseDirectory, assignment: str, *sources: tuple[str, str]) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="submission-") as folder:
        for directory, whose in sources:
            source = Path(course.root, course.format_path(directory, whose, assignment))
            if source.is_dir():
                copy_plain(source, Path(folder), skip=(".ipynb",))
        (Path(folder) / FILE).unlink(missing_ok=True)
        yield Path(folder)
