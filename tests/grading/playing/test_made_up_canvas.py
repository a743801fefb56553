"""What the demo makes up is what Canvas' names and columns are known to be."""

import zipfile
from datetime import UTC

import pytest
from classroom.standin import STANDIN, solution_notebook

from autograder.grading.lms.class_lists import people_in, read_table
from autograder.grading.lms.entry_names import Reading, guessed
from autograder.grading.lms.name_patterns import BY_SYSTEM
from autograder.grading.playing.made_up_canvas import marks_in, write_submissions, write_table
from autograder.grading.playing.students import CLASS

NOTEBOOK = "standin.ipynb"


@pytest.fixture
def names(tmp_path):
    """What stands in the zip of the demo's class."""
    notebooks = {NOTEBOOK: solution_notebook()}
    write_submissions(tmp_path / "all.zip", CLASS, notebooks, notebooks)
    with zipfile.ZipFile(tmp_path / "all.zip") as zipped:
        return zipped.namelist()


def test_its_zip_is_known_as_canvas_own(names):
    assert guessed(names, STANDIN, [NOTEBOOK]) is BY_SYSTEM["canvas"]


def test_each_file_says_whose_it_is_and_whether_it_was_late(names):
    reading = Reading(BY_SYSTEM["canvas"], UTC)
    entries = [reading.entry(name) for name in names]
    assert {entry.key for entry in entries} == {each.id for each in CLASS if each.hands_in}
    assert {entry.key for entry in entries if entry.is_late} == {
        each.id for each in CLASS if each.is_late
    }
    assert {entry.file for entry in entries} == {
        NOTEBOOK,
        "standin-1.ipynb",
        "standin.py",
        "json.py",
    }
    assert len({entry.number for entry in entries}) == len(entries)


def test_its_table_has_everybody_on_the_roster_and_no_mark(tmp_path):
    path = tmp_path / "gradebook.csv"
    write_table(path, CLASS, {"hw": 5, "hw (2)": 2.5})
    table = read_table(path)
    people, lines = people_in(table)
    assert table.of.system == "canvas" and lines == []
    assert {(each.id, each.first_name, each.last_name) for each in people} == {
        (each.id, each.first_name, each.last_name) for each in CLASS if each.is_enrolled
    }
    marks = marks_in(path, "hw (2)")
    assert marks.keys() == {each.id for each in people} | {"5999"}
    assert set(marks.values()) == {""}


def test_a_mark_is_read_from_the_column_of_its_own_assignment(tmp_path):
    path = tmp_path / "gradebook.csv"
    write_table(path, CLASS, {"hw (2)": 2.5, "hw": 5})
    lines = path.read_text(encoding="utf-8-sig").replace("Monday,,,", "Monday,2,5,")
    path.write_text(lines, encoding="utf-8-sig")
    assert set(marks_in(path, "hw").values()) == {"5"}
    assert set(marks_in(path, "hw (2)").values()) == {"2"}
