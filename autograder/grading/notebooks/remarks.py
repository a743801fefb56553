"""Remarks on a submission: lines for the instructor, in the notebook itself."""

from nbformat import NotebookNode

from autograder.grading.telling.foreign import shown

KEY = "autograder"


def add_remark(notebook: NotebookNode, line: str) -> None:
    """Note a line in the notebook's metadata, once."""
    lines = _data(notebook).setdefault("remarks", [])
    if shown(line) not in lines:
        lines.append(shown(line))


def remarks(notebook: NotebookNode) -> list[str]:
    """The lines noted so far."""
    return list(notebook.metadata.get(KEY, {}).get("remarks", []))


def mark_disturbed(notebook: NotebookNode) -> None:
    """Note that a cell was stopped by something that other work on the machine may have caused."""
    _data(notebook)["disturbed"] = True


def is_disturbed(notebook: NotebookNode) -> bool:
    """Whether that was noted."""
    return bool(notebook.metadata.get(KEY, {}).get("disturbed"))


def _data(notebook: NotebookNode) -> NotebookNode:
    return notebook.metadata.setdefault(KEY, NotebookNode())
