"""What the grader noticed about a submission: lines for the instructor, in the notebook itself."""

from nbformat import NotebookNode

from autograder.grading.foreign import shown

KEY = "autograder"


def add_flag(notebook: NotebookNode, line: str) -> None:
    """Note a line in the notebook's metadata, once."""
    data = notebook.metadata.setdefault(KEY, NotebookNode())
    lines = data.setdefault("flags", [])
    if shown(line) not in lines:
        lines.append(shown(line))


def flags(notebook: NotebookNode) -> list[str]:
    """The lines noted so far."""
    return list(notebook.metadata.get(KEY, {}).get("flags", []))
