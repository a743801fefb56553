"""What lies in the folder of submissions and is none: told in a line each, in nobody's way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from autograder.grading.course.junk import is_junk
from autograder.grading.telling.foreign import MARKUP, is_name

COPY = "Put the folder itself there."


@dataclass(frozen=True)
class Stray:
    """Something that is no submission.

    Attributes:
        line: what it is, where, and what to do.
        is_work: whether there is a notebook in it, so that somebody's work has no grade.
    """

    line: str
    is_work: bool


def strays(submitted: Path, assignments: Iterable[str]) -> Iterator[Stray]:
    """What in the folder of submissions is neither a submission nor junk, by name.

    Args:
        submitted: the folder, with a folder for each student.
        assignments: the names of all assignments.
    """
    names = sorted(assignments)
    for student in _entries(submitted):
        if not is_name(student.name):
            what = f"letters that nobody sees, or one of {MARKUP}"
            yield Stray(f"{student.name} is no proper name: it has {what}. Rename it.", True)
        elif student.is_symlink():
            yield Stray(f"{student.name} is a link, which is not followed. {COPY}", True)
        elif not student.is_dir():
            line = f"{student.name} is in no student's folder. Move it to STUDENT/ASSIGNMENT/."
            yield Stray(line, _is_notebook(student))
        else:
            for entry in _entries(student):
                if entry.is_symlink():
                    line = f"{student.name} has {entry.name}, a link, which is not followed. {COPY}"
                    yield Stray(line, True)
                elif not entry.is_dir():
                    line = f"{student.name} has {entry.name} beside the folders of assignments. "
                    yield Stray(line + _move(entry, names), _is_notebook(entry))
                elif entry.name not in names:
                    line = f"{student.name} has {entry.name}/, which is no assignment. "
                    yield Stray(line + _rename(entry, names), any(_notebooks(entry)))


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if not is_junk(path.name))
    except OSError:
        return []


def _is_notebook(path: Path) -> bool:
    return path.suffix.lower() == ".ipynb"


def _notebooks(folder: Path) -> Iterator[Path]:
    return filter(_is_notebook, folder.rglob("*"))


def _move(entry: Path, names: Sequence[str]) -> str:
    likely = _likely([entry.stem], names)
    return f"Move it to {entry.parent.name}/{likely or 'ASSIGNMENT'}/."


def _rename(entry: Path, names: Sequence[str]) -> str:
    likely = _likely([entry.name, *(path.stem for path in _notebooks(entry))], names)
    if likely is None:
        return f"There are: {', '.join(names)}."
    if (entry.parent / likely).exists():
        return f"Graded is {entry.parent.name}/{likely}/."
    return f"If it is {likely}, rename it."


def _likely(given: Iterable[str], names: Sequence[str]) -> str | None:
    """Which assignment a name must mean, whatever its capitals and small slips."""
    small = {name.lower(): name for name in names}
    for name in given:
        if close := get_close_matches(name.lower(), small, n=1):
            return small[close[0]]
    return None
