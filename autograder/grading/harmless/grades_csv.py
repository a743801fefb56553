"""`nbgrader export`: the grades as a table that every spreadsheet reads, and none obeys."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator

from nbgrader.api import Assignment, Gradebook, MissingEntry, Student
from nbgrader.plugins import ExportPlugin

COLUMNS = (
    *("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email"),
    *("raw_score", "late_submission_penalty", "score", "max_score"),
)
"""Those of nbgrader's own exporter."""
FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")
NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")


class SafeCsv(ExportPlugin):
    """nbgrader's CSV file, with marks where they are needed: ids and names are never formulas."""

    def export(self, gradebook: Gradebook) -> None:
        """Write a row for each student and assignment."""
        where = self.to or "grades.csv"
        self.log.info("Exporting grades to %s", where)
        with open(where, "w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file, lineterminator="\n")
            rows.writerow(COLUMNS)
            rows.writerows([as_cell(value) for value in row] for row in self._rows(gradebook))

    def _rows(self, gradebook: Gradebook) -> Iterator[tuple[object, ...]]:
        assignments, students = map(str, self.assignment), map(str, self.student)
        wanted, whose = set(assignments), set(students)
        for assignment in gradebook.assignments:
            for student in gradebook.students:
                if (not wanted or assignment.name in wanted) and (not whose or student.id in whose):
                    yield (
                        *(assignment.name, assignment.duedate),
                        *_row(gradebook, assignment, student),
                    )


def _row(gradebook: Gradebook, assignment: Assignment, student: Student) -> tuple[object, ...]:
    """A student's row from the timestamp on; who has handed in nothing has no points."""
    timestamp, points, penalty = "", 0.0, 0.0
    try:
        submission = gradebook.find_submission(assignment.name, student.id)
    except MissingEntry:
        pass
    else:
        timestamp, points = submission.timestamp, submission.score
        penalty = submission.late_submission_penalty
    score = max(0.0, points - penalty)
    about = (student.id, student.last_name, student.first_name, student.email)
    return (timestamp, *about, points, penalty, score, assignment.max_score)


def as_cell(value: object) -> object:
    """A value as a spreadsheet may have it: text that it would take for a formula begins with '."""
    if value is None:
        return ""
    if isinstance(value, str) and FORMULA.match(value) and not NUMBER.fullmatch(value):
        return f"'{value}"
    return value
