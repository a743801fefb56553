"""Nothing that says who somebody is gets into a class without names."""

import pytest

from autograder.grading.class_report.anonymous import SOMEBODY, anonymous
from autograder.grading.class_report.class_data import (
    Answer,
    Assignment,
    ClassData,
    Exercise,
    Person,
)
from autograder.judging.reports.kept import Kept, KeptFinding
from autograder.judging.verdict import Status

PEOPLE = (
    Person("an.k-7@x", "Zoë Ångström-Li"),
    Person("20241234", "Bob"),
    Person("not", "王 小明"),
    Person("7", ""),
)


def of(text, student="an.k-7@x", source="", graph=None):
    """A class in which one student's every text is this one."""
    found = Kept(Status.WRONG, (KeptFinding("not-shared", text, text),), graph)
    answers = {student: {"a": Answer(student, "a", 0.0, found, source=source)}}
    assignment = Assignment(
        "ch", (Exercise("ch", "a_check", 1.0),), answers, {student: (text,)}, ("7",), {student: 2}
    )
    return anonymous(ClassData(PEOPLE, (assignment,)))


def texts(data):
    [assignment] = data.assignments
    [(student, own)] = assignment.answers.items()
    [finding] = own["a"].kept.findings
    [[remark]] = assignment.remarks.values()
    assert finding.id == "not-shared" and student.startswith("student ")
    assert {finding.message, finding.next_step, remark} == {remark}
    return remark


@pytest.mark.parametrize(
    "text",
    [
        *("an.k-7@x wrote it", "layer 'zoë_dense'", "zoëNet", "ÅNGSTRÖM2", "x_bob_y", "BobLayer"),
        *("20241234.py", "von 王", "小明_1", "class ZoëÅngström:"),
    ],
)
def test_names_go_wherever_they_stand(text):
    plain = texts(of(text))
    assert SOMEBODY in plain
    hidden = ("an.k-7", "zoë", "ångström", "bob", "20241234", "王", "小明")
    assert not [name for name in hidden if name in plain.lower()]


@pytest.mark.parametrize(
    "text", ["7 units, 41,346 weights", "'lstm_1' has relu", "bobbin", "MaxPooling2D(pool_size=2)"]
)
def test_what_is_no_name_stays(text):
    assert texts(of(text)) == text


def test_a_short_number_goes_where_it_is_the_writers_own():
    assert texts(of("7: it has 17 units", student="7")) == f"{SOMEBODY}: it has 17 units"


def test_comments_go_and_the_rest_of_the_code_stays():
    source = "x = '# no comment'  # by my sister\nbob_net = 1"
    [assignment] = of("", source=source).assignments
    [[answer]] = [own.values() for own in assignment.answers.values()]
    assert answer.source == f"x = '# no comment'  \n{SOMEBODY}_net = 1"


def test_a_network_has_no_names_in_it():
    graph = {"calls": [{"op": "BobLayer", "config": {"fn": ["zoë", 3, None]}}]}
    [assignment] = of("", graph=graph).assignments
    [[answer]] = [own.values() for own in assignment.answers.values()]
    config = {"fn": [SOMEBODY, 3, None]}
    assert answer.kept.graph == {"calls": [{"op": f"{SOMEBODY}Layer", "config": config}]}


def test_everybody_has_a_number_and_it_is_the_same_everywhere():
    data = of("")
    ids = {person.id for person in data.people}
    assert ids == {f"student {n}" for n in (1, 2, 3, 4)}
    [assignment] = data.assignments
    assert {*assignment.answers, *assignment.not_graded, *assignment.remarks} <= ids
    assert assignment.times == dict.fromkeys(assignment.answers, 2)
    assert not any(person.name for person in data.people)


def test_numbers_say_nothing_of_the_order():
    assert len({next(iter(of("").assignments[0].answers)) for _ in range(100)}) > 1
