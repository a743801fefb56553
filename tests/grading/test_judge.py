"""Evidence that no check would record: it is worth nothing, and stops nobody."""

import copy
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_output

from autograder.grading.judge import Found, judged_outputs, suspicions
from autograder.judging.evidence import MIME_TYPE, Case, Evidence, Kind
from autograder.judging.references import read_references

FOLDER = Path(__file__).parents[2] / "solutions" / "ch01_sequential_to_functional"
EXERCISE = "ch01_ex2"
VISIBLE = read_references(FOLDER / "references.json")[EXERCISE]


@pytest.fixture
def right():
    """What the solution's check records, as JSON."""
    cases = [Case(Kind.MODEL, case.graph, case.arguments) for case in VISIBLE.cases]
    return Evidence(EXERCISE, tuple(cases)).to_json()


def executed(*evidence, error=False):
    cell = new_code_cell("check()", metadata={"nbgrader": {"grade_id": "x_check", "points": 4}})
    for data in evidence:
        output = new_output("display_data", {"text/plain": "passed"})
        output.data[MIME_TYPE] = data
        cell.outputs.append(output)
    if error:
        cell.outputs.append(new_output("error", ename="CheckFailed", evalue="no", traceback=[]))
    return cell


def judged(cell):
    found = Found.of(cell, VISIBLE, None)
    report, score = judged_outputs(cell, found)
    return float(score.data["text/plain"]), list(suspicions(cell, found)), report


def test_the_right_evidence_has_all_points_and_no_suspicion(right):
    assert judged(executed(right))[:2] == (4.0, [])


def test_a_check_that_fails_is_no_suspicion():
    assert judged(executed(error=True))[:2] == (0.0, [])


def test_a_check_that_recorded_nothing_is_one():
    score, lines, _ = judged(executed())
    assert (score, lines) == (0.0, ["x_check ended without an error, but recorded no answer."])


def test_of_several_answers_the_first_counts(right):
    wrong = copy.deepcopy(right)
    wrong["cases"] = wrong["cases"][:0]
    score, lines, _ = judged(executed(wrong, right))
    assert score == 0
    assert "x_check recorded 2 answers; the first one counts." in lines


def _with_call(right, **changes):
    """The evidence with other data in all of its calls but the inputs'."""
    forged = copy.deepcopy(right)
    for case in forged["cases"]:
        for call in case["answer"]["calls"]:
            if call["op"] != "Input" or "config" in changes:
                call.update(changes)
    return forged


@pytest.mark.parametrize(
    "changes",
    [
        {"shape": [None, float("inf")]},
        {"weights": float("inf")},
        {"config": {}},
        {"config": {"units": "x", "activation": {}, "shape": {}}},
        {"config": {"units": [[]], "axis": "x", "rate": {}}},
        {"op": ""},
        {"op": "{0}", "name": "{nothing}"},
        {"inputs": [[99, 0]]},
        {"built_on": [[{}]]},
    ],
    ids=str,
)
def test_data_that_no_layer_has_is_worth_nothing_and_raises_nothing(right, changes):
    score, _, report = judged(executed(_with_call(right, **changes)))
    assert score == 0
    assert report.data["text/plain"] and report.data["text/html"]


def test_text_from_the_evidence_is_text_on_the_page(right):
    mark = "<script>alert(1)</script>"
    _, _, report = judged(executed(_with_call(right, name=mark, op=mark)))
    assert mark not in report.data["text/html"]
