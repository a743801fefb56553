"""Feedback as the zip that a system takes back: of each student the page, and nothing else.

nbgrader's folder of a student's feedback also holds all that was handed in, and references.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from autograder.grading.course.folder import Course
from autograder.grading.lms.came_as import CameAs, came_as
from autograder.grading.submissions.handed_in import is_student
from autograder.grading.submissions.plain_files import is_plain
from autograder.problem import Problem

SYSTEMS = {
    "canvas": "Canvas: Assignment ▸ Upload submissions",
    "moodle": "Moodle: Upload multiple feedback files in a zip",
    "folder": "a folder for each student",
}
"""What takes such a zip. Where its names are known from: `name_patterns`."""


@dataclass
class Pages:
    """The pages of an assignment.

    Attributes:
        files: by its name in the zip, where a page is.
        students: whose pages are in it.
        lines: whose are not, and why.
    """

    files: dict[str, Path] = field(default_factory=dict)
    students: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)


def pages(course: Course, assignment: str, system: str) -> Pages:
    """The feedback pages of an assignment, by the names that a system takes them under.

    Raises:
        Problem: if there are none.
    """
    came = came_as(course, assignment)
    found = Pages()
    for student, own in _made(course, assignment).items():
        try:
            named = {_name(page, student, came, system): page for page in own}
        except _Nameless as why:
            found.lines.append(f"{student}: {why}; not in the zip.")
        else:
            found.files |= named
            found.students.append(student)
    if not found.students and not found.lines:
        raise Problem(f"There is no feedback for {assignment}. Grade it first: autograder grade")
    return found


def _made(course: Course, assignment: str) -> Mapping[str, list[Path]]:
    """By student, the pages that nbgrader made."""
    folder = course.folder("feedback", ".", ".")
    students = sorted(filter(is_student, folder.iterdir())) if folder.is_dir() else []
    made = {
        each.name: sorted(filter(is_plain, (each / assignment).glob("*.html"))) for each in students
    }
    names = {path.stem for path in course.folder("release", ".", assignment).glob("*.ipynb")}
    return {
        student: own
        for student, each in made.items()
        if (own := [page for page in each if page.stem in names])
    }


class _Nameless(Exception):
    """The system takes no file for this student; the text says why."""


def _name(page: Path, student: str, came: Mapping[str, CameAs], system: str) -> str:
    """What a page is called in the zip."""
    if system == "folder":
        return f"{student}/{page.name}"
    about = came.get(student)
    if about is None or about.system != system:
        raise _Nameless(f"the submission was not collected from a zip of {system}'s")
    if system == "moodle":
        return f"{about.who}_{about.key}_assignfeedback_file/{page.name}"
    if not about.number:
        raise _Nameless("Canvas takes files for a submission that is a file alone")
    # Canvas takes the first two pieces that are digits alone for its ids, a first one that is
    # `anon` for its own, and passes over a last one that begins with `link`.
    who = [piece for piece in about.who.split("_") if piece and not piece.isdigit()]
    if not about.key.startswith("anon_") and who[:1] in ([], ["anon"]):
        who = ["student", *who]
    title = f"feedback-{page.name.replace('_', '-')}"
    return "_".join([*who, about.key, str(about.number), title])


def write_zip(found: Pages, path: Path) -> None:
    """Write the pages as a zip: of the same pages the same bytes.

    Raises:
        Problem: if it cannot be written.
    """
    fresh = path.with_name(f".{path.name}.new")
    try:
        with zipfile.ZipFile(fresh, "w") as packed:
            for name, page in found.files.items():
                packed.writestr(zipfile.ZipInfo(name), page.read_bytes(), zipfile.ZIP_DEFLATED)
        fresh.replace(path)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise Problem(f"{path} cannot be written ({error.strerror}).") from None


def told(found: Pages, most: int = 20) -> Iterator[str]:
    """Whose pages are not in the zip, a line each."""
    yield from (f"  {line}" for line in found.lines[:most])
    if (more := len(found.lines) - most) > 0:
        yield f"  And {more} more of that kind."
