"""A student's progress, read from notebooks as they were saved."""

import shutil
from pathlib import Path

import nbformat
import pytest

import autograder
from autograder.__main__ import main
from autograder.checking import desk_record
from autograder.checking.desk_record import Result
from autograder.grading.notebooks.own_progress import Exercise, read_chapter
from autograder.judging.verdict import Status

COURSE = Path(__file__).parents[3]
CHAPTER = "ch01_sequential_to_functional"


@pytest.fixture
def book(tmp_path):
    """A chapter in a student's folder, as released."""
    folder = shutil.copytree(COURSE / "course" / CHAPTER, tmp_path / CHAPTER)
    return folder / f"{CHAPTER}.ipynb"


def with_outputs_of_the_solution(book, exercises):
    """The notebook as saved after checks of these exercises passed."""
    notebook = nbformat.read(book, as_version=4)
    solution = nbformat.read(COURSE / "solutions" / CHAPTER / f"{CHAPTER}.ipynb", as_version=4)
    outputs = {c.id: c.outputs for c in solution.cells if c.cell_type == "code"}
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "").removesuffix("_check")
        if name in exercises:
            cell.outputs = outputs[cell.id]
    nbformat.write(notebook, book)


def test_as_released_nothing_is_attempted(book):
    statuses = {exercise.status for exercise in read_chapter(book).exercises}
    assert statuses == {Status.NOT_ATTEMPTED}


def test_passed_checks_are_counted(book, capsys):
    with_outputs_of_the_solution(book, {"ch01_ex1", "ch01_ex2"})
    chapter = read_chapter(book)
    assert (chapter.points, chapter.most) == (5, 17)
    assert main(["progress", str(book.parents[1])]) == 0
    out = capsys.readouterr().out
    assert "✓✓·····" in out and "5 of 17 points" in out and "next: 1.3" in out and "_ex" not in out


def test_an_exercise_goes_by_the_number_that_the_text_has():
    numbers = [Exercise(n, 1, Status.WRONG).number for n in ("ch06_ex1", "ch06_ex2_reused", "x")]
    assert numbers == ["6.1", "6.2", "x"]


def test_evidence_counts_not_what_is_printed(book):
    notebook = nbformat.read(book, as_version=4)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade"):
            text = {"text/plain": "✓ passed", "text/html": "✓"}
            cell.outputs = [nbformat.v4.new_output("display_data", text)]
    nbformat.write(notebook, book)
    assert read_chapter(book).points == 0


@pytest.mark.parametrize("content", ["", "no notebook", "{}", '{"cells": 3}'])
def test_a_broken_notebook_is_one_line(book, content, capsys):
    book.write_text(content)
    assert main(["progress", str(book.parents[1])]) == 0
    assert "cannot be read as a notebook" in capsys.readouterr().out


def test_a_folder_without_chapters_is_named(tmp_path, capsys):
    assert main(["progress", str(tmp_path)]) == 1
    assert "There are no chapters in" in capsys.readouterr().err


def test_what_checks_said_since_the_notebook_was_saved_counts(book, tmp_path, monkeypatch, capsys):
    file = tmp_path / "results.jsonl"
    monkeypatch.setenv(desk_record.SWITCH, str(file))
    with_outputs_of_the_solution(book, {"ch01_ex1", "ch01_ex2"})
    saved = book.stat().st_mtime
    desk_record.record(Result("ch01_ex1", Status.WRONG, saved - 9))  # the notebook knows better
    desk_record.record(Result("ch01_ex2", Status.WRONG, saved + 9))
    desk_record.record(Result("ch01_ex3", Status.PASSED, saved - 9))  # its output was cleared
    monkeypatch.chdir(book.parent)
    autograder.progress()
    out = capsys.readouterr().out
    assert "✓✗✓····" in out and "5 of 17 points" in out and "next: 1.2" in out
    assert str(file) in out
    file.write_text("nothing of ours")
    autograder.progress()
    assert f"1 line of {file} cannot be read" in capsys.readouterr().out


def test_in_a_notebook_without_chapters_a_line_says_so(tmp_path, monkeypatch, capsys):
    (tmp_path / "elsewhere" / "deep").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "elsewhere" / "deep")
    autograder.progress()
    assert "There are no chapters in" in capsys.readouterr().out
