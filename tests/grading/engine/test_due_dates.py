"""Due dates and extensions are nbgrader's own, and penalties follow them at once."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from autograder.grading.course.folder import Course
from autograder.grading.course.late_rule import PenaltyPerDay
from autograder.grading.engine.due_dates import extend, lateness, moment, set_due, span, told
from autograder.grading.engine.gradebook import NotebookScores, as_gradebook, write_scores
from autograder.grading.engine.grades import Grades
from autograder.problem import Problem

REPOSITORY = Path(__file__).parents[3]
RULE = """
c.AssignLatePenalties.plugin_class = "autograder.grading.course.late_rule.PenaltyPerDay"
c.PenaltyPerDay.share = 0.25
"""
DUE = datetime(2026, 12, 1, 12)


@pytest.fixture
def grades(tmp_path) -> Grades:
    """One student in time, one three hours late, one without a time."""
    config = (REPOSITORY / "nbgrader_config.py").read_text()
    (tmp_path / "nbgrader_config.py").write_text(config + RULE)
    (tmp_path / "classroom").mkdir()
    (tmp_path / "classroom" / "gradebook.db").write_bytes(as_gradebook({}))
    made = Grades(Course(tmp_path))
    with made.gradebook() as book:
        book.add_assignment("hw1")
        book.add_notebook("hw1", "hw1")
        book.add_grade_cell("q", "hw1", "hw1", max_score=4, cell_type="code")
        for student, when in (("early", DUE), ("late", DUE + timedelta(hours=3)), ("none", None)):
            scores = [NotebookScores("hw1", {"q": (4, False)})]
            stamp = when and f"{when:%Y-%m-%d %H:%M:%S}"
            write_scores(book, "hw1", student, timestamp=stamp, notebooks=scores)
    return made


def penalties(grades):
    return {each.student: each.penalty for each in lateness(grades, "hw1")[1]}


def test_penalties_follow_the_due_date_and_extensions(grades):
    assert set_due(grades, "hw1", DUE) == ["late"]
    assert penalties(grades) == {"early": 0, "late": 1, "none": 0}
    assert extend(grades, "hw1", ["late"], span("4h")) == ["late"]
    assert penalties(grades)["late"] == 0
    assert extend(grades, "hw1", ["late"], span("0")) == ["late"]
    assert set_due(grades, "hw1", DUE - timedelta(days=1)) == ["early", "late"]
    assert penalties(grades) == {"early": 1, "late": 2, "none": 0}
    assert set_due(grades, "hw1", None) == ["early", "late"]
    assert lateness(grades, "hw1")[0] is None


def test_doing_it_twice_changes_nothing(grades):
    set_due(grades, "hw1", DUE)
    before = lateness(grades, "hw1")
    assert set_due(grades, "hw1", DUE) == [] and lateness(grades, "hw1") == before


def test_nobody_gets_an_extension_where_somebody_cannot(grades):
    set_due(grades, "hw1", DUE)
    with pytest.raises(Problem, match="nobody has nothing graded in hw1"):
        extend(grades, "hw1", ["late", "nobody"], span("4h"))
    assert penalties(grades)["late"] == 1


@pytest.mark.parametrize("change", [lambda g: set_due(g, "hw", DUE), lambda g: lateness(g, "hw")])
def test_an_assignment_that_is_not_there_is_one_line(grades, change):
    with pytest.raises(Problem, match=r"The gradebook has no .hw.\. It has: hw1"):
        change(grades)


def test_what_holds_is_told(grades):
    set_due(grades, "hw1", DUE)
    extend(grades, "hw1", ["early"], span("36h"))
    lines = list(told("hw1", *lateness(grades, "hw1"), ZoneInfo("Europe/Berlin")))
    assert lines == [
        "hw1: due 2026-12-01 13:00 CET.",
        "1 came without a time, and count as in time.",
        "student  handed in             extension  late by  penalty",
        "early    2026-12-01 13:00 CET  1 d 12 h                  0",
        "late     2026-12-01 16:00 CET             3 h            1",
    ]


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("2026-12-01T23:59", datetime(2026, 12, 1, 22, 59)),
        ("2026-12-01 23:59:30", datetime(2026, 12, 1, 22, 59, 30)),
        ("2026-07-01T12:00", datetime(2026, 7, 1, 10)),
        ("2026-12-01", datetime(2026, 12, 1, 22, 59, 59)),
        ("2026-12-01T12:00Z", datetime(2026, 12, 1, 12)),
        ("2026-12-01T12:00-05:00", datetime(2026, 12, 1, 17)),
    ],
)
def test_a_due_date_is_of_a_zone(text, due):
    assert moment(text, ZoneInfo("Europe/Berlin")) == due


@pytest.mark.parametrize("text", ["tomorrow", "1.12.2026", "2026-13-01", "0001-01-01T00:00+14:00"])
def test_what_is_no_time_is_one_line(text):
    with pytest.raises(Problem, match="is no time"):
        moment(text, UTC)


@pytest.mark.parametrize("text", ["", "2", "-2d", "2 days", "1y", "99999d", "0d0"])
def test_what_is_no_length_of_time_is_one_line(text):
    with pytest.raises(Problem, match="is no length of time"):
        span(text)


@pytest.mark.parametrize(
    ("seconds", "options", "penalty"),
    [
        (1, {}, 1.0),
        (86400, {}, 1.0),
        (86400.001, {}, 1.0),
        (86401, {}, 2.0),
        (10**9, {}, 10.0),
        (3 * 86400, {"most": 0.2}, 2.0),
        (600, {"grace": 10}, None),
        (601, {"grace": 10}, 1.0),
        (86400, {"share": 0.0}, 0.0),
    ],
)
def test_each_day_that_has_begun_costs_its_share(seconds, options, penalty):
    assert PenaltyPerDay(**options).late_submission_penalty("jdoe", 10, seconds) == penalty


def test_who_has_no_points_has_none_to_lose():
    assert PenaltyPerDay().late_submission_penalty("jdoe", 0, 100) is None
