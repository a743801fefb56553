"""Make everything that is derived from the solution notebooks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import nbformat
from tqdm import tqdm

from autograder.grading.building.depends_on import digest
from autograder.grading.building.handed_out import PINS, index, requirements
from autograder.grading.building.solution_answers import recorded_references
from autograder.grading.building.solution_run import execute
from autograder.grading.course.address import FILE as PROJECT
from autograder.grading.course.address import HANDED_OUT, address_in
from autograder.grading.course.folder import Course
from autograder.grading.course.release import generate
from autograder.judging.references import (
    FILE,
    HIDDEN_FILE,
    built_from,
    write_hidden_references,
    write_references,
)
from autograder.problem import Problem

INDEX = "README.md"
"""The page that lists the chapters: written in solutions/, copied to course/."""


def build(course: Path, wanted: Sequence[str] = (), force: bool = False) -> None:
    """Execute solutions that changed, record their references, and release every chapter.

    Args:
        course: the course's folder.
        wanted: chapters; all by default.
        force: execute unchanged solutions, too.

    Raises:
        Problem: if there is no such chapter, a cell of a solution fails, or the course's public
            address is none.
    """
    chapters = _chapters(course, wanted)
    address_in(course)  # before anything takes minutes
    for path in tqdm(chapters, desc="Building", unit="chapter"):
        state = build_chapter(path, force)
        tqdm.write(f"{path.stem}: {state}")
    for path in chapters:
        generate(Course(course), path.parent.name)
    hand_out(course)


def hand_out(course: Path) -> None:
    """Write what lies in `course/` beside the chapters.

    Args:
        course: the course's folder.

    Raises:
        Problem: if its public address is none.
    """
    address = address_in(course)
    released = course / HANDED_OUT
    text = (course / "solutions" / INDEX).read_text(encoding="utf-8")
    (released / INDEX).write_text(index(text, address), encoding="utf-8")
    if (course / PROJECT).is_file():
        (released / PINS).write_text(requirements(course, address), encoding="utf-8")


def _chapters(course: Path, wanted: Sequence[str]) -> list[Path]:
    found = sorted((course / "solutions").glob("*/*.ipynb"))
    if not found:
        raise Problem(f"There are no solutions/*/*.ipynb in {course}. Start this in the course.")
    if unknown := set(wanted) - {path.parent.name for path in found}:
        raise Problem(f"There is no such chapter in solutions/: {', '.join(sorted(unknown))}.")
    return [path for path in found if not wanted or path.parent.name in wanted]


def build_chapter(path: Path, force: bool = False) -> str:
    """Execute one solution notebook if it changed since its outputs were saved.

    Args:
        path: the notebook; its outputs and the references beside it are written anew.
        force: execute it in any case.

    Returns:
        What was done, in a few words.

    Raises:
        Problem: if a cell of the solution fails.
    """
    notebook = nbformat.read(path, as_version=4)
    state = digest(notebook)
    visible, unseen = path.with_name(FILE), path.with_name(HIDDEN_FILE)
    if not force and built_from(unseen) == state:
        return "unchanged"
    execute(notebook, path.parent)
    write_references(visible, recorded_references(notebook, hidden=False))
    write_hidden_references(unseen, recorded_references(notebook, hidden=True), state)
    nbformat.write(notebook, path)
    return "executed"
