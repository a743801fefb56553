"""Which of a student's files in a download are the submission, and where each of them goes.

Of several attempts the newest counts; the others stay, in a folder `earlier`.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePosixPath

from autograder.grading.engine.archive import MOST_BYTES, MOST_FILES
from autograder.grading.lms.entry_names import Entry, copies
from autograder.grading.lms.foreign_archive import Member
from autograder.grading.submissions.arrival import STAMP
from autograder.grading.submissions.handed_in import EARLIER

OF_NOTEBOOKS = (".py", ".html", ".htm", ".pdf", ".txt", ".json", ".docx")
"""Endings of what students hand in where a notebook was meant."""


@dataclass(frozen=True)
class Arrived:
    """A file of a download whose name could be read."""

    entry: Entry
    member: Member


@dataclass
class Submission:
    """What one student handed in, as a download has it.

    Attributes:
        student: the gradebook's id.
        entry: what the name of the submission's main file says.
        files: what goes where, by the path in the submission's folder.
        when: when it was handed in, in UTC; None if the download does not say.
        lines: what the instructor should know.
    """

    student: str
    entry: Entry
    files: dict[str, Member] = field(default_factory=dict)
    when: datetime | None = None
    lines: list[str] = field(default_factory=list)


def submission(student: str, arrived: Sequence[Arrived], notebooks: Collection[str]) -> Submission:
    """Choose among all that a download has of a student.

    Args:
        student: the gradebook's id.
        arrived: the student's files, in the download's order.
        notebooks: what the assignment's notebooks are called.
    """
    attempts = _attempts(arrived)
    newest = _last(attempts[-1])
    chosen = Submission(student, newest[-1].entry, when=newest[-1].entry.when)
    if len(attempts) > 1:
        chosen.lines.append(f"{len(attempts)} attempts: the newest counts, the others stay.")
    meant = dict(_meant(newest, notebooks))
    for name, file in meant.items():
        if PurePosixPath(file.entry.file).name != name:
            chosen.lines.append(f"{file.entry.file!r} was taken as {name}.")
    if meant:
        chosen.entry = next(iter(meant.values())).entry
    _place(chosen, _wanted(meant, newest, attempts[:-1]))
    _tell_of_others(chosen, notebooks)
    return chosen


def _attempts(arrived: Sequence[Arrived]) -> list[list[Arrived]]:
    """The files by attempt, the newest last; without times all are of one."""
    attempts = defaultdict(list)
    for file in arrived:
        attempts[file.entry.attempt].append(file)
    return sorted(attempts.values(), key=lambda files: files[0].entry.when or datetime.min)


def _last(files: Iterable[Arrived]) -> list[Arrived]:
    """An attempt's files, the newest last."""
    return sorted(files, key=lambda file: file.entry.number)


def _meant(files: Sequence[Arrived], notebooks: Collection[str]) -> Iterator[tuple[str, Arrived]]:
    """Which file each notebook must be: by its own name, or by what programs make of that."""
    for name in notebooks:
        fitting = [
            (file.entry.number, nth, -file.entry.file.count("/"), place)
            for place, file in enumerate(files)
            if (nth := _nth(file, name, notebooks)) is not None
        ]
        if fitting:
            yield name, files[max(fitting)[-1]]


def _nth(file: Arrived, name: str, notebooks: Collection[str]) -> int | None:
    """The how many-eth copy of a notebook a file is; None if it is none."""
    called = unicodedata.normalize("NFC", PurePosixPath(file.entry.file).name)
    if called == unicodedata.normalize("NFC", name):
        return 0
    if called in notebooks:
        return None
    return next((nth for original, nth in copies(called) if original == name), None)


def _wanted(
    meant: dict[str, Arrived], newest: Iterable[Arrived], older: Iterable[Sequence[Arrived]]
) -> Iterator[tuple[str, Member]]:
    """Where every file should go: first what counts."""
    yield from ((name, file.member) for name, file in meant.items())
    for file in reversed(list(newest)):
        if file.entry.file and not any(file is one for one in meant.values()):
            yield file.entry.file, file.member
    for files in older:
        for file in _last(files):
            if file.entry.file:
                yield f"{EARLIER}/{file.entry.attempt}/{file.entry.file}", file.member


def _place(chosen: Submission, wanted: Iterable[tuple[str, Member]]) -> None:
    """Give every file its place; where one has it already, the later comer goes to `earlier`."""
    taken: set[str] = set()
    size, too_much = 0, []
    for path, member in wanted:
        if PurePosixPath(path).name == STAMP:
            chosen.lines.append(f"{path!r} was left out: no student says when it came.")
            continue
        place = None
        if size + member.size <= MOST_BYTES and len(chosen.files) < MOST_FILES:
            place = next((each for each in (path, *_others(path)) if _is_free(each, taken)), None)
        if place is None:
            too_much.append(path)
            continue
        size += member.size
        taken.add(_alike(place))
        chosen.files[place] = member
    if too_much:
        count = len(too_much)
        chosen.lines.append(f"{count} files were left out, {too_much[0]!r} first: too much.")


def _others(path: str) -> Iterator[str]:
    yield f"{EARLIER}/{path}"
    yield from (f"{EARLIER}/{number}/{path}" for number in range(2, 10))


def _is_free(path: str, taken: set[str]) -> bool:
    """Whether nothing is there: no file, no folder, and no file where a folder has to be."""
    alike = _alike(path)
    is_below_a_file = any(str(parent) in taken for parent in PurePosixPath(alike).parents)
    is_folder = any(other.startswith(f"{alike}/") for other in taken)
    return alike not in taken and not is_below_a_file and not is_folder


def _alike(path: str) -> str:
    """Names that are one on some system: in capitals or not, letters composed or not."""
    return unicodedata.normalize("NFC", path).casefold()


def _tell_of_others(chosen: Submission, notebooks: Collection[str]) -> None:
    given = [path for path in chosen.files if not path.startswith(f"{EARLIER}/")]
    for name in notebooks:
        if name not in given:
            likely = [path for path in given if PurePosixPath(path).suffix.lower() in OF_NOTEBOOKS]
            also = [path for path in given if path.lower().endswith(".ipynb")]
            found = also or likely or given
            listed = ", ".join(map(repr, found[:3])) if found else "no file"
            chosen.lines.append(f"there is no {name}, but {listed}.")
