"""When a submission was handed in: a student can write any time into a file, but not onto it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from dateutil.tz import tzutc
from nbgrader.utils import parse_utc

from autograder.grading.submissions.plain_files import is_plain

STAMP = "timestamp.txt"
SLACK = timedelta(minutes=10)
"""What copying a large submission to a slow disk may take after nbgrader has taken the time."""


def last_change(folder: Path) -> datetime | None:
    """When a file of the folder was last written or replaced, in UTC without a zone, as nbgrader
    has it; None if there are no files.

    It is the change time that the file system keeps: no program can set it, unlike a file's
    modification time.
    """
    times = [path.lstat().st_ctime for path in folder.rglob("*") if is_plain(path)]
    return datetime.fromtimestamp(max(times), UTC).replace(tzinfo=None) if times else None


def claimed(folder: Path) -> datetime | None:
    """The time in a submission's timestamp file, in UTC; None if there is none that can be read."""
    try:
        return parse_utc((folder / STAMP).read_text().strip())
    except (OSError, ValueError, OverflowError):
        return None


def later_than_claimed(folder: Path) -> datetime | None:
    """When a submission came, if that is well after the time it claims, or it claims none."""
    said, came = claimed(folder), last_change(folder)
    if came is None or (said is not None and came - said <= SLACK):
        return None
    return came


def write_stamp(folder: Path, when: datetime, form: str) -> None:
    """Write a time into a submission's timestamp file, in nbgrader's form."""
    (folder / STAMP).write_text(when.replace(tzinfo=tzutc()).strftime(form))
