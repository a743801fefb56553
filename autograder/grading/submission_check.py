"""Is a submitted file a notebook that can be graded? If not, say why, for the instructor."""

import json
import warnings
from pathlib import Path

import nbformat
from nbformat import NotebookNode

RESEND = "Ask for the notebook itself, saved from Jupyter as .ipynb."
REFILL = "Ask for the answers in a fresh copy of the released notebook."


def problem_with(path: Path, *, marked: bool = True) -> str | None:
    """What keeps a submitted notebook from being graded, and what to ask for; None if nothing does.

    `marked` says whether the notebook was released with cells that bear nbgrader's marks.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return f"{path.name} is not a notebook (it is not even text). {RESEND}"
    except OSError as error:
        return f"{path.name} cannot be read ({error.strerror}). {RESEND}"
    if not text.strip():
        return f"{path.name} is empty. {RESEND}"
    if not _looks_like_notebook(text):
        return f"{path.name} is not a notebook (it begins with {_beginning(text)!r}). {RESEND}"

    notebook = _parsed(text)
    if notebook is None:
        return f"{path.name} is a damaged notebook. {RESEND}"
    if marked and not has_marks(notebook):
        return (
            f"{path.name} has lost nbgrader's marks on its cells, as happens in Colab, "
            f"so no answer can be found in it. {REFILL}"
        )
    return None


def has_marks(notebook: NotebookNode) -> bool:
    """Whether any cell bears nbgrader's metadata."""
    return any("nbgrader" in cell.metadata for cell in notebook.cells)


def _looks_like_notebook(text: str) -> bool:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return False
    # Before version 4 the cells were in worksheets.
    return isinstance(content, dict) and ("cells" in content or "worksheets" in content)


def _parsed(text: str) -> NotebookNode | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # nbformat mends cell ids by itself, and says so
        try:
            notebook = nbformat.reads(text, as_version=4)
            nbformat.validate(notebook, relax_add_props=True)
        except Exception:  # nbformat raises whatever a broken structure makes it stumble over
            return None
    return notebook


def _beginning(text: str) -> str:
    first_line = text.strip().splitlines()[0]
    return first_line if len(first_line) <= 40 else first_line[:39] + "…"
