import csv
import sys

import pytest

from autograder.grading.notebooks.answer_cells import with_answers
from autograder.grading.playing.classroom import Classroom

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("zygote")]

EXCHANGE = pytest.param(
    True,
    marks=pytest.mark.skipif(sys.platform == "win32", reason="it needs POSIX permissions"),
    id="by nbgrader's exchange",
)


@pytest.mark.parametrize(
    "has_exchange", [EXCHANGE, pytest.param(False, marks=pytest.mark.long, id="without one")]
)
def test_from_the_release_to_grades_and_feedback_by_nbgraders_commands(
    course, tmp_path, has_exchange
):
    classroom = Classroom.copy_of(course, tmp_path / "room", has_exchange)
    classroom.generate("standin")
    classroom.release("standin")
    (name,) = released = classroom.released("standin")
    done = with_answers(released[name], classroom.solution("standin")[name])
    classroom.submit("ada", "standin", {name: done})
    classroom.collect("standin")
    assert classroom.autograde("standin") == []
    classroom.give_feedback("standin")
    assert [(s.student, s.score) for s in classroom.scores("standin")] == [("ada", 5)]
    assert len(classroom.feedback_pages("standin")) == 1
    given_back = list((classroom.root / "exchange").glob("*/feedback/*.html"))
    assert len(given_back) == (1 if has_exchange else 0)
    with classroom.export().open() as grades:
        assert [(row["student_id"], float(row["score"])) for row in csv.DictReader(grades)] == [
            ("ada", 5)
        ]
