"""Small networks are evaluated in the process that asks, and leave it as it was."""

import random
import sys
import threading
import time
import warnings
from dataclasses import replace

import keras
import numpy as np
import pytest
import tensorflow as tf
from versions import IS_OLDER

from autograder.by_value import asking, comparison, here
from autograder.by_value.opinion import Said
from autograder.graphs import Call, Graph, Tensor


def graph(*calls, size=5):
    """A chain of calls, each with the shape that it makes."""
    chain = [Call("Input", {"shape": [size]}, dtype="float32", shape=(None, size))]
    for number, (op, config, weights, shape) in enumerate(calls):
        chain.append(Call(op, config, (Tensor(number),), weights=weights, shape=(None, *shape)))
    return Graph(tuple(chain), ("",), (Tensor(len(calls)),), ("",))


def dense(activation, units=3):
    return graph(
        ("Dense", {"units": units}, 0, (units,)),
        ("Dropout", {"rate": 0.5}, None, (units,)),
        ("Activation", {"activation": activation}, None, (units,)),
    )


class Unasked:
    is_there = False

    def ask(self, answer, reference):
        raise AssertionError("the process that evaluates was asked")


@pytest.fixture
def alone(monkeypatch):
    """No process evaluates, and what is asked has to be settled without one."""
    monkeypatch.delenv(asking.SWITCH)
    monkeypatch.setattr(asking, "_process", Unasked)


def test_it_judges_without_a_process(alone):
    assert asking.by_value(dense("relu"), dense("relu")).said is Said.EQUAL
    assert asking.by_value(dense("relu"), dense("tanh")).said is Said.DIFFERENT


def test_it_says_what_the_process_says():
    evaluating = asking.Evaluating()
    try:
        for mine, meant in (("relu", "relu"), ("relu", "tanh"), ("silu", "swish")):
            there = evaluating.ask(dense(mine), dense(meant))
            assert here.by_value(dense(mine), dense(meant)).said is there.said
    finally:
        evaluating.end()


def test_a_process_that_is_there_is_asked(monkeypatch):
    class There(Unasked):
        is_there = True

    monkeypatch.delenv(asking.SWITCH)
    monkeypatch.setattr(asking, "_process", There)
    with pytest.raises(AssertionError, match="was asked"):
        asking.by_value(dense("relu"), dense("relu"))


def drawn_after(work):
    keras.utils.set_random_seed(7)
    work()
    dense = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2)])
    numbers = (random.random(), np.random.random(), tf.random.uniform(()), keras.random.uniform(()))
    return [*map(float, numbers), *dense.get_weights()[0].flat]


def test_what_is_drawn_by_chance_stays(alone):
    wanted, again = (drawn_after(lambda: None) for _ in range(2))
    drawn = drawn_after(lambda: asking.by_value(dense("relu"), dense("tanh")))
    repeated = [one == other for one, other in zip(wanted, again, strict=True)]
    assert repeated.count(False) <= IS_OLDER, "Keras 3.8 does not begin its own numbers anew"
    assert [x for x, is_told in zip(drawn, repeated, strict=True) if is_told] == [
        x for x, is_told in zip(wanted, repeated, strict=True) if is_told
    ]


def test_names_types_and_warnings_stay(alone):
    def number():
        return int(keras.layers.Dense(2).name.rpartition("_")[2])

    keras.layers.Dense(2)  # the first has no number
    first, filters = number(), list(warnings.filters)
    asking.by_value(dense("relu"), dense("tanh"))
    assert number() == first + 1
    assert warnings.filters == filters
    assert keras.config.dtype_policy().name == "float32"


def test_no_thread_is_left():
    before = threading.active_count()
    here.by_value(dense("relu"), dense("tanh"))
    assert threading.active_count() == before


@pytest.mark.parametrize(
    "large",
    [
        dense("relu", units=10**9),
        graph(("RepeatVector", {"n": 10**9}, None, (10**9, 5))),
        graph(*[("Dense", {"units": 3}, n, (3,)) for n in range(here.MOST_CALLS)]),
        graph(("Dense", {"units": 3}, 0, (3,)), size=10**6),
    ],
)
def test_what_is_not_small_is_not_evaluated_here(large, monkeypatch):
    monkeypatch.setattr(comparison, "by_value", None)
    assert here.by_value(large, large) is None
    assert here.by_value(dense("relu"), large) is None


@pytest.mark.parametrize("config", [{"units": "3"}, {"units": 3, "strides": "x"}, {"filters": [1]}])
def test_odd_settings_are_no_error(config, alone):
    odd = graph(("Dense", config, 0, (3,)))
    assert here.is_small(odd) in (True, False)
    there = here.by_value(odd, odd)
    assert there is None or there.said is Said.UNKNOWN


def looked_up(words, activation):
    """Ids that are looked up in a table, and what is made of them."""
    calls = (
        Call("Input", {"shape": [4]}, dtype="int32", shape=(None, 4)),
        Call("Embedding", {"input_dim": words, "output_dim": 16}, (Tensor(0),), 0, "table"),
        Call("Activation", {"activation": activation}, (Tensor(1),)),
    )
    made = (None, 4, 16)
    calls = (calls[0], *(replace(call, shape=made) for call in calls[1:]))
    return Graph(calls, ("",), (Tensor(2),), ("",))


def test_a_table_of_many_words_is_evaluated_with_fewer(alone):
    large = looked_up(50_000, "tanh")
    assert not here.is_small(large)
    found = asking.by_value(large, large)
    assert found.said is Said.EQUAL and "smaller" in found.reason
    assert asking.by_value(looked_up(50_000, "relu"), large).said is Said.DIFFERENT


def test_a_call_of_unknown_shape_may_make_anything():
    known = dense("relu")
    assert here.is_small(known)
    assert not here.is_small(known.with_call(2, shape=None))


def test_of_a_layer_that_gave_its_states_the_size_is_told_by_its_units():
    calls = (
        Call("Input", {"shape": [6, 4]}, dtype="float32", shape=(None, 6, 4)),
        Call("LSTM", {"units": 3, "return_state": False}, (Tensor(0),), weights=0),
    )
    states = Graph(calls, ("",), (Tensor(1),), ("",))
    assert here.is_small(states)
    assert not here.is_small(states.with_call(1, config={"units": 10**9, "return_state": False}))


@pytest.mark.parametrize(
    ("set_", "get", "other"),
    [
        (keras.config.set_floatx, keras.config.floatx, "float16"),
        (keras.config.set_image_data_format, keras.config.image_data_format, "channels_first"),
        (keras.config.set_epsilon, keras.config.epsilon, 0.5),
    ],
)
def test_where_keras_is_set_otherwise_for_all_threads_nothing_is_evaluated_here(set_, get, other):
    usual = get()
    set_(other)
    try:
        assert here.by_value(dense("relu"), dense("relu")) is None
    finally:
        set_(usual)


def test_types_that_are_set_for_the_students_own_thread_change_nothing():
    keras.config.set_dtype_policy("mixed_float16")
    try:
        assert here.by_value(dense("relu"), dense("relu")).said is Said.EQUAL
        assert here.by_value(dense("relu"), dense("tanh")).said is Said.DIFFERENT
        assert keras.config.dtype_policy().name == "mixed_float16"
    finally:
        keras.config.set_dtype_policy("float32")


@pytest.mark.parametrize("module", ["keras", "tensorflow"])
def test_where_keras_is_not_loaded_nothing_is_evaluated_here(module, monkeypatch):
    monkeypatch.delitem(sys.modules, module)
    assert here.by_value(dense("relu"), dense("relu")) is None
    assert module not in sys.modules


def test_a_layer_that_somebody_put_in_keras_place_is_not_run(monkeypatch):
    class Own(keras.layers.Dense):
        def call(self, inputs):
            raise AssertionError("it was run")

    monkeypatch.setattr(keras.layers, "Dense", Own)
    assert here.by_value(dense("relu"), dense("relu")).said is Said.UNKNOWN


def test_who_is_interrupted_waits_no_longer_and_nothing_goes_on(monkeypatch):
    is_over = threading.Event()
    networks = []

    def endless(answer, reference, make, **rest):
        networks.append(make(answer, time.process_time() + 1000))
        while networks[0].ends:
            time.sleep(0.001)
        is_over.set()

    class Interrupted(threading.Thread):
        def join(self, timeout=None):
            if not is_over.is_set() and timeout == here.WAIT:
                while not networks:
                    time.sleep(0.001)
                raise KeyboardInterrupt
            super().join(timeout)

    monkeypatch.setattr(comparison, "by_value", endless)
    monkeypatch.setattr(here.threading, "Thread", Interrupted)
    with pytest.raises(KeyboardInterrupt):
        here.by_value(dense("relu"), dense("relu"))
    assert is_over.is_set()
    monkeypatch.undo()
    assert here.by_value(dense("relu"), dense("relu")).said is Said.EQUAL


def test_what_takes_too_long_is_given_up(monkeypatch):
    monkeypatch.setattr(here, "WAIT", 0.01)
    monkeypatch.setattr(comparison, "by_value", lambda *graphs, **rest: time.sleep(0.3))
    assert here.by_value(dense("relu"), dense("relu")) is None
