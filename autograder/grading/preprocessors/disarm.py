"""Nothing of the student's can harm whoever looks at the graded notebook, or at files beside it."""

from __future__ import annotations

from pathlib import Path

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.grading.harmless.page_files import disarm_files
from autograder.grading.harmless.whole_notebook import harmless_notebook
from autograder.grading.notebooks import remarks
from autograder.grading.notebooks.released import course_of, released_for


class Harmless(NbGraderPreprocessor):
    """A preprocessor that stands behind Judge, where evidence has served its purpose.

    Everything goes through it, our own cards too: they quote the student's names.
    """

    def preprocess(
        self, nb: NotebookNode, resources: ResourcesDict
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Make the notebook harmless."""
        course, names = course_of(self), resources["nbgrader"]
        released = released_for(self, resources)
        submitted = (course.autograded_directory, names["student"], names["assignment"])
        ours = (course.release_directory, ".", names["assignment"])
        for name in disarm_files(
            Path(course.root, course.format_path(*submitted)),
            Path(course.root, course.format_path(*ours)),
        ):
            line = f"The file {name} was handed in: a browser would run it, so it has .txt added."
            remarks.add_remark(nb, line)
        return harmless_notebook(nb, released), resources
