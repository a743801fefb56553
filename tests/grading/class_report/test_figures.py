"""How an exercise went, in numbers that can be reckoned by hand."""

import pytest

from autograder.grading.class_report.class_data import Answer, Assignment, Exercise
from autograder.grading.class_report.figures import FEWEST, discrimination, figures
from autograder.judging.reports.kept import Kept
from autograder.judging.verdict import Status

FIRST, SECOND = Exercise("ch", "a_check", 2.0), Exercise("ch", "b_check", 4.0)


def answers(*scores, kept=None, seconds=None):
    return {
        f"s{number}": {"a": Answer(f"s{number}", "a", score, kept, seconds=seconds)}
        for number, score in enumerate(scores)
    }


def test_answers_are_counted_by_their_points_where_nothing_else_is_known():
    found = figures(Assignment("ch", (FIRST,), answers(2.0, 2.0, 1.0, 0.0, None)), FIRST)
    counts = found.passed, found.partly, found.wrong, found.not_attempted, found.not_judged
    assert counts == (2, 1, 1, 0, 1)
    assert (found.handed_in, found.attempted, found.pass_rate, found.mean_points) == (5, 5, 0.4, 1)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (Status.PASSED, "passed"),
        (Status.WRONG, "wrong"),
        (Status.NOT_ATTEMPTED, "not_attempted"),
        (Status.NOT_CHECKABLE, "not_judged"),
    ],
)
def test_what_the_judge_said_counts_more_than_points(status, kind):
    found = figures(Assignment("ch", (FIRST,), answers(0.0, kept=Kept(status))), FIRST)
    assert getattr(found, kind) == 1


def test_times_are_those_that_are_known():
    two = answers(2.0, seconds=3.0) | {"s9": {"a": Answer("s9", "a", 2.0)}}
    found = figures(Assignment("ch", (FIRST,), two), FIRST)
    assert (found.median_seconds, found.most_seconds) == (3.0, 3.0)
    assert figures(Assignment("ch", (SECOND,), {}), SECOND).median_seconds is None


def test_an_exercise_is_held_against_the_others_alone():
    """Were it in the total, too, one that has nothing to do with the rest would seem to."""
    points = [(2, 4), (0, 4), (2, 0), (0, 0)] * 3
    found = {
        f"s{n}": {
            name: Answer(f"s{n}", name, score) for name, score in zip("ab", both, strict=True)
        }
        for n, both in enumerate(points)
    }
    assert figures(Assignment("ch", (FIRST, SECOND), found), FIRST).discrimination == 0


def test_discrimination_is_a_correlation():
    up = [float(n) for n in range(FEWEST)]
    assert discrimination(up, up) == pytest.approx(1)
    assert discrimination(up, up[::-1]) == pytest.approx(-1)
    assert discrimination([0, 0, 0, 0, 0, 2, 2, 2, 2, 2], up) == pytest.approx(0.870, abs=1e-3)


def test_of_few_or_equal_points_nothing_is_told():
    up = [float(n) for n in range(FEWEST)]
    assert discrimination(up[1:], up[1:]) is None
    assert discrimination([1.0] * FEWEST, up) is None
    assert discrimination(up, [1.0] * FEWEST) is None
