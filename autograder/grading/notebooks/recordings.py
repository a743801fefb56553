"""What cells have recorded: data of our kinds in their outputs, which anybody may have made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nbformat import NotebookNode

from autograder.judging.evidence import MIME_TYPE


def recorded(cell: NotebookNode, kind: str = MIME_TYPE) -> list[Any]:
    """All that a cell recorded, in its order.

    Args:
        cell: a cell with its outputs.
        kind: the MIME type; evidence by default.
    """
    outputs = cell.get("outputs", ())
    return [output["data"][kind] for output in outputs if is_recording(output, kind)]


def is_recording(output: Mapping[str, Any], kind: str = MIME_TYPE) -> bool:
    """Whether an output holds something recorded."""
    data = output.get("data")
    return isinstance(data, Mapping) and kind in data
