"""Whose each file of a download is. What is not certain is nobody's, and a line says so."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from autograder.grading.lms.attempts import Arrived
from autograder.grading.lms.class_lists import Table
from autograder.grading.lms.entry_names import Entry
from autograder.grading.lms.name_patterns import NamesOf
from autograder.grading.lms.people import Found, Person, Roster, can_be_id, letters


@dataclass
class ByStudent:
    """A download's files by student.

    Attributes:
        files: by the gradebook's id.
        found_by: by the same, how the student was found.
        nobody: a line for each key whose work is nobody's.
        unknown: the keys that stand in for an id, since nobody knows them.
    """

    files: dict[str, list[Arrived]] = field(default_factory=lambda: defaultdict(list))
    found_by: dict[str, str] = field(default_factory=dict)
    nobody: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Whose:
    """What is known of whose a key is.

    Attributes:
        names: the system whose download it is.
        roster: the students in the gradebook.
        table: the system's table of the class, if there is one.
    """

    names: NamesOf
    roster: Roster
    table: Table | None = None

    def sort(self, by_key: Mapping[str, Sequence[Arrived]]) -> ByStudent:
        """Sort a download's files, which are by the system's key, by student."""
        done = ByStudent()
        in_table = self._in_table(by_key)
        often = Counter(letters(files[0].entry.who) for files in by_key.values())
        for key, files in by_key.items():
            entry = files[0].entry
            is_only = often[letters(entry.who)] == 1
            others = {letters(file.entry.who) for file in files} - {letters(entry.who)}
            if others:
                named = sorted({file.entry.who for file in files})
                found = f"files of {' and '.join(map(repr, named))} under one id; not collected."
            else:
                found = self._found(entry, in_table.get(key), is_only)
            if isinstance(found, Found) and not can_be_id(found.student):
                found = "this can be no student's id; not collected."
            if isinstance(found, str):
                done.nobody.append(f"{key}: {found}")
                continue
            if not found.by:
                done.unknown.append(key)
            done.found_by[found.student] = found.by
            done.files[found.student] += files
        return done

    def _in_table(self, keys: Mapping[str, object]) -> dict[str, Person]:
        """Who each key is by the table: by the one column that knows the most of them."""
        if self.table is None:
            return {}
        rows = list(self.table.rows())
        if self.names.is_numbered:
            columns = [{self.table.participant(row)[1]: row for row in rows}]
        else:
            places = self.table.key_columns
            columns = [{self.table.value(row, place): row for row in rows} for place in places]
        best = max(columns, key=lambda column: len(column.keys() & keys.keys()))
        column = self.table.best_column(self.roster.ids)
        people = {key: self._person(row, column) for key, row in best.items() if key}
        return {key: person for key, person in people.items() if person}

    def _person(self, row: int, column: int) -> Person | None:
        """Who a row is about, by the id that the gradebook has, if it has one of the row's."""
        person, there = self.table.person(row), self.table.value(row, column)
        return replace(person, id=there) if person and there in self.roster.ids else person

    def _found(self, entry: Entry, said: Person | None, is_only: bool) -> Found | str:
        """Whose work it is; or in a line why nobody knows."""
        names = self.names
        if said:
            if names.is_numbered and not self._is_of(said, entry):
                who = said.full_name or said.id
                return f"{who!r} in the table, {entry.who!r} in the download; not collected."
            there = self.roster.by_key(said.id)
            return Found(there.student if there else said.id, "roster")
        by_key = self.roster.by_key(entry.key) if names.key_is_id else None
        if by_key:
            return by_key
        by_name = self.roster.by_name(entry.who) if names.joins_by_name else None
        if by_name and (is_only or not names.stands_in):
            return by_name
        if not names.stands_in:
            return (
                f"no student has the name {entry.who!r} alone; not collected. Names come into the "
                "gradebook by: autograder roster FILE.csv"
            )
        return Found(names.stands_in.format(entry.key), "")

    def _is_of(self, person: Person, entry: Entry) -> bool:
        """Whether a numbered download's name is that of the person whom the table has there.

        A group's number may be some participant's; in an anonymous download the table's word for a
        participant stands where the name should be.
        """
        said = {letters(person.full_name), letters(self._words.get(entry.key, ""))} - {""}
        return not entry.who or not said or letters(entry.who) in said

    @cached_property
    def _words(self) -> dict[str, str]:
        """By participant's number, the table's word for one."""
        found = map(self.table.participant, self.table.rows())
        return {number: word for word, number in found}
