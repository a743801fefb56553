"""A network is put together as Keras would build it, and the judge is asked little."""

from random import Random

import pytest
from practising.networks import is_refused

from autograder.graphs import Graph, Tensor, normal_form
from autograder.graphs.identities.rules import may_be_made, rewrite
from autograder.graphs.surgery import renumbered, with_own_numbers
from autograder.graphs.weightless import build_weightless
from autograder.judging import search
from autograder.judging.diagnosis import diagnose, is_called
from autograder.judging.misconceptions import CATALOGUE
from autograder.practising import drawn_exercise, drawn_graph, exercise_of
from autograder.practising.as_code import built
from autograder.practising.drawn_graph import graph_of
from autograder.practising.exercise import KINDS, fits
from autograder.practising.made_wrong import MISTAKES, mistakes_in
from autograder.practising.topics import LEVELS, TOPICS
from autograder.problem import Problem


def in_one_order(graph: Graph) -> Graph:
    """The graph with its calls as they are met from the outputs: Keras numbers them by depth."""
    order = list(range(len(graph.inputs)))

    def visit(tensor: Tensor) -> None:
        if tensor.call not in order:
            for read in graph.calls[tensor.call].inputs:
                visit(read)
            order.append(tensor.call)

    for output in graph.outputs:
        visit(output)
    return with_own_numbers(renumbered(graph, order))


def types(graph):
    return [call.dtype for call in graph.calls], graph.inputs_given, graph.outputs_given


def is_as_built(network):
    mine, of_keras = (in_one_order(each) for each in (graph_of(network), built(network).graph))
    return mine == of_keras and types(mine) == types(of_keras)


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("level", LEVELS)
def test_a_network_is_what_keras_builds(topic, level):
    chance = Random(f"{topic} {level}")
    network = TOPICS[topic](chance, level)
    wrong = [mistake.network for mistake in mistakes_in(network)]
    for each in [network, *chance.sample(wrong, 6)]:
        assert is_refused(each) or is_as_built(each)


@pytest.mark.parametrize("id", MISTAKES)
def test_what_a_mistake_makes_is_what_keras_builds(id):
    wrong = exercise_of(id, 1, "mend", 5).wrong.network
    assert is_refused(wrong) or is_as_built(wrong)


@pytest.mark.parametrize("topic", TOPICS)
def test_the_judge_is_asked_for_the_name_that_it_gives(topic):
    network = TOPICS[topic](Random(6), 1)
    right = graph_of(network)
    ids = set()
    for mistake in {each.id: each for each in mistakes_in(network)}.values():
        wrong = graph_of(mistake.network)
        if normal_form(wrong).key == normal_form(right).key:
            continue
        (said, *more) = (finding.id for finding in diagnose(wrong, right).findings)
        assert is_called(wrong, right, mistake.id) is (said == mistake.id and not more)
        assert not is_called(wrong, right, "wrong-axis")
        ids.add(mistake.id)
    assert len(ids) > 5


def passed_over(answer, reference):
    """How many edits are passed over as no answer, after seeing that they are none."""
    looking = search.Search(answer, reference)
    start = looking._start()
    attempts = list(looking._attempts(start, CATALOGUE.values()))
    over = [each for each in attempts if not looking._may_be_answer(start, each.edit.graph)]
    assert looking.left > 0 and not any(looking._answer(each) for each in over)
    if start.nearness.lacks:
        orders = [each for each in attempts if CATALOGUE[each.id].rearranges]
        assert not any(looking._answer(each) for each in orders)
    return len(over)


@pytest.mark.parametrize("id", CATALOGUE)
def test_what_is_passed_over_is_no_answer(id):
    reference, answer = (rewrite(graph) for graph in CATALOGUE[id].example())
    assert search.Search(answer, reference).is_one(id)
    passed_over(answer, reference)


@pytest.mark.parametrize("topic", TOPICS)
def test_most_edits_are_passed_over(topic):
    network = TOPICS[topic](Random(6), 1)
    right, ids = graph_of(network), ("wrong-units", "missing-activation", "wrong-output")
    wrong = [graph_of(mistakes_in(network, (id,))[0].network) for id in ids]
    assert sum(passed_over(each, right) for each in wrong) > 10


def test_identities_make_of_a_graph_what_its_classes_allow():
    assert "Dense" in may_be_made(frozenset({"Conv1D"}))
    assert "LSTM" in may_be_made(frozenset({"LSTM", "Dense"}))  # written without what is not read
    assert "Dense" not in may_be_made(frozenset({"Dense", "Concatenate", "Add"}))
    # What one makes, another one writes on.
    assert {"Square", "Subtract", "Average"} <= may_be_made(frozenset({"Add", "Multiply"}))


@pytest.fixture
def work(monkeypatch):
    """How much each search did, in its own units, one after the other."""
    done = []

    class Counted(search.Search):
        def is_one(self, id):
            found = super().is_one(id)
            done.append(search.FIRST - self.left)
            return found

    monkeypatch.setattr("autograder.judging.diagnosis.Search", Counted)
    return done


@pytest.fixture
def builds(monkeypatch):
    """What Keras is asked to build."""
    asked = []

    def counted(build):
        asked.append(build)
        return build_weightless(build)

    monkeypatch.setattr(drawn_graph, "build_weightless", counted)
    return asked


@pytest.mark.parametrize("kind", ["find", "draw", "mend"])
def test_an_exercise_asks_the_judge_little_and_keras_nothing(kind, work, builds):
    topics = [topic for topic in (*TOPICS, *MISTAKES) if fits(topic, kind)]
    for topic in topics:
        work.clear()
        exercise_of(topic, 3, kind, 4)
        assert 1 <= len(work) <= MOST_ASKED and sum(work) <= MOST_WORK, topic
    # Each kind of layer once in a process: every way to set one, but its widths.
    assert len(builds) <= MOST_BUILT


MOST_ASKED = 4
MOST_WORK = 50_000
"""In units of the search; one that finds nothing may do 1,300,000."""
MOST_BUILT = 30


@pytest.mark.parametrize("kind", KINDS[:3])
def test_what_asks_for_no_mistake_asks_no_judge(kind, work):
    exercise_of("shared layers", 3, kind, 4)
    assert not work


def test_a_seed_that_draws_nothing_is_told_in_a_line(monkeypatch):
    monkeypatch.setattr(drawn_exercise, "_MOST_TRIES", 0)
    with pytest.raises(Problem, match="Seed 4 draws no exercise of this kind"):
        exercise_of("shared layers", 1, "find", 4)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("topic", ["stacks of layers", "several outputs", "wrong-output"])
def test_each_drawing_is_of_the_mistake_that_the_judge_names(topic, level):
    for seed in range(3):
        exercise = exercise_of(topic, level, "draw", seed)
        for option in exercise.options:
            if option.mistake:
                (finding,) = diagnose(option.graph, exercise.built.graph).findings
                assert finding.id == option.mistake
