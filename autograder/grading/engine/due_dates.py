"""Due dates and extensions in nbgrader's gradebook, and what being late costs by them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo

from nbgrader.api import Gradebook, MissingEntry

from autograder.columns import aligned
from autograder.grading.engine.grades import Grades
from autograder.grading.engine.late import seconds_late
from autograder.grading.telling.foreign import shown
from autograder.problem import Problem

UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
FORM = "%Y-%m-%d %H:%M"
HEAD = ("student", "handed in", "extension", "late by", "penalty")


@dataclass(frozen=True)
class Lateness:
    """What the gradebook says of one student's time.

    Attributes:
        student: whose.
        handed_in: when, in UTC; None if nobody knows.
        extension: what was granted.
        seconds_late: by how much; 0 or less if it came in time.
        penalty: points that it costs.
    """

    student: str
    handed_in: datetime | None
    extension: timedelta | None
    seconds_late: float
    penalty: float


def moment(text: str, zone: tzinfo) -> datetime:
    """A due date as the gradebook has it: in UTC, without a zone.

    Args:
        text: such as 2026-12-01T23:59; a day alone means its end; one with a zone keeps it.
        zone: where it is that time otherwise.

    Raises:
        Problem: if it is no time.
    """
    try:
        said = datetime.fromisoformat(text)
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}|\d{8}", text):
            said = datetime.combine(said, time(23, 59, 59))
        local = said if said.tzinfo else said.replace(tzinfo=zone)
        return local.astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        raise Problem(f"{text!r} is no time. Write it so: 2026-12-01T23:59") from None


def span(text: str) -> dict[str, int]:
    """An extension, by nbgrader's units; none for 0.

    Raises:
        Problem: if it is no length of time.
    """
    if text == "0":
        return {}
    match = re.fullmatch(r"(\d{1,4})([mhdw])", text)
    if not match:
        raise Problem(f"{text!r} is no length of time. Write it so: 2d, 36h, 90m, 1w; or 0")
    return {UNITS[match[2]]: int(match[1])}


def set_due(grades: Grades, assignment: str, due: datetime | None) -> list[str]:
    """Set an assignment's due date, or remove it; return whose penalty changed."""
    grades.ask(lambda gradebook: _set_due(gradebook, assignment, due))
    return grades.renew_late_penalties(assignment)


def _set_due(gradebook: Gradebook, assignment: str, due: datetime | None) -> None:
    _assignment(gradebook, assignment)
    gradebook.update_or_create_assignment(assignment, duedate=due and f"{due:%Y-%m-%d %H:%M:%S}")


def extend(
    grades: Grades, assignment: str, students: Sequence[str], by: dict[str, int]
) -> list[str]:
    """Grant an extension in place of an earlier one, or none; return whose penalty changed.

    Raises:
        Problem: if somebody has no submission in the gradebook, which keeps extensions there.
    """
    grades.ask(lambda gradebook: _extend(gradebook, assignment, students, by))
    return grades.renew_late_penalties(assignment)


def _extend(
    gradebook: Gradebook, assignment: str, students: Sequence[str], by: dict[str, int]
) -> None:
    _assignment(gradebook, assignment)
    for student in students:  # all of them, or none
        try:
            gradebook.find_submission(assignment, student)
        except MissingEntry:
            raise Problem(
                f"{student} has nothing graded in {assignment}, and nbgrader keeps extensions "
                "with what was graded. Nobody's was changed. Grade first, then grant it."
            ) from None
    for student in students:
        gradebook.grant_extension(assignment, student, **by)


def _assignment(gradebook: Gradebook, name: str) -> datetime | None:
    """An assignment's due date."""
    try:
        return gradebook.find_assignment(name).duedate
    except MissingEntry:
        there = ", ".join(sorted(each.name for each in gradebook.assignments))
        raise Problem(f"The gradebook has no {name!r}. It has: {there or 'none'}.") from None


def lateness(grades: Grades, assignment: str) -> tuple[datetime | None, list[Lateness]]:
    """An assignment's due date, and what the gradebook says of everybody who handed in."""
    return grades.ask(lambda gradebook: _lateness(gradebook, assignment))


def _lateness(gradebook: Gradebook, assignment: str) -> tuple[datetime | None, list[Lateness]]:
    due = _assignment(gradebook, assignment)
    found = [
        Lateness(
            each.student_id,
            each.timestamp,
            each.extension,
            seconds_late(each.timestamp, each.extension, due),
            each.late_submission_penalty or 0.0,
        )
        for each in gradebook.assignment_submissions(assignment)
    ]
    return due, sorted(found, key=lambda each: each.student)


def told(
    assignment: str, due: datetime | None, everybody: Sequence[Lateness], zone: tzinfo
) -> Iterator[str]:
    """The due date, and who is late or has an extension."""
    yield f"{assignment}: " + (f"due {_local(due, zone)}." if due else "no due date.")
    without = sum(each.handed_in is None for each in everybody)
    if due and without:
        yield f"{without} came without a time, and count as in time."
    rows = [each for each in everybody if each.extension or each.seconds_late > 0]
    if rows:
        yield from aligned([HEAD, *(_cells(each, zone) for each in rows)], right={4})


def _cells(each: Lateness, zone: tzinfo) -> tuple[str, ...]:
    when = _local(each.handed_in, zone) if each.handed_in else ""
    late = _length(timedelta(seconds=each.seconds_late)) if each.seconds_late > 0 else ""
    granted = _length(each.extension) if each.extension else ""
    return shown(each.student), when, granted, late, f"{each.penalty:g}"


def _local(when: datetime, zone: tzinfo) -> str:
    local = when.replace(tzinfo=UTC).astimezone(zone)
    return f"{local:{FORM}} {local.tzname()}"


def _length(span: timedelta) -> str:
    hours, rest = divmod(int(span.total_seconds()), 3600)
    days, hours = divmod(hours, 24)
    parts = ((days, "d"), (hours, "h"), (-(-rest // 60), "min"))
    return " ".join(f"{number} {unit}" for number, unit in parts if number)
