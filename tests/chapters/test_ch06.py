"""Chapter 6 against the published numbers of its systems."""

import pytest
from chapters.answers import answers
from chapters.seeds import SEEDS
from tensorflow import keras
from tensorflow.keras import layers

from autograder import compare, explain
from autograder.graphs.weightless import build_weightless
from autograder.teaching.data.digit_pairs import load_films, load_pairs, load_views
from autograder.teaching.reuse import reused_parameters

CHAPTER = "ch06_models_as_layers"


@pytest.fixture(scope="module")
def chapter():
    return answers(CHAPTER)


def test_b2_reuses_architecture_and_weights(chapter):
    network = chapter.build_digit_network()
    image = keras.Input((784,), name="image")
    again = keras.Model({"image": image}, {"digit": network(image)})
    assert again.count_params() == reused_parameters(again, network) == 55_050
    assert compare(again, network).passed
    rows = keras.random.uniform((3, 784), seed=1)
    assert keras.ops.all(again({"image": rows})["digit"] == network(rows))


@pytest.mark.parametrize(("frozen", "trainable"), [(True, 11), (False, 55_061)])
def test_b2_frozen_and_unfrozen(chapter, frozen, trainable):
    network = chapter.build_digit_network()
    model = chapter.build_even(network, frozen)
    found = explain(model)
    assert (found.total, found.trainable) == (55_061, trainable)
    assert sum(weight.shape.num_elements() for weight in model.trainable_weights) == trainable
    assert reused_parameters(model, network) == 55_050
    assert reused_parameters(model, chapter.build_digit_network()) == 0


def test_only_compile_makes_fit_train_what_was_set_free(chapter):
    def arrays_changed_by_fit():
        before = model.get_weights()
        model.fit(x, keras.ops.ones((64, 1)), verbose=0)
        pairs = zip(before, model.get_weights(), strict=True)
        return sum(bool((old != new).any()) for old, new in pairs)

    network = chapter.build_digit_network(pixels=9, units=8)
    model = chapter.build_even(network, frozen=True)
    x = keras.random.uniform((64, 9), seed=1)
    chapter.compile_stage(model, network, frozen=True, rate=0.1)
    assert arrays_changed_by_fit() == 2
    network.trainable = True
    assert arrays_changed_by_fit() == 2
    chapter.compile_stage(model, network, rate=0.01)
    assert arrays_changed_by_fit() == 8
    chapter.compile_stage(model, network, frozen=True)
    assert arrays_changed_by_fit() == 2


def test_b3_makes_a_film_reader_without_new_weights(chapter):
    network = chapter.build_digit_network()
    reader = chapter.build_film_reader(network)
    assert [start.shape for start in reader.inputs] == [(None, 20, 784)]
    assert reader.output["digits"].shape == (None, 20, 10)
    assert reader.count_params() == reused_parameters(reader, network) == 55_050


def test_b9_has_53057_parameters(chapter):
    vision = build_weightless(chapter.build_vision)
    assert (vision.count_params(), vision.output_shape) == (37_568, (None, 7_744))
    model = build_weightless(chapter.build_same_digit)
    assert model.count_params() == explain(model).total == 53_057


def test_b9_mended_has_285441_parameters(chapter):
    model = build_weightless(chapter.build_comparison)
    assert model.count_params() == explain(model).total == 285_441


def test_a6_is_one_xception_called_twice(chapter):
    model = build_weightless(chapter.build_two_cameras)
    found = explain(model)
    assert (found.total, found.trainable, found.non_trainable) == (20_861_480, 20_806_952, 54_528)
    assert model.count_params() == 20_861_480
    assert model.output["features"].shape == (None, 8, 8, 4_096)
    assert {start.name: start.shape for start in model.inputs} == {
        "left": (None, 250, 250, 3),
        "right": (None, 250, 250, 3),
    }


def test_the_other_counts_the_chapter_states(chapter):
    network = chapter.build_digit_network()
    first, second = keras.Input((784,)), keras.Input((784,))
    both = layers.concatenate([network(first), network(second)])
    adder = keras.Model([first, second], layers.Dense(19)(both))
    assert chapter.adder_parameters == adder.count_params() == 55_449


def test_a_name_used_twice_makes_the_model_fail_as_the_chapter_shows(chapter):
    assert chapter.reason == "B"
    start = keras.Input((None, None, 3))
    base = keras.Model(start, layers.Conv2D(4, 3)(start))
    left, right = keras.Input((25, 25, 3)), keras.Input((25, 25, 3))
    features = base(left)
    right = base(right)
    with pytest.raises(ValueError, match="not connected to `inputs`"):
        keras.Model([left, right], layers.concatenate([features, right]))


def test_fit_keeps_its_training_step_until_compile(chapter):
    """What the second self-check question says."""
    network = chapter.build_digit_network(pixels=4, units=4)
    model = chapter.build_even(network, frozen=False)
    x, y = {"image": keras.ops.ones((8, 4))}, {"even": keras.ops.ones((8, 1))}
    changed = []
    for step in ("compile", "freeze", "compile"):
        if step == "compile":
            model.compile("sgd", "binary_crossentropy")
        else:
            network.trainable = False
        before = network.get_weights()[-1]
        model.fit(x, y, verbose=0)
        changed.append(bool((network.get_weights()[-1] != before).any()))
    assert changed == [True, True, False]


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_frozen_it_learns_and_unfrozen_it_forgets(chapter, seed):
    keras.utils.set_random_seed(seed)
    digits = chapter.load_digits(size=28)
    network = chapter.build_digit_network()
    network.compile("rmsprop", "categorical_crossentropy", metrics=["accuracy"])
    network.fit(digits.x_train, digits.y_train, epochs=15, verbose=0)
    even = {
        name: {"even": 1.0 - y.argmax(axis=1)[:, None] % 2}
        for name, y in (("train", digits.y_train[:100]), ("test", digits.y_test))
    }
    known = {}
    for frozen, rate in ((True, 0.1), (False, 0.001)):
        model = chapter.build_even(network, frozen)
        model.compile(keras.optimizers.Adam(rate), "binary_crossentropy", metrics=["accuracy"])
        model.fit({"image": digits.x_train[:100]}, even["train"], epochs=30, verbose=0)
        known[frozen] = network.evaluate(digits.x_test, digits.y_test, verbose=0)[1]
        if frozen:
            assert model.evaluate({"image": digits.x_test}, even["test"], verbose=0)[1] > 0.9
            films = load_films(digits, samples=20)
            guesses = chapter.build_film_reader(network).predict(films.x, verbose=0)["digits"]
            assert (guesses.argmax(axis=-1) == films.digits).mean() > 0.9
    assert known[True] > 0.9
    assert known[False] < 0.8


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_b9_fails_as_published_and_learns_once_mended(chapter, seed):
    pairs = load_pairs(size=13, seed=seed)
    reached = {}
    for build, epochs in ((chapter.build_same_digit, 6), (chapter.build_comparison, 12)):
        keras.utils.set_random_seed(seed)
        model = build(size=13, filters=16)
        model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
        model.fit(pairs.train.x, pairs.train.y, epochs=epochs, verbose=0)
        reached[build] = model.evaluate(pairs.test.x, pairs.test.y, verbose=0)[1]
    assert reached[chapter.build_same_digit] <= 0.65
    assert reached[chapter.build_comparison] >= 0.85


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_two_eyes_see_distance_and_one_does_not(seed):
    keras.utils.set_random_seed(seed)
    views = load_views(seed=seed)
    two_eyes = build_two_eyes()
    found = explain(two_eyes)
    assert (found.total, found.non_trainable) == (two_eyes.count_params(), 32) == (6_756, 32)
    two_eyes.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    two_eyes.fit(views.train.x, views.train.y, epochs=5, verbose=0)
    one_eye = {"left": views.test.x["left"], "right": views.test.x["left"]}
    assert two_eyes.evaluate(views.test.x, views.test.y, verbose=0)[1] > 0.9
    assert two_eyes.evaluate(one_eye, views.test.y, verbose=0)[1] < 0.4


def build_two_eyes():
    """The small Siamese network of section 7."""
    picture = keras.Input((24, 24, 1))
    x = layers.Conv2D(8, 3, strides=2, padding="same", use_bias=False)(picture)
    shortcut = layers.Activation("relu")(layers.BatchNormalization()(x))
    x = layers.SeparableConv2D(8, 3, padding="same", use_bias=False)(shortcut)
    x = layers.add([layers.BatchNormalization()(x), shortcut])
    eye = keras.Model(picture, layers.Activation("relu")(x))
    left, right = (keras.Input((24, 24, 1), name=name) for name in ("left", "right"))
    both = layers.concatenate([eye(left), eye(right)])
    x = layers.Conv2D(16, 5, padding="same", activation="relu")(both)
    x = layers.GlobalMaxPooling2D()(x)
    distance = layers.Dense(4, activation="softmax", name="distance")(x)
    return keras.Model({"left": left, "right": right}, {"distance": distance})
