"""Run a solution's notebook; what its checks record is in its outputs then."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbconvert.preprocessors import CoalesceStreamsPreprocessor
from nbformat import NotebookNode
from traitlets.config import Config

from autograder.checking import RECORDING
from autograder.problem import Problem
from autograder.quiet import TENSORFLOW


def execute(notebook: NotebookNode, folder: Path) -> None:
    """Run a notebook's cells in a fresh kernel, recording references; outputs go into it.

    Raises:
        Problem: if a cell fails; the message says which.
    """
    client = NotebookClient(
        notebook,
        timeout=1200,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
        shutdown_kernel="immediate",
        record_timing=False,
        config=Config({"KernelManager": {"transport_encryption": "auto"}}),
    )
    try:
        with _recording():
            client.execute()
    except CellExecutionError as error:
        raise Problem(f"A cell of {folder.name} fails: {error.ename}: {error.evalue}") from error
    _tidy(notebook)


@contextmanager
def _recording() -> Iterator[None]:
    wanted = {RECORDING: "1", **TENSORFLOW}
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _tidy(notebook: NotebookNode) -> None:
    """Leave what a reader of the saved notebook needs: of a progress bar its last state."""
    notebook.metadata.pop("widgets", None)
    notebook.metadata["kernelspec"] = {
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
        "name": "python3",
    }
    notebook.metadata["language_info"] = {"name": "python"}
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
    CoalesceStreamsPreprocessor().preprocess(notebook, {})
