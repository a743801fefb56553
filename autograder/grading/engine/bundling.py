"""Make an assignment's bundle from the course's folders and its gradebook."""

from __future__ import annotations

import glob

from nbgrader.api import Gradebook, MissingEntry

from autograder.grading.course.release import generate
from autograder.grading.engine.archive import pack
from autograder.grading.engine.gradebook import as_gradebook, digest_of, read_assignments
from autograder.grading.engine.grades import Grades
from autograder.grading.engine.packed_assignment import Bundle
from autograder.grading.settings import FILE
from autograder.grading.variants.class_variants import carried
from autograder.problem import Problem


def bundle_of(grades: Grades, assignment: str) -> Bundle:
    """All that a worker needs to grade an assignment; makes the released version if needed.

    Raises:
        Problem: if there is no such assignment, or what says whose sizes are which is lost.
    """
    course = grades.course
    source, release = (course.folder(step, ".", assignment) for step in ("source", "release"))
    if not source.is_dir():
        there_are = ", ".join(course.assignments()) or "none"
        raise Problem(
            f"There is no assignment {assignment!r} in {source.parent}. There are: {there_are}."
        )
    if glob.escape(assignment) != assignment:
        raise Problem(f"{source}: nbgrader finds no assignment with [, * or ?. Rename it.")
    if not release.is_dir() or not grades.ask(lambda book: _knows(book, assignment)):
        grades.patiently(lambda: generate(course, assignment, into_gradebook=True))
    variants = carried(course.own_folder, assignment)
    rows = grades.patiently(lambda: read_assignments(grades.patiently.short_url))
    return Bundle(
        assignment=assignment,
        config=(course.root / FILE).read_bytes(),
        gradebook=as_gradebook(rows),
        cells=digest_of(rows, assignment),
        # Where students have sizes of their own, it is the solution that says what is right.
        source=pack(source, lambda path: bool(variants) or path.suffix != ".ipynb"),
        release=pack(release),
        variants=variants,
    )


def _knows(gradebook: Gradebook, assignment: str) -> bool:
    try:
        return bool(gradebook.find_assignment(assignment).notebooks)
    except MissingEntry:
        return False
