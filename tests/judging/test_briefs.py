"""Designs of the student's own, judged by a brief."""

import json
from dataclasses import replace

import pytest
from tensorflow import keras
from tensorflow.keras import layers
from versions import built_if_allowed

from autograder.graphs import read_graph
from autograder.judging.briefs import Brief, count_parameters, judge_by_brief

BRIEF = Brief(
    inputs={"left": (8,), "right": (8,)},
    outputs={"same": (1,)},
    most_parameters=100,
    least_parameters=20,
    ends_with={"same": "sigmoid"},
    uses=("Dense", "Subtract"),
    shares=True,
)


def design(width=8, units=4, shared=True, merge=layers.Subtract, end="sigmoid", name="same", use=2):
    left, right = keras.Input((8,), name="left"), keras.Input((width,), name="right")
    reader = layers.Dense(units)
    other = reader if shared else layers.Dense(units)
    tensors = [reader(left), other(right) if use == 2 else reader(left)]
    out = layers.Dense(1, activation=end, name=name)(merge()(tensors))
    return keras.Model([left, right], out)


def test_a_design_that_has_it_all_passes():
    assert judge_by_brief(read_graph(design()), BRIEF).passed


@pytest.mark.parametrize(
    ("changes", "misconception"),
    [
        ({"name": "other"}, "brief-outputs"),
        ({"width": 9, "shared": False}, "brief-inputs"),
        ({"units": 11}, "brief-parameters"),
        ({"units": 1}, "brief-parameters"),
        ({"end": None}, "wrong-activation"),
        ({"end": "relu"}, "wrong-activation"),
        ({"merge": layers.Multiply}, "missing-layer"),
        ({"shared": False}, "not-shared"),
        ({"use": 1}, "unused-input"),
    ],
)
def test_what_it_lacks_is_named(changes, misconception):
    answer = built_if_allowed(lambda: design(**changes))
    verdict = judge_by_brief(read_graph(answer), BRIEF)
    assert misconception in [finding.id for finding in verdict.findings]


@pytest.mark.parametrize(
    ("names", "says"),
    [
        (("same", "seen"), "One output too many: 'seen'."),
        (("a", "b", "same"), "2 outputs too many: 'a', 'b'."),
        (("other",), "An output is called 'other'; 'same' is meant."),
        (("a", "b"), "An output is missing: 'same'. The brief does not ask for: 'a', 'b'."),
    ],
)
def test_which_name_is_too_many_or_missing_is_said(names, says):
    model = design()
    named = keras.Model(model.inputs, dict.fromkeys(names, model.output))
    (finding,) = judge_by_brief(read_graph(named), BRIEF).findings[:1]
    assert finding.message == says


def test_missing_names_are_listed():
    start = keras.Input((8,), name="left")
    verdict = judge_by_brief(read_graph(keras.Model(start, layers.Dense(1)(start))), BRIEF)
    messages = [finding.message for finding in verdict.findings]
    assert "An input is missing: 'right'." in messages
    assert "An output is called 'output 1'; 'same' is meant." in messages


def test_parameters_are_counted_as_keras_does():
    for units in (3, 7):
        model = design(units=units)
        assert count_parameters(read_graph(model)) == model.count_params()


def test_a_brief_survives_json():
    assert Brief.from_json(json.loads(json.dumps(BRIEF.to_json()))) == BRIEF


def asked(outputs=dict, rows=18):
    question = keras.Input((6,), dtype="int32", name="question")
    read = layers.LSTM(4)(layers.Embedding(rows, 3, name="words")(question))
    answer = layers.Dense(2, activation="softmax", name="answer")(read)
    return keras.Model({"question": question}, {"answer": answer} if outputs is dict else [answer])


def test_what_the_next_cell_needs_is_asked_for():
    brief = Brief({"question": (6,)}, {"answer": (2,)}, by_name=True, ids={"question": 18})
    assert Brief.from_json(json.loads(json.dumps(brief.to_json()))) == brief

    def found(**how):
        return [f.id for f in judge_by_brief(read_graph(asked(**how)), brief).findings]

    assert found() == found(rows=40) == []
    assert found(outputs=list) == ["other-structure"]
    assert found(rows=17) == ["embedding-too-small"]
    assert judge_by_brief(read_graph(asked(list, 3)), replace(brief, by_name=False, ids={})).passed
