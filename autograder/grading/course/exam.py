"""Exams: assignments of which no reference leaves the house, so checks only record."""

from __future__ import annotations

from pathlib import Path

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.grading.notebooks.released import course_of
from autograder.judging.references import FILE, read_references, withheld, write_references

KEY = "autograder"
EXAM = "exam"


def is_exam(notebook: NotebookNode) -> bool:
    """Whether an instructor's notebook says that it is one: `"autograder": {"exam": true}`."""
    data = notebook.metadata.get(KEY, {})
    return isinstance(data, dict) and data.get(EXAM) is True


class WithholdReferences(NbGraderPreprocessor):
    """A preprocessor of `generate_assignment`: students of an exam get no references.

    In the released file each exercise is listed, without its content: `check` knows by that
    that an answer is to be recorded, and not that a file got lost.
    """

    def preprocess(
        self, nb: NotebookNode, resources: ResourcesDict
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Take the content out of the copy that nbgrader has made for the students."""
        course = course_of(self)
        release = course.format_path(
            course.release_directory, ".", resources["nbgrader"]["assignment"]
        )
        path = Path(release) / FILE
        if is_exam(nb) and path.exists():
            write_references(path, [withheld(exercise) for exercise in read_references(path)])
            self.log.info("An exam: the references stay here, and checks only record answers.")
        return nb, resources
