import pytest

from autograder.grading.notebooks.answer_cells import with_answers
from autograder.grading.playing.classroom import Classroom

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("zygote")]


def test_where_there_is_no_exchange_submissions_go_straight_to_the_instructor(course, tmp_path):
    classroom = Classroom.copy_of(course, tmp_path / "room", has_exchange=False)
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
