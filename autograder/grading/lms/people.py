"""Who is who: students as the gradebook has them, found by what a system calls them."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from nbgrader.api import Gradebook

from autograder.grading.course.junk import is_junk
from autograder.grading.telling.foreign import is_name

LONGEST = 128
"""Characters of an id, or a name, in nbgrader's gradebook."""


@dataclass(frozen=True)
class Person:
    """A student.

    Attributes:
        id: the gradebook's.
        first_name: and
        last_name: "" where nobody knows it.
        email: likewise.
        lms_user_id: the id of the system where it is the same in every assignment, such as Canvas'.
        full_name: where a system has the name in one piece.
    """

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    lms_user_id: str = ""
    full_name: str = ""


@dataclass(frozen=True)
class Found:
    """Whose a key is.

    Attributes:
        student: the gradebook's id.
        by: how it was found: "id", "roster", "name", or "" if nobody knew and the key stands in.
    """

    student: str
    by: str


@dataclass(frozen=True)
class Roster:
    """The students that are known.

    Attributes:
        people: all of them.
    """

    people: tuple[Person, ...]

    def __post_init__(self) -> None:
        ids = {person.id: person for person in self.people}
        more = {person.lms_user_id: person for person in self.people if person.lms_user_id}
        object.__setattr__(self, "_ids", ids | more)
        names = defaultdict(set)
        for person in self.people:
            for name in _names(person):
                names[name].add(person.id)
        object.__setattr__(self, "_names", names)

    @property
    def ids(self) -> Collection[str]:
        """All ids that they go by: the gradebook's, and the system's."""
        return self._ids.keys()

    def by_key(self, key: str) -> Found | None:
        """Whose a key is, if it is known."""
        person = self._ids.get(key)
        return person and Found(person.id, "id")

    def by_name(self, name: str) -> Found | None:
        """Whose a name is, if it is that of one student alone."""
        found = self._names.get(letters(name), ()) if letters(name) else ()
        return Found(next(iter(found)), "name") if len(found) == 1 else None


def can_be_id(text: str) -> bool:
    """Whether a text can be a student's id, and the name of a folder."""
    is_folder = "/" not in text and "\\" not in text and not is_junk(text) and is_name(text)
    return bool(text.strip()) and is_folder and len(text) <= LONGEST


def can_be_shown(name: str) -> str:
    """What of a person's name nbgrader's pages may hold, and its gradebook can."""
    return "".join(filter(is_name, name))[:LONGEST]


def letters(name: str) -> str:
    """What of a name all systems have: its letters and digits, small and composed.

    Systems drop apostrophes, commas, hyphens and spaces, each in its own way.
    """
    whole = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", name).casefold())
    return "".join(letter for letter in whole if unicodedata.category(letter)[0] in "LMN")


def _names(person: Person) -> set[str]:
    """A person's name, with either part first."""
    parts = person.first_name, person.last_name
    written = {person.full_name, "".join(parts), "".join(reversed(parts))}
    return {letters(name) for name in written} - {""}


def known(gradebook: Gradebook) -> tuple[Person, ...]:
    """The students in the gradebook."""
    return tuple(
        Person(
            student.id,
            student.first_name or "",
            student.last_name or "",
            student.email or "",
            student.lms_user_id or "",
        )
        for student in gradebook.students
    )


def enter(gradebook: Gradebook, people: Iterable[Person]) -> tuple[list[str], list[str]]:
    """Enter people into the gradebook; what a person is not said to have stays as it is.

    Returns:
        The ids of those who are new, and of those of whom something changed.
    """
    before = {person.id: person for person in known(gradebook)}
    new, changed = [], []
    for person in people:
        about = {
            name: value
            for name in ("first_name", "last_name", "email", "lms_user_id")
            if (value := getattr(person, name))
        }
        there = before.get(person.id)
        if there is not None and all(getattr(there, name) == about[name] for name in about):
            continue
        gradebook.update_or_create_student(person.id, **about)
        (new if there is None else changed).append(person.id)
    return new, changed
