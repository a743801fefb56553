"""A notebook as students got it, wherever nbgrader's configuration says that it lies."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor


def course_of(preprocessor: NbGraderPreprocessor) -> CourseDirectory:
    """The course that a preprocessor works in: its nearest owner knows."""
    owner = preprocessor.parent
    while not hasattr(owner, "coursedir"):
        owner = owner.parent
    return owner.coursedir


def released_for(
    preprocessor: NbGraderPreprocessor, resources: ResourcesDict
) -> NotebookNode | None:
    """The notebook that a submission is an answer to; None if it was never released.

    Args:
        preprocessor: what works on the submission.
        resources: nbgrader's, which name it.
    """
    names = resources["nbgrader"]
    name = f"{names['notebook']}.ipynb"
    return released_notebook(course_of(preprocessor), names["assignment"], name)


def released_notebook(course: CourseDirectory, assignment: str, name: str) -> NotebookNode | None:
    """A notebook of an assignment as students got it; None if there is no such notebook."""
    path = Path(course.format_path(course.release_directory, ".", assignment)) / name
    return nbformat.read(path, as_version=4) if path.exists() else None
