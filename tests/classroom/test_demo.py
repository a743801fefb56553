import csv
import subprocess
import sys

import pytest

from autograder.__main__ import main
from autograder.grading.engine.grades import Score
from autograder.grading.playing import play


def autograder(*arguments, folder):
    return subprocess.run(
        [sys.executable, "-m", "autograder", *arguments],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
    )


@pytest.fixture(scope="module")
def played(course):
    return autograder("demo", folder=course)


@pytest.mark.slow
class TestPlayed:
    def test_it_ends_well(self, played):
        assert (played.returncode, played.stderr) == (0, "")

    def test_the_table_shows_what_everybody_deserves(self, played):
        rows = {line.split()[0]: line.split()[-2:] for line in played.stdout.splitlines() if line}
        assert rows["ada"] == ["5", "5"]
        assert rows["ben"] == ["0", "5"]
        assert rows["cleo"] == ["2", "5"]

    def test_everybody_has_a_feedback_page_and_it_is_named(self, played, course):
        for student in play.CLASS:
            page = f"demo/classroom/feedback/{student.name}/standin/standin.html"
            assert page in played.stdout
            assert (course / page).stat().st_size > 0

    def test_nbgraders_export_agrees(self, played, course):
        with (course / "demo/classroom/grades.csv").open() as grades:
            exported = {row["student_id"]: float(row["score"]) for row in csv.DictReader(grades)}
        assert exported["ada"] == 5
        assert exported["ben"] == 0
        assert exported["cleo"] == 2

    def test_the_course_itself_is_untouched(self, played, course):
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


def test_wrong_marks_and_missing_pages_are_reported(tmp_path):
    scores = [Score(student.name, "ch01", 1, 5) for student in play.CLASS[:-1]]
    pages = [
        tmp_path / student.name / "ch01" / "ch01.html"
        for student in play.CLASS
        if student.name != "cleo"
    ]
    assert list(play.what_is_wrong(["ch01"], scores, pages)) == [
        "WRONG: ada (everything right) got 1 of 5 for ch01.",
        "WRONG: ben (nothing done) got 1 of 5 for ch01.",
        "WRONG: cleo has no feedback page for ch01.",
        "WRONG: dan has no score for ch01.",
    ]
