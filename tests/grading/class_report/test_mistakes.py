"""Mistakes by frequency, with an example that nobody can be known by."""

import pytest

from autograder import compare
from autograder.grading.class_report.class_data import (
    Answer,
    Assignment,
    ClassData,
    Exercise,
    Person,
)
from autograder.grading.class_report.mistakes import mistakes, words
from autograder.grading.class_report.names_of_layers import renamed
from autograder.grading.class_report.similar_answers import similar_answers
from autograder.grading.class_report.standing import standings
from autograder.graphs.stored import graph_from_json
from autograder.judging.judgement import JudgedCase, Judgement
from autograder.judging.misconceptions import CATALOGUE
from autograder.judging.reports import GradedReport
from autograder.judging.reports.kept import ONLY_HIDDEN, Kept, KeptFinding, kept
from autograder.judging.verdict import Status

EXERCISE, OTHER, THIRD = (Exercise("ch", f"{name}_check", 2.0) for name in "abc")
RIGHT = Kept(Status.PASSED)


def found(id, rename=None):
    """What is kept of a mistake of the catalogue, its layers under other names."""
    reference, answer = CATALOGUE[id].example()
    for place, name in (rename or {}).items():
        answer = answer.with_call(place, name=name)
    verdict = compare(answer, reference)
    assert verdict.findings[0].id == id
    return kept(GradedReport(Judgement("a", (JudgedCase(verdict),)), None, 2.0))


def told(id, message):
    return Kept(Status.WRONG, (KeptFinding(id, message),))


def of(*answers, exercise=EXERCISE):
    name = exercise.name
    rows = {f"s{n}": {name: Answer(f"s{n}", name, 0.0, each)} for n, each in enumerate(answers)}
    return mistakes(Assignment("ch", (exercise,), rows), exercise)


def test_the_most_frequent_mistake_comes_first_with_who_made_it():
    first, second = of(found("wrong-units"), RIGHT, found("not-shared"), found("not-shared"))
    assert (first.id, first.students) == ("not-shared", ("s2", "s3"))
    assert (second.id, second.students) == ("wrong-units", ("s0",))
    assert first.words == words("not-shared") != ""
    assert first.drawing.text and first.message


def test_other_values_are_other_mistakes_and_other_names_are_not():
    values = [told("wrong-value", f"{n} is not the answer.") for n in (7, 8, 7)]
    assert [len(each.students) for each in of(*values)] == [2, 1]
    names = [told("different-graph", f"Look at {name!r}.") for name in "ab"]
    assert [len(each.students) for each in of(*names)] == [2]


def test_an_example_has_no_name_that_a_student_made_up():
    graph = graph_from_json(found("wrong-units").graph)
    made_up = {n: f"anna_{n}" for n, call in enumerate(graph.calls) if call.weights is not None}
    [mistake] = of(found("wrong-units", made_up))
    assert "anna" not in mistake.message + mistake.drawing.text
    assert "dense_1" in mistake.message + mistake.drawing.text


def test_what_hidden_cases_alone_refuse_tells_no_sizes():
    data = found("wrong-units")
    hidden = Kept(data.status, (KeptFinding(ONLY_HIDDEN), *data.findings), data.graph, data.marks)
    [mistake] = of(hidden)
    assert (mistake.id, mistake.message, mistake.drawing) == (ONLY_HIDDEN, "", None)


FORGED = [
    {"shape": [None, float("inf")]},
    {"weights": float("inf")},
    {"config": {"units": 3, "strides": [[]]}},
    {"config": {"units": 3, "strides": {"class_name": 3}}},
    {"config": {"units": "x", "activation": {}, "shape": {}}},
    {"config": {"units": [[]], "axis": "x", "rate": {}, "return_sequences": []}},
    {"op": "{0}", "name": "{nothing}"},
    {"op": "\ud800", "name": "'\"<script>\x00"},
    {"inputs": [[0, 0]] * 5_000},
    {"built_on": [[{}]]},
    {"wrappers": {"backward": {"op": 1, "config": {}}}},
    {"arguments": {"args": "#"}},
]


@pytest.mark.parametrize("changes", FORGED, ids=range(len(FORGED)))
def test_forged_networks_stop_nothing(changes):
    data = found("not-shared")
    calls = [{**each, **changes} if each["op"] != "Input" else each for each in data.graph["calls"]]
    for id in ("not-shared", "different-graph"):
        forged = Kept(data.status, (KeptFinding(id, "So."),), data.graph | {"calls": calls})
        [mistake] = of(forged, forged)
        assert (mistake.message, len(mistake.students)) == ("So.", 2)
        rows = {f"s{n}": {"a": Answer(f"s{n}", "a", 0.0, forged)} for n in range(2)}
        similar_answers(Assignment("ch", (EXERCISE,), rows))


def test_a_network_that_cannot_be_read_is_not_drawn():
    data = Kept(Status.WRONG, (KeptFinding("not-shared", "It is."),), {"format": 1, "calls": 7})
    [mistake] = of(data)
    assert mistake.message == "It is." and mistake.drawing is None


def test_what_is_right_not_attempted_or_not_judged_is_no_mistake():
    others = (Status.NOT_ATTEMPTED, Status.NOT_CHECKABLE, Status.PASSED)
    assert of(None, *(Kept(each, (KeptFinding("x"),)) for each in others)) == ()


@pytest.mark.parametrize("id", CATALOGUE)
def test_every_mistake_of_the_catalogue_has_words(id):
    assert words(id).endswith(".") and "\n" not in words(id)


def test_new_names_are_nobody_elses():
    _, answer = CATALOGUE["not-shared"].example()
    layers = [n for n, call in enumerate(answer.calls) if call.weights is not None]
    answer = answer.with_call(layers[0], name="dense_1").with_call(layers[1], name="mine")
    one, other = (renamed(answer, set()).graph.calls[place].name for place in layers[:2])
    assert (one, "mine" in other, one == other) == ("dense_1", False, False)


def test_the_same_mistake_in_several_exercises_is_told_of():
    rows = {
        "ann": {"a": Answer("ann", "a", 0.0, found("not-shared")),
                "b": Answer("ann", "b", 0.0, found("not-shared")),
                "c": Answer("ann", "c", 0.0, found("wrong-units"))},
        "bob": {"a": Answer("bob", "a", 0.0, told("raised", "x")),
                "b": Answer("bob", "b", 0.0, told("raised", "x"))},
    }  # fmt: skip
    people = tuple(map(Person, ("ann", "bob", "cy")))
    data = ClassData(people, (Assignment("ch", (EXERCISE, OTHER, THIRD), rows),))
    ann, bob, cy = standings(data)
    assert [(each.id, each.exercises) for each in ann.stuck] == [("not-shared", ("a", "b"))]
    assert bob.stuck == () and bob.not_passed == ("a", "b")
    assert cy.missing == ("ch",) and not cy.has_nothing_open
