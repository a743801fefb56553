"""Read a notebook leniently: of a submission only its cells' texts and marks count.

nbformat refuses a file, or stumbles over it, for the sake of what grading never looks at: versions,
counters, outputs, other programs' metadata. Here all that is left out before anybody stumbles. The
same goes for the file's encoding, which some editors change when they save.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder.grading.notebooks.soundness import is_shallow

UNKNOWN = "\ufffd"
"""What stands for bytes that are no letter."""
TYPES = {"code": "code", "markdown": "markdown", "heading": "markdown"}
"""Types of cells, and what they are now; of any other type only a text remains."""


def text_of(data: bytes) -> str:
    """A file's text, in UTF-8, UTF-16 or UTF-32, else in the one that Windows calls ANSI."""
    try:
        text = data.decode(json.detect_encoding(data))
    except UnicodeDecodeError:
        text = _mostly_utf8(data) or data.decode("cp1252", "replace")
    return text.strip("\ufeff\0 \t\r\n")  # a crash while saving fills files up with zeros


def _mostly_utf8(data: bytes) -> str:
    """The text in UTF-8 if all but a few of its letters beyond ASCII are in it; else ""."""
    text = data.decode("utf-8", "replace")
    bad = text.count(UNKNOWN)
    good = sum(letter > "\x7f" for letter in text) - bad
    return text if good > bad else ""


def content_of(text: str) -> Any:
    """What JSON text holds.

    Raises:
        ValueError, RecursionError: if it is no JSON, or nested too deeply.
    """
    return json.loads(text, parse_int=_integer)


def _integer(digits: str) -> int:
    return int(digits) if len(digits) < 1000 else 0  # Python refuses to read very large ones


def notebook_from(content: Mapping[str, Any]) -> NotebookNode | None:
    """The cells of a notebook of any version; None if there is no list of them."""
    sheets = [content] if "cells" in content else content.get("worksheets")
    lists = [sheet.get("cells") for sheet in _dicts(sheets)]
    if not lists or not all(isinstance(cells, list) for cells in lists):
        return None
    raw = [cell for cells in lists for cell in _dicts(cells)]
    ids = Counter(cell["id"] for cell in raw if isinstance(cell.get("id"), str))
    cells = [_cell(cell, ids) for cell in raw]
    return NotebookNode(nbformat=4, nbformat_minor=5, metadata=NotebookNode(), cells=cells)


def _with_whole_letters(value: Any) -> Any:
    """The value without halves of letters in its texts, which JSON can hold and a file cannot."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [_with_whole_letters(item) for item in value]
    if isinstance(value, dict):
        return {_with_whole_letters(k): _with_whole_letters(v) for k, v in value.items()}
    return value


def _cell(raw: Mapping[str, Any], ids: Mapping[str, int]) -> NotebookNode:
    kind = raw.get("cell_type")
    cell = NotebookNode(cell_type=TYPES.get(kind, "raw") if isinstance(kind, str) else "raw")
    cell.metadata = NotebookNode()
    cell.source = _lines(raw.get("source", raw.get("input")))
    identity = raw.get("id")
    if isinstance(identity, str) and ids[identity] == 1:  # else it says nothing of the cell
        cell["id"] = _with_whole_letters(identity)
    metadata = raw.get("metadata")
    marks = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    if isinstance(marks, dict) and isinstance(marks.get("grade_id"), str):
        cell.metadata["nbgrader"] = NotebookNode(grade_id=_with_whole_letters(marks["grade_id"]))
    if cell.cell_type == "code":
        cell.outputs, cell.execution_count = _outputs(raw.get("outputs")), None
    if attachments := _attachments(raw.get("attachments")):
        cell["attachments"] = attachments
    return cell


def _lines(source: Any) -> str:
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    return re.sub("\r\n?", "\n", source) if isinstance(source, str) else ""


def _outputs(outputs: Any) -> list[NotebookNode]:
    if not isinstance(outputs, list) or not is_shallow(outputs):
        return []
    whole = _with_whole_letters(outputs)
    return [nbformat.from_dict(_with_text(output)) for output in _dicts(whole)]


def _with_text(output: dict[str, Any]) -> dict[str, Any]:
    """The output with its texts in one piece; a file has them as lists of lines."""
    joined = {**output, "text": _joined(output["text"])} if "text" in output else dict(output)
    if isinstance(data := output.get("data"), dict):
        joined["data"] = {
            kind: value if kind.endswith("json") else _joined(value) for kind, value in data.items()
        }
    return joined


def _joined(value: Any) -> Any:
    is_text = isinstance(value, list) and value and all(isinstance(line, str) for line in value)
    return "".join(value) if is_text else value


def _attachments(attachments: Any) -> NotebookNode | None:
    """A cell's pictures, if they are as they should be."""
    if not isinstance(attachments, dict) or not is_shallow(attachments):
        return None
    for bundle in attachments.values():
        if not isinstance(bundle, dict) or not all(isinstance(x, str) for x in bundle.values()):
            return None
    return nbformat.from_dict(_with_whole_letters(attachments))


def _dicts(values: Any) -> list[dict[str, Any]]:
    values = values if isinstance(values, list) else []
    return [value for value in values if isinstance(value, dict)]
