"""A missing name that a cell above makes: which cell to run is said."""

import json

import pytest

from autograder.teaching import open_notebook
from autograder.teaching.cells_not_run import cell_to_run

SETUP = "from autograder import check\nfrom tensorflow import keras"
ANSWER = "\ndef build(size=3):\n    return keras.Input((size,))"
CHECK = 'from autograder import check\n\ncheck("x", build)'
CELLS = ["print(1)", SETUP, ANSWER, CHECK, "late = 1"]


def test_after_a_restart_it_begins_with_the_first_cell():
    found = cell_to_run("build", CHECK, CELLS, {"check"})
    assert found.says.startswith("`build` is made by the cell `def build(size=3):`, which has not")
    assert found.step.startswith("Run the first cell, and those above this one: Run ▸ ")


def test_where_the_first_cell_has_run_it_is_that_cell_alone():
    found = cell_to_run("build", CHECK, CELLS, {"check", "keras"})
    assert found.step == "Run that cell, then this one again."


def test_a_name_of_the_first_cell():
    found = cell_to_run("keras", "keras.Input((2,))", CELLS[1:], set())
    assert found.says.startswith("`keras` is made by the first cell, which has not run")


def test_what_another_cell_stands_above_is_not_called_the_first():
    found = cell_to_run("keras", "keras.Input((2,))", CELLS, set())
    assert found.says.startswith(f"`keras` is made by the cell `{SETUP.splitlines()[0]}`, which")
    assert found.step.startswith("Run the first cell, and those above this one: ")


def test_of_equal_cells_no_name_is_promised_that_only_one_of_them_has_above_it():
    cells = [SETUP, "explain(model)", "model = 1", "explain(model)"]
    assert cell_to_run("model", "explain(model)", cells, {"check"}) is None
    found = cell_to_run("keras", "explain(model)", cells, set())
    assert found.says.startswith("`keras` is made by the first cell")


def test_the_name_of_an_error_that_was_caught_is_gone_after_it():
    cells = [SETUP, "try:\n    1 / 0\nexcept ZeroDivisionError as error:\n    caught = error"]
    assert cell_to_run("error", "print(error)", cells, {"check"}) is None
    assert cell_to_run("caught", "print(caught)", cells, {"check"}) is not None


@pytest.mark.parametrize("name", ["bild", "late", "size"])
def test_of_a_name_that_no_cell_above_makes_nothing_is_said(name):
    assert cell_to_run(name, CHECK, CELLS, set()) is None


def test_of_a_name_that_is_known_nothing_is_said():
    """A module of the student's own that lacks an import raises the same error."""
    assert cell_to_run("keras", CHECK, CELLS, {"check", "keras"}) is None


def test_no_cells_no_word():
    assert cell_to_run("build", CHECK, [], set()) is None
    assert cell_to_run("x", "x", ["x = (", "%%bash\nx=1", "x"], set()) is None


def book(*sources):
    return json.dumps({"cells": [{"cell_type": "code", "source": each} for each in sources]})


def test_the_notebook_that_vs_code_tells(tmp_path):
    path = tmp_path / "a.ipynb"
    path.write_text(book(["a = 1\n", "b = 2"]))
    assert open_notebook.code_cells({"__vsc_ipynb_file__": str(path)}) == ["a = 1\nb = 2"]


def test_the_only_notebook_of_the_folder_and_none_of_two(tmp_path, monkeypatch):
    monkeypatch.setattr(open_notebook, "BEGAN_IN", tmp_path)
    assert open_notebook.code_cells({}) == []
    (tmp_path / "a.ipynb").write_text(book("a = 1"))
    assert open_notebook.code_cells({}) == ["a = 1"]
    (tmp_path / "b.ipynb").write_text(book("b = 1"))
    assert open_notebook.code_cells({}) == []


@pytest.mark.parametrize("text", ["", "[]", '{"cells": 3}', '{"cells": [{}]}', "\udc80"])
def test_a_damaged_notebook_is_none(text, tmp_path, monkeypatch):
    monkeypatch.setattr(open_notebook, "BEGAN_IN", tmp_path)
    (tmp_path / "a.ipynb").write_bytes(text.encode("utf-8", "surrogateescape"))
    assert open_notebook.code_cells({}) == []
