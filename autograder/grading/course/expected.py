"""What is expected of an assignment's answers: the references that lie beside the solution."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from nbgrader.coursedir import CourseDirectory

from autograder.judging.references import FILE, HIDDEN_FILE, Reference, read_references


def references(
    course: CourseDirectory, assignment: str
) -> tuple[dict[str, Reference], dict[str, Reference]]:
    """The references of an assignment by exercise: those of visible checks, and of hidden cases."""
    folder = Path(course.format_path(course.source_directory, ".", assignment))
    return _of_file(folder / FILE), _of_file(folder / HIDDEN_FILE)


def _of_file(path: Path) -> dict[str, Reference]:
    try:
        about = path.stat()
    except FileNotFoundError:
        return {}
    return _read(path, about.st_mtime_ns, about.st_size)


# Bounded: a worker meets the same file in a new folder for each submission.
@lru_cache(maxsize=8)
def _read(path: Path, modified: int, size: int) -> dict[str, Reference]:
    """The references of a file; by the rest a process of weeks sees that it changed."""
    return read_references(path)
