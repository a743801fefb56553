"""Who is in the demo's class: what each hands in, and what each must get for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import nbformat
from nbformat import NotebookNode

from autograder.grading.engine.grades import Score
from autograder.grading.notebooks.answer_cells import answer_ids, is_answer, with_answers
from autograder.grading.playing.slips import (
    Slip,
    forgotten_activation,
    layer_made_anew,
    twice_the_units,
)

HandsIn = Callable[[NotebookNode, NotebookNode], NotebookNode]
"""The released notebook and the solution → the notebook that somebody hands in."""

# --- what they hand in ----------------------------------------------------------------------------


def everything(released: NotebookNode, solution: NotebookNode) -> NotebookNode:
    """Every answer is there and right."""
    return with_answers(released, solution)


def nothing(released: NotebookNode, solution: NotebookNode) -> NotebookNode:
    """The notebook as it was released."""
    return released


def first_half(released: NotebookNode, solution: NotebookNode) -> NotebookNode:
    """The first half of the answers is there and right."""
    ids = answer_ids(released)
    return with_answers(released, solution, only=ids[: len(ids) // 2])


def noisy(released: NotebookNode, solution: NotebookNode) -> NotebookNode:
    """Every answer is right, but it warns, and from then on every cell also writes to stderr."""
    filled = with_answers(released, solution)
    for cell in filled.cells:
        if is_answer(cell) and cell.cell_type == "code":
            cell.source += NOISE
            break
    return filled


NOISE = """

import sys, warnings
warnings.warn("this answer warns")
get_ipython().events.register("pre_run_cell", lambda _: print("and chatters", file=sys.stderr))"""


def with_slip(slip: Slip) -> HandsIn:
    """Every answer with the same mistake in it, where it can be made.

    Where it can be made in none, the last answer is left out.
    """

    def hands_in(released: NotebookNode, solution: NotebookNode) -> NotebookNode:
        filled = with_answers(released, solution)
        answers = [cell for cell in filled.cells if is_answer(cell) and cell.cell_type == "code"]
        sources = [slip(cell.source) for cell in answers]
        if sources == [cell.source for cell in answers]:
            return with_answers(released, solution, only=answer_ids(released)[:-1])
        for cell, source in zip(answers, sources, strict=True):
            cell.source = source
        return filled

    return hands_in


def claims(released: NotebookNode, solution: NotebookNode) -> NotebookNode:
    """Nothing is done but to replace what checks."""
    claimed = with_answers(released, solution, only=())
    for cell in claimed.cells:
        if is_answer(cell) and cell.cell_type == "code":
            cell.source = CLAIM
            break
    return claimed


CLAIM = """import autograder

def check(*answers, **options):
    print("✓ All cases passed.")

autograder.check = check
raise SystemExit"""

# --- what they must get ---------------------------------------------------------------------------


def full_marks(got: Score) -> bool:
    """All points there are."""
    return got.score == got.max_score > 0


def no_marks(got: Score) -> bool:
    """No point at all."""
    return got.score == 0


def part_marks(got: Score) -> bool:
    """Something, but not everything."""
    return 0 < got.score < got.max_score


# --- who they are ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Student:
    """Somebody in the class.

    Attributes:
        first_name: as the system has it,
        last_name: and the last name.
        number: the system's id.
        story: what they hand in, in words.
        hands_in: what they hand in; None for nothing at all.
        deserves: what they must get for it.
        is_enrolled: whether they are on the roster.
        is_late: whether the system says that it came late.
        copies: how many copies of the same name the system had seen when it came.
        as_script: whether the notebook's code is handed in, in place of the notebook.
        besides: another file that they hand in; "" for none.
    """

    first_name: str
    last_name: str
    number: int
    story: str
    hands_in: HandsIn | None
    deserves: Callable[[Score], bool]
    is_enrolled: bool = True
    is_late: bool = False
    copies: int = 0
    as_script: bool = False
    besides: str = ""

    @property
    def id(self) -> str:
        """The gradebook's."""
        return str(self.number)

    @property
    def sorted_name(self) -> str:
        """Last name first, as the system's table has it."""
        return f"{self.last_name}, {self.first_name}"

    def files(self, name: str, released: NotebookNode, solution: NotebookNode) -> dict[str, bytes]:
        """The files that they hand in, by their own names.

        Args:
            name: the notebook's.
            released: it, as they got it.
            solution: it, with the answers.
        """
        if self.hands_in is None:
            return {}
        notebook = self.hands_in(released, solution)
        stem = name.removesuffix(".ipynb")
        if self.as_script:
            code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
            return {f"{stem}.py": "\n\n\n".join(code).encode()}
        copy = f"-{self.copies}" if self.copies else ""
        files = {f"{stem}{copy}.ipynb": nbformat.writes(notebook).encode()}
        return files | ({self.besides: b"raise SystemExit\n"} if self.besides else {})


CLASS = (
    Student("Ada", "Ahmed", 5001, "everything right", everything, full_marks),
    Student("Ben", "Brandt", 5002, "nothing done", nothing, no_marks),
    Student("Cleo", "Costa", 5003, "first half done", first_half, part_marks),
    Student("Dan", "O'Dell", 5004, "right, but noisy", noisy, full_marks),
    Student(
        "Eva", "El_Amin", 5005, "forgets activations", with_slip(forgotten_activation), part_marks
    ),
    Student(
        "Farid",
        "Fischer",
        5006,
        "the same; handed in twice",
        with_slip(forgotten_activation),
        part_marks,
        copies=1,
    ),
    Student(
        "Gwen",
        "Gray",
        5007,
        "late, too many units",
        with_slip(twice_the_units),
        part_marks,
        is_late=True,
    ),
    Student("小明", "王", 5008, "shares no layer", with_slip(layer_made_anew), part_marks),
    Student("Ines", "Ito", 5009, "a .py, no notebook", everything, no_marks, as_script=True),
    Student("Jon", "Jäger", 5010, "claims to have passed", claims, no_marks, besides="json.py"),
    Student(
        "Kim",
        "Kovač",
        5011,
        "not on the roster",
        with_slip(forgotten_activation),
        part_marks,
        is_enrolled=False,
    ),
    Student("Lea", "Lind", 5012, "nothing at all", None, no_marks),
)
"""Twelve, of all kinds."""
