"""Chapter 5 against the published numbers of its systems, and what its networks learn."""

import itertools

import numpy as np
import pytest
from chapters.answers import answers
from chapters.seeds import SEEDS
from tensorflow import keras
from tensorflow.keras import layers

from autograder import compare, explain
from autograder.graphs.weightless import build_weightless
from autograder.teaching.data.authors import load_choices, load_pairs

CHAPTER = "ch05_shared_layers"
LN_2 = float(np.log(2))


@pytest.fixture(scope="module")
def chapter():
    return answers(CHAPTER)


@pytest.fixture(scope="module")
def pairs():
    return load_pairs()


def counts(model):
    return {row.layer: row.count for row in explain(model).rows if row.count}


def siamese(right_encoder=None):
    left, right = keras.Input((None, 128), name="left"), keras.Input((None, 128), name="right")
    encoder = layers.LSTM(32, name="encoder")
    both = layers.concatenate([encoder(left), (right_encoder or encoder)(right)])
    alike = layers.Dense(1, activation="sigmoid", name="alike")(both)
    return keras.Model({"left": left, "right": right}, {"alike": alike})


def test_a5_has_20673_parameters(chapter):
    assert counts(siamese()) == {"encoder": 20_608, "alike": 65}
    assert chapter.shared_parameters == siamese().count_params() == 20_673


def test_two_encoders_have_twice_the_weights_and_are_told_apart():
    separate = siamese(layers.LSTM(32))
    assert separate.count_params() == 41_281
    assert not compare(separate, siamese()).passed


def test_b5_has_82305_parameters(chapter):
    model = build_weightless(chapter.build_same_author)
    assert [row.count for row in explain(model).rows if row.count] == [82_176, 129]
    assert model.count_params() == 82_305
    assert model.output["same_author"].shape == (None, 1)


def test_b6_is_one_convolution_of_448_parameters_on_two_sizes(chapter):
    model = chapter.build_two_sizes()
    assert model.count_params() == 448
    assert len(model.weights) == 2
    assert model.output["small_map"].shape == chapter.answered == (None, 32, 32, 16)
    assert model.output["large_map"].shape == (None, 64, 64, 16)
    conv = next(layer for layer in model.layers if isinstance(layer, layers.Conv2D))
    assert conv.output is model.output["small_map"]


OLD_QUESTIONS = ["input_at", "output_at", "input_shape_at", "output_shape_at"]


@pytest.mark.parametrize(
    "name", ["input_shape", "output_shape", *(f"get_{question}" for question in OLD_QUESTIONS)]
)
def test_what_keras_2_asked_a_layer_is_gone(name):
    lstm = layers.LSTM(64)
    lstm(keras.Input((280, 256))), lstm(keras.Input((280, 256)))
    assert not hasattr(lstm, name)
    assert lstm.compute_output_shape((None, 280, 256)) == (None, 64)


def test_the_other_counts_the_chapter_states(chapter):
    assert chapter.build_same_author(20, 16, 32).count_params() == 6_337
    assert chapter.build_comparison().count_params() == 6_305
    assert chapter.build_which().count_params() == 6_305


def scores(model, a, b):
    p = np.array(model({"tweet_a": a, "tweet_b": b})["same_author"], "float64")
    return np.log(p / (1 - p))


def test_the_published_score_is_a_sum_of_one_term_per_tweet(chapter, pairs):
    a, b = (tweets[:20] for tweets in pairs.test.x.values())
    keras.utils.set_random_seed(1)
    for build, additive in ((chapter.build_same_author, True), (chapter.build_comparison, False)):
        model = build(20, 16, 32)
        straight = scores(model, a, a) + scores(model, b, b)
        crossed = scores(model, a, b) + scores(model, b, a)
        assert np.allclose(straight, crossed, atol=1e-5) == additive
    assert chapter.fourth == 2 + 3 - (-1)


def test_no_sum_has_a_loss_below_one_half_said_every_time(pairs):
    """Whatever f and g say, on a group of four: the proof that the chapter folds out."""
    random = np.random.default_rng(0)
    for scale, _ in itertools.product((0.01, 1, 100), range(100)):
        f_a, f_b, g_a, g_b = random.normal(scale=scale, size=4)
        same, other = np.array([f_a + g_a, f_b + g_b]), np.array([f_a + g_b, f_b + g_a])
        loss = np.logaddexp(0, np.concatenate([-same, other])).mean()
        assert loss >= LN_2 - 1e-12


def train(model, data):
    model.compile(
        optimizer=keras.optimizers.Adam(0.01),
        loss={"same_author": "binary_crossentropy"},
        metrics={"same_author": "accuracy"},
    )
    model.fit(data.x, data.y, epochs=8, batch_size=64, verbose=0)


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_as_published_it_stays_at_chance(chapter, pairs, seed):
    keras.utils.set_random_seed(seed)
    model = chapter.build_same_author(20, 16, 32)
    train(model, pairs.train)
    assert 0.45 <= model.evaluate(pairs.test.x, pairs.test.y, verbose=0)[1] <= 0.55
    assert model.evaluate(pairs.train.x, pairs.train.y, verbose=0)[0] >= LN_2 - 1e-5


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_mended_it_tells_authors_it_never_met(chapter, pairs, seed):
    keras.utils.set_random_seed(seed)
    model = chapter.build_comparison()
    train(model, pairs.train)
    assert model.evaluate(pairs.test.x, pairs.test.y, verbose=0)[1] >= 0.95

    choices, which = load_choices(), chapter.build_which()
    which.set_weights(model.get_weights())
    chosen = np.argmax(which.predict(choices.x, verbose=0)["which"], axis=1)
    assert np.mean(chosen == choices.y["which"][:, 0]) > 0.9


@pytest.mark.long
@pytest.mark.slow
def test_a_hidden_layer_after_the_merge_learns_too(chapter, pairs):
    keras.utils.set_random_seed(1)
    start = chapter.build_same_author(20, 16, 32)
    both = next(layer for layer in start.layers if isinstance(layer, layers.Concatenate)).output
    hidden = layers.Dense(32, activation="relu")(both)
    answer = layers.Dense(1, activation="sigmoid")(hidden)
    model = keras.Model(start.input, {"same_author": answer})
    train(model, pairs.train)
    assert model.evaluate(pairs.test.x, pairs.test.y, verbose=0)[1] >= 0.85
