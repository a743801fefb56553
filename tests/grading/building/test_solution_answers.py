"""A solution that its own check refuses ends the build with what the check says."""

import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output
from tensorflow import keras

from autograder.checking import BRIEF_MIME_TYPE, DEMANDS_MIME_TYPE, evidence_of
from autograder.grading.building.solution_answers import recorded_references
from autograder.judging.briefs import Brief
from autograder.judging.evidence import MIME_TYPE
from autograder.problem import Problem


def ran(model, **noted):
    """A solution's notebook with this answer and what its author noted of the exercise."""
    data = {MIME_TYPE: evidence_of("ch09_ex1", model, (), hidden=False).to_json(), **noted}
    outputs = [new_output("display_data", data={kind: said}) for kind, said in data.items()]
    return new_notebook(cells=[new_code_cell("check(…)", outputs=outputs)])


BRIEF = Brief(inputs={"x": (3,)}, outputs={"y": (2,)}, least_parameters=100)


def sequential():
    return keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])


def test_one_that_is_right_is_recorded():
    (reference,) = recorded_references(ran(sequential()), hidden=False)
    assert reference.exercise == "ch09_ex1"


@pytest.mark.parametrize(
    ("kind", "noted", "said"),
    [
        (DEMANDS_MIME_TYPE, {"demands": ["functional"]}, "a list once more: a Sequential"),
        (BRIEF_MIME_TYPE, {"brief": BRIEF.to_json()}, "parameters"),
    ],
)
def test_what_its_own_check_refuses_is_told_in_one_line(kind, noted, said):
    notebook = ran(sequential(), **{kind: {"exercise": "ch09_ex1", **noted}})
    with pytest.raises(Problem) as told:
        recorded_references(notebook, hidden=False)
    line = str(told.value)
    assert line.startswith("The solution of ch09_ex1 does not pass its own check: ")
    assert said in line and "\n" not in line
