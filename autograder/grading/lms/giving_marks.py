"""A system's table, filled with the marks that nbgrader's gradebook has."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.grading.engine.grades import Grades
from autograder.grading.lms.came_as import came_as
from autograder.grading.lms.class_lists import Table
from autograder.grading.lms.filling import Column, Filled, Filling, column_of
from autograder.grading.lms.marks import marks
from autograder.grading.lms.people import Person, known
from autograder.grading.telling.foreign import shown
from autograder.problem import Problem

MOST_NAMED = 20
"""Students, or lines, that are told of one kind."""


@dataclass(frozen=True)
class Result:
    """A filled table.

    Attributes:
        data: its bytes.
        filled: what came of each assignment.
    """

    data: bytes
    filled: list[Filled]


def filled_table(
    grades: Grades,
    table: Table,
    chapters: Sequence[str],
    *,
    columns: Mapping[str, str],
    scale: bool = False,
) -> Result:
    """Fill marks into a table.

    Args:
        grades: the class's.
        table: as the system exported it.
        chapters: the assignments; none for all that have a column.
        columns: by assignment, the column that somebody said; "" is for the only assignment.
        scale: whether points are converted to the system's.

    Raises:
        Problem: if an assignment has no column, or no column an assignment.
    """
    there = grades.ask(lambda gradebook: [each.name for each in gradebook.assignments])
    if unknown := [name for name in chapters if name not in there]:
        raise Problem(f"The gradebook has no {unknown[0]!r}. It has: {', '.join(sorted(there))}.")
    scores = {name: marks(grades, name) for name in chapters or there}
    if not any(scores.values()):
        raise Problem(f"Nobody has a mark in {' or '.join(sorted(scores))}. Run: autograder grade")
    places = _columns(table, chapters, sorted(there), columns)
    people = grades.ask(known)
    values: dict[tuple[int, int], str] = {}
    filled = []
    for name, column in places.items():
        came = came_as(grades.course, name)
        of_system = {each.key: one for one, each in came.items() if each.system == table.of.system}
        filling = Filling(table, column, scores[name], _ids(people), of_system, scale)
        filled.append(filling.fill(name))
        values |= filling.values
    return Result(table.sheet.with_values(values), filled)


def _ids(people: Sequence[Person]) -> dict[str, str]:
    """The gradebook's ids, by those of the system and by themselves."""
    of_system = {each.lms_user_id: each.id for each in people if each.lms_user_id}
    return {each.id: each.id for each in people} | of_system


def _columns(
    table: Table, chapters: Sequence[str], there: Sequence[str], said: Mapping[str, str]
) -> dict[str, Column]:
    """Which column each assignment has."""
    one = said.get("", "")
    if one and len(chapters) != 1:
        raise Problem("Which assignment is that column's? Name one, or: --column CHAPTER=TITLE")
    if chapters:
        found = {name: column_of(table, name, said.get(name, one)) for name in chapters}
    else:
        found = dict(_those_found(table, there, said))
    if not found:
        raise Problem(
            f"{table.path} has no column with the name of an assignment ({', '.join(there)}). "
            "Name one, and its column: --column TITLE"
        )
    places = [column.number for column in found.values()]
    if len(set(places)) < len(places):
        raise Problem(f"Several assignments have one column in {table.path}. Name one of them.")
    return found


def _those_found(
    table: Table, there: Sequence[str], said: Mapping[str, str]
) -> Iterator[tuple[str, Column]]:
    for name in there:
        try:
            yield name, column_of(table, name, said.get(name, ""))
        except Problem:
            if name in said:
                raise


def write(data: bytes, path: Path) -> None:
    """Write a table in one step: there is never half of one.

    Raises:
        Problem: if it cannot be written.
    """
    fresh = path.with_name(f".{path.name}.new")
    try:
        fresh.write_bytes(data)
        os.replace(fresh, path)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise Problem(f"{path} cannot be written ({error.strerror}).") from None


def told(filled: Filled) -> Iterator[str]:
    """What came of one assignment's marks, a line each."""
    count = f"{filled.set} marks filled in, {filled.same} were there already"
    yield f"{filled.assignment} → {shown(repr(filled.title))}: {count}."
    yield from (f"  {shown(line)}" for line in filled.lines[:MOST_NAMED])
    if (more := len(filled.lines) - MOST_NAMED) > 0:
        yield f"  And {more} more lines of this kind."
    if filled.no_mark:
        yield f"  In the table, without a mark: {_listed(filled.no_mark)}."
    if filled.not_there:
        yield f"  With a mark, not in the table: {_listed(filled.not_there)}."


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(map(shown, names[:MOST_NAMED])) + more
