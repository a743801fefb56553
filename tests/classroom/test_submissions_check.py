import json
import os

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.grading.submissions.lenient_reading import notebook_from, text_of
from autograder.grading.submissions.readable import problem_with


@pytest.fixture
def submit(tmp_path):
    def write(content: bytes | str):
        path = tmp_path / "ch01.ipynb"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def test_a_proper_notebook_has_no_problem(submit, solution):
    assert problem_with(submit(nbformat.writes(solution))) is None


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "ch01.ipynb is empty."),
        (" \n", "ch01.ipynb is empty."),
        ("Dear teacher,\nhere it is", "not a notebook (it begins with 'Dear teacher,')"),
        ("x" * 99, "not a notebook (it begins with '" + "x" * 39 + "…')"),
        ("<html>", "not a notebook (it begins with '<html>')"),
        ("[" * 10**5, "not a notebook"),
        ("[1, 2]", "not a notebook"),
        ('{"a": 1}', "not a notebook"),
        (b"\x89PNG\r\n\x1a\n\xff", "not a notebook (it is not even text)"),
        (b"PK\x03\x04", "not a notebook (it is a zip archive)"),
        ('{"cells": 3, "nbformat": 4, "nbformat_minor": 5}', "damaged notebook"),
        ('{"cells": [{}], "nbformat": 4, "nbformat_minor": 5}', "damaged notebook"),
        ('{"cells": [], "nbformat": 99}', "damaged notebook"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_in_one_line(submit, content, says):
    problem = problem_with(submit(content))
    assert says in problem
    assert "saved from Jupyter as .ipynb" in problem
    assert "\n" not in problem


def test_a_notebook_without_any_answer_cell_is_named(submit, solution):
    problem = problem_with(
        submit(nbformat.writes(new_notebook(cells=[new_code_cell("1")]))), solution
    )
    assert "none of the assignment's answer cells" in problem
    assert "fresh copy" in problem


def test_answers_without_nbgraders_marks_are_no_problem(submit, solution):
    bare = new_notebook(cells=[new_code_cell("square = abs")])
    assert problem_with(submit(nbformat.writes(bare)), solution) is None


def test_a_notebook_released_without_answer_cells_needs_none(submit):
    unmarked = new_notebook(cells=[new_code_cell("1")])
    assert problem_with(submit(nbformat.writes(unmarked)), unmarked) is None


def test_a_link_or_a_pipe_is_named_and_not_followed(submit, solution, tmp_path):
    target = submit(nbformat.writes(solution))
    (tmp_path / "link.ipynb").symlink_to(target)
    assert "link.ipynb is a link, not a file" in problem_with(tmp_path / "link.ipynb")
    (tmp_path / "dangling.ipynb").symlink_to(tmp_path / "nowhere")
    assert "dangling.ipynb is a link" in problem_with(tmp_path / "dangling.ipynb")
    os.mkfifo(tmp_path / "pipe.ipynb")
    assert "pipe.ipynb is a link, not a file" in problem_with(tmp_path / "pipe.ipynb")


def test_a_file_that_is_far_too_large_is_not_even_read(tmp_path):
    with (tmp_path / "ch01.ipynb").open("wb") as file:
        file.truncate(1 << 40)
    assert "more than 120 MB" in problem_with(tmp_path / "ch01.ipynb")


def test_a_missing_file_and_a_folder_are_named(tmp_path):
    assert "cannot be read (No such file" in problem_with(tmp_path / "ch01.ipynb")
    (tmp_path / "ch02.ipynb").mkdir()
    assert "ch02.ipynb is a folder" in problem_with(tmp_path / "ch02.ipynb")


def test_what_jupyter_mends_by_itself_is_no_problem(submit, solution):
    for cell in solution.cells:
        cell["id"] = "same"
    assert problem_with(submit(json.dumps(solution))) is None


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("größe = 1".encode(), "größe = 1"),
        ("größe = 1".encode("cp1252"), "größe = 1"),
        ("größe = 1 ".encode() + b"\x94", "größe = 1 \ufffd"),  # one bad byte is not all of it
    ],
)
def test_letters_are_read_in_the_encoding_that_most_of_them_fit(data, text):
    assert text_of(data) == text


def test_halves_of_letters_are_replaced_wherever_they_are_kept():
    half = "caf\ud83d"
    cell = {"cell_type": "code", "source": "x", "id": half, "attachments": {half: {"a/b": half}}}
    cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": half}]
    cell["metadata"] = {"nbgrader": {"grade_id": half}}
    kept = notebook_from({"cells": [cell]})
    json.dumps(kept, ensure_ascii=False).encode()
    assert kept.cells[0].outputs[0].text == "caf?"
