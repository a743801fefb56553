"""A submission that cannot be read counts as unanswered, and says so, with no traceback.

Stock nbgrader prints fifty lines of Python for a file that is not a notebook, and not a word about
a notebook without any answer cell, which it gives zero points, nor about one under another name,
which it passes over. Here the instructor gets one line, and the student a feedback page. The
exporter is the place for it: preprocessors only ever see files that could be read.
"""

import html
import os
import re
import shlex
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader.converters import Autograde, NbGraderException

from autograder.grading.notebooks.released import released_notebook
from autograder.grading.settings import lacking
from autograder.grading.submissions.misnamed import (
    answers_in,
    answers_of,
    found_elsewhere,
    include_missing,
    released_names,
)
from autograder.grading.submissions.readable import BadSubmission, read_submission
from autograder.grading.telling.causes import tell_causes
from autograder.grading.telling.foreign import pattern, shown


class SubmissionExporter(NotebookExporter):
    """Reads submissions for nbgrader; in place of a bad one, the blank assignment and a notice."""

    def __init__(self, **options: Any) -> None:
        """Take in the notebooks that are missing: nbgrader has just listed those it found."""
        super().__init__(**options)
        tell_causes(self.log)
        if type(self) is SubmissionExporter and type(self.parent) is Autograde:
            # So an older nbgrader_config.py has it, which would go on in silence.
            root = Path(self.parent.coursedir.root)
            self.log.warning("%s", shown(lacking(self.parent.config, root)))
        include_missing(self.parent)

    def from_filename(
        self, filename: str, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """Convert the notebook, or the blank one that stands in for it."""
        path, names, course = Path(filename), resources["nbgrader"], self.parent.coursedir
        folder = course.format_path(
            course.submitted_directory, names["student"], names["assignment"]
        )
        if path.parent != Path(folder):  # what was made of the submission is read, too
            return super().from_filename(filename, resources=resources, **kw)

        released = released_notebook(course, names["assignment"], path.name)
        try:
            notebook, names["remarks"] = self._read(path, released, names["assignment"])
        except BadSubmission as problem:
            line = instructor_line(
                str(problem),
                os.path.relpath(path.parent, course.root),
                names["student"],
                names["assignment"],
            )
            if released is None:
                raise NbGraderException(line) from None
            self.log.error(line)
            notebook = released
            notebook.cells.insert(0, _notice(str(problem)))
        if released is None:
            return super().from_filename(filename, resources=resources, **kw)
        return self.from_notebook_node(notebook, resources=resources, **kw)

    def _read(
        self, path: Path, released: NotebookNode | None, assignment: str
    ) -> tuple[NotebookNode, list[str]]:
        """The notebook, and what the instructor should know of how it was found."""
        missing = not path.exists() and not path.is_symlink()
        try:
            if not missing:
                notebook = read_submission(path, released)
                return notebook, self._overlooked(path, notebook, released, assignment)
            problem = f"There is no {path.name}."
        except BadSubmission as bad:
            problem = str(bad)
        if released is None:
            raise BadSubmission(problem)
        try:
            names = released_names(self.parent.coursedir, assignment)
            other, notebook = found_elsewhere(path, released, names)
        except BadSubmission as nothing:
            raise BadSubmission(str(nothing) if missing else problem) from None
        name = other.relative_to(path.parent).as_posix()
        return notebook, [f"{problem} {name!r} was graded in its place."]

    def _overlooked(
        self, path: Path, notebook: NotebookNode, released: NotebookNode | None, assignment: str
    ) -> list[str]:
        """What to say of an unanswered notebook with an answered one beside it."""
        if released is None or answers_in(released, notebook) != answers_of(released):
            return []
        try:
            names = released_names(self.parent.coursedir, assignment)
            other, found = found_elsewhere(path, released, names)
        except BadSubmission:
            return []
        if answers_in(released, found) == answers_of(released):
            return []
        name = other.relative_to(path.parent).as_posix()
        return [f"{path.name} is unanswered, but {name!r} has answers. Rename the one that counts."]


def instructor_line(problem: str, folder: str, student: str, assignment: str) -> str:
    """Who, what is wrong, what it counts as, and what to do: one line for the log."""
    asked = shlex.quote(pattern(student))
    return (
        f"{student}: {problem} Until then it counts as unanswered. Put the new file into "
        f"{folder} and run: nbgrader autograde {assignment} --student={asked} --force"
    )


def _as_markdown(text: str) -> str:
    """The text as it stands: names and quotes from a student's file mean nothing in it."""
    return re.sub(r"([\\`*_{}\[\]()#+!|~$-])", r"\\\1", html.escape(text, quote=False))


def _notice(problem: str) -> NotebookNode:
    cell = nbformat.v4.new_markdown_cell(
        f"**Your submission could not be graded.** {_as_markdown(problem)}\n\n"
        "Below is the assignment as it was released, without answers."
    )
    cell["id"] = "unreadable"  # not random: grading twice should write the same file
    return cell
