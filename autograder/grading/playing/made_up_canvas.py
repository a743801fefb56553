"""What Canvas would hand over of a class: the zip of an assignment, and the gradebook's table.

Names and columns are Canvas' own: see `lms/name_patterns.py` and `lms/sheet_columns.py`.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from nbformat import NotebookNode

from autograder.grading.playing.students import Student

COLUMNS = ("Student", "ID", "SIS Login ID", "Section")


def write_submissions(
    path: Path,
    students: Iterable[Student],
    released: Mapping[str, NotebookNode],
    solution: Mapping[str, NotebookNode],
) -> None:
    """Write what students handed in, as "Download Submissions" does.

    Args:
        path: the zip's.
        students: who is in the class.
        released: the assignment's notebooks by name, as students got them.
        solution: the same with answers.
    """
    attachment = 90_000
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for student in students:
            for notebook in released:
                handed_in = student.files(notebook, released[notebook], solution[notebook])
                for name, content in handed_in.items():
                    attachment += 1
                    packed.writestr(_entry(student, attachment, name), content)


def _entry(student: Student, attachment: int, name: str) -> str:
    who = (student.last_name + student.first_name).lower()
    who = "".join(letter for letter in who if letter.isalnum() or letter == "_")
    late = "_LATE" if student.is_late else ""
    return f"{who}{late}_{student.number}_{attachment}_{name}"


def write_table(path: Path, students: Iterable[Student], most: Mapping[str, float]) -> None:
    """Write the gradebook, as "Export" does: nobody has a mark yet.

    Args:
        path: the table's.
        students: who is in the class.
        most: the points that there are, by assignment.
    """
    titles = [f"{name} ({4711 + place})" for place, name in enumerate(most)]
    empty = [""] * len(most)
    rows = [[*COLUMNS, *titles, "Current Score"]]
    points = [f"{each:g}" for each in most.values()]
    rows.append(["    Points Possible", "", "", "", *points, "(read only)"])
    for each in sorted(students, key=lambda student: student.sorted_name):
        if each.is_enrolled:
            login = f"s{each.number}@uni.example"
            rows.append([each.sorted_name, each.id, login, "Monday", *empty, ""])
    rows.append(["Student, Test", "5999", "", "Monday", *empty, ""])
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    path.write_bytes(text.getvalue().encode("utf-8-sig"))


def marks_in(path: Path, assignment: str) -> dict[str, str]:
    """What a table says of an assignment, by student: a mark, or ""."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    column = next(
        each for each in rows[0] if re.fullmatch(rf"{re.escape(assignment)} \(\d+\)", each)
    )
    return {row["ID"]: row[column] for row in rows if row["ID"]}
