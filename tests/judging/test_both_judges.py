"""Where structure and values disagree: what computes the same is right, what does not is not."""

import logging

import keras
import pytest
from keras import layers, ops

from autograder import compare
from autograder.by_value import asking
from autograder.graphs import read_graph
from autograder.judging import comparing
from autograder.judging.both_judges import WRITTEN_OTHERWISE
from autograder.judging.verdict import Status


@pytest.fixture(autouse=True)
def both(monkeypatch):
    monkeypatch.delenv(asking.SWITCH)


def model(make):
    x = keras.Input((4,))
    return keras.Model(x, make(layers.Dense(3)(x)))


def as_it_is_meant():
    return model(lambda y: layers.LeakyReLU(negative_slope=0.3)(y))


def by_a_maximum():
    return model(lambda y: ops.maximum(y, 0.3 * y))


def test_what_is_written_in_a_way_that_no_rule_knows_is_right(caplog):
    with caplog.at_level(logging.INFO):
        verdict = compare(by_a_maximum(), as_it_is_meant())
    assert verdict.passed
    assert verdict.notes[0] == WRITTEN_OTHERWISE.replace("solution", "reference")
    assert "A rule could be written" in verdict.remark and verdict.remark in caplog.text


def test_without_values_structure_decides(monkeypatch):
    monkeypatch.setenv(asking.SWITCH, "off")
    verdict = compare(by_a_maximum(), as_it_is_meant())
    assert verdict.status is Status.WRONG and not verdict.remark


def test_what_computes_something_else_is_wrong_and_named():
    verdict = compare(model(lambda y: ops.maximum(y, 0.2 * y)), as_it_is_meant())
    assert verdict.status is Status.WRONG and verdict.findings and not verdict.remark


def test_outputs_with_each_others_names_stay_wrong():
    def heads(first, second):
        x = keras.Input((4,))
        y = layers.Dense(3)(x)
        made = [layers.Dense(2, name=name)(ops.maximum(y, 0.3 * y)) for name in (first, second)]
        return keras.Model(x, made)

    def meant():
        x = keras.Input((4,))
        y = layers.LeakyReLU(negative_slope=0.3)(layers.Dense(3)(x))
        return keras.Model(x, [layers.Dense(2, name=name)(y) for name in ("age", "size")])

    assert compare(heads("age", "size"), meant()).passed
    assert not compare(heads("size", "age"), meant()).passed


def blind(monkeypatch):
    """Structure that takes every network for every other one."""

    class Same:
        key = ()
        order = ()

    monkeypatch.setattr(comparing, "normal_form", lambda graph, palette: Same)


def test_what_structure_takes_for_the_same_is_doubted(monkeypatch, caplog):
    blind(monkeypatch)
    verdict = compare(model(layers.Softmax()), as_it_is_meant())
    assert verdict.status is Status.NOT_CHECKABLE
    assert verdict.findings[0].id == "judges-disagree"
    assert "values do not" in verdict.remark and verdict.remark in caplog.text


def test_it_is_not_doubted_where_that_only_costs_time(monkeypatch):
    blind(monkeypatch)
    assert compare(model(layers.Softmax()), as_it_is_meant(), thorough=False).passed


def test_what_cannot_be_evaluated_is_left_to_structure():
    graph = read_graph(as_it_is_meant())
    odd = graph.with_call(1, config={**graph.calls[1].config, "units": 10**9})
    assert compare(odd, odd).passed
    assert not compare(odd, graph).passed


def read_in_steps(end, *, skips=True):
    words = keras.Input((5,), dtype="int32")
    steps = layers.Embedding(9, 4, mask_zero=skips)(words)
    return keras.Model(words, end(layers.Dense(3)(steps), layers.Dense(3)(steps)))


def subtracted(one, other):
    return layers.Subtract()([one, other])


@pytest.mark.parametrize("skips", [True, False])
def test_that_the_mask_of_an_output_ends_there_is_not_compared(skips):
    ways = [read_in_steps(end, skips=skips) for end in (ops.subtract, subtracted)]
    assert [hasattr(way.output, "_keras_mask") for way in ways] == [False, skips]
    for answer, reference in (ways, ways[::-1]):
        assert compare(answer, reference, thorough=True).passed


def test_that_a_mask_is_made_is_compared_where_it_reaches_outputs_alone():
    answer, reference = (read_in_steps(subtracted, skips=skips) for skips in (False, True))
    verdict = compare(answer, reference)
    assert verdict.status is Status.WRONG and "mask_zero" in verdict.findings[0].message
