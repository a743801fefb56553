"""Is a submitted file a notebook that can be graded? If not, say why, for the instructor."""

import json
import warnings
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.grading.answers import answer_ids
from autograder.grading.files import LARGEST, is_plain
from autograder.grading.graft import graft

RESEND = "Ask for the notebook itself, saved from Jupyter as .ipynb."
SHRINK = "Ask for the notebook without outputs."
REFILL = "Ask for the answers in a fresh copy of the released notebook."


def problem_with(path: Path, released: NotebookNode | None = None) -> str | None:
    """What keeps a submitted notebook from being graded, and what to ask for; None if nothing does.

    Args:
        path: where it is.
        released: the notebook as students got it, if the answers in it should be looked for.
    """
    if path.exists() and not (is_plain(path) or path.is_dir()):
        return f"{path.name} is a link, not a file. {RESEND}"
    try:
        if path.stat().st_size > LARGEST:
            return f"{path.name} has more than {LARGEST // 1_000_000} MB. {SHRINK}"
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
    if released is not None and answer_ids(released) and not graft(released, notebook).answered:
        return f"{path.name} has none of the assignment's answer cells in it. {REFILL}"
    return None


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
