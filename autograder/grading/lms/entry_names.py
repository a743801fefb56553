"""Read the name of a file in a download: whose it is, which attempt, what the student called it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from functools import cache
from pathlib import PurePosixPath

from autograder.grading.lms.name_patterns import BY_SYSTEM, COPIES, FOLDER, GITHUB, NamesOf
from autograder.problem import Problem

OUTER = 3
"""Folders around a download that people and programs may have added."""


@dataclass(frozen=True)
class Entry:
    """What the name of a file in a download says.

    Attributes:
        key: the id that the system goes by.
        file: what the student called the file, a path with `/`; "" if it is the system's own.
        who: the student's name as the system writes it.
        is_late: whether the system says so.
        number: the attachment's; the larger is the newer; 0 if there is none.
        when: the attempt's time in UTC, without a zone as nbgrader has it; None if unknown.
        attempt: what tells the attempt from others of the student.
    """

    key: str
    file: str
    who: str = ""
    is_late: bool = False
    number: int = 0
    when: datetime | None = None
    attempt: str = ""


@dataclass(frozen=True)
class Reading:
    """How the names of one download are read.

    Attributes:
        names: the system's.
        zone: where the times in its names are from.
        prefix: what stands before the key and is none of it.
        own: a class's own pattern in place of the system's; "" for none.
    """

    names: NamesOf
    zone: tzinfo = UTC
    prefix: str = ""
    own: str = ""

    def entry(self, name: str) -> Entry | None:
        """What a name says; None if it is none of the system's.

        Args:
            name: a path with `/`; folders around the download do not matter.
        """
        parts = name.split("/")
        for skipped in range(min(len(parts), OUTER + 1)):
            if found := self._entry("/".join(parts[skipped:])):
                return found
            if self.own or self.names in (GITHUB, FOLDER):
                break
        return None

    def _entry(self, name: str) -> Entry | None:
        for pattern in self._patterns():
            if match := _compiled(pattern).fullmatch(name):
                return self._said(name, match.groupdict())
        return None

    def _patterns(self) -> Iterable[str]:
        return [self.own] if self.own else (each.pattern for each in self.names.patterns)

    def _said(self, name: str, said: dict[str, str | None]) -> Entry | None:
        key = said["key"] or ""
        if self.names in (FOLDER, GITHUB):  # a student's folder, zipped
            key = key.removesuffix(".zip")
        if not key.startswith(self.prefix) or key == self.prefix:
            return None
        when = said.get("when") or ""
        return Entry(
            key=unicodedata.normalize("NFC", key.removeprefix(self.prefix)),
            file=_with_ending(said.get("file") or said.get("entry") or "", name),
            who=said.get("who") or "",
            is_late=bool(said.get("late")),
            number=int(number) if len(number := said.get("number") or "0") < 20 else 0,
            when=self._time(when),
            attempt=when,
        )

    def _time(self, text: str) -> datetime | None:
        try:
            local = datetime.strptime(text, self.names.when) if text else None
            return local and local.replace(tzinfo=self.zone).astimezone(UTC).replace(tzinfo=None)
        except (ValueError, OverflowError):
            return None


def _with_ending(file: str, name: str) -> str:
    """A file's name with its ending, which a pattern of a class's own may leave out."""
    ending = PurePosixPath(name).suffix
    return file if file.endswith(ending) or not file else f"{file}{ending}"


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.DOTALL)


def own_pattern(text: str) -> str:
    """A class's own pattern, as it is used here.

    Raises:
        Problem: if it is no regular expression, or has no group `key`, or none `file`.
    """
    try:
        groups = re.compile(text).groupindex
    except re.error as error:
        raise Problem(f"--pattern {text!r} is no regular expression: {error}.") from None
    if lacking := [name for name in ("key", "file") if name not in groups]:
        wanted = " and ".join(f"(?P<{name}>…)" for name in lacking)
        raise Problem(f"--pattern {text!r} lacks the group {wanted}.")
    return text


def guessed(names: Sequence[str], chapter: str, notebooks: Collection[str]) -> NamesOf:
    """Whose download this must be, by the names of most of its files.

    Args:
        names: of its files.
        chapter: the assignment.
        notebooks: what its notebooks are called. Any folder holds folders: those of students are
            known by most of them having one of these.

    Raises:
        Problem: if it cannot be told.
    """
    told = [system for system in BY_SYSTEM.values() if system not in (GITHUB, FOLDER)]
    fitting = {
        system.system: sum(Reading(system).entry(name) is not None for name in names)
        for system in told
    }
    best = max(fitting, key=fitting.__getitem__)
    if names and 2 * fitting[best] >= len(names):
        return BY_SYSTEM[best]
    folders = {name.partition("/")[0] for name in names if "/" in name}
    if folders and all(folder.startswith(f"{chapter}-") for folder in folders):
        return GITHUB
    answered = {name.partition("/")[0] for name in names if name.rpartition("/")[2] in notebooks}
    if folders and 2 * len(folders & answered) > len(folders):
        return FOLDER
    raise Problem(
        "Its names are those of no system that is known here. Say whose they are by --from "
        f"({', '.join(BY_SYSTEM)}), or how they are built by --pattern, with the groups "
        "(?P<key>…) and (?P<file>…)."
    )


def user_of(name: str, text: str) -> tuple[str, str]:
    """The username and the name in the file that Blackboard adds to an attempt; "" if unknown.

    By the file's name alone a username with `_` cannot be told from the assignment's name.

    Args:
        name: the file's.
        text: how it begins: `Name: Jane Doe (jdoe)`, the label in the course's language.
    """
    match = re.match(r"[^:\n]*:\s*(?P<who>[^\n]*?)\s*\((?P<user>[^()\s]+)\)\s*(?:\n|$)", text)
    if match and of_attempt(name).endswith(f"_{match['user']}"):
        return match["user"], match["who"]
    return "", ""


def of_attempt(name: str) -> str:
    """What stands before the attempt in a name of Blackboard's: the assignment and the username."""
    return name.rpartition("/")[2].partition("_attempt_")[0]


def outer_folders(names: Sequence[str], system: NamesOf, chapter: str) -> str:
    """The folders around the students', with a `/` at their end; "" if there are none.

    Only where something says so: what `gh classroom` calls its folder, or, in nbgrader's own
    layout, the assignment's folder in that of a student. Else the first folder is the student's.
    """
    parts = [name.split("/") for name in names]
    count = 0
    if system is GITHUB:
        count = int(all(len(each) > 2 and each[0].endswith("-submissions") for each in parts))
    elif system is FOLDER:
        places = {each.index(chapter, 1, -1) for each in parts if chapter in each[1:-1]}
        count = min(places, default=1) - 1
    outer = "".join(f"{part}/" for part in parts[0][:count])
    return outer if all(name.startswith(outer) for name in names) else ""


def repository_prefix(names: Iterable[str], chapter: str) -> str:
    """What the names of all repositories begin with: up to a hyphen, the assignment's part."""
    repositories = {name.partition("/")[0] for name in names}
    if all(name.startswith(f"{chapter}-") for name in repositories):
        return f"{chapter}-"
    first, last = min(repositories), max(repositories)  # whatever these share, all do
    places = range(min(len(first), len(last)))
    end = next((place for place in places if first[place] != last[place]), 0)
    return first[: first.rfind("-", 0, end) + 1]


def copies(name: str) -> Iterator[tuple[str, int]]:
    """What a file was called before a program found that name taken, and the how many-eth it is."""
    stem, dot, ending = name.rpartition(".")
    for pattern in COPIES:
        if match := re.fullmatch(pattern, stem):
            said = match.groupdict()
            yield f"{said['stem']}{dot}{ending}", int(said.get("nth") or 1)


def without_chapter(entry: Entry, chapter: str) -> Entry:
    """In nbgrader's own layout the assignment's folder stands between student and file."""
    return replace(entry, file=entry.file.removeprefix(f"{chapter}/"))
