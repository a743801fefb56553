"""What is expected of an assignment's answers: the references that lie beside the solution."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from nbgrader.coursedir import CourseDirectory

from autograder.judging.references import FILE, HIDDEN_FILE, Reference, read_references


def references(
    course: CourseDirectory, assignment: str
) -> tuple[dict[str, Reference], dict[str, Reference]]:
    """The references of an assignment by exercise: those of visible checks, and of hidden cases."""
    folder = Path(course.format_path(course.source_directory, ".", assignment))
    return _read(folder / FILE), _read(folder / HIDDEN_FILE)


@cache
def _read(path: Path) -> dict[str, Reference]:
    return read_references(path) if path.exists() else {}
