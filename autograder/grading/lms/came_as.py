"""What the download called a student's submission: so feedback and marks find their way back.

Kept in the class's own folder, a file for each assignment. Nothing is graded by it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from autograder.grading.course.folder import Course


@dataclass(frozen=True)
class CameAs:
    """What a download called a submission.

    Attributes:
        system: whose download it was.
        key: the id that the system goes by.
        who: the student's name as the system writes it.
        number: the attachment's; 0 if there is none.
        is_late: whether the system said so.
    """

    system: str
    key: str
    who: str = ""
    number: int = 0
    is_late: bool = False


def came_as(course: Course, assignment: str) -> dict[str, CameAs]:
    """By student, what downloads called the submissions that were collected from them."""
    try:
        rows = json.loads(_file(course, assignment).read_text(encoding="utf-8"))
        names = {field.name for field in fields(CameAs)}
        return {
            student: CameAs(**{name: value for name, value in row.items() if name in names})
            for student, row in rows.items()
        }
    except FileNotFoundError:
        return {}
    except (ValueError, TypeError, AttributeError):  # a person has edited it
        return {}


def remember(course: Course, assignment: str, students: Mapping[str, CameAs]) -> None:
    """Add to what is known of an assignment's submissions; nothing of others is forgotten."""
    rows = {**came_as(course, assignment), **students}
    path = _file(course, assignment)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    text = json.dumps({name: asdict(row) for name, row in sorted(rows.items())}, indent=1)
    with suppress(FileNotFoundError):
        if path.read_text(encoding="utf-8") == text:
            return
    fresh.write_text(text, encoding="utf-8")
    os.replace(fresh, path)


def _file(course: Course, assignment: str) -> Path:
    return course.own_folder / "collected" / f"{assignment}.json"
