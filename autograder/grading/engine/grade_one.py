"""Grade one submission: a pure function of bytes, run by nbgrader's own Autograde."""

from __future__ import annotations

import logging
import os
import tempfile
from pathlib import Path

import nbformat

from autograder.grading.course.folder import Course
from autograder.grading.engine.archive import pack, unpack
from autograder.grading.engine.gradebook import read_scores
from autograder.grading.engine.known_schema import known_schema
from autograder.grading.engine.packed_assignment import Bundle
from autograder.grading.engine.private_gradebook import private_gradebook
from autograder.grading.engine.reference_solution import graded_as
from autograder.grading.engine.result import Graded, NotGraded, Result
from autograder.grading.notebooks.remarks import is_disturbed, remarks
from autograder.grading.preprocessors.own_cells import OwnCellFailed
from autograder.grading.settings import FILE
from autograder.grading.telling.causes import Errors, error_line
from autograder.grading.telling.foreign import pattern
from autograder.grading.variants.class_variants import lay_down


def grade_one(bundle: Bundle, student: str, submission: bytes) -> Result:
    """Grade one submission in a temporary course of its own.

    Args:
        bundle: the assignment.
        student: the student's id.
        submission: the submission's folder, packed.

    Returns:
        The scores, or why there are none: this does not raise because of a submission.
    """
    here, errors = Path.cwd(), Errors()
    with tempfile.TemporaryDirectory(prefix="grading-") as folder:
        try:
            return _graded(bundle, student, submission, root=Path(folder).resolve(), errors=errors)
        except Exception as error:
            return not_graded(student, error, errors)
        finally:
            os.chdir(here)


def _graded(
    bundle: Bundle, student: str, submission: bytes, *, root: Path, errors: Errors
) -> Graded:
    from nbgrader.coursedir import CourseDirectory

    from autograder.grading.submissions.misnamed import AutogradeEverybody

    (root / FILE).write_bytes(bundle.config)
    course = Course(root)
    config = course.config
    config.CourseDirectory.db_url = f"sqlite:///{(root / 'gradebook.db').as_posix()}"
    (root / "gradebook.db").write_bytes(bundle.gradebook)
    unpack(bundle.source, course.folder("source", ".", bundle.assignment))
    unpack(bundle.release, course.folder("release", ".", bundle.assignment))
    if bundle.variants and student != graded_as(bundle):  # its own sizes are everybody's
        lay_down(course.own_folder, bundle.variants)
    unpack(submission, course.folder("submitted", student, bundle.assignment))

    directory = CourseDirectory(
        root=str(root),
        student_id=pattern(student),
        assignment_id=bundle.assignment,
        config=config,
    )
    converter = AutogradeEverybody(coursedir=directory, config=config)
    converter.log = logging.Logger(f"grading {student}", logging.INFO)
    converter.log.addHandler(errors)
    with private_gradebook(root / "gradebook.db"), known_schema():
        converter.start()
        scores = read_scores(course.db_url, bundle.assignment, student)
    graded = course.folder("autograded", student, bundle.assignment)
    books = [nbformat.read(path, as_version=4) for path in sorted(graded.glob("*.ipynb"))]
    return Graded(
        student,
        notebooks=scores,
        autograded=pack(graded),
        remarks=[*errors.lines, *(line for book in books for line in remarks(book))],
        is_disturbed=any(map(is_disturbed, books)),
    )


def not_graded(student: str, error: Exception, errors: Errors) -> NotGraded:
    """Why a submission was not graded.

    Args:
        student: whose.
        error: what ended it; of nbgrader it says little more than that something did.
        errors: what was told of meanwhile: what came first is the cause.
    """
    raised = errors.raised or error
    if isinstance(raised, OwnCellFailed):
        return NotGraded(student, str(raised), raised.where)
    return NotGraded(student, errors.first or error_line(error))
