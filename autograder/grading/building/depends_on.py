"""What a solution's outputs depend on, as a digest: while it stays, nothing has to run again."""

from __future__ import annotations

import ast
import hashlib
from importlib.metadata import requires, version
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from packaging.requirements import Requirement

import autograder

DISTRIBUTION = "keras-functional-course"
"""As what this package is installed."""

ROOMS = (
    *("by_value", "checking", "columns.py", "graphs", "judging", "problem.py", "quiet.py"),
    *("teaching", "training"),
)
"""What of the package a notebook's outputs depend on: rooms, and modules beside them."""


def digest(notebook: NotebookNode) -> str:
    """A digest of all that a notebook's outputs depend on: cells, the package, other packages."""
    package = Path(autograder.__file__).parent
    parts = [cell.source for cell in notebook.cells]
    for room in ROOMS:
        files = sorted((package / room).rglob("*.py")) or [package / room]
        parts += [str(what_runs(file.read_text(encoding="utf-8"))) for file in files]
        parts += [
            page.read_text(encoding="utf-8") for page in sorted((package / room).rglob("*.html"))
        ]
    parts += [f"{name}=={version(name)}" for name in needed()]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def needed() -> list[str]:
    """The packages of others that a notebook needs: this one's own, without those of extras."""
    wanted = map(Requirement, requires(DISTRIBUTION) or ())
    return sorted(each.name for each in wanted if each.marker is None)


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
