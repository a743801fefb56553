"""Write a report: a page, and beside it the same as CSV and JSON."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from autograder.grading.class_report.anonymous import anonymous
from autograder.grading.class_report.class_page import as_page
from autograder.grading.class_report.class_tables import as_csv, as_json
from autograder.grading.class_report.gathering import gather
from autograder.grading.class_report.whole_report import ClassReport, class_report
from autograder.grading.engine.grades import Grades
from autograder.problem import Problem

NAME = "report.html"


@dataclass(frozen=True)
class Written:
    """A report, and the files that it was written to: the page first."""

    report: ClassReport
    files: tuple[Path, ...]


def write_report(
    grades: Grades, wanted: Sequence[str], page: Path | None, *, is_anonymous: bool
) -> Written:
    """Report on a class.

    Args:
        grades: its gradebook, and the folders beside it.
        wanted: the assignments; all that somebody has a grade in by default.
        page: where to; among the class's other files by default.
        is_anonymous: whether names and ids are left out.

    Raises:
        Problem: if nobody has been graded, or a file cannot be written.
    """
    page = page or grades.course.class_folder / NAME
    if page.suffix.lower() not in (".html", ".htm"):
        raise Problem(f"The page's name has to end in .html, and {page.name!r} does not.")
    data = gather(grades, wanted)
    if is_anonymous:
        data = anonymous(data)
    report = class_report(data, datetime.now().astimezone(), is_anonymous=is_anonymous)
    texts = {
        page: as_page(report, _way(page.parent, grades.course.root)),
        page.with_suffix(".csv"): as_csv(data),
        page.with_suffix(".json"): as_json(report),
    }
    for path, text in texts.items():
        _write(path, text)
    return Written(report, tuple(texts))


def _way(start: Path, course: Path) -> str:
    """The way from a folder to the course's, as links have it."""
    try:
        way = os.path.relpath(course.resolve(), start.resolve())
    except ValueError:  # Windows: on another drive
        return f"{course.resolve().as_uri()}/"
    return quote(f"{way}/".replace(os.sep, "/"))


def _write(path: Path, text: str) -> None:
    """In one step, and for the owner alone: the page has names and grades in it."""
    fresh = path.with_name(f".{path.name}.new")
    try:
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(text.encode("utf-8", "backslashreplace"))
        os.replace(fresh, path)
    except OSError as error:
        raise Problem(f"{path} cannot be written: {error.strerror}.") from None
