"""A graded notebook in which nothing of the student's can harm whoever looks at it."""

from collections.abc import Collection
from typing import Any

from nbformat import NotebookNode, from_dict

from autograder.grading.harmless.markdown import harmless_attachments, harmless_markdown
from autograder.grading.harmless.shown_outputs import harmless_output
from autograder.grading.notebooks import remarks
from autograder.grading.notebooks.recordings import is_recording

LANGUAGE = {"name": "python", "file_extension": ".py", "mimetype": "text/x-python"}
"""What the kernel says of itself is the student's, too: their code can answer for it."""


def harmless_notebook(notebook: NotebookNode, released: NotebookNode | None) -> NotebookNode:
    """Make a notebook harmless, in place; return it.

    Args:
        notebook: a submission, executed.
        released: the released notebook, whose texts are the instructor's and stay as they are.
    """
    texts = {cell.source for cell in released.cells} if released is not None else set()
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [harmless_output(one) for one in cell.outputs if not is_recording(one)]
        elif cell.source not in texts:
            _make_harmless(cell)
    notebook.metadata = _about(notebook.metadata, released)
    return notebook


def _make_harmless(cell: NotebookNode) -> None:
    """A markdown or raw cell of the student's; of the latter a page would take over anything."""
    attachments = harmless_attachments(cell.pop("attachments", None))
    if attachments and cell.cell_type == "markdown":
        cell["attachments"] = attachments
    cell.source = harmless_markdown(cell.source, attachments)
    if cell.cell_type == "raw":
        cell.metadata.pop("raw_mimetype", None)
        cell.metadata.pop("format", None)


def _about(metadata: NotebookNode, released: NotebookNode | None) -> NotebookNode:
    """The notebook's own metadata: the released one's, and the grader's remarks."""
    kept: dict[str, Any] = dict(released.metadata) if released is not None else {}
    kept["language_info"] = dict(LANGUAGE)
    for name in _ours(metadata):
        kept[name] = metadata[name]
    return from_dict(kept)


def _ours(metadata: NotebookNode) -> Collection[str]:
    return [name for name in ("kernelspec", remarks.KEY) if name in metadata]
