"""A submission that cannot be read counts as unanswered, and says so, with no traceback.

Stock nbgrader prints fifty lines of Python for a file that is not a notebook, and not a word about
a notebook without any answer cell, which it gives zero points. Here the instructor gets one line,
and the student a feedback page. The exporter is the place for it: preprocessors only ever see files
that could be read.
"""

from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader.converters import NbGraderException

from autograder.grading.graft import released
from autograder.grading.submission_check import problem_with


class SubmissionExporter(NotebookExporter):
    """Reads submissions for nbgrader; in place of a bad one, the blank assignment and a notice."""

    def from_filename(
        self, filename: str, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """Convert the notebook, or the blank one that stands in for it."""
        submitted = Path(filename)
        names = resources["nbgrader"]
        blank = released(self.parent.coursedir, names["assignment"], submitted.name)
        problem = problem_with(submitted, blank)
        if problem is None:
            return super().from_filename(filename, resources=resources, **kw)

        folder = submitted.parent.relative_to(self.parent.coursedir.root)
        line = instructor_line(problem, folder, names["student"], names["assignment"])
        if blank is None:
            raise NbGraderException(line)
        self.log.error(line)
        blank.cells.insert(0, _notice(problem))
        return self.from_notebook_node(blank, resources=resources, **kw)


def instructor_line(problem: str, folder: Path, student: str, assignment: str) -> str:
    """Who, what is wrong, what it counts as, and what to do: one line for the log."""
    return (
        f"{student}: {problem} Until then it counts as unanswered. Put the new file into "
        f"{folder} and run: nbgrader autograde {assignment} --student={student} --force"
    )


def _notice(problem: str) -> NotebookNode:
    cell = nbformat.v4.new_markdown_cell(
        f"**Your submission could not be graded.** {problem}\n\n"
        "Below is the assignment as it was released, without answers."
    )
    cell["id"] = "unreadable"  # not random: grading twice should write the same file
    return cell
