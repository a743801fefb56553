"""`nbgrader export` into a system's own table, for those who work with nbgrader's commands."""

from __future__ import annotations

import sys
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.plugins import ExportPlugin
from traitlets import Unicode

from autograder.grading.course.folder import Course
from autograder.grading.engine.grades import Grades
from autograder.grading.lms.class_lists import read_table
from autograder.grading.lms.giving_marks import filled_table, told, write
from autograder.problem import Problem


class IntoTable(ExportPlugin):
    """Fills the gradebook's marks into the table that a system exported.

    Its `--to` is where the filled table goes, its `--assignment` which marks; `--student` says
    nothing, since a row that is left out here would be one that is forgotten there.
    """

    into = Unicode("", help="The table that the system exported.").tag(config=True)
    system = Unicode("", help="Whose it is; told by its header where this is empty.").tag(
        config=True
    )

    def export(self, gradebook: Gradebook) -> None:
        """Fill the table."""
        try:
            self._export(Course(Path(self.parent.coursedir.root)))
        except Problem as problem:
            sys.exit(f"nbgrader export: {problem}")

    def _export(self, course: Course) -> None:
        if not self.into:
            raise Problem(f"Say which table: --{type(self).__name__}.into=THEIR.csv")
        table = read_table(Path(self.into), self.system)
        names = [str(name) for name in self.assignment]
        result = filled_table(Grades(course), table, names, columns={})
        write(result.data, Path(self.to))
        for line in (line for filled in result.filled for line in told(filled)):
            self.log.info("%s", line)
