"""The report as data for other programs: JSON with all of it, CSV with a row for each answer."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

from autograder.grading.class_report.class_data import ClassData
from autograder.grading.class_report.figures import kind_of
from autograder.grading.class_report.mistakes import Mistake, findings
from autograder.grading.class_report.whole_report import AssignmentReport, ClassReport, Line
from autograder.grading.harmless.grades_csv import as_cell

FORMAT = 1
COLUMNS = (
    *("assignment", "exercise", "student", "name", "points", "of", "result", "seconds"),
    *("mistakes", "told"),
)


def as_csv(data: ClassData) -> str:
    """A row for each student and exercise; no cell of it is a formula."""
    written = io.StringIO()
    rows = csv.writer(written, lineterminator="\n")
    rows.writerow(COLUMNS)
    rows.writerows([as_cell(value) for value in row] for row in _rows(data))
    return written.getvalue()


def _rows(data: ClassData) -> Iterator[tuple[object, ...]]:
    names = {person.id: person.name for person in data.people}
    for assignment in data.assignments:
        for exercise in assignment.exercises:
            for answer in assignment.answers_to(exercise):
                found = findings(answer)
                yield (
                    *(assignment.name, exercise.name, answer.student, names[answer.student]),
                    *(answer.score, exercise.points),
                    kind_of(answer, exercise.points).replace("_", " "),
                    None if answer.seconds is None else round(answer.seconds, 3),
                    " ".join(each.id for each in found),
                    " ".join(each.message for each in found),
                )


def as_json(report: ClassReport) -> str:
    """All that the page tells, and what it leaves out for length."""
    data = {
        "format": FORMAT,
        "made": report.made.isoformat(),
        "anonymous": report.is_anonymous,
        "assignments": [_assignment(each) for each in report.assignments],
        "students": [
            {
                "id": each.person.id,
                "name": each.person.name,
                "points": each.points,
                "of": each.most_points,
                "not_passed": each.not_passed,
                "not_attempted": each.not_attempted,
                "handed_in_nothing": each.missing,
                "stuck": {mistake.id: mistake.exercises for mistake in each.stuck},
            }
            for each in report.standings
        ],
    }
    return json.dumps(data, indent=1)


def _assignment(report: AssignmentReport) -> dict[str, Any]:
    return {
        "name": report.name,
        "points": report.most_points,
        "graded": report.graded,
        "attempts": report.attempts,
        "exercises": [
            {
                "name": each.exercise.name,
                "title": each.exercise.title,
                "section": each.exercise.section.heading,
                "points": each.exercise.points,
                **vars(each.figures),
                "pass_rate": each.figures.pass_rate,
                "mistakes": [_mistake(mistake) for mistake in each.mistakes],
            }
            for each in report.exercises
        ],
        "teach_again": [
            {"exercise": each.exercise.name, "reasons": each.reasons} for each in report.teach_again
        ],
        "similar": [vars(each) for each in report.similar],
        "worth_a_look": [_line(each) for each in report.remarks],
        "not_judged": [_line(each) for each in report.not_judged],
        "not_graded": report.not_graded,
        "handed_in_nothing": [person.id for person in report.nothing_from],
    }


def _mistake(mistake: Mistake) -> dict[str, Any]:
    drawing = mistake.drawing
    about = {key: value for key, value in vars(mistake).items() if key != "drawing"}
    return about | {"network": None if drawing is None else drawing.text}


def _line(line: Line) -> dict[str, str]:
    return {"student": line.student, "exercise": line.where, "text": line.text}
