"""What is kept of a graded exercise says what the card says, and survives any file."""

import pytest
from judging.growing import chain

from autograder import compare
from autograder.graphs.stored import graph_from_json
from autograder.judging.judgement import JudgedCase, Judgement
from autograder.judging.misconceptions import CATALOGUE
from autograder.judging.reports import GradedReport
from autograder.judging.reports.kept import LARGEST_GRAPH, LONGEST, ONLY_HIDDEN, Kept, kept
from autograder.judging.verdict import Finding, Status, Verdict

REFERENCE, ANSWER = CATALOGUE["not-shared"].example()
WRONG = compare(ANSWER, REFERENCE)
RIGHT = Verdict(Status.PASSED)


def of(*seen, unseen=None):
    judgements = [
        None if verdicts is None else Judgement("ex", tuple(map(JudgedCase, verdicts)))
        for verdicts in (seen, unseen)
    ]
    return kept(GradedReport(*judgements, 2.0))


def test_a_mistake_is_kept_with_its_name_and_its_network():
    found = of(RIGHT, WRONG)
    assert found.status is Status.WRONG
    assert [finding.id for finding in found.findings] == ["not-shared"]
    assert graph_from_json(found.graph) == WRONG.answer
    assert found.marks == WRONG.answer_marks


def test_of_a_right_answer_nothing_is_kept_but_that_it_is():
    assert of(RIGHT, unseen=[RIGHT]) == Kept(Status.PASSED)


def test_what_only_hidden_cases_refuse_is_wrong_and_says_so_first():
    found = of(RIGHT, unseen=[RIGHT, WRONG])
    assert found.status is Status.WRONG
    assert [finding.id for finding in found.findings] == [ONLY_HIDDEN, "not-shared"]


def test_what_is_kept_is_read_again_whatever_a_student_wrote():
    odd = "\ud800\n</script>\u202e é"
    found = of(Verdict(Status.WRONG, (Finding(odd, odd * LONGEST),)))
    text = found.to_text()
    assert text.isascii() and "\n" not in text
    assert Kept.from_text(text) == found
    assert len(found.findings[0].message) == LONGEST


def test_a_network_that_is_too_large_to_show_is_not_kept():
    large = Verdict(Status.WRONG, answer=chain(LARGEST_GRAPH + 1), answer_marks=(1,))
    assert (of(large).graph, of(large).marks) == (None, ())
    setting = ANSWER.with_call(1, config={"units": "9" * 300_000})
    assert of(Verdict(Status.WRONG, answer=setting)).graph is None


@pytest.mark.parametrize("text", ["", "{}", "[]", "7", '{"status": "x"}', "[" * 100_000])
def test_anything_else_is_refused(text):
    with pytest.raises(ValueError, match="nothing that was kept"):
        Kept.from_text(text)
