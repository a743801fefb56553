"""Feedback goes back under the names that each system takes, and is the page alone."""

import zipfile

import pytest
from classroom.standin import STANDIN

from autograder.grading.lms.came_as import CameAs, remember
from autograder.grading.lms.entry_names import Reading
from autograder.grading.lms.giving_feedback import pages, write_zip
from autograder.grading.lms.name_patterns import CANVAS, MOODLE
from autograder.problem import Problem


@pytest.fixture
def made(grades):
    """Pages as nbgrader makes them, by student, with all that it puts beside them."""

    def make(students):
        for student in students:
            folder = grades.course.folder("feedback", student, STANDIN)
            folder.mkdir(parents=True)
            (folder / "standin.html").write_text(f"page of {student}")
            (folder / "report.html").write_text("a file that was handed in")
            for beside in ("submission_secret.txt", "references.json", "data.csv"):
                (folder / beside).write_text("x")

    return make


def names(grades, system, came, tmp_path):
    remember(grades.course, STANDIN, came)
    found = pages(grades.course, STANDIN, system)
    write_zip(found, tmp_path / "out.zip")
    with zipfile.ZipFile(tmp_path / "out.zip") as packed:
        assert [packed.read(name).decode() for name in packed.namelist()] == [
            f"page of {student}" for student in found.students
        ]
        return packed.namelist(), found.lines


WHO = [
    "doejane",
    "team_5_a",
    "5_6",
    "王小明",
    "müllerzoë",
    "link",
    "_",
    "LATE",
    "a_LATE_7_b",
    "",
    "anon",
]


@pytest.mark.parametrize("who", WHO)
def test_canvas_finds_its_ids_in_every_name(grades, made, tmp_path, who):
    """By its own rule: without `LATE`, the first two pieces that are digits alone."""
    made(["jdoe"])
    came = {"jdoe": CameAs("canvas", "1234", who, 56789)}
    (name,), lines = names(grades, "canvas", came, tmp_path)
    pieces = name.replace("LATE_", "").split("_")
    assert [piece for piece in pieces if piece.isdigit()][:2] == ["1234", "56789"]
    assert pieces[0] != "anon" and not pieces[-1].startswith("link") and lines == []
    assert Reading(CANVAS).entry(name).key == "1234"


def test_canvas_anonymous(grades, made, tmp_path):
    made(["anon_aB3xK"])
    came = {"anon_aB3xK": CameAs("canvas", "anon_aB3xK", "", 56789)}
    listed, _ = names(grades, "canvas", came, tmp_path)
    assert listed == ["anon_aB3xK_56789_feedback-standin.html"]


@pytest.mark.parametrize("who", ["Jane Doe", "Пётр Ильич", "ONeil", "王小明", "Participant"])
def test_moodle_finds_the_participant(grades, made, tmp_path, who):
    made(["jane@x.edu"])
    came = {"jane@x.edu": CameAs("moodle", "4021", who)}
    (name,), _ = names(grades, "moodle", came, tmp_path)
    pieces = name.partition("/")[0].split("_")
    assert len(pieces) >= 4 and pieces[1:4] == ["4021", "assignfeedback", "file"]
    assert Reading(MOODLE).entry(name).file == "standin.html"


def test_whoever_did_not_come_from_there_is_told(grades, made, tmp_path):
    made(["a", "b", "c", "d"])
    came = {
        "a": CameAs("canvas", "1", "a", 2),
        "b": CameAs("canvas", "2", "b", 0),
        "c": CameAs("moodle", "3", "c"),
    }
    listed, lines = names(grades, "canvas", came, tmp_path)
    assert listed == ["a_1_2_feedback-standin.html"]
    assert [line.partition(":")[0] for line in lines] == ["b", "c", "d"]


def test_a_folder_for_each_student(grades, made, tmp_path):
    made(["jdoe", "a,b"])
    listed, _ = names(grades, "folder", {}, tmp_path)
    assert listed == ["a,b/standin.html", "jdoe/standin.html"]


def test_the_same_pages_are_the_same_zip(grades, made, tmp_path):
    made(["jdoe"])
    found = pages(grades.course, STANDIN, "folder")
    for name in "ab":
        write_zip(found, tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_a_page_that_is_a_link_is_none(grades, made, tmp_path):
    made(["jdoe"])
    page = grades.course.folder("feedback", "jdoe", STANDIN) / "standin.html"
    page.unlink()
    page.symlink_to("/etc/passwd")
    with pytest.raises(Problem, match="There is no feedback for standin"):
        pages(grades.course, STANDIN, "folder")


@pytest.mark.parametrize("text", ["", "[]", "{", '{"a": 1}', '{"a": {"system": "canvas"}}'])
def test_what_a_person_broke_in_our_own_file_stops_nobody(grades, made, tmp_path, text):
    made(["a"])
    path = grades.course.own_folder / "collected" / f"{STANDIN}.json"
    path.parent.mkdir(parents=True)
    path.write_text(text)
    assert len(pages(grades.course, STANDIN, "canvas").lines) == 1
    assert names(grades, "canvas", {"a": CameAs("canvas", "1", "a", 2)}, tmp_path)[1] == []
