"""Lines of a student's that are worth a look, found in their text: nothing is run.

A score never rests on this: it rests on the clean run. A rule here costs nobody a point, so it may
miss what is well hidden; a false alarm costs trust, so what honest notebooks do is never named.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nbformat import NotebookNode

from autograder.grading.notebooks.cells import AS_RELEASED, Whose, is_marked, name, whose
from autograder.grading.telling.foreign import one_line, shown
from autograder.grading.worth_a_look.cell_text import (
    LARGEST_CELL,
    Known,
    Text,
    as_python,
    modules_in,
    names_bound,
    names_in,
)
from autograder.grading.worth_a_look.every_rule import RULES

MOST = 12
"""Lines about one notebook."""
LONGEST_LINE = 100
"""Characters of a source line that are shown."""


def remarks_on_lines(notebook: NotebookNode) -> list[str]:
    """What is worth a look in a student's cells, a line each.

    Args:
        notebook: a submission after the graft, which has marked whose each cell is.
    """
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    own = [cell for cell in cells if _is_students(cell)]
    trees = {id(cell): as_python(cell.source)[0] for cell in cells}
    ours = [trees[id(cell)] for cell in cells if not _is_students(cell)]
    known = Known(
        names_in(list(trees.values())),
        frozenset(names_bound(trees[id(cell)] for cell in own)),
        frozenset(module for tree in ours for module in modules_in(tree)),
    )
    told = [line for cell in own for line in _told(name(cell), cell.source, known)]
    more = len(told) - MOST
    return told if more <= 0 else [*told[:MOST], f"{more} more lines like these."]


def _is_students(cell: NotebookNode) -> bool:
    kind = whose(cell)
    return kind is Whose.EXTRA or (kind is Whose.ANSWER and not is_marked(cell, AS_RELEASED))


def _told(cell: str, source: str, known: Known) -> Iterator[str]:
    if len(source) > LARGEST_CELL:
        yield f"{cell} has {len(source):,} characters; its lines were not looked at."
    text = Text.of(source, known)
    found: dict[str, int] = {}
    for node in sorted(ast.walk(text.tree), key=lambda node: getattr(node, "lineno", 0)):
        for rule in RULES:
            if reason := rule(node, text):
                found.setdefault(reason, text.line(node))
                break
    for reason, number in sorted(found.items(), key=lambda item: item[1]):
        line = text.lines[number - 1] if 0 < number <= len(text.lines) else ""
        text_of_line = shown(one_line(line, LONGEST_LINE))
        yield f"{shown(cell)}, line {number} {shown(reason)}: `{text_of_line}`"
