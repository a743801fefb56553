import csv
import os
import sys

import pytest
from nbgrader.api import Gradebook

from autograder.grading.harmless.grades_csv import COLUMNS, SafeCsv, as_cell

FORMULAS = [
    *("=1+1", "+SUM(A1)", "-2+3+cmd|' /C calc'!A0", "@SUM(1)", "\t=1", "\r=1", "\n=1", " =1"),
    *('=HYPERLINK("http://x")', "=cmd|'/c calc'!A1", "＝1+1", "-", "+", "-inf", "=", "-1-1"),
]


@pytest.mark.parametrize("text", FORMULAS)
def test_what_a_spreadsheet_would_compute_is_text(text):
    assert as_cell(text) == f"'{text}"


@pytest.mark.parametrize(
    "value", [-1.5, 0, 3, "-3", "+49123", "-1.5", "1-2", "a=b", "a@b.c", "", "x"]
)
def test_numbers_stay_numbers_and_other_text_stays_itself(value):
    assert as_cell(value) == value


def export(gradebook, tmp_path, **options):
    plugin = SafeCsv(to=str(tmp_path / "grades.csv"), **options)
    plugin.export(gradebook)
    with (tmp_path / "grades.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def gradebook(tmp_path, monkeypatch):
    # nbgrader runs `alembic` by name
    programs = os.path.dirname(sys.executable)
    monkeypatch.setenv("PATH", os.pathsep.join([programs, os.environ["PATH"]]))
    with Gradebook(f"sqlite:///{tmp_path}/gradebook.db") as book:
        for name in ("ch01", "ch02"):
            book.add_assignment(name)
        for student in ("=1+1", "a,b", "q\"u'o", "Zoë 山田"):
            book.add_student(student, first_name="@x", last_name="-y", email="z@w")
            book.add_submission("ch01", student)
        yield book


@pytest.mark.filterwarnings("ignore:Object of type")
def test_every_row_has_its_columns_whatever_is_in_an_id(gradebook, tmp_path):
    rows = export(gradebook, tmp_path)
    assert len(rows) == 8
    assert all(tuple(row) == COLUMNS and None not in row.values() for row in rows)
    assert {row["student_id"] for row in rows} == {"'=1+1", "a,b", "q\"u'o", "Zoë 山田"}
    assert {row["first_name"] for row in rows} == {"'@x"}
    assert {row["last_name"] for row in rows} == {"'-y"}
    assert {row["email"] for row in rows} == {"z@w"}
    assert {float(row["score"]) for row in rows} == {0.0}


@pytest.mark.filterwarnings("ignore:Object of type")
def test_only_what_is_asked_for_is_written(gradebook, tmp_path):
    (row,) = export(gradebook, tmp_path, student=["a,b"], assignment=["ch02"])
    assert (row["student_id"], row["assignment"]) == ("a,b", "ch02")
