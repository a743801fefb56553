"""Chapter 4 against the published and measured numbers of its systems."""

import numpy as np
import pytest
from chapters.answers import COURSE, answers
from chapters.seeds import SEEDS
from tensorflow import keras
from tensorflow.keras import layers

from autograder import compare, explain

CHAPTER = "ch04_graphs_of_layers"


@pytest.fixture(scope="module")
def chapter():
    return answers(CHAPTER)


@pytest.fixture(scope="module")
def trial():
    """The functions and data of the chapter's trial on digits, run as the notebook writes them."""
    import nbformat

    notebook = nbformat.read(COURSE / "solutions" / CHAPTER / f"{CHAPTER}.ipynb", as_version=4)
    names = dict(vars(answers(CHAPTER)))
    starts = ("digits =", "def block", "def digit_from", "def build_stack", "images,")
    sources = [cell.source for cell in notebook.cells if cell.source.startswith(starts)]
    assert len(sources) == len(starts)
    for source in sources:
        exec(source.split("\n\n\nprint(")[0], names)
    return names


def counts(model):
    return sorted(row.count for row in explain(model).rows if row.count)


def test_b7_has_140160_parameters_and_joins_the_channels(chapter):
    towers = chapter.build_towers()
    assert towers.count_params() == 140_160
    assert counts(towers) == sorted([256, 36_928, 256, 102_464, 256])
    assert towers.output.shape == (None, 256, 256, 192)


def test_b7_on_axis_1_stacks_heights(chapter):
    tower = keras.Input((256, 256, 64))
    stacked = layers.Concatenate(axis=1)([tower] * 3)
    assert stacked.shape == (None, *chapter.stacked_shape) == (None, 768, 256, 64)


def test_a4_does_not_build_as_printed(chapter):
    with pytest.raises(ValueError, match="stroke"):
        layers.Conv2D(128, 1, activation="relu", stroke=2)
    assert chapter.branch_widths(28) == (14, 13, 11, 13)


@pytest.mark.parametrize("width", [12, 28, 35, 57])
def test_the_rule_for_widths_is_that_of_keras(chapter, width):
    def conv(window, stride=1):
        return layers.Conv2D(2, window, strides=stride)

    image = keras.Input((width, width, 3))
    a = conv(1, 2)(image)
    b = conv(3, 2)(conv(1)(image))
    c = conv(3)(layers.AveragePooling2D(3, strides=2)(image))
    d = conv(1, 2)(conv(3)(conv(1)(image)))
    assert chapter.branch_widths(width) == tuple(branch.shape[1] for branch in (a, b, c, d))


def test_a4_mended_has_607104_parameters_and_738176_as_designed(chapter):
    module = chapter.build_module()
    assert module.count_params() == 607_104
    assert module.output.shape == (None, 14, 14, 512)
    assert chapter.build_module(last=3).count_params() == 738_176


def test_d4_has_205_parameters_and_two_named_outputs(chapter):
    model = chapter.build_branch_and_merge()
    assert model.count_params() == 205
    assert {name: tensor.shape for name, tensor in model.output.items()} == {
        "early": (None, 5),
        "late": (None, 5),
    }


def test_d4_reads_the_first_dense_before_its_softmax(chapter):
    rows = {name: np.random.default_rng(1).normal(size=(3, 5)) for name in ("left", "right")}
    model = chapter.build_branch_and_merge()
    product = model.get_layer("left_branch")(rows["left"])
    product *= model.get_layer("right_branch")(rows["right"])
    first = model.get_layer("first")(product)
    late = keras.ops.softmax(model.get_layer("second")(first))
    assert np.allclose(model(rows)["late"], late, atol=1e-6)
    assert np.allclose(model(rows)["early"], keras.ops.softmax(first), atol=1e-6)


def test_b8_has_84_parameters_and_keeps_the_shape(chapter):
    residual = chapter.build_residual()
    assert residual.count_params() == 84
    assert residual.output.shape == (None, 256, 256, 3)


def test_b8_is_projected_where_the_shapes_differ(chapter):
    projected = chapter.build_residual(filters=16)
    assert counts(projected) == [64, 448]
    assert projected.output.shape == (None, 256, 256, 16)
    assert not compare(chapter.build_residual(), chapter.build_residual(filters=16)).passed


def test_the_gated_block_of_the_stretch(chapter):
    assert counts(chapter.build_gated()) == [264, 288, 9_248]


def test_the_trial_is_fair(trial):
    assert trial["build_reader"]().count_params() == 23_178
    assert trial["build_stack"]().count_params() == 23_946
    deep, cut = (trial["build_reader"](12, shortcut) for shortcut in (True, False))
    assert deep.count_params() == cut.count_params() == 58_634


def accuracy(trial, model, epochs):
    model.compile(keras.optimizers.Adam(0.002), "categorical_crossentropy", metrics=["accuracy"])
    digits, images = trial["digits"], trial["images"]
    model.fit(images, digits.y_train, batch_size=64, validation_split=0.1, epochs=epochs, verbose=0)
    return model.evaluate(trial["test_images"], digits.y_test, verbose=0)[1]


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_reader_and_stack_both_read_digits(trial, seed):
    for build in (trial["build_reader"], trial["build_stack"]):
        keras.utils.set_random_seed(seed)
        assert accuracy(trial, build(), epochs=15) > 0.95


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_a_deep_reader_learns_with_shortcuts_only(trial, seed):
    keras.utils.set_random_seed(seed)
    assert accuracy(trial, trial["build_reader"](12), epochs=8) > 0.9
    assert accuracy(trial, trial["build_reader"](12, shortcut=False), epochs=3) < 0.5
