"""Which cells of a notebook a student's code feeds, by the names that cells bind and read."""

from __future__ import annotations

import ast
import builtins
import symtable
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from nbformat import NotebookNode

UNSEEN_NAMES = frozenset(
    {"get_ipython", "exec", "eval", "compile", "globals", "locals", "vars", "setattr", "delattr"}
    | {"__import__", "__builtins__", "builtins", "In", "Out"}
)
UNSEEN_ATTRIBUTES = frozenset({"chdir", "environ", "putenv", "modules", "meta_path"})
"""What changes more than the names that stand in the cell; magics are calls of `get_ipython`."""

PUT_THERE = ("display", "get_ipython", "__name__", "__file__")
"""What a notebook's names begin with."""


@dataclass(frozen=True)
class Names:
    """What a cell does to names, as far as its text tells.

    Attributes:
        read: names that it reads before it binds them itself; its functions' names among them.
        bound: names that it may bind, or bind something within.
        surely: those of them that it always binds.
        imported: the packages that it imports from; somebody may have put something into them.
        is_opaque: whether it may bind and read others that do not stand there.
    """

    read: frozenset[str] = frozenset()
    bound: frozenset[str] = frozenset()
    surely: frozenset[str] = frozenset()
    imported: frozenset[str] = frozenset()
    is_opaque: bool = False


# Bounded: a worker for a class of thousands reads all that they wrote.
@lru_cache(maxsize=1000)
def names_of(source: str) -> Names:
    """The names in a cell's text; all that cannot be read is opaque."""
    try:
        statements = ast.parse(_as_python(source)).body
        read, bound, surely, imported = set(), set(), set(), set()
        is_opaque = False
        for statement in statements:
            its_read, its_bound = _of_statement(statement)
            read |= its_read - surely
            bound |= its_bound
            imported |= _imported(statement)
            if isinstance(statement, SIMPLE):
                surely |= its_bound
            is_opaque |= _is_opaque(statement, its_read)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return Names(is_opaque=True)
    return Names(*map(frozenset, (read, bound, surely, imported)), is_opaque)


SIMPLE = (ast.Assign, ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)


def _as_python(source: str) -> str:
    from IPython.core.inputtransformer2 import TransformerManager

    return TransformerManager().transform_cell(source)


def _of_statement(statement: ast.stmt) -> tuple[set[str], set[str]]:
    """The names of a notebook that a statement reads, and those that it binds."""
    top = symtable.symtable(ast.unparse(statement), "cell", "exec")
    read, bound = set(), set()
    for symbol in top.get_symbols():
        if symbol.is_referenced():
            read.add(symbol.get_name())
        if symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace():
            bound.add(symbol.get_name())
    for table in _below(top):
        for symbol in table.get_symbols():
            if symbol.is_global():
                read.add(symbol.get_name())
                if symbol.is_assigned():
                    bound.add(symbol.get_name())
    return read, bound | _changed_within(statement)


def _below(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    for child in table.get_children():
        yield child
        yield from _below(child)


def _imported(statement: ast.stmt) -> set[str]:
    """The packages that are imported from."""
    found = set()
    for node in ast.walk(statement):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found


def _changed_within(statement: ast.stmt) -> set[str]:
    """The names whose attributes or items are set: `keras.Model = …`."""
    found = set()
    for node in ast.walk(statement):
        if isinstance(node, ast.Attribute | ast.Subscript) and not isinstance(node.ctx, ast.Load):
            root = node
            while isinstance(root, ast.Attribute | ast.Subscript):
                root = root.value
            if isinstance(root, ast.Name):
                found.add(root.id)
    return found


def _is_opaque(statement: ast.stmt, read: Collection[str]) -> bool:
    return not UNSEEN_NAMES.isdisjoint(read) or any(
        (isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names))
        or (isinstance(node, ast.Attribute) and node.attr in UNSEEN_ATTRIBUTES)
        for node in ast.walk(statement)
    )


def unfed(
    cells: list[NotebookNode], students: Collection[int], stubs: Mapping[int, str]
) -> list[int]:
    """The code cells that no code of a student feeds, by index.

    Args:
        cells: a notebook's.
        students: which of them hold a student's code.
        stubs: by index, what stood there before; what it bound is the student's to bind.
    """
    found: list[int] = []
    ours = {*dir(builtins), *PUT_THERE}
    theirs: set[str] = set()
    uses: dict[str, frozenset[str]] = {}
    may_be_anything = False
    for index, cell in enumerate(cells):
        if cell.cell_type != "code":
            continue
        names = names_of(cell.source)
        if index in students:
            theirs |= names.bound | names_of(stubs.get(index, "")).bound
            may_be_anything |= names.is_opaque
            continue
        reached = _reached(names.read, uses)
        is_after_them = any(number < index for number in students)
        if (
            may_be_anything
            or (names.is_opaque and is_after_them)
            or not (reached | names.imported).isdisjoint(theirs)
            or not reached <= ours
        ):
            theirs |= names.bound
        else:
            found.append(index)
            ours |= names.bound
            theirs -= names.surely
        uses |= dict.fromkeys(names.bound, names.read)
    return found


def _reached(read: Collection[str], uses: Mapping[str, Collection[str]]) -> set[str]:
    """The names, and all those that what they are bound to reads."""
    reached, waiting = set(), list(read)
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += uses.get(name, ())
    return reached
