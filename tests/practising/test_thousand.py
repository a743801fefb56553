"""What holds of every exercise: of a few seeds always, of a thousand a topic and level in long."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from practising.networks import is_refused, shown
from practising.test_drawn_graph import is_as_built

from autograder.graphs import normal_form
from autograder.judging.diagnosis import diagnose
from autograder.practising import exercise_of
from autograder.practising.drawn_graph import graph_of
from autograder.practising.drawn_shapes import shapes_of
from autograder.practising.exercise import KINDS, LETTERS, fits
from autograder.practising.made_wrong import MISTAKES
from autograder.practising.mistake_kinds import may_both_be_said
from autograder.practising.statements import understood
from autograder.practising.topics import LEVELS, SIZES, TOPICS

FEW = settings(max_examples=3, derandomize=True, deadline=None, database=None)
THOUSAND = 1000
LOOKED_AT = 50
"""Of so many seeds one is also built by Keras, drawn twice, and judged by the whole search."""


def key(graph):
    return normal_form(graph).key


def holds(topic, level, seed, *, looked_at):
    """Draw an exercise, and see that it is what every exercise is."""
    kinds = [kind for kind in KINDS if fits(topic, kind)]
    exercise = exercise_of(topic, level, kinds[seed % len(kinds)], seed)
    assert understood(exercise.statements) == exercise.network
    assert topic in TOPICS or exercise.network.size in SIZES[level]
    assert set(shapes_of(exercise.network)) >= set(exercise.network.outputs)
    right = key(graph_of(exercise.network))
    if exercise.kind in ("find", "mend"):
        assert key(graph_of(exercise.wrong.network)) != right
        assert topic in (*TOPICS, exercise.wrong.id)
    if exercise.kind == "find":
        texts = {option.text: option.mistake for option in exercise.options}
        assert len(texts) == 4 and chosen(exercise).mistake == exercise.wrong.id
        others = [each for each in texts.values() if each != exercise.wrong.id]
        assert not [each for each in others if may_both_be_said(each, exercise.wrong.id)]
    if exercise.as_drawings:
        graphs = [graph_of(each) for each in (exercise.network, exercise.wrong.network)]
        assert shown(graphs[0]) != shown(graphs[1])
    if exercise.kind == "draw":
        keys = [key(option.graph) for option in exercise.options]
        assert len(keys) == 3 and all(a != b for a, b in combinations(keys, 2))
        assert key(chosen(exercise).graph) == right and not chosen(exercise).mistake
        assert topic in (*TOPICS, *(option.mistake for option in exercise.options))
    if looked_at:
        looks_right(exercise)


def chosen(exercise):
    return exercise.options[LETTERS.index(exercise.right)]


def looks_right(exercise):
    """What takes longer to see."""
    assert exercise_of(exercise.topic, exercise.level, exercise.kind, exercise.seed) == exercise
    assert is_as_built(exercise.network)
    if exercise.wrong:
        network = exercise.wrong.network
        assert is_refused(network) or is_as_built(network)
        (finding,) = diagnose(graph_of(network), graph_of(exercise.network)).findings
        assert finding.id == exercise.wrong.id


@pytest.mark.parametrize("topic", (*TOPICS, *MISTAKES))
def test_an_exercise_is_sound(topic):
    @FEW
    @given(st.sampled_from(LEVELS), st.integers(THOUSAND, 10**6))
    def sound(level, seed):
        holds(topic, level, seed, looked_at=False)

    sound()


@pytest.mark.long
@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("topic", (*TOPICS, *MISTAKES))
def test_a_thousand_exercises_are_sound(topic, level):
    for seed in range(THOUSAND):
        holds(topic, level, seed, looked_at=seed % LOOKED_AT == 0)
