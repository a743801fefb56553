"""Collect a download: whose each file is, what counts, and a line for all that did not fit."""

from __future__ import annotations

import shutil
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo
from pathlib import Path

from autograder.grading.course.folder import Course
from autograder.grading.engine.grades import Grades
from autograder.grading.lms.attempts import Arrived, Submission, submission
from autograder.grading.lms.came_as import CameAs, remember
from autograder.grading.lms.class_lists import Table
from autograder.grading.lms.entry_names import (
    Reading,
    guessed,
    of_attempt,
    outer_folders,
    own_pattern,
    repository_prefix,
    user_of,
    without_chapter,
)
from autograder.grading.lms.foreign_archive import Archive, opened
from autograder.grading.lms.name_patterns import BLACKBOARD, BY_SYSTEM, FOLDER, GITHUB
from autograder.grading.lms.people import Roster, known
from autograder.grading.lms.placing import DIFFERS, place
from autograder.grading.lms.receipt import Receipt, Row, shortened
from autograder.grading.lms.whose import Whose
from autograder.grading.lms.zip_collection import collect_into
from autograder.problem import Problem

MOST_LINES = 20
"""Lines of one kind that are told."""
MOST_OF_ONE = 5
"""Lines about one student's files that are told."""
ON_ITS_WAY = "collecting-"
"""Begins the name of a folder for what is being collected."""
NOTHING = "nothing could be read"


@dataclass(frozen=True)
class Asked:
    """What somebody wants collected.

    Attributes:
        chapter: the assignment.
        path: the download, a zip or a folder.
        system: whose it is; "" to find out.
        pattern: a class's own form of names; "" for the system's.
        prefix: what the names of all repositories begin with; None to find out.
        zone: where the times in names are from.
        table: the system's table of the class, if there is one.
        replace: whether a newer submission takes the place of one that is there.
    """

    chapter: str
    path: Path
    zone: tzinfo
    system: str = ""
    pattern: str = ""
    prefix: str | None = None
    table: Table | None = None
    replace: bool = False


def receive(grades: Grades, asked: Asked) -> Receipt:
    """Collect a download.

    Args:
        grades: the class's.
        asked: what is wanted.

    Raises:
        Problem: if nothing can be collected.
    """
    course = grades.course
    notebooks = _notebooks(course, asked.chapter)
    roster = Roster(grades.ask(known))
    with opened(asked.path) as archive:
        return _Receiving(course, asked, archive, roster, notebooks).run()


def _notebooks(course: Course, chapter: str) -> list[str]:
    """What the notebooks of an assignment are called."""
    if chapter not in course.assignments():
        there = ", ".join(course.assignments())
        raise Problem(f"There is no assignment {chapter!r}. There are: {there}.")
    found = sorted(path.name for path in course.folder("release", ".", chapter).glob("*.ipynb"))
    if not found:
        raise Problem(
            f"{chapter} is not released, so nobody can have handed it in. "
            f"Run: nbgrader generate_assignment {chapter}"
        )
    return found


@dataclass
class _Receiving:
    """One download on its way.

    Attributes:
        course: the class's.
        asked: what is wanted.
        archive: the download.
        roster: who is known.
        notebooks: what the assignment's notebooks are called.
        outer: the folders around the download.
        reading: how its names are read.
        receipt: what came of it so far.
    """

    course: Course
    asked: Asked
    archive: Archive
    roster: Roster
    notebooks: Sequence[str]

    def __post_init__(self) -> None:
        names, asked = [member.name for member in self.archive.members], self.asked
        if not names:
            raise Problem(f"There is no file in {asked.path} that could be work.")
        self.outer = ""
        self.reading = self._reading(names)
        self.receipt = Receipt(self.reading.names.title, not (asked.system or asked.pattern))

    def _reading(self, names: Sequence[str]) -> Reading:
        asked = self.asked
        if asked.pattern:
            return Reading(FOLDER, asked.zone, own=own_pattern(asked.pattern))
        if asked.system:
            found = BY_SYSTEM[asked.system]
        else:
            found = guessed(names, asked.chapter, self.notebooks)
        self.outer = outer_folders(names, found, asked.chapter)
        if found is not GITHUB:
            return Reading(found, asked.zone)
        names = [name.removeprefix(self.outer) for name in names]
        prefix = asked.prefix
        if prefix is None and not (prefix := repository_prefix(names, asked.chapter)):
            raise Problem(
                "It cannot be told what the names of all repositories begin with. Say it, for "
                f"example: --prefix {asked.chapter}-"
            )
        return Reading(found, asked.zone, prefix)

    def run(self) -> Receipt:
        """Collect what can be."""
        self._tell([f"{name!r} {why}; it was left out." for name, why in self.archive.odd.items()])
        submissions = self._submissions()
        if submissions:
            self._collect(submissions)
        if not self.receipt.rows:
            self.receipt.is_complete = False
            self.receipt.lines.append("Nothing was collected.")
        came = {row.student for row in self.receipt.rows}
        self.receipt.missing = sorted({each.id for each in self.roster.people} - came)
        return self.receipt

    def _tell(self, lines: Sequence[str]) -> None:
        """Tell lines of one kind, of work that was not collected."""
        self.receipt.lines += shortened(lines, MOST_LINES)
        self.receipt.is_complete = self.receipt.is_complete and not lines

    def _arrived(self) -> dict[str, list[Arrived]]:
        """The files of each key of the system's."""
        users = self._users()
        found: dict[str, list[Arrived]] = defaultdict(list)
        unread = []
        for member in self.archive.members:
            name = member.name.removeprefix(self.outer)
            entry = self.reading.entry(name)
            if entry is None:
                unread.append(f"{member.name!r} says of nobody whose it is.")
                continue
            if self.reading.names in (FOLDER, GITHUB):
                entry = without_chapter(entry, self.asked.chapter)
            if of_attempt(name) in users:
                user, who = users[of_attempt(name)]
                entry = replace(entry, key=user, who=who)
            found[entry.key].append(Arrived(entry, member))
        self._tell(unread)
        return found

    def _users(self) -> dict[str, tuple[str, str]]:
        """Usernames and names by what stands before the attempt, as Blackboard's own files say."""
        if self.reading.names is not BLACKBOARD:
            return {}
        found = {}
        for member in self.archive.members:
            entry = self.reading.entry(member.name)
            if entry and not entry.file:
                user = user_of(member.name, self.archive.text(member))
                found.update({of_attempt(member.name): user} if user[0] else {})
        return found

    def _submissions(self) -> list[Submission]:
        """What each student handed in."""
        whose = Whose(self.reading.names, self.roster, self.asked.table)
        self.by_student = whose.sort(self._arrived())
        self._tell(self.by_student.nobody)
        if self.roster.people or self.asked.table:
            unknown = [f"{key}: not on the roster." for key in self.by_student.unknown]
            self.receipt.lines += shortened(unknown, MOST_LINES)
        chosen = [
            submission(student, files, self.notebooks)
            for student, files in self.by_student.files.items()
            if any(file.entry.file for file in files) and self._has_order(student, files)
        ]
        return sorted(chosen, key=lambda each: each.student)

    def _has_order(self, student: str, files: Sequence[Arrived]) -> bool:
        """Whether it can be told which of several attempts is the newest."""
        times = {file.entry.attempt: file.entry.when for file in files}
        if len(times) == 1 or None not in times.values():
            return True
        listed = ", ".join(repr(attempt) for attempt in times)
        self._tell([f"{student}: {len(times)} attempts, and which is the newest? {listed}"])
        return False

    def _collect(self, submissions: Sequence[Submission]) -> None:
        """Have nbgrader collect into a folder of ours; from there each goes to its place."""
        own, chapter = self.course.own_folder, self.asked.chapter
        own.mkdir(parents=True, exist_ok=True)
        for left in own.glob(f"{ON_ITS_WAY}*"):  # of a run that was killed; no other is at work
            shutil.rmtree(left, ignore_errors=True)
        size = sum(member.size for each in submissions for member in each.files.values())
        if 3 * size > shutil.disk_usage(own).free:
            raise Problem(f"It unpacks to {size // 1_000_000} MB, for which there is no room.")
        kept = {}
        with tempfile.TemporaryDirectory(prefix=ON_ITS_WAY, dir=own) as folder:
            collect_into(
                Path(folder), self.course, chapter, archive=self.archive, submissions=submissions
            )
            for each in submissions:
                fresh = Path(folder, "submitted", each.student, chapter)
                became = self._place(each, fresh) if fresh.is_dir() else NOTHING
                self.receipt.rows.append(self._row(each, became))
                about = shortened(each.lines, MOST_OF_ONE)
                self.receipt.lines += [f"{each.student}: {line}" for line in about]
                if became in (DIFFERS, NOTHING):
                    self.receipt.is_complete = False
                else:
                    kept[each.student] = self._came_as(each)
        remember(self.course, chapter, kept)

    def _place(self, one: Submission, fresh: Path) -> str:
        chapter = self.asked.chapter
        target = self.course.folder("submitted", one.student, chapter)
        aside = self.course.own_folder / "replaced" / one.student / chapter
        return place(fresh, target, aside, self.asked.replace)

    def _row(self, one: Submission, became: str) -> Row:
        when = f"{one.when:%Y-%m-%d %H:%M}" if one.when else ""
        who = one.entry.who or one.entry.key
        came = "late" if one.entry.is_late else when
        return Row(one.student, who, self.by_student.found_by[one.student], came, became)

    def _came_as(self, one: Submission) -> CameAs:
        entry = one.entry
        system = self.reading.names.system
        return CameAs(system, entry.key, entry.who, entry.number, entry.is_late)
