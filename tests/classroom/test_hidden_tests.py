"""Hidden tests without a reference, such as plain asserts: they count, and nobody sees them."""

import json

import nbformat
import pytest
from classroom.standin import room_in
from nbformat.v4 import new_code_cell

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("zygote")]

NAME = "standin.ipynb"
SPY = "print(In[-4:], In, _ih)\nseen"


@pytest.fixture(scope="module")
def graded(zygote, released, tmp_path_factory):
    room = room_in(released, tmp_path_factory.mktemp("room") / "class")
    blank = room.released("standin")[NAME]
    answers = {
        "right": "def double(x):\n    return 2 * x",
        "right_but_gone": "%cd /\ndef double(x):\n    return 2 * x",
        "one_case": "def double(x):\n    return 4",
        "spy": "seen = []\ndef double(x):\n    seen.append(x)\n    print(x)\n    return 4",
        "ends": "import os\ndef double(x):\n    return 4 if x == 2 else os._exit(0)",
    }
    for student, source in answers.items():
        notebook = nbformat.from_dict(json.loads(nbformat.writes(blank)))
        for cell in notebook.cells:
            if cell.metadata.get("nbgrader", {}).get("grade_id") == "ex1_answer":
                cell.source = source
        notebook.cells.append(new_code_cell(SPY))
        room.submit(student, "standin", {NAME: notebook})
    room.autograde("standin")
    return room


def outputs(room, student):
    folder = room.root / "classroom" / "autograded" / student / "standin"
    cells = nbformat.read(folder / NAME, as_version=4).cells
    return json.dumps([cell.get("outputs", []) for cell in cells])


@pytest.mark.parametrize(
    ("student", "points"),
    [("right", 2), ("right_but_gone", 2), ("one_case", 0), ("spy", 0), ("ends", 0)],
)
def test_they_count(graded, student, points):
    assert graded.cell_scores(student, "standin")["ex1_check"] == points


@pytest.mark.parametrize("student", ["right", "one_case", "spy", "ends"])
def test_nothing_shows_them(graded, student):
    shown = outputs(graded, student)
    assert "double(5)" not in shown and "HIDDEN" not in shown
    assert student == "right" or "A hidden test failed." in shown


def test_what_is_written_has_them(graded):
    folder = graded.root / "classroom" / "autograded" / "right" / "standin"
    assert "assert double(5) == 10" in (folder / NAME).read_text()
