"""Checks get their hidden tests back before they run, and nobody is warned of it."""

from __future__ import annotations

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.preprocessors import OverwriteCells

from autograder.grading.notebooks.answer_cells import as_student_writes


class RestoreCells(OverwriteCells):
    """nbgrader's own, but for its warning of a changed checksum.

    It stands behind Graft, where every locked cell is the released one: that lacks the hidden
    tests, so its checksum is never that of the cell which the gradebook holds. Where the release
    is otherwise than the gradebook has it, that is told.
    """

    def report_change(self, name: str, attr: str, old: object, new: object) -> None:
        """Warn of a change, unless it is one of the checksum: `preprocess_cell` tells those."""
        if attr != "checksum":
            super().report_change(name, attr, old, new)

    def preprocess_cell(
        self, cell: NotebookNode, resources: ResourcesDict, cell_index: int
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Restore a cell; warn where that changes more than its hidden tests."""
        before = cell.source
        cell, resources = super().preprocess_cell(cell, resources, cell_index)
        if before not in (cell.source, as_student_writes(cell.source)):
            self.log.warning(
                "Cell %s of the released notebook is not the one in the gradebook, which counts: "
                "was it changed after the assignment was generated?",
                cell.metadata.nbgrader.grade_id,
            )
        return cell, resources
