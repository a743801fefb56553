"""What a released chapter begins with, where the course has a public address.

That is a badge that opens it in Colab, and a cell that installs the package where it is missing.
"""

from __future__ import annotations

from pathlib import Path

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.grading.course.address import HANDED_OUT, Address, address_in
from autograder.grading.course.exam import is_exam
from autograder.grading.notebooks.released import course_of

BADGE = (
    "[![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)]({address})\n\n"
    "In Colab, save a copy of your own first: *File ▸ Save a copy in Drive*."
)
INSTALLING = """\
# Installs what the course needs, in Colab for example. Where it is installed, this does nothing.
import importlib.util

if importlib.util.find_spec("autograder") is None:
    %pip install --quiet "{requirement}"\
"""
INSTALL_ID = "install-the-course"
BADGE_ID = "open-in-colab"
OURS = {"deletable": False, "editable": False}
"""As nbgrader marks its own locked cells. Without marks of nbgrader's, no gradebook knows them."""


def with_first_cells(notebook: NotebookNode, address: Address, file: str) -> NotebookNode:
    """Put the badge and the installing cell into a released notebook; an exam gets no badge.

    Args:
        notebook: it is changed.
        address: the course's.
        file: the notebook's path in the repository.
    """
    # Before an exam is over it is not published: a badge would lead nowhere.
    opens = None if is_exam(notebook) else address.colab(file)
    code = INSTALLING.format(requirement=address.requirement())
    first = next((n for n, cell in enumerate(notebook.cells) if cell.cell_type == "code"), 0)
    notebook.cells.insert(first, new_code_cell(code, id=INSTALL_ID, metadata={**OURS}))
    if opens is not None:
        badge = BADGE.format(address=opens)
        notebook.cells.insert(0, new_markdown_cell(badge, id=BADGE_ID, metadata={**OURS}))
    return notebook


class FirstCells(NbGraderPreprocessor):
    """A preprocessor of `generate_assignment`; without an address it changes nothing."""

    def preprocess(
        self, nb: NotebookNode, resources: ResourcesDict
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Put them into what students get."""
        course = course_of(self)
        address = address_in(Path(course.root))
        is_there = any(cell.get("id") == INSTALL_ID for cell in nb.cells)
        if address is None or is_there:  # nbgrader reads its configuration twice, and runs it twice
            return nb, resources
        names = resources["nbgrader"]
        # Where it will lie, not where it is made: a release is made beside the one that is there.
        file = f"{HANDED_OUT}/{names['assignment']}/{names['notebook']}.ipynb"
        return with_first_cells(nb, address, file), resources
