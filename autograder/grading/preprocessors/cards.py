"""What nbgrader has read as the score of a check cell becomes the card that people see."""

from __future__ import annotations

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.grading.harmless.shown_outputs import harmless_output

CARDS = "autograder_cards"
"""Where the resources hold the cards as text, by grade id, until nbgrader has read the scores."""


class Cards(NbGraderPreprocessor):
    """A preprocessor that stands after SaveAutoGrades: what nbgrader read becomes what people see.

    The number alone would stand on the page as a stray `Out[14]: 1.0`.
    """

    def preprocess(
        self, nb: NotebookNode, resources: ResourcesDict
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Show each judged cell's card, and nothing else."""
        cards = resources.pop(CARDS, {})
        for cell in nb.cells:
            text = cards.get(cell.metadata.get("nbgrader", {}).get("grade_id"))
            if text is not None:
                data = dict(cell.outputs[0].data) | {"text/plain": text}
                cell.outputs = [harmless_output(new_output("display_data", data))]
        return nb, resources
