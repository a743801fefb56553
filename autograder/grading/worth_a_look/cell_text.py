"""A cell's text, read as Python, with what its names stand for."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from IPython.core.inputtransformer2 import TransformerManager

PACKAGE = "autograder"
SHELL = "get_ipython()"
LARGEST_CELL = 200_000
"""Characters; nobody types that many, and nothing larger is parsed."""


@dataclass(frozen=True)
class Known:
    """What a whole notebook tells of the names in its cells.

    Attributes:
        names: what names stand for, such as `c` for `autograder.checking`.
        bound: all names that the student's cells bind.
        ours: the modules of the package that the assignment's own cells import.
    """

    names: Mapping[str, str]
    bound: frozenset[str]
    ours: frozenset[str]


@dataclass(frozen=True)
class Text:
    """One cell's text, read.

    Attributes:
        tree: the cell as Python.
        lines: its lines, as the tree's line numbers mean them.
        known: what is known of names.
        parents: of each node the one that it is part of.
    """

    tree: ast.Module
    lines: list[str]
    known: Known
    parents: Mapping[ast.AST, ast.AST]

    @classmethod
    def of(cls, source: str, known: Known) -> Text:
        """Read a cell."""
        tree, lines = as_python(source)
        parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
        return cls(tree, lines, known, parents)

    def dotted(self, node: ast.AST) -> str:
        """What an expression stands for: `keras.Model.count_params`; "" if that is not known."""
        return _dotted(node, self.known.names)

    def line(self, node: ast.AST) -> int:
        """The number of the line that a node begins on; 0 if nothing tells."""
        while not hasattr(node, "lineno") and node in self.parents:
            node = self.parents[node]
        return getattr(node, "lineno", 0)


def as_python(source: str) -> tuple[ast.Module, list[str]]:
    """A cell as Python with its lines; empty where it is none, for then it does not run."""
    if len(source) > LARGEST_CELL:
        return ast.Module([], []), []
    if source.lstrip().startswith("%%"):  # what stands below %%time or %%capture is Python
        source = re.sub(r"%%", "# ", source, count=1)
    for text in (source, _without_magics(source)):
        try:
            return ast.parse(text), text.split("\n")
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
    return ast.Module([], []), []


def _without_magics(source: str) -> str:
    """The cell without magics; IPython drops empty lines at its top, which would shift the rest."""
    top = len(source) - len(source.lstrip("\n"))
    try:
        return "\n" * top + TransformerManager().transform_cell(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return source


def names_in(trees: Sequence[ast.Module]) -> dict[str, str]:
    """What the names of a notebook stand for, where imports and plain assignments tell.

    A name that is given something else, too, stands for nothing: a student's own `layers`.
    """
    names: dict[str, str] = {"get_ipython": "get_ipython"}
    others: set[str] = set()
    for node in (node for tree in trees for node in ast.walk(tree)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.partition(".")[0]
                names[alias.asname or top] = alias.name if alias.asname else top
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                names[alias.asname or alias.name] = f"{node.module}.{alias.name}"
        elif isinstance(node, ast.arg):
            others.add(node.arg)
    for node in (node for tree in trees for node in ast.walk(tree)):
        if isinstance(node, ast.Assign):
            stands_for = _dotted(node.value, names)
            for target in node.targets:
                if isinstance(target, ast.Name) and stands_for:
                    names.setdefault(target.id, stands_for)
                elif isinstance(target, ast.Name):
                    others.add(target.id)
    return {key: value for key, value in names.items() if key not in others}


def _dotted(node: ast.AST, names: Mapping[str, str]) -> str:
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    is_shell = isinstance(node, ast.Call) and _dotted(node.func, names).endswith("get_ipython")
    if is_shell:
        return ".".join([SHELL, *reversed(parts)])
    first = names.get(name_of(node), "")
    return ".".join([first, *reversed(parts)]) if first else ""


def names_bound(trees: Iterable[ast.Module]) -> Iterator[str]:
    """The names that trees give a value to, anywhere."""
    for node in (node for tree in trees for node in ast.walk(tree)):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def modules_in(tree: ast.AST) -> Iterator[str]:
    """The modules that a tree imports, and what it imports from the package, by whole names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            if root(node.module) == PACKAGE:
                yield from (f"{node.module}.{alias.name}" for alias in node.names)
            else:
                yield node.module


def is_at_the_top(node: ast.AST, text: Text) -> bool:
    """Whether a node is in no function, class or comprehension of its cell."""
    scopes = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.comprehension)
    around = text.parents.get(node)
    while around is not None and not isinstance(around, scopes):
        around = text.parents.get(around)
    return around is None


def root(target: str) -> str:
    """The first part of a name with dots."""
    return target.partition(".")[0]


def name_of(node: ast.AST | None) -> str:
    """The name that an expression is; "" if it is something else."""
    return node.id if isinstance(node, ast.Name) else ""


def as_written(node: ast.AST) -> str:
    """A name with dots as it stands there: `bytes.fromhex`."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return f"{node.value.id}.{node.attr}"
    return name_of(node)


def is_text(node: ast.AST | None) -> bool:
    """Whether an expression is a text, of letters or of bytes."""
    return isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes))
