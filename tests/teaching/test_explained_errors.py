"""Under Keras' errors in a real kernel stands one line of ours, and one line turns it off."""

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

FIRST = "from autograder import check\nfrom tensorflow import keras\nlayers = keras.layers"
WRONG = "x = keras.Input((8,))\nlayers.LSTM(4)(x)"
CELLS = [
    FIRST,
    WRONG,
    "1 / 0",
    "def build(tensor):\n    return layers.Dense(3)(layers.Flatten)",
    "\nbuild(None)",
    "%explain_errors off",
    WRONG,
    "%explain_errors on",
    WRONG,
    "from autograder import explain, draw\nlayers.LSTM(4)(x)",
]


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    """What each cell shows."""
    notebook = new_notebook(cells=[new_code_cell(source) for source in CELLS])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "", "language": "python"}
    folder = tmp_path_factory.mktemp("notebook")
    NotebookClient(
        notebook, allow_errors=True, timeout=300, resources={"metadata": {"path": str(folder)}}
    ).execute()
    nbformat.validate(notebook)
    return [cell.outputs for cell in notebook.cells]


def kinds(cell):
    return [output.output_type for output in cell]


def test_it_stands_under_keras_own_message(outputs):
    assert kinds(outputs[1]) == ["error", "display_data"]
    shown = outputs[1][1].data
    assert shown["text/plain"].startswith("Line 2, `layers.LSTM(4)(x)`: Layer lstm reads")
    assert "It gets (None, 8)." in shown["text/html"]
    assert "<b>Try:</b>" in shown["text/html"]


def test_of_other_errors_nothing_is_said(outputs):
    assert kinds(outputs[2]) == ["error"]


def test_of_a_function_its_own_line_is_told(outputs):
    assert kinds(outputs[3]) == []
    text = outputs[4][1].data["text/plain"]
    assert text.startswith("Line 2, `return layers.Dense(3)(layers.Flatten)`: ")


def test_one_line_turns_it_off_and_on(outputs):
    assert kinds(outputs[5]) == kinds(outputs[7]) == []
    assert kinds(outputs[6]) == ["error"]
    assert kinds(outputs[8]) == ["error", "display_data"]


def test_it_is_said_once_however_often_the_course_is_imported(outputs):
    assert kinds(outputs[9]) == ["error", "display_data"]
