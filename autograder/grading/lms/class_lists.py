"""Read who is in a system's table: whose each row is, and what it says of that person."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from autograder.grading.lms.people import Person, can_be_id, can_be_shown
from autograder.grading.lms.sheet_columns import TABLES, ColumnsOf
from autograder.grading.lms.sheet_text import Sheet, columns_listed, read_sheet
from autograder.grading.telling.foreign import shown
from autograder.problem import Problem


@dataclass(frozen=True)
class Table:
    """A table whose columns are known.

    Attributes:
        path: where it was.
        sheet: its cells.
        of: the system's.
        key: the number of the column that `--key` names; None to go by the system's own.
    """

    path: Path
    sheet: Sheet
    of: ColumnsOf
    key: int | None = None

    def place(self, names: Sequence[str]) -> int | None:
        """The number of the column that has one of these names, the first of them that there is."""
        found = (self._header.get(_plain(name)) for name in names)
        return next((number for number in found if number is not None), None)

    @cached_property
    def _header(self) -> dict[str, int]:
        """The numbers of the columns by their names; of those with one name, the first."""
        found: dict[str, int] = {}
        for number, name in enumerate(self.sheet.header):
            found.setdefault(_plain(name), number)
        return found

    def places(self, names: Sequence[str]) -> list[int]:
        """The numbers of the columns that have these names, in the order of the names."""
        found = (self.place([name]) for name in names)
        return [number for number in found if number is not None]

    def rows(self) -> Iterator[int]:
        """The numbers of the rows that are a student's."""
        keys = self.key_columns
        for number, row in enumerate(self.sheet.rows[1:], 1):
            is_student = any(self.value(number, column) for column in keys)
            if len(row) > max(keys) and is_student and not self._is_points(number):
                yield number

    @cached_property
    def key_columns(self) -> list[int]:
        """The columns that say whose a row is."""
        if self.key is not None:
            return [self.key]
        ids = [*self.of.keys, *self.of.ids]
        return list(dict.fromkeys(self.places(ids)))

    def best_column(self, ids: Collection[str]) -> int:
        """The column of ids that has the most of these.

        An id of one kind may be somebody else's of another, so all rows go by one column.
        """

        def count(column: int) -> int:
            return sum(self.value(row, column) in ids for row in self.rows())

        return max(self.key_columns, key=count)

    def candidates(self, row: int) -> list[str]:
        """What a row's student may be called in the gradebook or a download, the best first."""
        return list(dict.fromkeys(filter(None, (self.value(row, key) for key in self.key_columns))))

    def participant(self, row: int) -> tuple[str, str]:
        """The word and the number of a participant in a row of Moodle's; "" if there are none."""
        match = re.fullmatch(r"(\D*)(\d+)", self.value(row, self.key_columns[0]))
        return match.groups() if match and self.of.system == "moodle" else ("", "")

    def value(self, row: int, column: int | None) -> str:
        """What a cell says, without the `#` that Brightspace puts before ids."""
        cells = self.sheet.rows[row]
        if column is None or column >= len(cells):
            return ""
        value = re.sub(r'^="(.*)"$', r"\1", cells[column].value).strip()
        return value.removeprefix("#") if self.of.system == "brightspace" else value

    def points_row(self) -> int | None:
        """The row with the most points, if there is one."""
        numbers = range(1, len(self.sheet.rows))
        return next((number for number in numbers if self._is_points(number)), None)

    def _is_points(self, row: int) -> bool:
        wanted = self.of.points_row
        return bool(wanted) and self.value(row, 0).startswith(wanted)

    def person(self, row: int) -> Person | None:
        """Who a row is about; None if nothing in it can be an id."""
        places = [self.key] if self.key is not None else self.places(self.of.ids)
        found = next(filter(None, (self.value(row, place) for place in places)), "")
        if not can_be_id(found):
            return None
        full = self.value(row, self.place(self.of.full_name))
        last, first = _parts(full)
        said = (
            self.value(row, self.place(self.of.first_name)) or first,
            self.value(row, self.place(self.of.last_name)) or last,
            self.value(row, self.place(self.of.email)),
            self.value(row, self.place([self.of.lms_id])) if self.of.lms_id else "",
        )
        return Person(found, *map(can_be_shown, said), full_name=full)


def _parts(full: str) -> tuple[str, str]:
    """Last and first name of a whole one: as Canvas sorts it, else its last word is the last."""
    last, comma, first = full.partition(",")
    first, _, last = (first, comma, last) if comma else full.rpartition(" ")
    return last.strip(), first.strip()


def _plain(name: str) -> str:
    return name.strip().casefold()


def read_table(path: Path, system: str = "", key: str = "") -> Table:
    """Read a table, and find out whose it is.

    Args:
        path: where it is.
        system: whose it is; "" to find out by its header.
        key: the column that says whose a row is; "" for the system's own.

    Raises:
        Problem: if it cannot be read, or its columns are those of no system that is known.
    """
    sheets = read_sheet(path)
    for columns in TABLES:
        for sheet in sheets:
            table = Table(path, sheet, columns)
            if system in ("", columns.system) and all(map(table.places, columns.needed)):
                return _with_key(table, key) if key else table
    if key and system:
        columns = next(each for each in TABLES if each.system == system)
        tables = [Table(path, sheet, columns) for sheet in sheets]
        found = [table for table in tables if table.place([key]) is not None]
        return _with_key((found or tables)[0], key)
    whose = f"of a table of {system}'s" if system else "of a table that is known here"
    fullest = max(sheets, key=lambda sheet: len(sheet.header))
    raise Problem(
        f"{path} has not the columns {whose}. It has: {shown(columns_listed(fullest.header))}. "
        "If they are in another language, say which is which by --to, --key and --column."
    )


def _with_key(table: Table, key: str) -> Table:
    place = table.place([key])
    if place is None:
        listed = shown(columns_listed(table.sheet.header))
        raise Problem(f"{table.path} has no column {shown(key)!r}. It has: {listed}.")
    return Table(table.path, table.sheet, table.of, place)


def people_in(table: Table) -> tuple[list[Person], list[str]]:
    """Who is in a table; and a line for each row that has nobody.

    A class' test student is nobody.
    """
    people: dict[str, Person] = {}
    lines = []
    for row in table.rows():
        person = table.person(row)
        if person is None:
            whose = table.candidates(row)[0]
            lines.append(f"row {row + 1}, {whose!r}, has no id that can be one.")
        elif not _is_test_student(person):
            if person.id in people:
                lines.append(f"{person.id} is there more than once; the first counts.")
            people.setdefault(person.id, person)
    return list(people.values()), lines


def _is_test_student(person: Person) -> bool:
    """Canvas' own, who sorts last and has no login."""
    return (person.last_name, person.first_name) == ("Student", "Test")
