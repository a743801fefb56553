"""What is said of each layer class, held against Keras itself."""

import inspect

import keras
import numpy as np
import pytest
from graphs.test_formulas import CASES, NO_CASE, as_a_list, built_by_hand
from keras import layers as kl
from sweeps import one_in
from versions import built_if_known

from autograder import compare
from autograder.graphs.layers.facts import FACTS, OPERATIONS, facts, is_noisy, owns_weights
from autograder.graphs.layers.meaning import meaning

PUBLIC = {
    name: layer
    for name, layer in vars(kl).items()
    if inspect.isclass(layer) and issubclass(layer, keras.Layer) and name not in NO_CASE
}
EACH = [(name, number) for name in CASES for number in range(len(CASES[name]))]
INNER = ("LSTMCell", "GRUCell", "SimpleRNNCell", "StackedRNNCells", "InputLayer")
"""What is no layer that one calls on a tensor."""

MERGE = kl.Add.__mro__[1]
"""The class that all of Keras' merging layers are of."""


def saved(layer):
    """A layer's class and settings, as they stand in a saved model."""
    data = keras.saving.serialize_keras_object(layer)
    return data["class_name"], meaning(data["config"], data["class_name"])


def data_for(one, batch=8):
    """Something to call a layer on; the same for the same shapes."""
    chance = np.random.default_rng(5)
    shapes = [
        (one.batch or batch, *(3 if size is None else size for size in s)) for s in one.shapes
    ]
    if one.dtype == "string":
        return [np.full(shape, "word") for shape in shapes]
    if one.dtype.startswith("int"):
        return [chance.integers(0, 2, shape).astype(one.dtype) for shape in shapes]
    return [chance.uniform(0.1, 0.9, shape).astype(one.dtype) for shape in shapes]


def test_every_public_layer_has_its_row():
    assert {layer.__name__ for layer in PUBLIC.values()} - set(FACTS) == set()


@pytest.mark.parametrize("name, number", EACH)
def test_it_has_weights_or_none(name, number):
    layer = built_if_known(CASES[name][number].built)
    assert owns_weights(*saved(layer)) == bool(layer.weights)


WEIGHTLESS = {
    "Attention": lambda: kl.Attention(),
    "AdditiveAttention": lambda: kl.AdditiveAttention(use_scale=False),
    "LayerNormalization": lambda: kl.LayerNormalization(center=False, scale=False),
    "GroupNormalization": lambda: kl.GroupNormalization(4, center=False, scale=False),
    "Normalization": lambda: kl.Normalization(mean=1.0, variance=2.0),
    "Pipeline": lambda: kl.Pipeline([kl.Rescaling(0.5), kl.RandomFlip()]),
}


def _called_twice(first, second):
    start, more = keras.Input((8, 8, 4)), keras.Input((8, 8, 4))
    if "Attention" in type(first).__name__:
        ends = [first([start, more]), second([more, start])]
    else:
        ends = [first(start), second(more)]
    return keras.Model([start, more], kl.Concatenate()(ends))


@pytest.mark.parametrize("name", WEIGHTLESS)
def test_layers_without_weights_are_as_good_as_one_that_is_shared(name):
    make = built_if_known(lambda: (WEIGHTLESS[name](), WEIGHTLESS[name])[1])
    shared = make()
    assert compare(_called_twice(make(), make()), _called_twice(shared, shared)).passed
    assert compare(_called_twice(shared, shared), _called_twice(make(), make())).passed


@pytest.mark.parametrize(
    "make",
    [
        lambda: kl.Attention(use_scale=True),
        lambda: kl.LayerNormalization(center=False),
        lambda: kl.Normalization(),
    ],
)
def test_layers_with_weights_are_not(make):
    shared = make()
    verdict = compare(_called_twice(make(), make()), _called_twice(shared, shared))
    assert verdict.findings[0].misconception == "not-shared"


def called(layer, one, inputs, **more):
    """What a layer makes, as arrays."""
    ends = layer(inputs, **more) if one.call is as_a_list else layer(*inputs, **more)
    return [keras.ops.convert_to_numpy(end) for end in keras.tree.flatten(ends)]


CALLED = [
    (name, number)
    for name, number in EACH
    if name not in INNER and CASES[name][number].call is not built_by_hand
]
DOES_SOMETHING = {
    "RandomColorJitter": lambda: kl.RandomColorJitter(brightness_factor=0.5),
    "RandomPosterization": lambda: kl.RandomPosterization(4, value_range=(0, 1)),
    "RandomShear": lambda: kl.RandomShear(x_factor=0.5),
}
"""Layers that change nothing, unless one says how much."""


def _draws(name):
    """The cases of a class that say whether it draws by chance: the first, and those that drop."""
    return [
        number
        for number, one in enumerate(CASES[name])
        if (name, number) in CALLED and (number == 0 or "drop" in inspect.getsource(one.make))
    ]


def _may_draw(parameters):
    """Whether a layer always draws numbers in training, and whether a setting makes it do so."""
    return facts(parameters["name"]).noise, parameters["number"] > 0


@one_in(3, kind=_may_draw)
@pytest.mark.parametrize("name, number", [(n, m) for n in CASES for m in _draws(n)])
def test_it_makes_other_values_each_time_or_the_same(name, number):
    one = CASES[name][number]._replace(**_doing(name))
    built = built_if_known(lambda: [one.built() for _ in range(4)])
    inputs, weights, made = data_for(one), built[0].get_weights(), []
    # A layer each time: what one call leaves behind in a layer is no chance.
    for layer in built:
        layer.set_weights(weights)
        ask = {"training": True} if "training" in inspect.signature(layer.call).parameters else {}
        made.append(called(layer, one, inputs, **ask))
    first, *others = made
    same = all(
        a.dtype.kind in "SUO" or np.array_equal(a, b, equal_nan=True)
        for other in others
        for a, b in zip(first, other, strict=True)
    )
    assert is_noisy(*saved(built[0])) != same


def _doing(name):
    return {"make": DOES_SOMETHING[name]} if name in DOES_SOMETHING else {}


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_it_merges_or_not(name):
    assert facts(name).merge == issubclass(PUBLIC[name], MERGE)


MERGING = sorted(name for name, row in FACTS.items() if row.merge)


@pytest.mark.parametrize("name", MERGING)
def test_what_is_merged_may_come_in_any_order_or_not(name):
    (one,) = CASES[name]
    several = [np.roll(data_for(one)[0], n, axis=1) for n in range(2 if name == "Subtract" else 3)]
    several = several[:2] if name == "Dot" else several
    (there,), (back,) = (called(one.make(), one, order) for order in (several, several[::-1]))
    same = there.shape == back.shape and np.allclose(there, back)
    # Dot along equal axes: with others, the order shows.
    assert facts(name).any_order == (same and name != "Dot")


@pytest.mark.parametrize("name", sorted(set(MERGING) - {"Dot", "Subtract"}))
def test_a_merge_of_a_merge_is_the_merge_of_all_or_not(name):
    (one,) = CASES[name]
    a, b, c = (np.roll(data_for(one)[0], n, axis=1) for n in range(3))
    layer = one.make()
    ((inner,), (whole,)) = called(layer, one, [b, c]), called(layer, one, [a, b, c])
    assert facts(name).nests == np.allclose(called(layer, one, [a, inner])[0], whole)


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_an_operation_makes_the_same_of_a_number_and_its_negative(name):
    values = data_for(CASES["Dense"][0])[0]
    operation = getattr(keras.ops, name.lower())
    there, back = operation(values), operation(-values)
    assert facts(name).even == np.allclose(there, back)


@pytest.mark.parametrize("name", CASES)
def test_its_activation_is_one_behind_it_or_is_none(name):
    one = CASES[name][0]
    layer = built_if_known(one.built)
    config = layer.get_config()
    ends = facts(saved(layer)[0]).ends_with_activation
    if "activation" not in config or name == "Activation":
        assert not ends
        return
    plain, active = (
        type(layer).from_config({**config, "activation": a}) for a in ("linear", "tanh")
    )
    inputs = data_for(one)
    if one.call is built_by_hand:
        assert not ends
        return
    called(plain, one, inputs), called(active, one, inputs)
    active.set_weights(plain.get_weights())
    pairs = zip(called(plain, one, inputs), called(active, one, inputs), strict=True)
    assert ends == all(np.allclose(np.tanh(a), b, atol=1e-5) for a, b in pairs)


@pytest.mark.parametrize("name, number", CALLED)
def test_its_result_has_the_shape_that_its_row_says(name, number):
    one = CASES[name][number]
    layer = built_if_known(one.make)
    inputs = [keras.Input(s, batch_size=one.batch, dtype=one.dtype) for s in one.shapes]
    row = facts(saved(layer)[0])
    if not (row.same_rank or row.same_shape):
        return
    ends = keras.tree.flatten(layer(inputs) if one.call is as_a_list else layer(*inputs))
    assert all(len(end.shape) == len(inputs[0].shape) for end in ends)
    if row.same_shape:
        assert row.same_rank
        assert all(end.shape == inputs[0].shape for end in ends)


@pytest.mark.parametrize("name", [name for name in CASES if facts(name).last_axis_only])
def test_at_each_step_it_does_the_same(name):
    layer = CASES[name][0].make()
    chance = np.random.default_rng(5)
    steps = chance.integers(0, 11, (2, 3, 4)) if "Embedding" in name else chance.random((2, 3, 4))
    alone = keras.ops.convert_to_numpy(layer(steps))
    assert np.allclose(alone, kl.TimeDistributed(layer)(steps))


@pytest.mark.parametrize("name", [name for name in CASES if facts(name).one_by_one])
def test_it_treats_each_number_by_itself(name):
    one = CASES[name][0]
    (values,) = data_for(one)
    order = np.random.default_rng(6).permutation(values.shape[-1])
    layer = one.make()
    (there,), (back,) = called(layer, one, [values]), called(layer, one, [values[..., order]])
    assert np.allclose(there[..., order], back)


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_its_kind_is_what_keras_says_it_is(name):
    layer, row = PUBLIC[name], facts(PUBLIC[name].__name__)
    assert row.pools == ("Pool" in name)
    assert row.recurrent == (
        issubclass(layer, kl.RNN) and "units" in inspect.signature(layer).parameters
    )


@pytest.mark.parametrize(
    "name", ["AugMix", "CutMix", "Dropout", "MixUp", "RandAugment", "RandomFlip"]
)
def test_noise_that_is_drawn_twice_is_not_noise_that_is_drawn_once(name):
    def model(times):
        start = keras.Input((8, 8, 3))
        layer = built_if_known(CASES[name][0].make)
        drawn = [layer(start) for _ in range(times)]
        return keras.Model(start, kl.Subtract()([drawn[0], drawn[-1]]))

    assert compare(model(2), model(2)).passed
    assert not compare(model(1), model(2)).passed
    assert not compare(model(2), model(1)).passed


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_what_a_layer_is_called_with_in_training_where_nobody_says_so(name):
    parameter = inspect.signature(PUBLIC[name].call).parameters.get("training")
    row = FACTS[PUBLIC[name].__name__]
    if parameter is not None and (row.minds_training or row.noise or name == "Pipeline"):
        assert row.training is parameter.default
