"""Random networks: written otherwise they are accepted, with other numbers refused.

What is the same, and what is not, Keras says here: it evaluates both models.
"""

from collections import Counter

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from properties.plans import Writer, drawn, has_masks_taken_off, slips, ways_of, where_masks_are
from properties.truth import Another, Same
from tensorflow.errors import InvalidArgumentError
from versions import IS_OLDER

from autograder.by_value.comparison import by_value
from autograder.by_value.opinion import Said
from autograder.graphs import Palette, normal_form, read_graph
from autograder.judging.pairing import in_order_of

AT_A_TIME = 5
"""Of each network as many are written otherwise, and as many have a mistake."""

USUALLY = settings(
    max_examples=11,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
SELDOM = settings(USUALLY, max_examples=4)
LONG = settings(USUALLY, max_examples=210, derandomize=False)
CHANCE = st.randoms(use_true_random=False)

JUDGED: Counter[str] = Counter()


def graphs(answer, reference):
    meant = read_graph(reference.model)
    return in_order_of(read_graph(answer.model), meant), meant


def is_same_in_structure(answer, reference):
    palette = Palette()
    return normal_form(answer, palette).key == normal_form(reference, palette).key


def said_by_keras(judge, reference):
    """What Keras can tell of a reference's like; an older one itself fails at some references."""
    try:
        return judge(reference)
    except (ValueError, InvalidArgumentError):
        if not IS_OLDER:
            raise
        JUDGED["left out"] += 1
        assume(False)


def written_otherwise(plan, chance):
    """The ways in which one to three steps of a plan are written otherwise."""
    open_to = ways_of(plan)
    assume(open_to)
    owners = chance.sample(sorted(open_to), min(len(open_to), chance.randint(1, 3)))
    return {owner: chance.choice(open_to[owner]) for owner in owners}


def accepted(chance):
    plan = drawn(chance)
    assume(not has_masks_taken_off(plan))
    reference = Writer(plan, {}).write()
    same = said_by_keras(Same, reference)
    for _ in range(AT_A_TIME):
        chosen = written_otherwise(plan, chance)
        ways = {owner: name for owner, (name, _) in chosen.items()}
        answer = Writer(plan, ways, chance).write()
        assert same.holds(answer), ("a way that is none", ways, plan)
        built, meant = graphs(answer, reference)
        if is_same_in_structure(built, meant):
            JUDGED["accepted by structure"] += 1
            continue
        assert any(way.by_value for _, way in chosen.values()), ("by structure", ways, plan)
        opinion = by_value(built, meant, seconds=5.0)
        assert opinion.said is not Said.DIFFERENT, (opinion, ways, plan)
        JUDGED[f"{opinion.said} by value"] += 1


def written_where_masks_are(chance):
    """A way that may lose a mask is right where Keras says so, and wrong where it does not."""
    plan = drawn(chance, among=("text", "text", "sequence"))
    barred = sorted(where_masks_are(plan))
    assume(barred and not has_masks_taken_off(plan))
    chosen = chance.sample(barred, min(len(barred), AT_A_TIME))
    reference = Writer(plan, {}).write()
    same = said_by_keras(Same, reference)
    answers = [Writer(plan, {owner: name}).write() for owner, name in chosen]
    hold = [same.holds(answer) for answer in answers]
    another = said_by_keras(Another, reference)
    for way, answer, holds in zip(chosen, answers, hold, strict=True):
        built, meant = graphs(answer, reference)
        is_same = is_same_in_structure(built, meant)
        opinion = by_value(built, meant, seconds=5.0)
        if holds:
            assert is_same or opinion.said is not Said.DIFFERENT, (opinion, way, plan)
            JUDGED["accepted beside a mask"] += 1
        elif another.is_proved(answer):
            assert not is_same, ("by structure", way, plan)
            assert opinion.said is not Said.EQUAL, (opinion, way, plan)
            JUDGED["refused beside a mask"] += 1


def refused(chance, evaluated):
    plan = drawn(chance)
    reference = Writer(plan, {}).write()
    another, found = said_by_keras(Another, reference), 0
    for slip in slips(plan, chance):
        try:
            answer = Writer(slip, {}).write()
            if not another.is_proved(answer):
                continue
        except (ValueError, TypeError, IndexError, InvalidArgumentError):
            continue  # Keras refuses it first
        built, meant = graphs(answer, reference)
        assert not is_same_in_structure(built, meant), ("by structure", plan, slip)
        if found < evaluated:
            opinion = by_value(built, meant, seconds=5.0)
            assert opinion.said is not Said.EQUAL, (opinion, plan, slip)
        JUDGED["refused"] += 1
        found += 1
        if found == AT_A_TIME:
            return


@USUALLY
@given(CHANCE)
def test_written_otherwise_it_is_accepted(chance):
    accepted(chance)


@SELDOM
@given(CHANCE)
def test_where_a_mask_is_lost_keras_says_what_is_right(chance):
    written_where_masks_are(chance)


@USUALLY
@given(CHANCE)
def test_with_other_numbers_it_is_refused(chance):
    refused(chance, evaluated=2)


def test_there_were_enough():
    if not JUDGED["refused"] or not JUDGED["accepted by structure"]:
        pytest.skip("only a part was run")
    assert sum(JUDGED.values()) >= 100, JUDGED
    assert JUDGED["left out"] <= 0.05 * sum(JUDGED.values()), JUDGED
    assert JUDGED["unknown by value"] <= 0.02 * sum(JUDGED.values()), JUDGED


@pytest.mark.long
@LONG
@given(CHANCE)
def test_written_otherwise_many_are_accepted(chance):
    accepted(chance)


@pytest.mark.long
@LONG
@given(CHANCE)
def test_where_masks_are_lost_keras_says_what_is_right(chance):
    written_where_masks_are(chance)


@pytest.mark.long
@LONG
@given(CHANCE)
def test_with_other_numbers_many_are_refused(chance):
    refused(chance, evaluated=AT_A_TIME)
