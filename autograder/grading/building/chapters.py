"""Make everything that is derived from the solution notebooks."""

from __future__ import annotations

import ast
import hashlib
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbconvert.preprocessors import CoalesceStreamsPreprocessor
from nbformat import NotebookNode
from tqdm import tqdm
from traitlets.config import Config

import autograder
from autograder.checking import BRIEF_MIME_TYPE, MISTAKES_MIME_TYPE, RECORDING
from autograder.grading.course.release import generate
from autograder.judging.briefs import Brief
from autograder.judging.evidence import MIME_TYPE, Evidence
from autograder.judging.judge import judge
from autograder.judging.references import (
    FILE,
    HIDDEN_FILE,
    Reference,
    built_from,
    reference_of,
    write_hidden_references,
    write_references,
)
from autograder.problem import Problem

INDEX = "README.md"
"""The page that lists the chapters: written in solutions/, copied to course/."""

NEEDED = ("keras", "matplotlib", "numpy", "pydot", "scikit-learn", "tensorflow", "tqdm")
"""Packages of others that it depends on."""

ROOMS = ("checking.py", "graphs", "judging", "teaching")
"""What of the package a notebook's outputs depend on."""


def build(course: Path, wanted: Sequence[str] = (), force: bool = False) -> None:
    """Execute solutions that changed, record their references, and release every chapter.

    Args:
        course: the course's folder.
        wanted: chapters; all by default.
        force: execute unchanged solutions, too.

    Raises:
        Problem: if there is no such chapter, or a cell of a solution fails.
    """
    chapters = _chapters(course, wanted)
    for path in tqdm(chapters, desc="Building", unit="chapter"):
        state = build_chapter(path, force)
        tqdm.write(f"{path.stem}: {state}")
    for path in chapters:
        generate(course, path.parent.name)
    shutil.copy(course / "solutions" / INDEX, course / "course" / INDEX)


def _chapters(course: Path, wanted: Sequence[str]) -> list[Path]:
    found = sorted((course / "solutions").glob("*/*.ipynb"))
    if not found:
        raise Problem(f"There are no solutions/*/*.ipynb in {course}. Start this in the course.")
    if unknown := set(wanted) - {path.parent.name for path in found}:
        raise Problem(f"There is no such chapter in solutions/: {', '.join(sorted(unknown))}.")
    return [path for path in found if not wanted or path.parent.name in wanted]


def build_chapter(path: Path, force: bool = False) -> str:
    """Execute one solution notebook if it changed since its outputs were saved.

    Args:
        path: the notebook; its outputs and the references beside it are written anew.
        force: execute it in any case.

    Returns:
        What was done, in a few words.

    Raises:
        Problem: if a cell of the solution fails.
    """
    notebook = nbformat.read(path, as_version=4)
    state = digest(notebook)
    visible, unseen = path.with_name(FILE), path.with_name(HIDDEN_FILE)
    if not force and built_from(unseen) == state:
        return "unchanged"
    execute(notebook, path.parent)
    write_references(visible, recorded_references(notebook, hidden=False))
    write_hidden_references(unseen, recorded_references(notebook, hidden=True), state)
    nbformat.write(notebook, path)
    return "executed"


def digest(notebook: NotebookNode) -> str:
    """A digest of all that a notebook's outputs depend on: cells, the package, other packages."""
    package = Path(autograder.__file__).parent
    parts = [cell.source for cell in notebook.cells]
    for room in ROOMS:
        files = sorted((package / room).rglob("*.py")) or [package / room]
        parts += [str(what_runs(file.read_text(encoding="utf-8"))) for file in files]
    parts += [f"{name}=={version(name)}" for name in NEEDED]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def what_runs(source: str) -> Any:
    """A module without what runs nothing: comments, docstrings, line breaks.

    Not `ast.dump`: what that says of the same module differs between versions of Python.
    """
    return _plain(ast.parse(source))


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(each) for each in value if not _is_docstring(each)]
    if not isinstance(value, ast.AST):
        return repr(value)
    fields = [(name, each) for name, each in ast.iter_fields(value) if each not in (None, [])]
    if isinstance(value, ast.JoinedStr):  # with some versions of Python, nothing at its end
        fields = [("values", [each for each in value.values if getattr(each, "value", 1) != ""])]
    return [type(value).__name__, *((name, _plain(each)) for name, each in fields)]


def _is_docstring(node: Any) -> bool:
    if not isinstance(node, ast.Expr) or not isinstance(node.value, ast.Constant):
        return False
    return isinstance(node.value.value, str)


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
    wanted = {RECORDING: "1", "TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "0"}
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


def recorded_references(notebook: NotebookNode, hidden: bool) -> list[Reference]:
    """The references that an executed solution recorded, of visible checks or of hidden cases.

    Raises:
        Problem: if an exercise is recorded twice, or has no answer.
    """
    mistakes = {
        data["exercise"]: {_hashable(value): text for value, text in data["mistakes"]}
        for data in _recorded(notebook, MISTAKES_MIME_TYPE)
    }
    briefs = {
        data["exercise"]: Brief.from_json(data["brief"])
        for data in _recorded(notebook, BRIEF_MIME_TYPE)
    }
    references: dict[str, Reference] = {}
    for data in _recorded(notebook, MIME_TYPE):
        evidence = Evidence.from_json(data)
        if evidence.hidden is not hidden:
            continue
        if evidence.exercise in references:
            raise Problem(
                f"Exercise {evidence.exercise!r} is checked twice; its id must be its own."
            )
        known = {} if hidden else mistakes.get(evidence.exercise, {})
        try:
            reference = reference_of(evidence, known, briefs.get(evidence.exercise))
        except ValueError as error:
            raise Problem(str(error)) from None
        if not judge(evidence, reference).passed:
            raise Problem(f"The solution of {evidence.exercise} does not fulfil its own brief.")
        references[evidence.exercise] = reference
    return list(references.values())


def _recorded(notebook: NotebookNode, mime_type: str) -> list[dict]:
    return [
        _data(output)[mime_type]
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if mime_type in _data(output)
    ]


def _data(output: NotebookNode) -> dict:
    return output.get("data", {})


def _hashable(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value
