"""Put a student's answers into the notebook as it was released.

Whatever a student did to cells that are not theirs, by accident or on purpose, cannot matter then:
into the released notebook go the sources of the answers and the student's extra cells alone.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

import nbformat
from nbformat import NotebookNode
from nbgrader.utils import is_grade

from autograder.grading.notebooks.answer_cells import is_answer
from autograder.grading.notebooks.cells import AS_RELEASED, EXTRA, grade_id, is_marked, mark
from autograder.grading.notebooks.soundness import is_sound
from autograder.teaching.bindings import bound

NAME = re.compile(r"(?:async +)?(?:def|class) +(\w+)|(\w+) *(?::[^=\n]+)?=(?!=)")
"""A line that gives something a name: `def build_x(…` or `answer = …`."""
FENCED = re.compile(r"(`{3,}|~{3,})[^\n`]*\n(.*?)\n?[ \t]*\1", re.DOTALL)
LARGEST_OUTPUTS = 2_000_000
"""Characters of a cell's outputs; the chapters' largest have 75,000."""


@dataclass
class Grafted:
    """A released notebook with a student's answers in it.

    Attributes:
        notebook: the result.
        answered: how many of its answer cells were found in the submission.
        extra: the cells of the result that are the student's own.
        remarks: what the instructor should know, a line each.
    """

    notebook: NotebookNode
    answered: int
    extra: list[NotebookNode] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def graft(
    released: NotebookNode, submitted: NotebookNode, skipped_tag: str | None = None
) -> Grafted:
    """Put the answers and the extra cells of a submission into a copy of the released notebook.

    An answer is recognised by its grade id, else by its cell id, else by the name that its first
    lines define. Of several cells for one answer the last counts that is not as released.

    Args:
        released: the released notebook.
        submitted: what the student handed in.
        skipped_tag: its cells with this tag are not run when grading; they keep the
            outputs that the student has for them.
    """
    result = copy.deepcopy(released)
    places = _places(result, submitted)
    remarks = list(_remarks(result, submitted, places))

    answered = 0
    for index, cell in enumerate(result.cells):
        given = [submitted.cells[number] for number, place in places.items() if place == index]
        if is_answer(cell) and given:
            written = [own for own in given if not _same(own.source, cell.source)]
            if written:
                cell.source = _printable(written[-1].source)
                if cell.cell_type == "code" and (code := _fenced(cell.source)) is not None:
                    cell.source = code
                    remarks.append(
                        f"The answer {grade_id(cell)} stood in Markdown's fences (```); it is "
                        "taken out of them."
                    )
                if cell.cell_type == "markdown" and written[-1].get("attachments"):
                    cell["attachments"] = written[-1].attachments
            answered += 1
        elif skipped_tag in cell.metadata.get("tags", ()) and not is_grade(cell):
            cell.outputs = next(
                (_outputs(own) for own in given if _same(own.source, cell.source)), []
            )

    extra: dict[int, list[NotebookNode]] = {}
    place = -1
    for number, cell in enumerate(submitted.cells):
        if number in places:
            place = places[number]
        elif cell.cell_type in ("code", "markdown") and cell.source.strip():
            extra.setdefault(place, []).append(_fresh(cell, number))
    result.cells = [
        cell
        for index in range(-1, len(result.cells))
        for cell in ([result.cells[index]] if index >= 0 else []) + extra.get(index, [])
    ]
    added = [cell for cells in extra.values() for cell in cells]
    return Grafted(result, answered, added, remarks)


def mark_cells(released: NotebookNode, grafted: Grafted) -> None:
    """Note in the cells what is known only now: which are extra, and which answers as released."""
    stubs = {grade_id(cell): cell.source for cell in released.cells if is_answer(cell)}
    for cell in grafted.notebook.cells:
        if any(cell is own for own in grafted.extra):
            mark(cell, EXTRA)
        elif is_answer(cell) and _same(cell.source, stubs[grade_id(cell)]):
            mark(cell, AS_RELEASED)


def answers_elsewhere(grafted: Grafted) -> Iterable[str]:
    """A line for each answer that is as released while an extra cell defines what it should."""
    defined = {each: cell for cell in grafted.extra for each in bound(cell.source)}
    for cell in grafted.notebook.cells:
        if is_marked(cell, AS_RELEASED) and (both := bound(cell.source) & set(defined)):
            yield (
                f"The answer {grade_id(cell)} is as released, so it is not attempted; an extra "
                f"cell of the student's defines `{min(both)}`."
            )


def _places(released: NotebookNode, submitted: NotebookNode) -> dict[int, int]:
    """Which released cell each cell of the submission is, by index; extra ones are left out.

    Each way of recognising a cell is tried on the whole notebook before the next, weaker one.
    """
    places: dict[int, int] = {}

    def match(key_of, wanted: dict, only_new: bool) -> None:
        taken = set(places.values()) if only_new else set()
        for number, cell in enumerate(submitted.cells):
            place = wanted.get(key_of(cell)) if number not in places else None
            if place is not None and place not in taken:
                places[number] = place

    match(grade_id, _index(released, grade_id), only_new=False)
    match(_cell_id, _index(released, _cell_id), only_new=True)
    match(_text, _index(released, _text), only_new=False)
    names = _index(
        [cell if is_answer(cell) else None for cell in released.cells], lambda c: c and _name(c)
    )
    # A cell that begins with the name is a better guess than one with the name somewhere in it.
    match(_name, names, only_new=True)
    taken = set(places.values())
    for number, cell in enumerate(submitted.cells):
        if number not in places:
            defined = [names[name] for name in _names(cell.source) if name in names]
            if defined and defined[0] not in taken:
                places[number] = defined[0]
    return places


def _index(cells: NotebookNode | Iterable, key_of) -> dict:
    found = {}
    for index, cell in enumerate(getattr(cells, "cells", cells)):
        if (key := key_of(cell)) is not None:
            found.setdefault(key, index)
    return found


def _cell_id(cell: NotebookNode) -> str | None:
    return cell.get("id")


def _text(cell: NotebookNode) -> str | None:
    """A cell's text, by which a cell of ours is recognised that has lost its marks."""
    text = "\n".join(line.rstrip() for line in cell.source.strip().splitlines())
    return f"{cell.cell_type}:{text}" if text else None


def _name(cell: NotebookNode) -> str | None:
    """What an answer cell defines first."""
    return next(iter(_names(cell.source)), None)


def _names(source: str) -> list[str]:
    """What a cell defines, in its order; only what stands at the beginning of a line."""
    found = map(NAME.match, source.splitlines())
    return [match[1] or match[2] for match in found if match]


def _remarks(
    released: NotebookNode, submitted: NotebookNode, places: dict[int, int]
) -> Iterable[str]:
    """What the instructor should know, the most surprising first."""
    marked = _index(released, grade_id)
    for identity, place in marked.items():
        cell = released.cells[place]
        given = [submitted.cells[number] for number, own in places.items() if own == place]
        if not given:
            yield f"The cell {identity} was missing; it is back as released."
            continue
        if len(given) > 1:
            yield f"The cell {identity} was there {len(given)} times."
        if is_answer(cell):
            if any(own.cell_type != cell.cell_type for own in given):
                yield f"The answer {identity} was not a {cell.cell_type} cell; it is taken as one."
            if grade_id(given[-1]) != identity:
                yield f"The answer {identity} was recognised without nbgrader's marks."
        elif any(not _same(own.source, cell.source) for own in given):
            yield f"The locked cell {identity} was changed; it is back as released."


def _same(one: str, other: str) -> bool:
    return one.strip() == other.strip()


def _outputs(cell: NotebookNode) -> list[NotebookNode]:
    """What a cell shows, as the student saw it; nothing if it is no output, or far too much."""
    outputs = cell.get("outputs", [])
    if not isinstance(outputs, list) or len(str(outputs)) > LARGEST_OUTPUTS:
        return []
    return [output for output in copy.deepcopy(outputs) if is_sound(output)]


def _fresh(cell: NotebookNode, number: int) -> NotebookNode:
    """An extra cell of the student's without anything but its text."""
    make = nbformat.v4.new_code_cell if cell.cell_type == "code" else nbformat.v4.new_markdown_cell
    fresh = make(_printable(cell.source))
    fresh["id"] = f"student-{number}"  # not random: grading twice should write the same file
    return fresh


def _fenced(source: str) -> str | None:
    """The code of a cell that is one block in Markdown's fences, as it is copied from a chat."""
    found = FENCED.fullmatch(source.strip())
    return found[2] if found and found[1][0] * 3 not in found[2] else None


def _printable(source: str) -> str:
    """The text without halves of characters, which JSON can hold and a file cannot."""
    return source.encode("utf-8", "replace").decode("utf-8")
