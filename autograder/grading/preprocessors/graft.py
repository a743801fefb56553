"""The first of the sanitizers: a submission becomes the released notebook, answered."""

from __future__ import annotations

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.preprocessors import ClearOutput, NbGraderPreprocessor

from autograder.grading.course.folder import OWN_FOLDER
from autograder.grading.notebooks.cells import EXTRA, grade_id, mark
from autograder.grading.notebooks.grafting import answers_elsewhere, graft, mark_cells
from autograder.grading.notebooks.released import course_of, released_for
from autograder.grading.notebooks.remarks import add_remark
from autograder.grading.preprocessors.own_variant import class_variants
from autograder.grading.variants.class_variants import RECORD
from autograder.grading.variants.own_notebook import as_everybodys

NOBODYS = (
    "This notebook was made for one student, with sizes of their own, and the class has none in "
    f"this assignment: it is judged as everybody's. Was {OWN_FOLDER}/{RECORD} lost?"
)


class Graft(NbGraderPreprocessor):
    """The first of the sanitizers: from here on the submission is the released notebook, answered.

    A notebook that was never released only loses its outputs.
    """

    def preprocess(
        self, nb: NotebookNode, resources: ResourcesDict
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Graft the submission, and note what was amiss with it."""
        names = resources["nbgrader"]
        released = released_for(self, resources)
        if released is None:
            for cell in nb.cells:
                if not grade_id(cell):
                    mark(cell, EXTRA)
            return ClearOutput(parent=self).preprocess(nb, resources)
        nb, has_own = as_everybodys(nb, released)
        grafted = graft(released, nb, self.config.Execute.get("skip_cells_with_tag") or None)
        mark_cells(released, grafted)
        lines = [*names.get("remarks", ()), *grafted.remarks, *answers_elsewhere(grafted)]
        if has_own and class_variants(course_of(self), names["assignment"]) is None:
            lines.append(NOBODYS)
        for line in lines:
            add_remark(grafted.notebook, line)
            self.log.warning("%s, %s: %s", names["student"], names["notebook"], line)
        return grafted.notebook, resources
