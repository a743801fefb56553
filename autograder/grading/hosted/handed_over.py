"""What another system hands over of one student: a folder, which may hold anything."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

import nbformat

from autograder.grading.engine.archive import TooLarge, pack, unpack
from autograder.grading.submissions.misnamed import found_elsewhere
from autograder.grading.submissions.plain_files import is_plain
from autograder.grading.submissions.readable import BadSubmission, read_submission
from autograder.grading.telling.foreign import shown

LARGEST_NOTEBOOK = 20_000_000
"""Bytes; such a machine may have less than a gigabyte, of which reading takes twenty times this."""
LARGEST = 100_000_000
"""Bytes of all files."""
ASKED = "Ask for "
"""How a line for an instructor begins to say what to do."""
TOLD = "Hand in "


class Unfit(Exception):
    """What was handed in cannot be graded; the text tells the student why, and what to do."""


@dataclass(frozen=True)
class HandedIn:
    """What was handed in.

    Attributes:
        packed: the folder.
        told: to the student, a line for each notebook without which it is graded.
    """

    packed: bytes
    told: tuple[str, ...] = ()


def submission(folder: Path, release: bytes) -> HandedIn:
    """What was handed in, where something in it can be graded.

    Args:
        folder: where the system put it.
        release: the released version, packed.

    Raises:
        Unfit: if nothing in it can be graded.
    """
    _demand_little(folder)
    with tempfile.TemporaryDirectory(prefix="released-") as place:
        unpack(release, Path(place))
        released = sorted(Path(place).glob("*.ipynb"))
        problems = [_problem(folder, path, released) for path in released]
    if all(problems):
        raise Unfit(" ".join(filter(None, problems)))
    try:
        return HandedIn(pack(folder), tuple(filter(None, problems)))
    except TooLarge as why:
        raise Unfit(
            f"What you handed in cannot be graded: {why}. Hand in the notebook alone."
        ) from None


def _demand_little(folder: Path) -> None:
    size = 0
    for path in folder.rglob("*"):
        if not is_plain(path):
            continue
        own = path.lstat().st_size
        size += own
        if path.suffix == ".ipynb" and own > LARGEST_NOTEBOOK:
            raise Unfit(
                f"{shown(path.name)} has more than {LARGEST_NOTEBOOK // 10**6} MB. Clear its "
                "outputs in Jupyter (Edit, Clear Outputs of All Cells), save it, and hand it in "
                "again."
            )
    if size > LARGEST:
        most = LARGEST // 10**6
        raise Unfit(f"You handed in more than {most} MB. Hand in the notebook alone.")


def _problem(folder: Path, released: Path, everything: list[Path]) -> str:
    """Why a notebook's answers are not there, and what to do; "" if they are."""
    wanted, skeleton = folder / released.name, nbformat.read(released, as_version=4)
    try:
        read_submission(wanted, skeleton)
        return ""
    except BadSubmission as bad:
        is_missing = not wanted.exists() and not wanted.is_symlink()
        why = bad
    try:
        found_elsewhere(wanted, skeleton, [path.name for path in everything])
    except BadSubmission as nothing:
        return _to_student(str(nothing if is_missing else why))
    return ""


def _to_student(line: str) -> str:
    """What is told to an instructor of a submission, said to whoever handed it in."""
    what, asked, whatever = line.rpartition(ASKED)
    return shown(f"{what}{TOLD}{whatever}" if asked else line)
