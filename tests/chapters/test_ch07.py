"""Chapter 7 against the published numbers of its systems, and what its networks learn."""

import numpy as np
import pytest
from chapters.answers import answers
from chapters.seeds import SEEDS
from tensorflow import keras
from tensorflow.keras import layers

from autograder import explain
from autograder.graphs.weightless import build_weightless
from autograder.teaching.data import shapes

CHAPTER = "ch07_video_qa"


@pytest.fixture(scope="module")
def chapter():
    return answers(CHAPTER)


def counts(model):
    return [row.count for row in explain(model).rows if row.count]


def published_image_qa(chapter, last=None):
    return build_weightless(lambda: chapter.build_image_qa(chapter.build_vision(last=last)))


def published_video_qa(chapter, last=None):
    def build():
        reader = chapter.cut_question_encoder(chapter.build_image_qa(chapter.build_vision()))
        return chapter.build_video_qa(chapter.build_vision(last=last), reader)

    return build_weightless(build)


def test_the_vision_model_has_1735488_parameters_and_ends_in_160000_values(chapter):
    vision = build_weightless(chapter.build_vision)
    assert vision.count_params() == 1_735_488
    assert vision.layers[-2].output.shape[1:] == chapter.last_map == (25, 25, 256)
    assert vision.output_shape == (None, 160_000)


def test_b10_has_165077800_parameters(chapter):
    model = published_image_qa(chapter)
    assert model.count_params() == explain(model).total == 165_077_800
    assert counts(model)[-1] == 160_257_000
    assert {name: tensor.shape[1:] for name, tensor in model.input.items()} == {
        "image": (224, 224, 3),
        "question": (100,),
    }
    assert model.output["answer"].shape == (None, 1_000)


def test_b11_has_169436968_parameters(chapter):
    model = published_video_qa(chapter)
    assert model.count_params() == explain(model).total == 169_436_968
    assert model.get_layer("video_encoder").count_params() == 164_103_168
    assert model.get_layer("question_encoder").count_params() == 3_085_312
    assert counts(model)[-1] == 513_000
    assert model.input["clip"].shape == (None, 100, 224, 224, 3)
    assert model.output["answer"].shape == (None, 1_000)


def test_the_price_of_flatten(chapter):
    pool = layers.GlobalAveragePooling2D
    assert published_image_qa(chapter, pool()).count_params() == chapter.pooled == 5_333_800
    assert published_video_qa(chapter, pool()).count_params() == 5_859_112
    grid = keras.Sequential([layers.AveragePooling2D(5), layers.Flatten()])
    assert published_video_qa(chapter, grid).count_params() == 12_150_568


def test_what_is_cut_out_is_the_same_layer(chapter):
    whole = chapter.build_image_qa(small_vision(), **SMALL)
    part = chapter.cut_question_encoder(whole)
    assert part.layers[-1] is whole.get_layer("question_encoder")


def test_my_design_keeps_to_the_brief(chapter):
    model = chapter.build_my_design()
    assert model.count_params() <= 30_000
    assert model.output["answer"].shape == (None, 10)


SMALL = {
    "words": shapes.VOCABULARY,
    "length": shapes.QUESTION_LENGTH,
    "units": 16,
    "answers": len(shapes.ANSWERS),
}


def small_vision(size=16):
    return keras.Sequential(
        [
            keras.Input((size, size, 3)),
            layers.Conv2D(16, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(32, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(32, 3, padding="same", activation="relu"),
            layers.Flatten(),
        ]
    )


def train(model, data, epochs, rate):
    loss = {"answer": "sparse_categorical_crossentropy"}
    model.compile(keras.optimizers.Adam(rate), loss)
    model.fit(data.x, data.y, epochs=epochs, verbose=0)


def accuracy(model, data):
    chances = model.predict(data.x, verbose=0)["answer"]
    return float(np.mean(np.argmax(chances, axis=-1) == data.y["answer"]))


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_images_then_clips_are_learned_from_the_same_parts(chapter, seed):
    keras.utils.set_random_seed(seed)
    vision = small_vision()
    image_model = chapter.build_image_qa(vision, **SMALL)
    train(image_model, shapes.make_images(3000, seed=10 * seed), epochs=10, rate=0.003)
    assert accuracy(image_model, shapes.make_images(500, seed=10 * seed + 1)) > 0.95

    vision.trainable = False
    before = vision.get_weights()
    maps, reader = vision.layers[-2].output, chapter.cut_question_encoder(image_model)
    endings = {
        "Flatten": vision.outputs[0],
        "quarters": layers.Flatten()(layers.AveragePooling2D(2)(maps)),
        "global": layers.GlobalAveragePooling2D()(maps),
    }
    clips, unseen = (shapes.make_clips(n, seed=10 * seed + n) for n in (2000, 400))
    right = {}
    for name, ending in endings.items():
        eyes = keras.Model(vision.inputs, ending)
        model = chapter.build_video_qa(eyes, reader, frames=8, units=64, answers=10)
        train(model, clips, epochs=12, rate=0.005)
        right[name] = shapes.accuracy_by_kind(model, unseen)
        if name == "Flatten":
            assert accuracy(model, unseen) > 0.95
    print(right)
    assert right["quarters"]["direction"] > 0.75
    assert right["global"]["direction"] < 0.6
    assert all(shares["shape"] > 0.8 for shares in right.values())
    assert all((old == new).all() for old, new in zip(before, vision.get_weights(), strict=True))


@pytest.mark.long
@pytest.mark.slow
def test_images_of_32_pixels_are_learned_too(chapter):
    keras.utils.set_random_seed(1)
    model = chapter.build_image_qa(small_vision(32), **SMALL)
    train(model, shapes.make_images(2000, size=32, seed=1), epochs=10, rate=0.003)
    assert accuracy(model, shapes.make_images(400, size=32, seed=2)) > 0.95
