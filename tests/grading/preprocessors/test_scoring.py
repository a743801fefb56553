"""Evidence that no check would record: it is worth nothing, and stops nobody."""

import copy
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output
from nbgrader.utils import determine_grade

from autograder.by_value.asking import REFUSED
from autograder.grading.preprocessors.cards import CARDS, Cards
from autograder.grading.preprocessors.judging_process import judging_process
from autograder.grading.preprocessors.scoring import judged, judged_outputs, remarks_on
from autograder.judging.answer_kinds import ModelAnswer
from autograder.judging.evidence import MIME_TYPE, Case, Evidence
from autograder.judging.references import read_references
from autograder.judging.reports import number_text

JUDGING = judging_process(10, 2_000_000_000, REFUSED)
FOLDER = Path(__file__).parents[3] / "solutions" / "ch01_sequential_to_functional"
EXERCISE = "ch01_ex2"
VISIBLE = read_references(FOLDER / "references.json")[EXERCISE]


@pytest.fixture
def right():
    """What the solution's check records, as JSON."""
    cases = [Case(ModelAnswer(case.graph), case.arguments) for case in VISIBLE.cases]
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


def scored(cell):
    found = judged(cell, VISIBLE, None, JUDGING)
    [output] = judged_outputs(found.card)
    return float(output.data["text/plain"]), list(remarks_on(cell, found)), output


def test_the_right_evidence_has_all_points_and_nothing_to_remark(right):
    assert scored(executed(right))[:2] == (4.0, [])


def test_a_check_that_fails_is_nothing_to_remark():
    assert scored(executed(error=True))[:2] == (0.0, [])


def test_a_check_that_recorded_nothing_is_one():
    score, lines, _ = scored(executed())
    assert (score, lines) == (0.0, ["x_check ended without an error, but recorded no answer."])


def test_of_several_answers_the_first_counts(right):
    wrong = copy.deepcopy(right)
    wrong["cases"] = wrong["cases"][:0]
    score, lines, _ = scored(executed(wrong, right))
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
    score, _, report = scored(executed(_with_call(right, **changes)))
    assert score == 0
    assert report.data["text/plain"] and report.data["text/html"]


def test_text_from_the_evidence_is_text_on_the_page(right):
    mark = "<script>alert(1)</script>"
    _, _, report = scored(executed(_with_call(right, name=mark, op=mark)))
    assert mark not in report.data["text/html"]


HIDDEN = read_references(FOLDER / "hidden_references.json")["ch01_ex3"]
SEEN = read_references(FOLDER / "references.json")["ch01_ex3"]


def _evidence(reference, hidden=False, like=None):
    """What a check records that answers with the reference's graphs, or always with one graph."""
    cases = [
        Case(ModelAnswer(like if like is not None else case.graph), case.arguments)
        for case in reference.cases
    ]
    return Evidence(reference.exercise, tuple(cases), hidden).to_json()


def _card(*evidence, points=3):
    cell = executed(*evidence)
    cell.metadata.nbgrader.points = points
    found = judged(cell, SEEN, HIDDEN, JUDGING)
    [output] = judged_outputs(found.card)
    return found.card, output


def test_a_card_is_green_only_where_all_cases_passed():
    found, output = _card(_evidence(SEEN), _evidence(HIDDEN, hidden=True))
    assert found.score == 3
    assert found.text.startswith("✓ ch01_ex3: passed, 3 of 3 points\n")
    assert "#2e7d32" in output.data["text/html"]


def test_a_right_check_with_wrong_hidden_cases_is_one_card_that_says_partly():
    same = SEEN.cases[0].graph
    found, output = _card(_evidence(SEEN), _evidence(HIDDEN, hidden=True, like=same))
    seen, count = len(SEEN.cases), len(HIDDEN.cases)
    score = round(3 * seen / (seen + count), 2)
    assert found.score == score
    assert found.text.split("\n")[:3] == [
        f"◐ ch01_ex3: partly right, {score:g} of 3 points",
        f"  Visible check: {seen} of {seen} cases passed.",
        f"  With other sizes: 0 of {count} cases passed. "
        "Is a number written out where one of the function's arguments belongs?",
    ]
    html = output.data["text/html"]
    assert "#2e7d32" not in html and "✓" not in html
    assert html.count("role='status'") == 1 and html.endswith("</div>")


def test_nbgrader_reads_the_score_of_the_one_output_and_people_see_the_card():
    same = SEEN.cases[0].graph
    found, _ = _card(_evidence(SEEN), _evidence(HIDDEN, hidden=True, like=same))
    cell = executed()
    cell.metadata.nbgrader |= {"grade": True, "solution": False, "locked": True, "points": 3}
    cell.outputs = judged_outputs(found)
    assert determine_grade(cell) == (found.score, 3)
    notebook = new_notebook(cells=[cell])
    resources = {CARDS: {"x_check": found.text}}
    Cards().preprocess(notebook, resources)
    [output] = cell.outputs
    assert output.output_type == "display_data"
    assert output.data["text/plain"] == found.text
    assert "partly right" in output.data["text/html"]


@pytest.mark.parametrize(("value", "text"), [(2.0, "2"), (1.5, "1.5"), (2 / 3, "0.67")])
def test_points_are_written_as_people_write_them(value, text):
    assert number_text(value) == text
