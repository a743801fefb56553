"""Chapter 3 against the published numbers of its systems."""

import numpy as np
import pytest
from chapters.answers import answers
from chapters.seeds import SEEDS
from tensorflow import keras
from tensorflow.keras import layers

from autograder import explain
from autograder.graphs.weightless import build_weightless
from autograder.teaching.data import headlines, posts

CHAPTER = "ch03_multi_output"


@pytest.fixture(scope="module")
def chapter():
    return answers(CHAPTER)


def counts(build):
    """Parameters of every layer that has some; the model is built weightless."""
    return [row.count for row in explain(build_weightless(build)).rows if row.count]


def printed(embedding, dense):
    """A3 as the slides print it: in code with the Dense 128, in the summary without."""
    post = keras.Input((None,), dtype="int32", name="posts")
    x = layers.Embedding(*embedding)(post)
    x = layers.MaxPooling1D(5)(layers.Conv1D(128, 5, activation="relu")(x))
    for _ in range(2):
        x = layers.Conv1D(256, 5, activation="relu")(x)
    x = layers.MaxPooling1D(5)(x)
    for _ in range(2):
        x = layers.Conv1D(256, 5, activation="relu")(x)
    x = layers.GlobalMaxPooling1D()(x)
    if dense:
        x = layers.Dense(128, activation="relu")(x)
    age, income = layers.Dense(1, name="age")(x), layers.Dense(10, name="income")(x)
    gender = layers.Dense(1, name="gender")(x)
    return keras.Model(post, {"age": age, "income": income, "gender": gender})


def test_a3_summary_as_printed():
    found = counts(lambda: printed((256, 50_000), dense=False))
    reading = [12_800_000, 32_000_128, 164_096, 327_936, 327_936, 327_936]
    assert found[:6] == reading
    assert sorted(found[6:]) == [257, 257, 2_570]
    assert sum(found) == 45_951_116


def test_a3_code_as_printed(chapter):
    found = counts(lambda: printed((256, 50_000), dense=True))
    assert found[6] == 32_896
    assert sorted(found[7:]) == [129, 129, 1_290]
    assert sum(found) == chapter.code_count == 45_982_476


def test_a3_put_right(chapter):
    found = counts(chapter.build_profile)
    assert found[:3] == [12_800_000, 163_968, 164_096]
    assert found[3:7] == [327_936] * 3 + [32_896]
    assert sum(found) == 14_146_316
    model = build_weightless(chapter.build_profile)
    assert {name: tensor.shape[1:] for name, tensor in model.output.items()} == {
        "age": (1,),
        "income": (10,),
        "gender": (1,),
    }


def test_the_swapped_embedding_has_the_same_count_and_fails_at_word_256():
    swapped, right = layers.Embedding(256, 5), layers.Embedding(5, 256)
    for layer in (swapped, right):
        layer.build()
    assert swapped.count_params() == right.count_params()
    with pytest.raises(Exception, match="not in"):
        swapped(np.array([[256]]))


def test_the_published_profile_needs_269_words(chapter):
    model = chapter.build_profile(vocabulary=10, width=2, filters=1)
    assert model(np.ones((1, 269)))["age"].shape == (1, 1)
    with pytest.raises(ValueError, match="empty output"):
        model(np.ones((1, 268)))


def test_the_predicted_shape(chapter):
    x = keras.Input((120, 32))
    x = layers.Conv1D(32, 5)(layers.MaxPooling1D(2)(layers.Conv1D(16, 5)(x)))
    assert x.shape[1:] == chapter.shape


def test_b4_has_5200610_parameters(chapter):
    found = counts(chapter.build_headline)
    assert sorted(found) == sorted([5_120_000, 69_760, 33, 2_432, 4_160, 4_160, 65])
    assert sum(found) == 5_200_610


def test_c2_has_5204770_parameters_with_four_hidden_layers(chapter):
    found = counts(chapter.build_news)
    assert found.count(4_160) == 3
    assert sum(found) == 5_204_770


def test_the_total_loss_is_what_keras_makes_smaller(chapter):
    start = keras.Input((3,), name="start")
    heads = {name: layers.Dense(1, name=name)(start) for name in ("a", "b")}
    model = keras.Model(start, heads)
    weights = {"a": 0.25, "b": 10.0}
    model.compile("sgd", loss={"a": "mse", "b": "mse"}, loss_weights=weights)
    data = np.ones((4, 3)), {"a": np.ones((4, 1)), "b": np.zeros((4, 1))}
    found = model.evaluate(*data, return_dict=True, verbose=0)
    losses = {name: found[f"{name}_loss"] for name in heads}
    assert found["loss"] == pytest.approx(chapter.total_loss(losses, weights), rel=1e-5)


def small_news(build):
    model = build(12, headlines.VOCABULARY, width=16)
    data = headlines.make_headlines(64, seed=1)
    inputs = {name: data.words if name == "main_input" else data.extras for name in model.input}
    return model, inputs, dict.fromkeys(model.output, data.popular)


def test_one_loss_string_with_a_list_of_weights_raises(chapter):
    model, inputs, targets = small_news(chapter.build_headline)
    model.compile("rmsprop", loss="binary_crossentropy", loss_weights=[1.0, 0.2])
    with pytest.raises(ValueError, match="must match the number of losses"):
        model.fit(inputs, targets, verbose=0)


def test_a_loss_that_names_no_output_raises_when_it_trains(chapter):
    model, inputs, targets = small_news(chapter.build_news)
    loss = {"main_output": "binary_crossentropy", "aux_output": "binary_crossentropy"}
    model.compile("rmsprop", loss=loss)
    with pytest.raises(KeyError, match="aux_output"):
        model.fit(inputs, targets, verbose=0)


def test_a_list_of_targets_is_read_in_alphabetical_order():
    start = keras.Input((3,), name="start")
    ends = {"main": layers.Dense(1, name="main")(start), "aux": layers.Dense(1, name="aux")(start)}
    model = keras.Model(start, ends)
    model.compile("sgd", loss="mse")
    targets = [np.full((4, 1), 1000.0), np.zeros((4, 1))]
    found = model.evaluate(np.ones((4, 3)), targets, return_dict=True, verbose=0)
    assert found["aux_loss"] > 100_000 > found["main_loss"]


def train_profile(chapter, seed, weights):
    """The chapter's training; what it reaches on held-out posts, and the age's baseline."""
    train, test = posts.make_posts(2000, seed=1), posts.make_posts(500, seed=2)
    keras.utils.set_random_seed(seed)
    model = chapter.build_profile(posts.VOCABULARY, width=32, filters=16, pool=2)
    chapter.compile_profile(model, weights)
    known, unseen = (
        {"age": data.age, "income": data.income, "gender": data.gender} for data in (train, test)
    )
    model.fit(train.words, known, epochs=16, verbose=0)
    found = model.evaluate(test.words, unseen, return_dict=True, verbose=0)
    return found, np.abs(test.age - train.age.mean()).mean()


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_the_balanced_profile_learns_all_three(chapter, seed):
    found, baseline = train_profile(chapter, seed, {"age": 0.003, "income": 1, "gender": 1})
    assert found["gender_accuracy"] >= 0.95
    assert found["income_accuracy"] >= 0.95
    assert found["age_mae"] < baseline / 2


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_the_unbalanced_profile_starves_two_heads(chapter, seed):
    found, baseline = train_profile(chapter, seed, {"age": 1, "income": 1, "gender": 1})
    assert found["gender_accuracy"] < 0.65
    assert found["income_accuracy"] < 0.25
    assert found["age_mae"] < baseline / 2


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_the_headline_network_learns_and_its_text_alone_does_not_suffice(chapter, seed):
    keras.utils.set_random_seed(seed)
    model = chapter.build_headline(12, headlines.VOCABULARY, width=16)
    names = {"main_output": 1.0, "aux_output": 0.2}
    model.compile(
        "rmsprop",
        loss=dict.fromkeys(names, "binary_crossentropy"),
        loss_weights=names,
        metrics=dict.fromkeys(names, "accuracy"),
    )
    train, test = headlines.make_headlines(3000, seed=1), headlines.make_headlines(1000, seed=2)
    inputs, other = ({"main_input": d.words, "aux_input": d.extras} for d in (train, test))
    model.fit(inputs, dict.fromkeys(names, train.popular), epochs=15, verbose=0)
    found = model.evaluate(other, dict.fromkeys(names, test.popular), return_dict=True, verbose=0)
    assert found["main_output_accuracy"] >= 0.9
    assert found["aux_output_accuracy"] < 0.7
