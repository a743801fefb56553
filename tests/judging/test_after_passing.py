"""What is told after passing: every right answer opens it, and nothing else does."""

import base64
import json
from dataclasses import replace

import pytest

from autograder.graphs import Graph
from autograder.judging.after_passing import AfterPassing, opened, sealed
from autograder.judging.answer_kinds import (
    ChoiceAnswer,
    ModelAnswer,
    NoAnswer,
    NumberAnswer,
    Reason,
    ShapeAnswer,
)
from autograder.judging.evidence import Case, Evidence
from autograder.judging.judge import judge
from autograder.judging.judgement import JudgedCase, Judgement
from autograder.judging.references import Reference, read_references, reference_of, write_references
from autograder.judging.reports import GradedReport, Report
from autograder.judging.verdict import Status, Verdict

TOLD = AfterPassing("Because 7 × 6.", "def answer():\n    return 6 * 7  # <b>")
EMPTY = Graph((), (), (), ())


def evidence(*answers, exercise="ex"):
    return Evidence(exercise, tuple(Case(a, {"z": 1, "n": n}) for n, a in enumerate(answers)))


def with_seal(made):
    reference = reference_of(made)
    return replace(reference, after=sealed(TOLD, made, reference))


@pytest.mark.parametrize(
    ("right", "same"),
    [
        (NumberAnswer(42), NumberAnswer(42.0)),
        (NumberAnswer(0.1 + 0.2), NumberAnswer(0.3)),
        (ChoiceAnswer("B"), ChoiceAnswer(" b ")),
        (ShapeAnswer((3, 4)), ShapeAnswer((None, 3, 4))),
        (ModelAnswer(EMPTY), ModelAnswer(EMPTY)),
    ],
)
def test_every_answer_that_passes_opens_it(right, same):
    reference = with_seal(evidence(right, right))
    assert judge(evidence(same, right), reference).passed
    assert opened(evidence(same, right), reference) == TOLD


@pytest.mark.parametrize(
    "wrong",
    [
        NumberAnswer(41),
        ChoiceAnswer("42"),
        ShapeAnswer((42,)),
        ModelAnswer(EMPTY),
        NoAnswer(Reason.RAISED, "no"),
    ],
)
def test_no_wrong_value_opens_it(wrong):
    reference = with_seal(evidence(NumberAnswer(42), NumberAnswer(43)))
    assert opened(evidence(wrong, NumberAnswer(43)), reference) is None
    assert opened(evidence(NumberAnswer(42)), reference) is None
    assert opened(evidence(), reference) is None


def test_where_nothing_is_to_be_told_nothing_is():
    made = evidence(NumberAnswer(42))
    assert opened(made, reference_of(made)) is None
    assert opened(made, replace(reference_of(made), after="!")) is None
    assert opened(made, replace(reference_of(made), after="QUJDREVGR0hJSktM")) is None


def test_a_solution_that_does_not_pass_seals_nothing():
    reference = reference_of(evidence(NumberAnswer(42)))
    with pytest.raises(ValueError, match="does not open its own seal"):
        sealed(TOLD, evidence(NumberAnswer(41)), reference)


@pytest.mark.parametrize("answer", [NumberAnswer(42), ModelAnswer(EMPTY)])
def test_the_file_has_none_of_its_words(answer, tmp_path):
    made = evidence(answer)
    write_references(tmp_path / "r.json", [with_seal(made)])
    text = (tmp_path / "r.json").read_text()
    unpacked = base64.b64decode(json.loads(text)["exercises"]["ex"])
    seal = base64.b64decode(json.loads(unpacked)["after"])
    for word in ("Because", "return", "solution", "why"):
        assert word not in text and word.encode() not in unpacked and word.encode() not in seal
    found = read_references(tmp_path / "r.json")["ex"]
    assert opened(made, found) == TOLD
    assert Reference.from_json("ex", found.to_json()) == found


def test_a_card_and_a_text_tell_it_and_a_grade_does_not():
    judgement = Judgement("ex", (JudgedCase(Verdict(Status.PASSED)),))
    report = Report(judgement, after=TOLD)
    assert report.text().splitlines()[1:] == [
        "  Why: Because 7 × 6.",
        "  One way to write it:",
        "    def answer():",
        "        return 6 * 7  # <b>",
    ]
    card = report.html()
    assert "<b>Why:</b> Because 7 × 6." in card and "\n" not in card
    assert "def answer():<br>    return 6 * 7  # &lt;b&gt;</pre></details>" in card
    assert "Why" not in report.in_one_line
    graded = GradedReport(judgement, None, 2.0)
    assert "Why" not in graded.text() + graded.html()
