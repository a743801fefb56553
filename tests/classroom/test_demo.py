import csv
import os
import subprocess
import sys
import zipfile

import pytest

from autograder.__main__ import main
from autograder.grading.engine.grades import Score
from autograder.grading.playing import play
from autograder.grading.playing.students import CLASS
from autograder.grading.processes.nbgrader_command import Run
from autograder.problem import Problem


def autograder(*arguments, folder):
    return subprocess.run(
        [sys.executable, "-m", "autograder", *arguments],
        cwd=folder,
        env={**os.environ, "DISPLAY": ":none"},
        capture_output=True,
        encoding="utf-8",
    )


@pytest.fixture(scope="module")
def played(zygote, course):
    return autograder("demo", folder=course)


@pytest.fixture(scope="module")
def demo(played, course):
    """The folder that it was played in."""
    return course / "demo"


def filled(demo):
    with (demo / "canvas" / "gradebook.filled.csv").open(encoding="utf-8-sig") as table:
        return {row["Student"].strip(): row for row in csv.DictReader(table)}


@pytest.mark.slow
class TestPlayed:
    def test_it_ends_well(self, played):
        assert (played.returncode, played.stderr) == (0, "")

    def test_the_table_shows_what_everybody_deserves(self, played):
        rows = {
            line.split(",")[0]: line.split()[-2:] for line in played.stdout.splitlines() if line
        }
        assert rows["Ahmed"] == rows["O'Dell"] == ["5", "5"]
        assert rows["Brandt"] == rows["Ito"] == rows["Jäger"] == ["0", "5"]
        assert rows["Lind"] == ["–", "–"]
        assert rows["Costa"] == rows["El_Amin"] == rows["王"] == rows["Kovač"] == ["2", "5"]

    def test_what_did_not_fit_is_told(self, played):
        said = played.stdout
        for line in (
            "5011: not on the roster.",
            "5006: 'standin-1.ipynb' was taken as standin.ipynb.",
            "5009: there is no standin.ipynb, but 'standin.py'.",
            "Nothing came of: 5012.",
            "With a mark, not in the table: 5011.",
            "'json.py' has the name of a Python module",
        ):
            assert line in said
        assert [line.split()[-2:] for line in said.splitlines() if " graygwen " in line] == [
            ["late", "collected"]
        ]

    def test_the_sheet_that_goes_back_has_the_marks_and_nothing_else(self, demo):
        before = (demo / "canvas" / "gradebook.csv").read_text(encoding="utf-8-sig").splitlines()
        rows = filled(demo)
        assert len(before) == 1 + len(rows) == 14
        assert {name: row["standin (4711)"] for name, row in rows.items()} == {
            "Points Possible": "5",
            "Ahmed, Ada": "5",
            "Brandt, Ben": "0",
            "Costa, Cleo": "2",
            "O'Dell, Dan": "5",
            "El_Amin, Eva": "2",
            "Fischer, Farid": "2",
            "Gray, Gwen": "2",
            "王, 小明": "2",
            "Ito, Ines": "0",
            "Jäger, Jon": "0",
            "Lind, Lea": "",
            "Student, Test": "",
        }

    def test_the_zip_that_goes_back_has_a_page_for_everybody_who_handed_in(self, demo):
        with zipfile.ZipFile(demo / "canvas" / "standin-feedback.zip") as zipped:
            names = zipped.namelist()
            assert all(zipped.read(name) for name in names)
        handed_in = {student.id for student in CLASS if student.hands_in}
        assert len(names) == 11
        assert all(any(f"_{number}_" in name for name in names) for number in handed_in)

    def test_the_report_is_about_this_class_and_its_path_comes_last(self, played, demo):
        page = (demo / "classroom" / "report.html").read_text(encoding="utf-8")
        assert "11 of 12 students graded" in page and "Farid Fischer" in page
        assert played.stdout.splitlines()[-1].endswith(
            os.path.join("demo", "classroom", "report.html")
        )

    def test_the_course_itself_is_untouched(self, demo, course):
        left = {path.name for path in course.iterdir()}
        assert left == {"demo", "nbgrader_config.py", "solutions"}


def test_an_unknown_assignment_is_named(course, capsys):
    assert main(["demo", "--course", str(course), "--assignment", "ch99"]) == 1
    assert "no assignment 'ch99'; there are: standin" in capsys.readouterr().err


def test_a_folder_without_a_course_is_named(tmp_path, capsys):
    assert main(["demo", "--course", str(tmp_path)]) == 1
    assert "there is no nbgrader_config.py" in capsys.readouterr().err


def test_a_folder_that_no_demo_made_is_never_removed(course, tmp_path, capsys):
    (tmp_path / "thesis.txt").write_text("years of work")
    assert main(["demo", "--course", str(course), "--into", str(tmp_path)]) == 1
    assert "no demo made it" in capsys.readouterr().err
    assert (tmp_path / "thesis.txt").exists()


@pytest.mark.slow
def test_when_nbgrader_fails_its_last_words_and_the_log_are_shown(course, tmp_path, capsys):
    broken = tmp_path / "course"
    (broken / "solutions" / "standin").mkdir(parents=True)
    (broken / "nbgrader_config.py").write_text((course / "nbgrader_config.py").read_text())
    (broken / "solutions" / "standin" / "standin.ipynb").write_text("not a notebook")
    assert main(["demo", "--course", str(broken), "--into", str(tmp_path / "demo")]) == 1
    said = capsys.readouterr().err
    assert "`nbgrader generate_assignment standin` failed" in said
    assert str(tmp_path / "demo" / "log.txt") in said
    assert "File " not in said


def outcome(**changed):
    """What is right for everybody, but for what is said to be otherwise."""
    points = {"full_marks": 5, "no_marks": 0, "part_marks": 2}
    handed_in = [student for student in CLASS if student.hands_in]
    scores = {
        student.id: Score(student.id, "ch01", points[student.deserves.__name__], 5)
        for student in handed_in
    }
    right = {
        "scores": scores,
        "marks": {
            student.id: f"{scores[student.id].score:g}" if student in handed_in else ""
            for student in CLASS
            if student.is_enrolled
        },
        "pages": [f"x_{student.number}_9_feedback-ch01.html" for student in handed_in],
    }
    return play.Outcome("ch01", **(right | changed))


def test_what_everybody_deserves_is_right():
    assert list(play.what_is_wrong(outcome())) == []


def test_a_wrong_mark_is_reported_in_the_gradebook_and_in_the_table():
    wrong = outcome(scores=outcome().scores | {"5001": Score("5001", "ch01", 1, 5)})
    assert list(play.what_is_wrong(wrong)) == [
        "WRONG: Ada (everything right) got 1 of 5 for ch01.",
        "WRONG: Ada (everything right) has '5' in Canvas' table for ch01, and not '1'.",
    ]


def test_a_missing_score_and_a_missing_page_are_reported():
    scores = {student: score for student, score in outcome().scores.items() if student != "5011"}
    lines = list(play.what_is_wrong(outcome(scores=scores, pages=outcome().pages[:-1])))
    assert lines == [
        "WRONG: Kim (not on the roster) has no score for ch01.",
        "WRONG: Kim (not on the roster) has no feedback page for ch01.",
    ]


def test_a_mark_for_who_handed_in_nothing_is_reported():
    scores = outcome().scores | {"5012": Score("5012", "ch01", 0, 5)}
    marks = outcome().marks | {"5012": "0"}
    assert list(play.what_is_wrong(outcome(scores=scores, marks=marks))) == [
        "WRONG: Lea (nothing at all) has a score for ch01."
    ]
    assert list(play.what_is_wrong(outcome(marks=marks))) == [
        "WRONG: Lea (nothing at all) has '0' in Canvas' table for ch01, and not ''."
    ]


class Room:
    """A classroom in which a command of ours ends as is said, and makes a file or does not."""

    def __init__(self, root, has_failed, makes):
        self.root, self.has_failed, self.makes = root, has_failed, makes

    def autograder(self, *arguments):
        for name in self.makes:
            (self.root / "canvas").mkdir()
            (self.root / "canvas" / name).write_text("made")
        return Run("first words\nlast words", self.has_failed)

    def failure(self, arguments, done):
        return Problem(f"{arguments[0]}: {done.last_words[-1]}")


def test_the_play_ends_where_the_roster_is_not_entered(tmp_path):
    with pytest.raises(Problem, match="roster: last words"):
        play.Play(Room(tmp_path, has_failed=True, makes=()), ()).take_in()


def test_the_play_ends_where_a_command_made_nothing_whatever_its_exit_code(tmp_path):
    for has_failed in (True, False):
        with pytest.raises(Problem, match="export: last words"):
            play.Play(Room(tmp_path, has_failed, makes=()), ()).give_back()


def test_the_play_goes_on_where_a_command_says_that_something_did_not_fit(tmp_path, capsys):
    room = Room(tmp_path, has_failed=True, makes=["gradebook.filled.csv"])
    play.Play(room, ())._run("export", makes=tmp_path / "canvas" / "gradebook.filled.csv")
    assert "last words" in capsys.readouterr().out
