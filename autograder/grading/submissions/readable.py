"""Is a submitted file a notebook that can be graded? If not, say why, for the instructor."""

import re
import warnings
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.grading.notebooks.answer_cells import answer_ids
from autograder.grading.notebooks.grafting import graft
from autograder.grading.submissions.lenient_reading import content_of, notebook_from, text_of
from autograder.grading.submissions.plain_files import is_plain

RESEND = "Ask for the notebook itself, saved from Jupyter as .ipynb."
SHRINK = "Ask for the notebook without outputs."
REFILL = "Ask for the answers in a fresh copy of the released notebook."
RESOLVE = "Ask for the notebook with the conflict resolved."

LARGEST_NOTEBOOK = 120_000_000
"""Bytes; read into memory, lists of nothing take twenty times as much."""
KINDS = {
    b"PK\x03\x04": "a zip archive",
    b"%PDF": "a PDF file",
    b"\x1f\x8b": "a gzip archive",
    b"\x80": "a Python pickle",
}
"""How other kinds of files begin."""
CONFLICT = re.compile(r"^(<<<<<<<|>>>>>>>) ", re.MULTILINE)


class BadSubmission(Exception):
    """A submitted notebook that cannot be graded; the text says why, and what to ask for."""


def problem_with(path: Path, released: NotebookNode | None = None) -> str | None:
    """What keeps a submitted notebook from being graded, and what to ask for; None if nothing does.

    Args:
        path: where it is.
        released: the notebook as students got it, if the answers in it should be looked for.
    """
    try:
        read_submission(path, released)
    except BadSubmission as problem:
        return str(problem)
    return None


def read_submission(path: Path, released: NotebookNode | None = None) -> NotebookNode:
    """What matters of a submitted notebook, whatever else is wrong with the file.

    Args:
        path: where it is.
        released: the notebook as students got it, if the answers in it should be looked for.

    Raises:
        BadSubmission: if there is nothing in it that could be graded.
    """
    data = _bytes(path)
    text = text_of(data)
    if not text:
        raise BadSubmission(f"{path.name} is empty. {RESEND}")
    try:
        content = content_of(text)
    except (ValueError, RecursionError) as error:
        raise BadSubmission(f"{path.name} is {_no_json(data, text, error)}") from None
    # Before version 4 the cells were in worksheets.
    if not isinstance(content, dict) or not ("cells" in content or "worksheets" in content):
        raise BadSubmission(f"{path.name} is {_not_a_notebook(text)}")

    notebook = notebook_from(content)
    if notebook is None:
        raise BadSubmission(f"{path.name} is a damaged notebook (its cells are no list). {RESEND}")
    if released is None and not _is_valid(text):
        raise BadSubmission(f"{path.name} is a damaged notebook. {RESEND}")
    if released is not None and answer_ids(released) and not graft(released, notebook).answered:
        raise BadSubmission(
            f"{path.name} has none of the assignment's answer cells in it. {REFILL}"
        )
    return notebook


def _bytes(path: Path) -> bytes:
    if path.is_dir():
        raise BadSubmission(f"{path.name} is a folder, not a file. {RESEND}")
    if path.is_symlink() or (path.exists() and not is_plain(path)):
        raise BadSubmission(f"{path.name} is a link, not a file. {RESEND}")
    try:
        if path.stat().st_size > LARGEST_NOTEBOOK:
            most = LARGEST_NOTEBOOK // 1_000_000
            raise BadSubmission(f"{path.name} has more than {most} MB. {SHRINK}")
        return path.read_bytes()
    except OSError as error:
        problem = f"{path.name} cannot be read ({error.strerror}). {RESEND}"
        raise BadSubmission(problem) from None


def _no_json(data: bytes, text: str, error: Exception) -> str:
    """What a file is that does not hold JSON, and what to do."""
    if CONFLICT.search(text):
        return f"a damaged notebook (a merge conflict's marks, like <<<<<<<, are in it). {RESOLVE}"
    for beginning, kind in KINDS.items():
        if data.startswith(beginning):
            return f"not a notebook (it is {kind}). {RESEND}"
    if "\0" in text or not _is_unicode(data):
        return f"not a notebook (it is not even text). {RESEND}"
    if not text.startswith("{"):
        return _not_a_notebook(text)
    if isinstance(error, RecursionError):
        return f"a damaged notebook (lists in it are nested without end). {RESEND}"
    if getattr(error, "pos", 0) >= len(text) or "Unterminated" in str(error):
        return f"a damaged notebook (it breaks off in the middle). {RESEND}"
    return f"a damaged notebook (line {getattr(error, 'lineno', '?')} is no JSON). {RESEND}"


def _not_a_notebook(text: str) -> str:
    first_line = text.splitlines()[0]
    beginning = first_line if len(first_line) <= 40 else first_line[:39] + "…"
    return f"not a notebook (it begins with {beginning!r}). {RESEND}"


def _is_unicode(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _is_valid(text: str) -> bool:
    """Whether nbformat itself can read it, as it must where there is nothing to graft it onto."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # nbformat mends cell ids by itself, and says so
        try:
            notebook = nbformat.reads(text, as_version=4)
            nbformat.validate(notebook, relax_add_props=True)
        except Exception:  # nbformat raises whatever a broken structure makes it stumble over
            return False
    return True
