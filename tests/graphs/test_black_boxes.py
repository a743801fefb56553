"""What somebody wrote is a black box: counted, drawn, and compared as far as it is known."""

import json
import os
import re
import subprocess
import sys
from dataclasses import replace

import keras
import numpy as np
import pytest
from graphs import own_layers as own
from keras import layers
from sweeps import one_in

from autograder import compare, draw, explain
from autograder.by_value import asking
from autograder.by_value.comparison import by_value
from autograder.by_value.opinion import Said
from autograder.graphs import read_config, read_graph
from autograder.graphs.black_boxes import OWN_FUNCTION, own_code, runs_own_code
from autograder.graphs.reading.own_code import fingerprint, with_own_functions
from autograder.graphs.rebuilding import stand_ins
from autograder.graphs.rebuilding.rebuilt import Rebuilt
from autograder.graphs.stored import graph_from_json, graph_to_json
from autograder.judging.verdict import Status

NOTHING_UNSEEN = {"inherited", "inherited, inside", "a row", "an initializer", "a Lambda"} | {
    *("a Lambda of a function", "an activation", "a lambda as activation", "a part of a function")
}
"""Models whose graph can be seen all the same."""


@pytest.fixture(autouse=True)
def structure_alone(monkeypatch):
    monkeypatch.setenv(asking.SWITCH, "off")


def size(variables):
    return sum(int(np.prod(variable.shape)) for variable in variables)


@pytest.mark.parametrize("kind", own.MODELS)
def test_the_totals_are_those_of_keras(kind):
    model = own.MODELS[kind]()
    told = explain(model)
    assert told.total == model.count_params()
    assert told.trainable == size(model.trainable_weights)
    assert sum(row.count for row in told.rows) == told.total
    assert not told.uncounted


@pytest.mark.parametrize("kind", own.MODELS)
def test_it_is_drawn_with_its_shapes(kind):
    text = draw(own.MODELS[kind]()).text
    assert "?" not in text and re.search(r"\[(frozen; )?output", text)


@pytest.mark.parametrize("kind", own.MODELS)
def test_it_is_the_same_as_one_built_again_and_survives_json(kind):
    graph, again = read_graph(own.MODELS[kind]()), read_graph(own.MODELS[kind]())
    assert graph_from_json(json.loads(json.dumps(graph_to_json(graph)))) == graph
    assert compare(again, graph).passed


@pytest.mark.parametrize("kind", own.MODELS)
def test_it_is_not_run(kind):
    """Something stands in for it, of which nothing shows that networks differ."""
    graph = read_graph(own.MODELS[kind]())
    assert any(map(runs_own_code, graph.calls)) is (kind not in NOTHING_UNSEEN)
    makers = {type(layer).__module__ for layer in Rebuilt(graph).layers.values()}
    assert all(name.startswith(("keras.src.", stand_ins.__name__)) for name in makers)
    assert by_value(graph, graph).said is not Said.DIFFERENT


@pytest.mark.parametrize("kind", sorted(own.MODELS.keys() - NOTHING_UNSEEN))
def test_without_it_the_reference_says_nothing_of_it(kind):
    """What runs there could do anything: not right, but not wrong either."""
    model = own.MODELS[kind]()
    plain = keras.Model(model.inputs, [layers.Flatten()(tensor) for tensor in model.inputs])
    verdict = compare(model, plain)
    assert verdict.status is Status.NOT_CHECKABLE
    assert verdict.findings[0].message.count("cannot be seen") == 1


def test_nothing_that_was_read_is_changed():
    layer = own.Unsavable(lambda x: x)
    read_graph(own.in_front(layer))
    assert "get_config" not in vars(layer)
    with pytest.raises(NotImplementedError):
        layer.get_config()


def front(layer):
    return lambda: own.in_front(layer())


def plus(number):
    return lambda x: x + number


DIFFERENT = {
    "a setting": (front(lambda: own.Scaled(2)), front(lambda: own.Scaled(3))),
    "weights' shapes": (front(lambda: own.Two(3)), front(lambda: own.Two(4))),
    "shared or not": (own.shared, own.not_shared),
    "frozen or not": (own.frozen, own.MODELS["two results"]),
    "a size that cannot be saved with the rest": (
        front(lambda: own.Unsavable(abs, 3)),
        front(lambda: own.Unsavable(abs, 4)),
    ),
    "a setting of a cell": (
        lambda: own.in_front(layers.RNN(own.LSTMCell(4)), 5, 3),
        lambda: own.in_front(layers.RNN(own.LSTMCell(5)), 5, 3),
    ),
    "what a wrapper wraps": (
        front(lambda: own.Around(layers.Dense(2))),
        front(lambda: own.Around(layers.Dense(2, activation="relu"))),
    ),
    "how often it is drawn": (
        lambda: _drawn(own.Sampling(), own.Sampling()),
        lambda: _drawn(*[own.Sampling()] * 2),
    ),
}


def _drawn(one, other):
    start = keras.Input((4,))
    first = one([start, start])
    second = first if one is other else other([start, start])
    return keras.Model(start, layers.Subtract()([first, second]))


@pytest.mark.parametrize("kind", DIFFERENT)
def test_two_of_a_kind_that_differ(kind):
    one, other = DIFFERENT[kind]
    assert compare(one(), one()).passed and compare(other(), other()).passed
    assert compare(one(), other()).status is Status.WRONG
    assert compare(other(), one()).status is Status.WRONG


def named(answer, reference):
    (finding,) = compare(answer, reference).findings
    return finding


def test_what_differs_in_a_black_box_is_named():
    one, other = own.in_front(own.Stack(3)), own.in_front(own.Stack(4))
    assert named(one, other).id == "wrong-setting" and "layers=3" in named(one, other).message
    assert named(own.frozen(), own.MODELS["two results"]()).id == "frozen-by-mistake"
    assert named(own.MODELS["two results"](), own.frozen()).id == "not-frozen"
    wrapped = own.in_front(own.Around(layers.Dense(2))), own.in_front(own.Around(layers.Dense(3)))
    assert (named(*wrapped).expected, named(*wrapped).found) == ("layer=Dense 3", "layer=Dense 2")


def test_other_weights_in_the_same_class_are_told():
    said = named(own.in_front(own.Subclassed(6)), own.in_front(own.Subclassed(5)))
    assert said.id == "other-variables"
    assert (said.expected, said.found) == ("4×5, 5, 5×2 and 2", "4×6, 6, 6×2 and 2")


def test_mistakes_beside_a_black_box_are_named():
    def net(width, *between):
        start = x = keras.Input((4,))
        for layer in (*between, own.Scaled(), layers.Dense(width)):
            x = layer(x)
        return keras.Model(start, x)

    assert named(net(3), net(2)).id == "wrong-units"
    assert named(net(2), net(2, layers.Dense(8))).id == "missing-layer"


def test_how_weights_start_is_not_compared():
    one, other = (
        own.in_front(own.Dense(3, kernel_initializer=name)) for name in ("zeros", "he_normal")
    )
    assert compare(one, other).passed


def one_more(x):
    return x + 1


def fibonacci(x, n=3):
    return x if n < 2 else fibonacci(x, n - 1) + fibonacci(x, n - 2)


def test_a_function_that_calls_itself_has_a_fingerprint():
    assert fingerprint(fibonacci) == fingerprint(fibonacci) != fingerprint(one_more)


def test_a_fingerprint_is_the_same_in_each_process():
    code = (
        "from autograder.graphs.reading.own_code import fingerprint\n"
        "print(fingerprint(lambda x: x if x in {'a', 'b', 'c', 'd', 'e', 'f'} else 'g'))"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1]


FUNCTIONS = {
    "a constant": (lambda: lambda x: x + 1, lambda: lambda x: x + 2),
    "a name": (lambda: lambda x: keras.ops.exp(x), lambda: lambda x: keras.ops.log(x)),
    "what it closes over": (lambda: plus(1), lambda: plus(2)),
    "an array": (lambda: plus(np.ones(4)), lambda: plus(np.zeros(4))),
    "a number by name": (lambda: plus({"by": 1}["by"]), lambda: plus({"by": 2}["by"])),
    "a function of its module": (lambda: lambda x: own.gated(x), lambda: lambda x: one_more(x)),
}


USES = {
    "Lambda": layers.Lambda,
    "activation": lambda f: layers.Dense(4, activation=f),
    "a layer of one's own": own.Unsavable,
}


def hidden(function):
    return lambda x: function(x) + 0 * own.drawing(x)


@one_in(3, kind=lambda parameters: parameters["use"])
@pytest.mark.parametrize("kind", FUNCTIONS)
@pytest.mark.parametrize("use", USES)
def test_functions_of_other_code_cannot_be_compared(kind, use):
    one, other = (own.in_front(USES[use](hidden(make()))) for make in FUNCTIONS[kind])
    same = own.in_front(USES[use](hidden(FUNCTIONS[kind][0]())))
    assert compare(one, same).passed
    assert compare(one, other).status is Status.NOT_CHECKABLE


@pytest.mark.parametrize("kind", FUNCTIONS)
@pytest.mark.parametrize("use", ["Lambda", "activation"])
def test_functions_that_only_call_operations_are_compared(kind, use):
    one, other = (own.in_front(USES[use](make())) for make in FUNCTIONS[kind])
    same = own.in_front(USES[use](FUNCTIONS[kind][0]()))
    assert compare(one, same).passed
    assert compare(one, other).status is Status.WRONG


def test_a_function_is_the_same_on_another_line_and_with_other_names():
    one = own.in_front(layers.Lambda(lambda x: x * 2 + 1))
    # another line, and another name
    other = own.in_front(layers.Lambda(lambda tensor: tensor * 2 + 1))
    assert compare(one, other).passed


def test_tensors_by_name_are_those_by_place():
    assert compare(own.by_name(), own.by_place()).passed


def test_what_is_left_out_is_missing():
    plain = own.in_front(layers.Dense(3))
    start = keras.Input((4,))
    boxed = keras.Model(start, layers.Dense(3)(own.Scaled()(start)))
    assert compare(plain, boxed).status is Status.WRONG


@pytest.mark.parametrize("kind", ["settings", "weights", "two results", "a wrapper", "a cell"])
def test_saved_and_live_are_the_same(kind):
    live = own.MODELS[kind]()
    saved = read_config(json.loads(live.to_json()))
    assert compare(saved, live).passed and compare(live, saved).passed
    assert compare(saved, saved).passed


def test_of_a_saved_one_it_is_said_what_is_not_known():
    saved = own.in_front(own.Weighed(name="weighed")).to_json()
    told = explain(read_config(json.loads(saved)))
    assert told.total == 0 and told.uncounted == ("weighed",)
    assert "and those of 'weighed'" in repr(told)


def test_a_layer_in_which_another_layers_weights_are_counts_them_once():
    row = explain(own.tied()).rows[-1]
    assert row.count == 50 and "1 variable of other layers" in row.note


def adapted():
    model = own.in_front(layers.Dense(8))
    model.layers[-1].enable_lora(2)
    return model


def quantized():
    start = keras.Input((4,))
    model = keras.Model(start, layers.Dense(3)(layers.Dense(8)(start)))
    model.quantize("int8")
    return model


@pytest.mark.parametrize("build", [adapted, quantized])
def test_a_layer_that_was_made_over_is_counted_as_it_is_and_compared_as_it_was(build):
    model = build()
    told = explain(model)
    assert told.total == model.count_params()
    assert told.trainable == size(model.trainable_weights)
    assert compare(model, build()).passed


@pytest.mark.parametrize("function", [abs, np.abs, len])
def test_functions_without_code_are_known_by_name(function):
    one = read_graph(own.in_front(layers.Dense(3)))
    call = one.calls[-1]
    saved = {"module": "builtins", "class_name": type(function).__name__, "config": "name"}
    told = with_own_functions({"function": saved}, None)["function"]
    assert told["class_name"] == OWN_FUNCTION and told["config"] == "name"
    assert list(own_code(replace(call, op="custom Lambda", config={"function": told}))) == ["name"]


class Odd(layers.Layer):
    """Says of itself what it likes."""

    def __init__(self, says, thing=None):
        super().__init__()
        self.says = says

    @property
    def thing(self):
        raise RuntimeError("not now")

    def call(self, x):
        return x

    def get_config(self):
        return self.says()


def refuse():
    raise RuntimeError("no")


SAYINGS = {
    "nothing": lambda: None,
    "a list": lambda: [1, 2],
    "an error": refuse,
    "numbers for names": lambda: {1: 2},
    "what nobody can save": lambda: {"here": object(), "there": {1, 2}},
    "an array": lambda: {"here": np.arange(5_000.0)},
    "a model's words": lambda: {"layers": 3, "input_layers": "none"},
}


@pytest.mark.parametrize("kind", SAYINGS)
def test_whatever_a_layer_says_of_itself(kind):
    model = own.in_front(Odd(SAYINGS[kind]))
    assert len(draw(model).text) < 500
    assert compare(model, own.in_front(Odd(SAYINGS[kind]))).passed
    assert compare(model, own.in_front(layers.Dense(3))).status is Status.NOT_CHECKABLE
