"""Digits in pairs, in films and as two eyes see them: shapes, balance, nothing leaks."""

import numpy as np
import pytest

from autograder.teaching.data.digit_pairs import SHIFTS, load_films, load_pairs, load_views
from autograder.teaching.data.digits import load_digits
from autograder.teaching.plots.digit_pair_plots import plot_film, plot_pairs


@pytest.fixture(scope="module")
def pairs():
    return load_pairs(size=13, train=2000, test=500, seed=4)


@pytest.fixture(scope="module")
def views():
    return load_views(train=800, test=200, seed=4)


def test_pairs_have_the_shapes_of_the_model(pairs):
    for part, samples in ((pairs.train, 2000), (pairs.test, 500)):
        assert set(part.x) == {"left", "right"}
        for images in part.x.values():
            assert images.shape == (samples, 13, 13, 1)
            assert images.dtype == "float32"
            assert 0 <= images.min() < images.max() <= 1
        assert part.y["same"].shape == (samples, 1)
        assert part.digits.shape == (samples, 2)


def test_by_default_pairs_have_the_published_size():
    part = load_pairs(train=2, test=2).train
    assert part.x["left"].shape == (2, 27, 27, 1)


def test_half_of_the_pairs_are_same_and_say_so(pairs):
    for part in (pairs.train, pairs.test):
        assert part.y["same"].mean() == 0.5
        assert np.array_equal(part.y["same"][:, 0] == 1, part.digits[:, 0] == part.digits[:, 1])


def test_one_image_alone_says_nothing(pairs):
    """Each digit stands on either side equally often in same and in different pairs."""
    same = pairs.train.y["same"][:, 0] == 1
    for side in (0, 1):
        shares = [np.mean(same[pairs.train.digits[:, side] == digit]) for digit in range(10)]
        assert min(shares) > 0.4
        assert max(shares) < 0.6


def test_images_show_the_digits_they_are_said_to_show(pairs):
    digits = load_digits(size=13)
    shown = _names(digits.x_test, digits.y_test)
    for side, images in enumerate(pairs.test.x.values()):
        assert [shown[image.tobytes()] for image in images] == list(pairs.test.digits[:, side])


def test_no_image_is_in_both_parts(pairs):
    train, test = (
        {image.tobytes() for images in part.x.values() for image in images}
        for part in (pairs.train, pairs.test)
    )
    assert not train & test


@pytest.mark.parametrize("load", [load_pairs, load_views])
def test_a_seed_is_a_data_set(load):
    first, again, other = (load(train=20, test=20, seed=seed).train for seed in (1, 1, 2))
    assert np.array_equal(first.x["left"], again.x["left"])
    assert not np.array_equal(first.x["left"], other.x["left"])


def test_films_are_test_images_in_any_order():
    digits = load_digits(size=28)
    films = load_films(digits, samples=3, frames=20)
    assert films.x["film"].shape == (3, 20, 784)
    assert films.digits.shape == (3, 20)
    shown = _names(digits.x_test, digits.y_test)
    frames = films.x["film"].reshape(-1, 784)
    assert [shown[frame.tobytes()] for frame in frames] == list(films.digits.ravel())


def test_views_have_shapes_and_all_distances(views):
    for part, samples in ((views.train, 800), (views.test, 200)):
        assert part.x["left"].shape == part.x["right"].shape == (samples, 24, 24, 1)
        assert part.y["distance"].shape == (samples,)
        assert set(part.y["distance"]) == set(range(len(SHIFTS)))


def test_the_distance_is_the_shift_between_the_eyes(views):
    centres = {side: _centres(images) for side, images in views.test.x.items()}
    shift = centres["left"] - centres["right"]
    assert np.allclose(shift, np.array(SHIFTS)[views.test.y["distance"]], atol=0.5)


def test_the_left_eye_alone_says_nothing_about_the_distance(views):
    centres, distance = _centres(views.train.x["left"]), views.train.y["distance"]
    means = [centres[distance == number].mean() for number in range(len(SHIFTS))]
    assert max(means) - min(means) < 1


def test_sizes_that_make_no_sense():
    with pytest.raises(ValueError, match="8 pixels wide"):
        load_pairs(size=7)
    with pytest.raises(ValueError, match="At least 2 pairs"):
        load_pairs(train=1)
    with pytest.raises(ValueError, match="At least 1 views"):
        load_views(test=0)
    with pytest.raises(ValueError, match="needs 18 pixels"):
        load_views(size=17)
    with pytest.raises(ValueError, match="At least 1 film"):
        load_films(load_digits(size=8), frames=0)


def test_pictures_say_what_they_show(pairs):
    shown = plot_pairs(pairs.test.x, ["same", "other\n0.20"])
    assert shown.alt == "2 pairs of images, left above right: same; other, 0.20."
    assert shown.png.startswith(b"\x89PNG")
    film = plot_film(np.zeros((12, 64)), range(12))
    assert film.alt.startswith("A film of 12 digits. The frames are taken for 0, 1, 2,")


def test_pictures_refuse_what_does_not_fit(pairs):
    with pytest.raises(ValueError, match="0 of them cannot be drawn"):
        plot_pairs(pairs.test.x, [])
    with pytest.raises(ValueError, match="12 frames need as many guesses, not 2"):
        plot_film(np.zeros((12, 64)), [1, 2])


def _names(rows, classes):
    """Which digit an image shows, by its bytes."""
    return {row.tobytes(): digit for row, digit in zip(rows, classes.argmax(axis=1), strict=True)}


def _centres(images):
    """The middle column of what is drawn in each picture, shape (samples,)."""
    ink = np.where(images[..., 0] > 0.2, images[..., 0], 0).sum(axis=1)
    return (ink * np.arange(images.shape[2])).sum(axis=1) / ink.sum(axis=1)
