"""Exercises drawn by a seed: each is built, told in sentences that determine it, and judged."""

import inspect
import json
from itertools import chain
from random import Random

import keras
import numpy as np
import pytest
from corpus.wrong import made_in
from hypothesis import given, settings
from hypothesis import strategies as st
from practising import seeds
from practising.networks import can_be_built, is_refused, shown
from sweeps import one_in

from autograder.checking.checks import CheckFailed
from autograder.commands import run
from autograder.graphs import normal_form, read_graph
from autograder.graphs.draw import draw
from autograder.judging.comparing import judge_network
from autograder.judging.judgement import JudgedCase, Judgement
from autograder.judging.misconceptions import CATALOGUE
from autograder.judging.reports import Report
from autograder.judging.verdict import Status
from autograder.practising import Practice, exercise_of
from autograder.practising.as_code import built, code, model
from autograder.practising.drawn_graph import graph_of
from autograder.practising.drawn_shapes import fits_together, shapes_of
from autograder.practising.exercise import KINDS, LETTERS, fits
from autograder.practising.made_wrong import MISTAKES, NOT_DRAWN, mistakes_in
from autograder.practising.marking import counts, judged
from autograder.practising.mistake_kinds import _TRUE_TOGETHER, may_both_be_said
from autograder.practising.sheet import sheet_of
from autograder.practising.statements import statements, understood
from autograder.practising.topics import LEVELS, SIZES, TOPICS
from autograder.problem import Problem

SEEDS = st.integers(min_value=0, max_value=10**6)
FEW = settings(max_examples=5, derandomize=True, deadline=None, database=None)


def key(graph):
    return normal_form(graph).key


def executed(text):
    names = {}
    exec(text, names)
    return names["model"]


def is_sound(topic, level, seed):
    network = TOPICS[topic](Random(seed), level)
    assert network == TOPICS[topic](Random(seed), level)
    assert understood(statements(network)) == network
    assert shapes_of(network) == built(network).shapes
    assert any(key(built(network).graph) != key(built(m.network).graph) for m in wrong_of(network))


def wrong_of(network):
    """One network of each mistake that can be made in a network, and built here."""
    one_of_each = {mistake.id: mistake for mistake in mistakes_in(network)}.values()
    return [each for each in one_of_each if not is_refused(each.network)]


@one_in(3)
@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("level", LEVELS)
def test_sentences_determine_the_network(topic, level):
    @FEW
    @given(SEEDS)
    def holds(seed):
        is_sound(topic, level, seed)

    holds()


@pytest.mark.long
@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("level", LEVELS)
def test_no_mistake_computes_what_is_right(topic, level):
    network = TOPICS[topic](Random(31), level)
    for mistake in wrong_of(network):
        graphs = built(mistake.network).graph, built(network).graph
        is_alike = key(graphs[0]) == key(graphs[1])  # two layers alike: not drawn
        assert is_alike or not judge_network(*graphs, thorough=True).passed, mistake.id


@pytest.mark.long
@pytest.mark.parametrize("id", MISTAKES)
def test_each_mistake_is_drawn_at_each_level(id):
    for level in LEVELS:
        for seed in range(100, 110):
            exercise = exercise_of(id, level, "mend", seed)
            assert exercise.wrong.id == id and exercise.network.size in SIZES[level]


def test_a_seed_draws_the_same_on_every_version():
    """Who changes what is drawn writes the table anew: a seed means another exercise then."""
    meant = json.loads(seeds.TABLE.read_text(encoding="utf-8"))
    assert list(meant) == [*TOPICS, *MISTAKES]
    assert {topic: seeds.digests(topic) for topic in meant} == meant


@pytest.mark.parametrize("topic", TOPICS)
def test_levels_differ_in_size(topic):
    sizes = [{TOPICS[topic](Random(n), level).size for n in range(1000)} for level in LEVELS]
    assert max(sizes[0]) < min(sizes[1]) and max(sizes[1]) < min(sizes[2])


@pytest.mark.parametrize("topic", TOPICS)
def test_the_code_builds_it(topic):
    network = TOPICS[topic](Random(4), 2)
    assert key(read_graph(executed(code(network)))) == key(built(network).graph)


@pytest.mark.parametrize("topic", TOPICS)
def test_it_can_be_trained(topic):
    made, _ = model(TOPICS[topic](Random(5), 1))
    data = [keras.ops.ones((2, *t.shape[1:]), dtype=t.dtype) for t in made.inputs]
    goals = [keras.ops.zeros((2, *t.shape[1:])) for t in made.outputs]
    made.compile("sgd", "mse")
    made.train_on_batch(data if len(data) > 1 else data[0], goals if len(goals) > 1 else goals[0])


def test_every_misconception_is_a_topic_or_there_is_a_reason():
    assert set(MISTAKES) | set(NOT_DRAWN) == set(CATALOGUE)
    assert not set(MISTAKES) & set(NOT_DRAWN)


@pytest.mark.parametrize("topic", TOPICS)
def test_keras_builds_what_fits_together(topic):
    network = TOPICS[topic](Random(7), 2)
    for mistake in wrong_of(network):
        assert shapes_of(mistake.network) == built(mistake.network).shapes
    narrow = network.with_step(len(network.steps) - 1, reads=(network.starts[0].name,))
    assert fits_together(narrow) == can_be_built(narrow)


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("level", [1, pytest.param(2, marks=pytest.mark.long)])
def test_no_misconception_makes_the_network_itself(topic, level):
    graph = built(TOPICS[topic](Random(9), level)).graph
    made = made_in(graph)
    assert len({each.id for each in made}) > 5
    # Two layers alike in the other order, or an activation twice, are no mistake.
    same = {each.id for each in made if key(each.graph) == key(graph)}
    assert same <= {"layers-reordered", "extra-layer"}


@pytest.mark.parametrize("id", MISTAKES)
def test_levels_of_a_mistake_differ_in_size(id):
    sizes = {level: exercise_of(id, level, "mend", 2).network.size for level in LEVELS}
    assert all(size in SIZES[level] for level, size in sizes.items())
    assert all(max(SIZES[level]) < min(SIZES[level + 1]) for level in LEVELS[:-1])


@pytest.mark.parametrize("seed", range(4))
def test_drawings_differ(seed):
    for topic in (*TOPICS, "not-shared", "wrong-setting"):
        options = exercise_of(topic, 1, "draw", seed).options
        assert len({repr(draw(option.graph)) for option in options}) == 3


@pytest.mark.parametrize("level", LEVELS)
def test_a_mistake_is_found_in_code_or_between_two_drawings(level):
    drawn = [exercise_of("branches and shortcuts", level, "find", seed) for seed in range(8)]
    assert {each.as_drawings for each in drawn} == {True, False}
    exercise = next(each for each in drawn if each.as_drawings)
    sheet = sheet_of(exercise, "")
    asked, built_one = (repr(drawing) for drawing in sheet.drawings)
    assert "asked for" in asked and "built" in built_one and len(sheet.choices) == 4
    text = sheet.text()
    assert text.index(asked) < text.index(built_one) < text.index(f"a) {sheet.choices[0][1]}")
    assert not sheet.sentences and not sheet.code and "import keras" not in text
    for letter, option in zip(LETTERS, exercise.options, strict=True):
        verdict = judged(exercise, letter)
        assert verdict.passed is (option.mistake == exercise.wrong.id)
        assert verdict.passed or "both drawings" in verdict.findings[0].next_step


@pytest.mark.parametrize("id", sorted(MISTAKES))
def test_a_mistake_is_seen_in_drawings(id):
    """Without names of layers: these would tell that there is one, but not which."""
    exercise = exercise_of(id, 1, "mend", 6)
    assert shown(graph_of(exercise.network)) != shown(graph_of(exercise.wrong.network))


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("seed", range(3))
def test_no_other_choice_may_be_said_of_the_code(topic, seed):
    exercise = exercise_of(topic, 1, "find", seed)
    id = exercise.wrong.id
    others = {option.mistake for option in exercise.options if option.mistake != id}
    assert len(others) == 3 and not [each for each in others if may_both_be_said(each, id)]


@pytest.mark.parametrize("id", MISTAKES)
def test_a_title_that_names_the_mistake_asks_for_no_name(id):
    assert not fits(id, "find") and fits(id, "mend")


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("seed", [2, 3])
def test_an_input_that_is_called_unused_reaches_no_output(topic, seed):
    network = TOPICS[topic](Random(seed), 2)
    for mistake in mistakes_in(network, ("unused-input",)):
        left = mistake.network.without_the_unread()
        assert [start.name for start in left.starts if not left.reads(start.name)]


def test_what_may_be_said_together_is_of_mistakes():
    assert set(chain(*_TRUE_TOGETHER)) <= set(MISTAKES)


def test_layers_are_counted_in_the_order_of_the_code():
    exercise = exercise_of("models as layers", 2, "count", 6)
    (*names, _) = counts(exercise)
    places = [exercise.code.index(f'name="{name}"') for name in names]
    assert places == sorted(places) and len(names) > 3


def test_a_mistake_without_a_name_of_its_own_is_not_drawn():
    exercise = exercise_of("wrong-padding", 3, "mend", 2)
    verdict = judge_network(
        built(exercise.wrong.network).graph, exercise.built.graph, thorough=True
    )
    assert [finding.id for finding in verdict.findings] == ["wrong-padding"]


@pytest.mark.parametrize("id", MISTAKES)
def test_a_mistake_is_refused_and_named(id):
    exercise = exercise_of(id, 1, "mend", 3)
    if is_refused(exercise.wrong.network):
        pytest.skip("Keras here tells this mistake by itself.")
    verdict = judged(exercise, executed(exercise.code))
    assert [finding.id for finding in verdict.findings] == [id]
    assert judged(exercise, executed(code(exercise.network))).passed


def right_answer(exercise):
    if exercise.kind in ("build", "mend"):
        return model(exercise.network)[0]
    if exercise.kind == "count":
        return counts(exercise)
    if exercise.kind == "shapes":
        return {step.makes: exercise.built.shapes[step.makes] for step in exercise.network.steps}
    return exercise.right


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_shown_and_judged(kind, capsys):
    practice = Practice()
    asked = practice("shared layers", 1, kind, 8)
    assert "seed 8" in repr(asked) and "<script" not in asked.sheet.html()
    practice.check(right_answer(asked.exercise))
    assert capsys.readouterr().out.startswith("✓")
    with pytest.raises(CheckFailed):
        practice.check({"h1": 3})
    with pytest.raises(CheckFailed):
        practice.check(None)
    # What is no model cannot be judged, and counts neither way.
    answers = 1 if kind in ("build", "mend") else 2
    assert f"1 of {answers} answers were right" in practice.progress().summary


def test_numbers_of_numpy_are_numbers():
    asked = Practice()("stacks of layers", np.int64(1), "count", np.int64(2)).exercise
    assert asked == exercise_of("stacks of layers", 1, "count", 2)
    exercise = exercise_of("stacks of layers", 1, "count", 2)
    assert judged(exercise, {k: np.int64(n) for k, n in counts(exercise).items()}).passed


def test_a_name_tells_no_mistake():
    exercise = exercise_of("wrong-layer", 1, "mend", 3)
    assert all(n.startswith(x.op.lower()) for n, x in exercise.wrong.network.layers)


@pytest.mark.parametrize("form", [list, tuple, lambda shape: (None, *shape), np.array, sum])
def test_a_shape_is_a_tuple_or_a_list(form):
    exercise = exercise_of("stacks of layers", 1, "shapes", 2)
    shapes = right_answer(exercise)
    verdict = judged(exercise, {name: form(shape) for name, shape in shapes.items()})
    assert verdict.passed is (form not in (np.array, sum))
    assert verdict.passed or "with a comma" in verdict.findings[0].next_step
    assert not judged(exercise, {name: [np.ones(2)] for name in shapes}).passed


def test_a_layer_without_parameters_is_not_asked_for():
    exercise = exercise_of("several inputs", 1, "count", 2)
    given = {**counts(exercise), "concatenate_1": 0}
    (finding,) = judged(exercise, given).findings
    assert finding.id == "unknown-name" and "'dense_1'" in finding.next_step
    assert (
        "named below" in sheet_of(exercise, "").task
        and "concatenate" not in sheet_of(exercise, "").how
    )


def test_counts_are_those_of_keras():
    for topic in TOPICS:
        exercise = exercise_of(topic, 2, "count", 2)
        assert counts(exercise)["in all"] == model(exercise.network)[0].count_params()


@pytest.mark.parametrize("kind", ["find", "draw"])
def test_one_choice_is_right(kind):
    exercise = exercise_of("branches and shortcuts", 1, kind, 6)
    letters = LETTERS[: len(exercise.options)]
    assert [x for x in letters if judged(exercise, x).passed] == [exercise.right]
    assert judged(exercise, "z").findings[0].id == "wrong-kind"
    if kind == "draw":
        right = exercise.built.graph
        same = [judge_network(o.graph, right, thorough=False).passed for o in exercise.options]
        assert same.count(True) == 1


@pytest.mark.parametrize(
    ("asked", "word"),
    [
        (("nothing", 1, "build", 1), "topic"),
        (("shared layers", 4, "build", 1), "level"),
        (("shared layers", 1, "sing", 1), "kind"),
        (("not-shared", 1, "count", 1), "draw and mend alone"),
        (("shared layers", 1, "build", -1), "seed"),
        ((["shared layers"], 1, "build", 1), "topic"),
        (("shared layers", 1.0, "build", 1), "level"),
        (("shared layers", True, "build", 1), "level"),
        (("shared layers", 1, ["build"], 1), "kind"),
        (("shared layers", 1, "build", [1]), "seed"),
        (("shared layers", 1, "build", 1.5), "seed"),
        ((None, 1, "sing", None), "kind 'sing'"),
        (("nothing", 1, None, None), "topic 'nothing'"),
        ((None, 1, None, "x"), "seed"),
    ],
)
@pytest.mark.parametrize("ask", [Practice(), exercise_of])
def test_what_there_is_not_is_told(ask, asked, word):
    with pytest.raises(Problem, match=word) as told:
        ask(*asked)
    assert told.value._render_traceback_() == [str(told.value)]  # a notebook shows this line alone


def test_every_topic_has_kinds():
    assert all(any(fits(topic, kind) for kind in KINDS) for topic in (*TOPICS, *MISTAKES))


def test_in_a_shell(capsys):
    told = ["practice", "--topic", "shared layers", "--kind", "find", "--seed", "7"]
    assert run(told) == 0
    assert "a)" in capsys.readouterr().out
    right = exercise_of("shared layers", 1, "find", 7).right
    assert run([*told, "--answer", right]) == 0
    assert run([*told, "--answer", "ab"]) == 1
    assert run([*told, "--answer", "{[1]: 2}"]) == 1
    assert run(["practice", "--answer", "a"]) == 1
    assert inspect.cleandoc(capsys.readouterr().err).startswith("autograder practice: An answer")


def test_names_stand_as_code_and_nothing_else_is_html():
    html = sheet_of(exercise_of("shared layers", 1, "build", 1), "<b>").html()
    assert "<code>dense_1</code>" in html and "&lt;b&gt;" in html and "`" not in html


def test_a_sheet_says_why():
    assert "because" in sheet_of(exercise_of("shared layers", 1, "count", 1), "because").text()


class Broken(dict):
    """What answers with an error whatever it is asked for."""

    def _fails(self, *_):
        raise RuntimeError("No.")

    __str__ = __repr__ = __eq__ = __contains__ = __getitem__ = get_config = layers = _fails
    __hash__ = object.__hash__


ODD = [Broken(), Broken(h1=1), Broken, dict, "a" * 9000, b"a", 10**5000, float("nan"), [], {1}]


@pytest.mark.parametrize("kind", KINDS)
def test_no_answer_stops_a_check(kind):
    exercise = exercise_of("shared layers", 1, kind, 8)
    answers = [*ODD, exercise, exercise.code, keras.Input((3,))]
    if kind in ("count", "shapes"):
        right = right_answer(exercise)
        answers += [{**right, next(iter(right)): odd} for odd in ODD] + [{**right, Broken(): 1}]
    for answer in answers:
        verdict = judged(exercise, answer)
        assert not verdict.passed and verdict.findings
        told = Report(Judgement(exercise.name, (JudgedCase(verdict),)))
        assert len(told.text()) < 1500 and "0x" not in told.html()


def test_an_answer_to_another_exercise_is_wrong():
    exercise = exercise_of("shared layers", 1, "build", 8)
    other = model(exercise_of("stacks of layers", 1, "build", 9).network)[0]
    assert judged(exercise, other).status is Status.WRONG
