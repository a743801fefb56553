"""Networks of no chapter: every way to write one is the same by value, every mistake is not.

Real models are evaluated first, so each label is true; then what is made of their graphs.
"""

import keras
import numpy as np
import pytest
from by_value.live import exactly, live_by_value
from by_value.networks import NETWORKS
from keras import layers
from sweeps import one_in

from autograder.by_value.comparison import by_value
from autograder.by_value.opinion import Said
from autograder.graphs import read_graph
from autograder.graphs.rebuilding.makers import DTYPE
from autograder.graphs.rebuilding.rebuilt import Rebuilt
from autograder.judging.pairing import in_order_of

PAIRS = [(n, way) for n in NETWORKS for way in ("", *n.right, *n.wrong)]
CASES = [pytest.param(*pair, id=f"{pair[0].name}: {pair[1] or 'itself'}") for pair in PAIRS]


def is_wrong(params):
    return params["way"] in params["network"].wrong


def judge(network, way):
    wanted = Said.DIFFERENT if way in network.wrong else Said.EQUAL
    keras.backend.clear_session()  # numbers are drawn by names: so they are the same in every run
    with exactly():
        answer, reference = network.build(way), network.build("")
        live = live_by_value(answer, reference)
    assert live.said is wanted, live
    meant = read_graph(reference)
    found = by_value(in_order_of(read_graph(answer), meant), meant)
    assert found.said is wanted, found


def test_there_are_enough():
    assert len(NETWORKS) >= 24
    assert all(len(n.right) >= 3 and len(n.wrong) >= 3 for n in NETWORKS)


@one_in(18, kind=is_wrong)
@pytest.mark.parametrize(("network", "way"), CASES)
def test_each_way_is_what_it_is_said_to_be(network, way):
    judge(network, way)


CONVOLUTIONS = (layers.Conv1D, layers.Conv2D, layers.Conv3D)
IN_GROUPS = [
    *((kind, {"strides": 2, "padding": "same"}) for kind in CONVOLUTIONS),
    *((kind, {"dilation_rate": 2, "use_bias": False}) for kind in CONVOLUTIONS),
    (layers.Conv1D, {"dilation_rate": 2, "padding": "causal"}),
]


@pytest.mark.parametrize(("kind", "settings"), IN_GROUPS)
def test_a_convolution_in_groups_is_rebuilt_as_keras_has_it(kind, settings):
    """What is rebuilt is compared with itself elsewhere: one fault on both sides would not show."""
    rank = int(kind.__name__[-2])
    chance = np.random.default_rng(0)
    with exactly():
        x = keras.Input((7,) * rank + (4,))
        layer = kind(6, 3, groups=2, activation="tanh", **settings)
        model = keras.Model(x, layer(x))
        layer.set_weights([chance.normal(size=weight.shape) for weight in layer.weights])
        data = keras.ops.convert_to_tensor(chance.normal(size=(2, *x.shape[1:])), DTYPE)
        wanted = np.asarray(model(data))
    rebuilt = Rebuilt(read_graph(model))
    rebuilt([data])
    (own,) = rebuilt.layers.values()
    own.set_weights(layer.get_weights())
    (made,) = rebuilt([data])
    assert np.allclose(made, wanted, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("kind", ["comparison", "threshold"])
def test_a_limit_that_is_another_one_is_not_taken_for_the_same(kind):
    """No number that is tried lies between the two."""

    def net(limit, respelled):
        x = keras.Input((6,))
        y = keras.ops.where(x > limit, 1.0, x)
        if kind == "threshold":
            y = layers.Concatenate()([x, layers.ReLU(threshold=limit)(x)])
        h = layers.Dense(4)(y)
        end = keras.ops.square(h + 1) - 1 if respelled else h * h + 2 * h
        return read_graph(keras.Model(x, layers.Dense(3)(end)))

    one, other = {"comparison": (65.0, 60.0), "threshold": (5.0, 6.0)}[kind]
    assert by_value(net(one, True), net(one, False)).said is Said.EQUAL
    assert by_value(net(other, True), net(one, False)).said is not Said.EQUAL


@pytest.mark.parametrize("width", [2, 3, 4, 6, 9, 12])
def test_as_many_examples_as_an_axis_is_long_change_nothing(width):
    def model(turned):
        x = keras.Input((3,))
        dropped = layers.Dropout(0.2)(layers.Dense(5)(x))
        one, many = layers.Dense(1)(dropped), layers.Dense(width)(dropped)
        return keras.Model(x, layers.Add()([many, one] if turned else [one, many]))

    assert by_value(read_graph(model(True)), read_graph(model(False))).said is Said.EQUAL
