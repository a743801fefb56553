"""The notebook that is made for one student, and what of it comes back with the submission."""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Mapping
from dataclasses import dataclass

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell
from nbgrader.utils import compute_checksum

from autograder.grading.course.first_cells import BADGE_ID
from autograder.grading.notebooks.answer_cells import answer_ids
from autograder.grading.notebooks.cells import answers, exercise, grade_id, is_check

OWN = re.compile(r'(, )?own="[A-Za-z0-9+/=]*"\)$')
"""How a check ends that was made for one student."""
LEAD = "**Your own numbers.**"
COUNTS = "Where the text above says otherwise, and in what it counts, this is what holds for you."


@dataclass(frozen=True)
class OwnExercise:
    """What one student's notebook says of an exercise.

    Attributes:
        sentence: what is the student's own.
        reference: the student's reference as one word; "" in an exam, where none is handed out.
    """

    sentence: str
    reference: str = ""


def own_notebook(released: NotebookNode, own: Mapping[str, OwnExercise]) -> NotebookNode:
    """A released notebook for one student: the sizes above the answers, references in the checks.

    Args:
        released: as everybody gets it.
        own: by exercise what is the student's own.

    Raises:
        ValueError: if a check is not written as checks are.
    """
    made = copy.deepcopy(released)
    # The badge opens what is everybody's.
    made.cells = [cell for cell in made.cells if cell.get("id") != BADGE_ID]
    told: dict[int, list[NotebookNode]] = {}
    for cell in made.cells:
        if not is_check(cell) or exercise(cell) not in own:
            continue
        name = exercise(cell)
        first = next((one for one in answers(made, cell)), cell)
        text = f"{LEAD} {own[name].sentence}\n\n{COUNTS}"
        place = next(n for n, one in enumerate(made.cells) if one is first)
        told.setdefault(place, []).append(new_markdown_cell(text, id=_cell_id(name)))
        if own[name].reference:
            cell.source = with_own(cell.source, name, own[name].reference)
            if "checksum" in cell.metadata.nbgrader:
                cell.metadata.nbgrader["checksum"] = compute_checksum(cell)
    made.cells = [one for n, cell in enumerate(made.cells) for one in [*told.get(n, ()), cell]]
    return made


def with_own(source: str, name: str, reference: str) -> str:
    """A check with the reference that it judges by.

    Raises:
        ValueError: if the source does not end with the check.
    """
    plain = without_own(source).rstrip()
    if not (plain.endswith(")") and _ends_with_the_check(plain, name)):
        raise ValueError(f'the check cell of {name} has to end with `check("{name}", …)`')
    comma = "" if plain[:-1].rstrip().endswith(",") else ", "
    return f'{plain[:-1]}{comma}own="{reference}")'


def _ends_with_the_check(source: str, name: str) -> bool:
    try:
        match ast.parse(source).body[-1]:
            case ast.Expr(ast.Call(ast.Name("check"), [ast.Constant(value), *_])):
                return value == name
    except (SyntaxError, IndexError):
        pass
    return False


def without_own(source: str) -> str:
    """A check as everybody has it."""
    return OWN.sub(")", source.rstrip())


def as_everybodys(submitted: NotebookNode, released: NotebookNode) -> tuple[NotebookNode, bool]:
    """A submission with its checks as everybody has them; and whether any was somebody's own."""
    answered = {None, *answer_ids(released)}
    plain, is_own = submitted, False
    for number, cell in enumerate(submitted.cells):
        if grade_id(cell) in answered or not OWN.search(cell.source.rstrip()):
            continue
        if not is_own:
            plain, is_own = copy.deepcopy(submitted), True
        plain.cells[number].source = without_own(cell.source)
    return plain, is_own


def _cell_id(name: str) -> str:
    return re.sub(r"[^\w-]", "-", name, flags=re.ASCII)[:58] + "-own"
