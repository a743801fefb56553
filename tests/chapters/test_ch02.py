"""Chapter 2 against the published numbers of its system, and what its networks learn."""

import numpy as np
import pytest
from chapters.answers import answers
from chapters.seeds import SEEDS
from tensorflow import keras
from tensorflow.keras import layers

from autograder import compare, explain
from autograder.teaching.data.stories import load_stories, load_two_doors

CHAPTER = "ch02_multi_input_qa"


@pytest.fixture(scope="module")
def chapter():
    return answers(CHAPTER)


def counts(model):
    return {row.layer: row.count for row in explain(model).rows if row.count}


def train(network, data, epochs):
    network.compile(
        optimizer=keras.optimizers.Adam(0.01),
        loss={"answer": "sparse_categorical_crossentropy"},
        metrics={"answer": "accuracy"},
    )
    network.fit(data.train.x, data.train.y, epochs=epochs, batch_size=64, verbose=0)


def accuracy(network, examples):
    return network.evaluate(examples.x, examples.y, verbose=0)[1]


def test_a2_has_1000052_parameters(chapter):
    model = chapter.build_qa()
    assert counts(model) == {
        "text_words": 640_000,
        "question_words": 320_000,
        "text_encoder": 12_416,
        "question_encoder": 3_136,
        "answer": 24_500,
    }
    assert model.count_params() == 1_000_052
    assert model.output["answer"].shape == (None, 500)
    assert {name: tensor.dtype for name, tensor in model.input.items()} == {
        "text": "int32",
        "question": "int32",
    }


def test_the_formula_of_an_lstm_is_keras_own(chapter):
    for inputs, units in ((64, 32), (32, 16), (5, 7)):
        layer = layers.LSTM(units)
        layer.build((None, None, inputs))
        assert chapter.lstm_parameters(inputs, units) == layer.count_params()


def crossed_model(vocabulary, chosen):
    text = keras.Input((None,), dtype="int32", name="text")
    question = keras.Input((None,), dtype="int32", name="question")
    inputs = {"text": text, "question": question}
    first = layers.LSTM(32)(layers.Embedding(vocabulary, 64)(text))
    second = layers.LSTM(16)(layers.Embedding(vocabulary, 32)(inputs[chosen]))
    answer = layers.Dense(500, activation="softmax")(layers.concatenate([first, second]))
    return keras.Model(inputs, {"answer": answer})


def test_a_crossed_input_has_the_same_count_and_is_told_apart(chapter, recwarn):
    crossed, right = (crossed_model(10_000, name) for name in ("text", "question"))
    assert not recwarn.list
    assert chapter.crossed_parameters == crossed.count_params() == 1_000_052
    assert not compare(crossed, chapter.build_qa()).passed
    assert compare(right, chapter.build_qa()).passed


def test_the_shape_the_chapter_asks_for(chapter):
    assert layers.Embedding(46, 32)(np.ones((3, 6), "int32")).shape == chapter.shape


def test_the_other_counts_the_chapter_states(chapter):
    assert list(counts(chapter.build_story_qa()).values()) == [2_944, 1_472, 12_416, 3_136, 882]
    assert chapter.build_story_qa().count_params() == 20_850
    assert chapter.build_story_qa(25, 10).count_params() == 18_442
    assert chapter.build_mended_qa().count_params() == 18_442 + 3_296 == 21_738


def test_the_mask_is_part_of_the_answer(chapter):
    assert not compare(chapter.build_qa(46, 18), chapter.build_story_qa()).passed


def test_by_name_a_list_is_refused(chapter):
    model = chapter.build_story_qa()
    with pytest.raises(ValueError, match="structure of `inputs`"):
        model([np.ones((1, 4)), np.ones((1, 2))])
    with pytest.raises(ValueError, match="Missing data for input"):
        model({"text": np.ones((1, 4)), "questions": np.ones((1, 2))})


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_it_answers_on_combinations_it_never_saw(chapter, seed):
    keras.utils.set_random_seed(seed)
    data = load_stories()
    network = chapter.build_story_qa()
    train(network, data, epochs=12)
    assert accuracy(network, data.test) > 0.9

    tensors = [network.input["text"], network.input["question"]]
    by_list = keras.Model(tensors, network.output)
    text, question = data.test.x["text"], data.test.x["question"]

    def right(answer):
        return np.mean(np.argmax(answer["answer"], axis=-1) == data.test.y["answer"])

    assert right(by_list([text, question])) > 0.9
    assert right(by_list([question, text])) < 0.2  # and not a word from Keras


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_two_doors_need_the_mended_head(chapter, seed):
    data = load_two_doors()
    keras.utils.set_random_seed(seed)
    published, mended = chapter.build_story_qa(25, 10), chapter.build_mended_qa()
    train(published, data, epochs=20)
    train(mended, data, epochs=20)
    assert accuracy(published, data.test) < 0.6
    assert accuracy(mended, data.test) > 0.9
