"""Who handed in what, by nbgrader's folders."""

from __future__ import annotations

from pathlib import Path

from autograder.grading.course.folder import Course
from autograder.grading.course.junk import is_junk
from autograder.grading.telling.foreign import is_name

EARLIER = "earlier"
"""A folder in a submission: what the student had handed in before, where a download had it."""


def is_student(folder: Path) -> bool:
    """Whether this is a student's folder among the submissions."""
    name = folder.name
    return is_name(name) and not is_junk(name) and folder.is_dir() and not folder.is_symlink()


def students(course: Course, assignment: str) -> list[str]:
    """Who submitted an assignment."""
    everybody = course.submitted.iterdir() if course.submitted.is_dir() else ()
    folders = [folder / assignment for folder in everybody if is_student(folder)]
    return sorted(path.parent.name for path in folders if path.is_dir() and not path.is_symlink())


def times(course: Course, assignment: str, student: str) -> int:
    """How often a student is known to have handed in an assignment: what counts, and earlier."""
    folder = course.folder("submitted", student, assignment)
    if not folder.is_dir():
        return 0
    earlier = folder / EARLIER
    notebooks = earlier.rglob("*.ipynb") if earlier.is_dir() and not earlier.is_symlink() else ()
    return 1 + sum(1 for _ in notebooks)


def submitted_assignments(course: Course) -> list[str]:
    """The assignments that somebody submitted."""
    return [name for name in course.assignments() if students(course, name)]
