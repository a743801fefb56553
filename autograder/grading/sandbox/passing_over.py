"""Statements of an answer that need another world are passed over, and the next ones run."""

from __future__ import annotations

import ast
import linecache
import sys
from collections.abc import Callable
from typing import Any

AT_HAND: list[Any] = [None]
"""The statements of the cell that runs, where the code that is put around them finds them."""
_CAUGHT = f"__import__('sys').modules[{__name__!r}].AT_HAND[0].is_passed_over({{}})"


class Statements(ast.NodeTransformer):
    """Puts each top-level statement of an answer into a `try`, which costs it nothing.

    Not the last one where it is an expression, whose value the notebook shows: nothing comes after
    it. IPython calls this for each cell, as one of its AST transformers.
    """

    def __init__(self, why: Callable[[BaseException], str | None]) -> None:
        """Remember who knows.

        Args:
            why: says why an error is the other world's doing; None if it is not.
        """
        self._why = why
        self._is_answer = False
        self._numbered: list[ast.stmt] = []
        self.lost: dict[str, str] = {}
        """By name, where it would have come from, had that not been passed over."""

    def begin(self, is_answer: bool) -> None:
        """A cell begins."""
        self._is_answer = is_answer
        self._numbered = []

    def visit_Module(self, tree: ast.Module) -> ast.Module:
        """Put statements into `try`."""
        if self._is_answer:
            last = tree.body[-1] if tree.body and isinstance(tree.body[-1], ast.Expr) else None
            tree.body = [one if one is last else self._tried(one) for one in tree.body]
        return tree

    def _tried(self, statement: ast.stmt) -> ast.stmt:
        if _cannot_fail(statement):
            return statement
        self._numbered.append(statement)
        caught = ast.parse(f"if not {_CAUGHT.format(len(self._numbered) - 1)}: raise").body
        handler = ast.ExceptHandler(type=ast.Name("Exception", ast.Load()), name=None, body=caught)
        tried = ast.Try(body=[statement], handlers=[handler], orelse=[], finalbody=[])
        for node in [tried, handler, *ast.walk(caught[0])]:
            if hasattr(node, "lineno") or isinstance(node, (ast.stmt, ast.expr, ast.excepthandler)):
                ast.copy_location(node, statement)
        return ast.fix_missing_locations(tried)

    def is_passed_over(self, number: int) -> bool:
        """Whether the error that is being handled is no reason to stop the cell."""
        if not self._why(sys.exception()):
            return False
        statement = self._numbered[number]
        for name in _names(statement):
            self.lost[name] = f"line {statement.lineno}"
        return True


def _cannot_fail(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.ImportFrom) and statement.module == "__future__":
        return True
    is_definition = isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef))
    return is_definition and not statement.decorator_list


def _names(statement: ast.stmt) -> set[str]:
    """The names that a statement would have bound."""
    found = set()
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.alias):
            found.add((node.asname or node.name).partition(".")[0])
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.add(node.name)
    return found


def source_line(file: str, number: int) -> str:
    """A line of a cell's source; "" if it is not known."""
    return linecache.getline(file, number)


def is_in_a_try(file: str, number: int) -> bool:
    """Whether a line of a cell's source stands where the student has caught its errors."""
    try:
        tree = ast.parse("".join(linecache.getlines(file)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return any(
        node.handlers and node.body[0].lineno <= number <= (node.body[-1].end_lineno or 0)
        for node in ast.walk(tree)
        if isinstance(node, ast.Try)
    )
