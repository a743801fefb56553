"""Whose trouble a failing cell of ours is: the data flow that decides it, and what is told."""

from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from autograder.grading.clean_run.plan import CleanRun, Failure
from autograder.grading.notebooks.answer_cells import is_answer
from autograder.grading.notebooks.cells import Whose
from autograder.grading.notebooks.dataflow import names_of, unfed
from autograder.grading.notebooks.grafting import graft, mark_cells
from autograder.grading.preprocessors.own_cells import own_failures

COURSE = Path(__file__).parents[3]
CHAPTERS = sorted(COURSE.glob("course/*/*.ipynb"))

FED = {
    "reads it": ("#model = 1", "print(model)"),
    "reads what reads it": ("#model = 1", "ours = model", "print(ours)"),
    "calls a function that reads it": ("#size = 1", "def f():\n    return size", "f()"),
    "a name of ours that the answer binds anew": ("import keras", "#keras = 1", "keras.Input"),
    "binds something within": ("import keras", "#keras.Model = 1", "keras.Model()"),
    "binds something within a package": ("#import os\nos.getcwd = 1", "from os import getcwd"),
    "a builtin of that name": ("#sum = 0", "print(sum([1]))"),
    "global in a function": ("#def f():\n    global size\n    size = 1", "print(size)"),
    "deletes it": ("x = 1", "#del x", "print(x)"),
    "a loop's name": ("#for row in []: pass", "print(row)"),
    "a star": ("#from os import *", "print(1)"),
    "exec": ("#exec('x = 1')", "print(1)"),
    "globals": ("#globals()['x'] = 1", "print(1)"),
    "a magic": ("#%run other.py", "print(1)"),
    "a shell": ("#!rm data.csv", "print(1)"),
    "another folder": ("#import os\nos.chdir('/')", "open('data.csv')"),
    "no Python": ("#def f(:", "print(1)"),
    "a magic of ours, after it": ("#x = 1", "%who"),
    "a name that nobody of ours binds": ("#y = 1", "print(x)"),
    "an answer that binds another name than it should": ("#renamed = 1", "print(answer)"),
}
UNFED = {
    "nothing of it": ("#model = 1", "import os\nprint(os.getcwd())"),
    "binds it first": ("#x = 1", "x = 2\nprint(x)"),
    "bound by us again before": ("#x = 1", "x = 2", "print(x)"),
    "a local name": ("#def f(x):\n    y = x\n    return [z for z in y]", "x = y = z = 1\nprint(x)"),
    "a name within our function": ("#x = 1", "def f():\n    x = 2\n    return x", "f()"),
    "an attribute of that name": ("#path = 1", "import os\nos.path"),
    "a keyword of that name": ("#units = 1", "dict(units=2)"),
    "an import of ours": ("#x = 1", "import a_missing_package as gone\ngone.f()"),
}


def cells_of(*sources):
    return [new_code_cell(source) for source in sources]


def is_fed(*sources):
    """Whether a student's code feeds the last cell; theirs is the one that begins with `#`."""
    cells = cells_of(*sources)
    (theirs,) = [n for n, cell in enumerate(cells) if cell.source.startswith("#")]
    cells[theirs].source = cells[theirs].source.removeprefix("#")
    return len(cells) - 1 not in unfed(cells, {theirs}, {})


@pytest.mark.parametrize("sources", FED.values(), ids=FED)
def test_what_a_students_code_feeds(sources):
    assert is_fed(*sources)


@pytest.mark.parametrize("sources", UNFED.values(), ids=UNFED)
def test_what_it_does_not_feed(sources):
    assert not is_fed(*sources)


def test_what_the_stub_bound_is_the_students_to_bind():
    cells = cells_of("reading = None", "# deleted", "print(reading.upper())")
    assert unfed(cells, {1}, {1: "reading = ..."}) == [0]
    assert unfed(cells, {1}, {}) == [0, 2]


def test_names_are_read_from_what_no_python_is():
    assert names_of("%matplotlib inline\nimport keras").is_opaque
    assert names_of("await f()").read == {"f"}


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_in_our_chapters_answers_feed_the_checks_and_nothing_feeds_the_set_up(path):
    cells = nbformat.read(path, as_version=4).cells
    free = unfed(cells, {n for n, cell in enumerate(cells) if is_answer(cell)}, {})
    ids = {
        cell.metadata.get("nbgrader", {}).get("grade_id")
        for n, cell in enumerate(cells)
        if n in free
    }
    marked = {name for name in ids if name}
    assert f"{path.stem[:4]}_setup" in marked
    assert all(name.endswith("_setup") for name in marked)
    assert len(free) > 3


def released():
    def cell(source, name, **marks):
        made = new_code_cell(source, metadata={"nbgrader": {"grade_id": name, **marks}})
        made["id"] = name
        return made

    return new_notebook(
        cells=[
            cell("import numpy", "setup", locked=True),
            cell("answer = ...", "answer", solution=True),
            cell("assert answer", "test", grade=True, locked=True),
            cell("numpy.zeros(answer)", "use", locked=True),
            cell("numpy.zeros(3)", "show", locked=True),
        ]
    )


def with_errors(notebook, *ids, name="ValueError", value="no\nsuch \x1b[31mfile"):
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") in ids:
            cell.outputs = [new_output("error", ename=name, evalue=value, traceback=[])]
    return notebook


def told(notebook):
    return [str(found) for found in own_failures(notebook, released())]


def test_a_cell_that_nothing_feeds_is_told_with_its_error():
    notebook = with_errors(released(), "setup", "answer", "test", "use", "show")
    assert told(notebook) == [
        "the cell setup failed with ValueError: no such file",
        "the cell show failed with ValueError: no such file",
    ]


def test_cells_that_failed_for_the_students_code_are_theirs():
    assert told(with_errors(released(), "answer", "test", "use")) == []


def test_extra_cells_are_students_code():
    submitted = released()
    submitted.cells.insert(1, new_code_cell("import numpy\nnumpy.zeros = None"))
    grafted = graft(released(), submitted)
    mark_cells(released(), grafted)
    notebook = grafted.notebook
    assert told(with_errors(notebook, "show")) == []
    assert told(with_errors(notebook, "setup")) == [
        "the cell setup failed with ValueError: no such file"
    ]


def test_a_cell_can_be_marked_as_one_that_answers_feed():
    notebook = with_errors(released(), "show")
    notebook.cells[-1].metadata["tags"] = ["rests-on-answers"]
    assert told(notebook) == []


def test_cells_that_never_ran_and_cells_that_are_meant_to_fail_are_not_told():
    notebook = with_errors(released(), "show", name="Stopped")
    notebook.cells[0].metadata["tags"] = ["raises-exception"]
    assert told(with_errors(notebook, "setup")) == []


def test_where_scores_rest_on_the_clean_run_its_failures_count():
    failed = [
        Failure("setup", Whose.OURS, "ImportError", "ImportError: no numpy"),
        Failure("use", Whose.OURS, "TypeError", "TypeError: it is fed"),
    ]
    notebook = with_errors(released(), "show")
    (found,) = own_failures(notebook, released(), CleanRun(failures=failed))
    assert str(found) == "the cell setup failed with ImportError: no numpy"
    assert list(own_failures(notebook, released(), CleanRun())) == []
