"""Images and clips of coloured shapes, the questions about them, and their pictures."""

from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest

from autograder.teaching.data import shapes
from autograder.teaching.plots.shape_plots import plot_clips, plot_images
from autograder.teaching.words import Vocabulary

MAKERS = [shapes.make_images, shapes.make_clips]
COLOURS = {"red": 0, "green": 1, "blue": 2}
STEPS = {"left": (0, -2), "right": (0, 2), "up": (-2, 0), "down": (2, 0)}


@pytest.fixture(scope="module")
def images():
    return shapes.make_images(300)


@pytest.fixture(scope="module")
def clips():
    return shapes.make_clips(200)


def covered(images):
    """Which pixels the shape covers, shape (..., size, size)."""
    return images.max(axis=-1) > 0.5


def test_shapes_of_the_data(images, clips):
    assert images.x["image"].shape == (300, 16, 16, 3)
    assert clips.x["clip"].shape == (200, 8, 16, 16, 3)
    assert shapes.make_clips(2, frames=3, size=20).x["clip"].shape == (2, 3, 20, 20, 3)
    for data in (images, clips):
        assert data.x["question"].shape == (len(data), shapes.QUESTION_LENGTH)
        assert data.x["question"].dtype == data.y["answer"].dtype == np.dtype("int32")
        pixels = next(values for name, values in data.x.items() if name != "question")
        assert pixels.dtype == np.dtype("float32")
        assert pixels.min() >= 0 and pixels.max() <= 1


@pytest.mark.parametrize("make", MAKERS)
def test_questions_and_answers_are_the_texts(make):
    data = make(50)
    for row in range(50):
        text = Vocabulary(shapes.WORDS).text(data.x["question"][row])
        assert text == data.questions[row]
        assert text in shapes.QUESTIONS[data.kinds[row]]
        assert shapes.ANSWERS[data.y["answer"][row]] == data.answers[row]


def test_images_are_asked_for_shape_and_colour_clips_for_shape_and_direction(images, clips):
    assert set(images.kinds) == {"shape", "colour"}
    assert set(clips.kinds) == {"shape", "direction"}
    assert set(images.answers) == {*shapes.SHAPES, *shapes.COLOURS}
    assert set(clips.answers) == {*shapes.SHAPES, *shapes.DIRECTIONS}


def test_the_colour_asked_for_is_in_the_image(images):
    for row, kind in enumerate(images.kinds):
        if kind == "colour":
            image = images.x["image"][row]
            shown = int(image[covered(image)].mean(axis=0).argmax())
            assert shown == COLOURS[images.answers[row]]


def test_the_shape_asked_for_is_in_the_image(images):
    """A square fills the box around it, a cross leaves corners, a triangle the upper ones."""
    for row, kind in enumerate(images.kinds):
        if kind == "shape":
            mask = covered(images.x["image"][row])
            rows, columns = np.where(mask.any(axis=1))[0], np.where(mask.any(axis=0))[0]
            box = mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
            corners = int(box[0, 0]), int(box[-1, 0])
            assert (
                corners
                == {"square": (1, 1), "cross": (0, 0), "triangle": (0, 1)}[images.answers[row]]
            )


def test_the_shape_moves_in_the_direction_asked_for(clips):
    for row, kind in enumerate(clips.kinds):
        if kind == "direction":
            mask = covered(clips.x["clip"][row])
            step = STEPS[clips.answers[row]]
            for before, after in pairwise(mask):
                assert (np.roll(before, step, axis=(0, 1)) == after).all()


def test_no_single_frame_tells_the_direction():
    """Where the shape is in the first frame, on average, is the same for every direction."""
    clips = shapes.make_clips(1500, frames=2)
    directions = np.array(clips.answers)
    for direction in shapes.DIRECTIONS:
        chosen = clips.x["clip"][directions == direction, 0]
        mean = covered(chosen).mean(axis=0)
        assert mean.max() - mean.min() < 0.25


@pytest.mark.parametrize("make", MAKERS)
def test_the_same_seed_makes_the_same_examples(make):
    first, again, other = (make(20, seed=seed) for seed in (4, 4, 5))
    assert first.questions == again.questions
    assert all((first.x[name] == again.x[name]).all() for name in first.x)
    assert first.questions != other.questions


def test_words_and_ids():
    ids = shapes.question_ids("Which way does it move?")
    assert ids.shape == (1, shapes.QUESTION_LENGTH)
    assert Vocabulary(shapes.WORDS).text(ids[0]) == "which way does it move"
    assert shapes.WORDS[0] == "" and len(set(shapes.WORDS)) == shapes.VOCABULARY


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: shapes.make_images(0), "at least 1 sample"),
        (lambda: shapes.make_images(1, size=8), "16 pixels or more"),
        (lambda: shapes.make_clips(1, frames=1), "Nothing moves"),
        (lambda: shapes.question_ids("what size is it"), "Not in the vocabulary: size"),
        (lambda: shapes.question_ids("is it " * 5), "has 10 words"),
        (lambda: Vocabulary(shapes.WORDS).text([99]), "99 is no word"),
        (lambda: plot_images(shapes.make_clips(1), 1), "no 'image' in these examples"),
        (lambda: plot_clips(shapes.make_images(1), 1), "no 'clip' in these examples"),
        (lambda: plot_images(shapes.make_images(1), 2), "From 1 to 1 images"),
        (lambda: plot_clips(shapes.make_clips(1), 0), "From 1 to 1 clips"),
        (lambda: plot_clips(shapes.make_clips(3), 3, ["up"]), "3 clips need as many answers"),
    ],
)
def test_errors_are_one_clear_line(call, message):
    with pytest.raises(ValueError, match=message) as raised:
        call()
    assert "\n" not in str(raised.value)


def test_accuracy_by_kind():
    data = shapes.make_clips(40)
    chances = np.eye(len(shapes.ANSWERS))[data.y["answer"]]
    wrong = np.array(data.kinds) == "direction"
    chances[wrong] = np.roll(chances[wrong], 1, axis=1)
    model = SimpleNamespace(predict=lambda x, verbose: {"answer": chances})
    assert shapes.accuracy_by_kind(model, data) == {"shape": 1.0, "direction": 0.0}


def test_pictures_say_what_is_asked_and_answered(images, clips):
    alt = plot_images(images, count=2).alt
    assert f"{images.questions[1]}? {images.answers[1]}" in alt
    assert f"{clips.questions[0]}? {clips.answers[0]}" in plot_clips(clips, count=1).alt
    assert f"{clips.questions[0]}? up" in plot_clips(clips, count=1, answers=["up"]).alt
