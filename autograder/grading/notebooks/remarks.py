"""What the instructor should know of a graded submission, in the notebook itself.

Remarks, a line each, and of each check cell what the judge found.
"""

from collections.abc import Mapping

from nbformat import NotebookNode

from autograder.grading.telling.foreign import shown

KEY = "autograder"
JUDGED = "judged"


def add_remark(notebook: NotebookNode, line: str) -> None:
    """Note a line in the notebook's metadata, once."""
    lines = _data(notebook).setdefault("remarks", [])
    if shown(line) not in lines:
        lines.append(shown(line))


def remarks(notebook: NotebookNode) -> list[str]:
    """The lines noted so far."""
    return list(notebook.metadata.get(KEY, {}).get("remarks", []))


def keep_judged(notebook: NotebookNode, check: str, text: str) -> None:
    """Note what the judge found of a check cell, by its grade id."""
    _data(notebook).setdefault(JUDGED, NotebookNode())[check] = text


def judged_checks(notebook: NotebookNode) -> frozenset[str]:
    """The grade ids of the check cells of which that was noted."""
    return frozenset(notebook.metadata.get(KEY, {}).get(JUDGED, {}))


def keep_variant(notebook: NotebookNode, scheme: int, values: Mapping[str, Mapping]) -> None:
    """Note which sizes of the student's own it was judged by, and the scheme that draws them."""
    exercises = {each: dict(own) for each, own in values.items()}
    _data(notebook)["variant"] = {"scheme": scheme, "exercises": exercises}


def mark_disturbed(notebook: NotebookNode) -> None:
    """Note that a cell was stopped by something that other work on the machine may have caused."""
    _data(notebook)["disturbed"] = True


def is_disturbed(notebook: NotebookNode) -> bool:
    """Whether that was noted."""
    return bool(notebook.metadata.get(KEY, {}).get("disturbed"))


def _data(notebook: NotebookNode) -> NotebookNode:
    return notebook.metadata.setdefault(KEY, NotebookNode())
