from autograder.grading.engine.grades import Score
from autograder.grading.engine.tally import Tally

SCORES = [Score("ben", "ch", 0.0, 5.0), Score("ada", "ch", 4.5, 5.0)]


def test_the_table_names_everybody_in_order():
    tally = Tally("ch", graded=["ada"], kept=["ben"])
    assert tally.table(SCORES).splitlines() == [
        "ch: 1 graded, 1 kept, 0 not graded",
        "student  score  of",
        "ada        4.5   5",
        "ben          0   5  kept",
    ]


def test_what_could_not_be_graded_stands_under_it_with_its_reason():
    tally = Tally("ch", troubles={"cleo": "it holds no notebook"})
    last = tally.table(SCORES).splitlines()[-1]
    assert last == "NOT GRADED cleo: it holds no notebook. It stays for you to look at."


def test_remarks_stand_under_each_name_and_those_of_all_once():
    tally = Tally("ch")
    for student in ("ada", "ben"):
        tally.remark(student, ["NO SANDBOX.", "NO SANDBOX."])
    tally.remark("ben", [f"{number}." for number in range(6)])
    assert tally.table(SCORES).splitlines()[3:] == [
        "ben          0   5",
        "Worth a look:",
        "  all: NO SANDBOX.",
        "  ben: 0.",
        "  ben: 1.",
        "  ben: 2.",
        "  ben: 3.",
        "  ben: and 2 more, in the notebook's metadata.",
    ]


def test_no_remarks_are_no_section():
    tally = Tally("ch")
    tally.remark("ada", [])
    assert "look" not in tally.table(SCORES)


def test_the_score_is_the_one_that_nbgrader_reports_after_the_late_penalty():
    tally = Tally("ch", graded=["ada"], kept=["ben"], penalised=["ben"])
    rows = tally.table(
        [Score("ada", "ch", 8.0, 9.0), Score("ben", "ch", 3.0, 9.0)], {"ada": 4.0, "ben": 5.0}
    )
    assert rows.splitlines()[2:] == [
        "ada          4   9  8 before the late penalty",
        "ben          0   9  kept, 3 before the late penalty, "
        "the due date or an extension has changed",
    ]


def test_a_score_beside_a_submission_that_was_not_graded_is_an_earlier_ones():
    rows = Tally("ch", troubles={"ada": "it is a link"}).table([Score("ada", "ch", 8.0, 9.0)])
    assert "ada          8   9  of an earlier submission" in rows


def test_a_score_whose_submission_is_gone_says_so():
    rows = Tally("ch", gone=["ada"]).table([Score("ada", "ch", 8.0, 9.0)])
    assert "ada          8   9  of a submission that is gone" in rows
