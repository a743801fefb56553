"""Fill the marks into the table that a system exported; no other cell of it is touched."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from autograder.grading.harmless.grades_csv import as_cell
from autograder.grading.lms.class_lists import Table
from autograder.grading.lms.marks import Mark, has_commas, number, written
from autograder.grading.lms.people import letters
from autograder.grading.lms.sheet_text import columns_listed
from autograder.grading.telling.foreign import shown
from autograder.problem import Problem

SAME = 0.005
"""Points by which a mark may differ from what the table has: systems round to two decimals."""


@dataclass(frozen=True)
class Column:
    """A column of a table for one assignment's marks.

    Attributes:
        number: its number.
        title: its header.
        most: the most points that the system has for it; None if the table does not say.
    """

    number: int
    title: str
    most: float | None


@dataclass
class Filled:
    """What came of one assignment's marks.

    Attributes:
        assignment: which.
        title: the column's.
        set: marks that were filled in.
        same: marks that were there already.
        lines: what did not fit, or what the instructor should know.
        no_mark: rows without a mark in the gradebook.
        not_there: students with a mark whom the table does not have.
        is_complete: whether every mark is in the table.
    """

    assignment: str
    title: str
    set: int = 0
    same: int = 0
    lines: list[str] = field(default_factory=list)
    no_mark: list[str] = field(default_factory=list)
    not_there: list[str] = field(default_factory=list)
    is_complete: bool = True

    def leave(self, why: str, is_all_right: bool) -> None:
        """Say of a row why its mark stays as it is, and whether that is as it should be."""
        self.lines.append(f"{why}; left as it is.")
        self.is_complete = self.is_complete and is_all_right


def column_of(table: Table, assignment: str, asked: str = "") -> Column:
    """The column for an assignment's marks.

    Args:
        table: the system's.
        assignment: the assignment's name.
        asked: the column's header, or the title in it, as somebody said it; "" to look for it.

    Raises:
        Problem: if there is none, or more than one.
    """
    header = table.sheet.header
    if asked:
        exact = [place for place, name in enumerate(header) if name.strip() == asked.strip()]
        found = exact or [place for place, title in _titles(table).items() if title == asked]
    elif "title" not in re.compile(table.of.mark).groupindex:
        found = list(_titles(table))
    else:
        wanted = letters(assignment)
        found = [place for place, title in _titles(table).items() if letters(title) == wanted]
    if len(found) != 1:
        how_many = "no column" if not found else f"{len(found)} columns"
        there = columns_listed([header[place] for place in _titles(table)] or header)
        raise Problem(
            f"{table.path} has {how_many} for {shown(asked or assignment)}. It has: "
            f"{shown(there)}. Say which it is: --column TITLE"
        )
    return Column(found[0], header[found[0]], _most(table, found[0]))


def _titles(table: Table) -> dict[int, str]:
    """The columns of marks, and the assignments' titles in their headers."""
    found = {}
    for place, name in enumerate(table.sheet.header):
        if match := re.fullmatch(table.of.mark, name.strip(), re.DOTALL):
            found[place] = match.groupdict().get("title", name)
    return found


def _most(table: Table, place: int) -> float | None:
    """The most points that a system has for a column."""
    match = re.fullmatch(table.of.mark, table.sheet.header[place].strip(), re.DOTALL)
    if match and match.groupdict().get("most"):
        return number(match["most"])
    if (row := table.points_row()) is not None:
        return number(table.value(row, place))
    column = table.place(table.of.most)
    values = filter(None, (number(table.value(row, column)) for row in table.rows()))
    return next(values, None) if column is not None else None


@dataclass
class Filling:
    """One assignment's marks on their way into a table.

    Attributes:
        table: the system's.
        column: where they go.
        marks: by student; of those alone who have one.
        known: by the ids that the gradebook and the system have of students, the gradebook's.
        came: by what downloads call students, the same; of Moodle by participant's number.
        scale: whether points are converted to the system's.
        values: the cells that change, by row and column.
    """

    table: Table
    column: Column
    marks: Mapping[str, Mark]
    known: Mapping[str, str]
    came: Mapping[str, str]
    scale: bool = False
    values: dict[tuple[int, int], str] = field(default_factory=dict)

    def fill(self, assignment: str) -> Filled:
        """Fill them in, and say what came of it."""
        self.filled = filled = Filled(assignment, self.column.title)
        self.with_comma = self._has_commas()
        ids = {each for each, student in self.known.items() if student in self.marks}
        self.best = self.table.best_column(ids)
        self._compare_points()
        found: dict[str, int] = {}
        for row in self.table.rows():
            students = self._students(row)
            if not students:
                filled.no_mark.append(self.table.candidates(row)[0])
            elif len(students) > 1:
                filled.leave(f"row {row + 1} could be {' or '.join(students)}", False)
            elif students[0] in found:
                there = found[students[0]] + 1
                filled.leave(f"row {row + 1} is {students[0]} again, as row {there}", True)
            else:
                found[students[0]] = row
                self._set(row, students[0])
        filled.not_there = sorted(set(self.marks) - set(found))
        filled.is_complete = filled.is_complete and not filled.not_there
        return filled

    def _has_commas(self) -> bool:
        numbers = [self.column.number, self.table.place(self.table.of.most)]
        places = [place for place in numbers if place is not None]
        rows = range(1, len(self.table.sheet.rows))
        return has_commas(self.table.value(row, place) for row in rows for place in places)

    def _compare_points(self) -> None:
        most, theirs = {mark.most for mark in self.marks.values()}, self.column.most
        if theirs is None or self.scale or most <= {theirs}:
            return
        ours = " or ".join(written(each, False) for each in sorted(most))
        self.filled.lines.append(
            f"there are {ours} points in the gradebook, {written(theirs, False)} in the "
            "table. Marks are the gradebook's points; --scale converts them."
        )

    def _students(self, row: int) -> list[str]:
        """Whose a row can be, of those who have a mark.

        By the one column that has the most of these students, by the id that a roster gives to
        whom the row is about, and by what a download called them.
        """
        person, (_, participant) = self.table.person(row), self.table.participant(row)
        ids = [self.table.value(row, self.best), person.id if person else ""]
        said = [self.known.get(each) for each in ids]
        said.append(self.came.get(participant or self.table.value(row, self.table.key_columns[0])))
        return list(dict.fromkeys(each for each in said if each in self.marks))

    def _set(self, row: int, student: str) -> None:
        """Fill in a student's mark, or say why it stays as it is."""
        filled, mark = self.filled, self.marks[student]
        if self.column.number >= len(self.table.sheet.rows[row]):
            filled.leave(f"{student}: row {row + 1} ends before that column", False)
            return
        there = self.table.value(row, self.column.number)
        if there.upper() in self.table.of.closed or self._is_locked(row):
            filled.leave(f"{student}: {there or 'the mark'} may not be changed", True)
            return
        points = self._points(mark)
        filled.lines += [f"{student}: {line}" for line in self._about(mark, points)]
        before = number(there)
        if before is not None and abs(before - points) < SAME:
            filled.same += 1
            return
        text = written(points, self.with_comma)
        if there:
            filled.lines.append(f"{student}: {there} became {text}.")
        filled.set += 1
        self.values[row, self.column.number] = str(as_cell(text))

    def _points(self, mark: Mark) -> float:
        if self.scale and self.column.most is not None and mark.most:
            return mark.points * self.column.most / mark.most
        return mark.points

    def _about(self, mark: Mark, points: float) -> Iterator[str]:
        if mark.is_open:
            yield "a person has to look at this still; filled in so far."
        most = self.column.most
        if most is not None and points > most + SAME:
            more = f"{written(points, False)} is more than {written(most, False)}"
            yield f"{more}, which the system may refuse."

    def _is_locked(self, row: int) -> bool:
        said = self.table.value(row, self.table.place(self.table.of.locked))
        return said.casefold() in {word.casefold() for word in self.table.of.locked_words}
