"""Which names a cell's source binds, and which it reads: by its text alone, nothing is run."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from IPython.core.inputtransformer2 import TransformerManager

PACKAGE = "autograder"
SCOPES = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
"""Expressions whose names stay inside."""


def bound(source: str) -> set[str]:
    """The names that a cell gives a value to at its top level; "*" where an import brings any."""
    return {name for statement in _tree(source).body for name in _bound(statement)}


def read(source: str) -> set[str]:
    """The names that a cell reads anywhere."""
    return {
        node.id
        for node in ast.walk(_tree(source))
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }


def from_the_package(source: str) -> set[str]:
    """The names under which a cell imports something of this package, or the package itself."""
    found = set()
    for node in ast.walk(_tree(source)):
        if isinstance(node, ast.ImportFrom) and _is_ours(node.module or ""):
            found |= set(_imported(node))
        elif isinstance(node, ast.Import):
            own = [alias for alias in node.names if _is_ours(alias.name)]
            found |= {alias.asname or PACKAGE for alias in own}
    return found - {"*"}


def _is_ours(module: str) -> bool:
    return module.partition(".")[0] == PACKAGE


@cache
def _transformer() -> TransformerManager:
    from IPython.core.inputtransformer2 import TransformerManager

    return TransformerManager()


def _tree(source: str) -> ast.Module:
    """The cell as Python; empty where it is none."""
    try:
        return ast.parse(_transformer().transform_cell(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module([], [])


def _bound(statement: ast.AST) -> Iterator[str]:
    ahead = [statement]
    while ahead:  # no recursion: a student's sum may be deeper than Python's stack
        node = ahead.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            yield from _imported(node)
        elif not isinstance(node, SCOPES):
            # Not `except … as error`: Python takes that name away again.
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                yield node.id
            ahead += ast.iter_child_nodes(node)


def _imported(node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    for alias in node.names:
        name = alias.asname or alias.name
        yield name if isinstance(node, ast.ImportFrom) else name.partition(".")[0]
