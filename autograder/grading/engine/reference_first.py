"""The same for nbgrader's own commands: no submission is graded before the reference solution."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbgrader.converters import Autograde, NbGraderException

from autograder.grading.engine.config import CONFIG
from autograder.grading.engine.course import Course
from autograder.grading.engine.grade_one import grade_one
from autograder.grading.problem import Problem
from autograder.grading.submissions.unreadable import SubmissionExporter


class ReferenceFirst(SubmissionExporter):
    """Reads submissions for nbgrader, once the reference solution has full points.

    The engine's own workers grade one submission at a time; there the engine sees to it.
    """

    def __init__(self, **options: Any) -> None:
        """Grade the reference solution, if that was not done since anything changed."""
        super().__init__(**options)
        directory = self.parent.coursedir
        if type(self.parent) is not Autograde or not Path(directory.root, CONFIG).is_file():
            return
        course = Course(Path(directory.root))
        try:
            bundle = course.bundle(directory.assignment_id)
            reference = course.unproved_reference(bundle)
            if reference is not None:
                self.log.info("Grading the reference solution of %s first", bundle.assignment)
                course.prove(bundle, reference[1], grade_one(bundle, *reference))
        except Problem as problem:
            self.log.error("%s.", problem)
            raise NbGraderException(str(problem)) from None
