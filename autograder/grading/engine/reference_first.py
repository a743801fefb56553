"""The same for nbgrader's own commands: one grader at a time, and the reference solution first."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from nbgrader.converters import Autograde, NbGraderException

from autograder.grading.course.folder import Course
from autograder.grading.engine.bundling import bundle_of
from autograder.grading.engine.grade_one import grade_one
from autograder.grading.engine.grades import Grades
from autograder.grading.engine.one_grader import only_grader
from autograder.grading.engine.proof import prove, unproved
from autograder.grading.settings import FILE
from autograder.grading.submissions.unreadable import SubmissionExporter
from autograder.grading.telling.foreign import shown
from autograder.problem import Problem


class ReferenceFirst(SubmissionExporter):
    """Reads submissions for nbgrader, once nobody else grades and the reference has full points.

    The engine's own workers grade one submission at a time; there the engine sees to both.
    """

    def __init__(self, **options: Any) -> None:
        """Stand before the converting of submissions, for which nbgrader makes this exporter."""
        super().__init__(**options)
        converter = self.parent
        if type(converter) is Autograde and Path(converter.coursedir.root, FILE).is_file():
            converter.convert_notebooks = partial(self._alone, converter.convert_notebooks)

    def _alone(self, convert: Callable[[], None]) -> None:
        """Convert as the class's only grader: the formgrader's server goes on after it."""
        course = Course(Path(self.parent.coursedir.root))
        for line in course.warnings():
            self.log.warning("%s", shown(line))
        try:
            with only_grader(course.own_folder):
                self._prove_reference(course)
                convert()
        except Problem as problem:
            self.log.error("%s.", str(problem).removesuffix("."))
            raise NbGraderException(str(problem)) from None

    def _prove_reference(self, course: Course) -> None:
        """Grade the reference solution, if that was not done since anything changed."""
        bundle = bundle_of(Grades(course), self.parent.coursedir.assignment_id)
        reference = unproved(course, bundle)
        if reference is not None:
            self.log.info("Grading the reference solution of %s first", bundle.assignment)
            prove(course, bundle, reference[1], grade_one(bundle, *reference))
