"""Real handwritten digits two at a time, as films, and as two eyes see them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from autograder.teaching.data.digits import Digits, load_digits

SHIFTS = (0, 2, 4, 6)
"""How many pixels a digit lies further left in the right picture, by class: far to near."""

_EDGE = 2
_NOISE = 0.05


@dataclass(frozen=True)
class Pairs:
    """Pairs of images; one half of them show the same digit twice, in two handwritings.

    Attributes:
        x: `left` and `right`, images of shape (samples, size, size, 1), grey values from 0 to 1.
        y: `same`, shape (samples, 1): 1 where both show the same digit, else 0.
        digits: which digits the images show, shape (samples, 2).
    """

    x: dict[str, np.ndarray]
    y: dict[str, np.ndarray]
    digits: np.ndarray


@dataclass(frozen=True)
class PairData:
    """Pairs for training and for testing; no image is in both."""

    train: Pairs
    test: Pairs


@dataclass(frozen=True)
class Films:
    """Films of digits.

    Attributes:
        x: `film`, rows of grey values, shape (samples, frames, size × size).
        digits: which digit each frame shows, shape (samples, frames).
    """

    x: dict[str, np.ndarray]
    digits: np.ndarray


@dataclass(frozen=True)
class Views:
    """One digit as two eyes see it: the nearer it is, the further apart its two places lie.

    Attributes:
        x: `left` and `right`, images of shape (samples, size, size, 1), grey values from 0 to 1.
        y: `distance`, the place of the shift in `SHIFTS`, shape (samples,), int32.
    """

    x: dict[str, np.ndarray]
    y: dict[str, np.ndarray]


@dataclass(frozen=True)
class ViewData:
    """Views for training and for testing; no handwritten digit is in both."""

    train: Views
    test: Views


def load_pairs(size: int = 27, train: int = 4000, test: int = 1000, seed: int = 0) -> PairData:
    """Pair up handwritten digits: half of the pairs show the same digit, half do not.

    Every digit comes as often on the left as on the right, in both halves. Both images of a pair
    are drawn from the same part of the digits, so no test image was ever trained on.

    Args:
        size: width and height of an image.
        train: how many pairs to train on.
        test: how many pairs to test on.
        seed: another seed gives other pairs.

    Raises:
        ValueError: if `size` is below 8, or there are fewer than 2 pairs of a kind.
    """
    _require(train, test, "pairs", least=2)
    digits = load_digits(size=size)
    random = np.random.default_rng(seed)
    return PairData(
        _pairs(random, digits.x_train, digits.y_train, samples=train, size=size),
        _pairs(random, digits.x_test, digits.y_test, samples=test, size=size),
    )


def load_films(digits: Digits, samples: int = 50, frames: int = 20, seed: int = 0) -> Films:
    """Put test images one after another, in any order.

    Args:
        digits: what `load_digits` returned.
        samples: how many films.
        frames: images in each.
        seed: another seed gives other films.

    Raises:
        ValueError: if `samples` or `frames` is below 1.
    """
    if samples < 1 or frames < 1:
        raise ValueError(f"At least 1 film of 1 frame, not {samples} films of {frames} frames.")
    chosen = np.random.default_rng(seed).integers(len(digits.x_test), size=(samples, frames))
    return Films({"film": digits.x_test[chosen]}, digits.y_test.argmax(axis=1)[chosen])


def load_views(size: int = 24, train: int = 3000, test: int = 500, seed: int = 0) -> ViewData:
    """Put digits into an empty room and look at them with two eyes.

    The picture of the left eye alone says nothing about the distance.

    Args:
        size: width and height of a picture; the digits in it are 8 pixels wide.
        train: how many views to train on.
        test: how many views to test on.
        seed: another seed gives other views.

    Raises:
        ValueError: if `size` leaves no room, or there is no view of a kind.
    """
    _require(train, test, "views", least=1)
    least = 8 + SHIFTS[-1] + 2 * _EDGE
    if size < least:
        raise ValueError(f"A picture needs {least} pixels for the digit to move; not {size}.")
    digits = load_digits(size=8)
    random = np.random.default_rng(seed)
    return ViewData(
        _views(random, digits.x_train, train, size), _views(random, digits.x_test, test, size)
    )


def _require(train: int, test: int, what: str, least: int) -> None:
    if min(train, test) < least:
        raise ValueError(
            f"At least {least} {what} to train and to test on, not {train} and {test}."
        )


def _pairs(
    random: np.random.Generator, rows: np.ndarray, classes: np.ndarray, *, samples: int, size: int
) -> Pairs:
    """Balanced pairs of these images, shape of `rows` (images, size × size)."""
    shown = classes.argmax(axis=1)
    places = [np.flatnonzero(shown == digit) for digit in range(10)]
    same = random.permutation(np.arange(samples) % 2)
    left = random.integers(10, size=samples)
    right = np.where(same == 1, left, (left + random.integers(1, 10, size=samples)) % 10)
    images = rows.reshape(-1, size, size, 1)
    x = {
        side: images[[random.choice(places[digit]) for digit in digits]]
        for side, digits in (("left", left), ("right", right))
    }
    return Pairs(x, {"same": same[:, None].astype("float32")}, np.stack([left, right], axis=1))


def _views(random: np.random.Generator, rows: np.ndarray, samples: int, size: int) -> Views:
    """Views of these digits, shape of `rows` (images, 64)."""
    distance = random.integers(len(SHIFTS), size=samples)
    shift = np.array(SHIFTS)[distance]
    digits = rows[random.integers(len(rows), size=samples)].reshape(-1, 8, 8)
    top = random.integers(_EDGE, size - 8 - _EDGE + 1, size=samples)
    from_left = random.integers(_EDGE + SHIFTS[-1], size - 8 - _EDGE + 1, size=samples)
    x = {
        "left": _placed(random, digits, size, top=top, left=from_left),
        "right": _placed(random, digits, size, top=top, left=from_left - shift),
    }
    return Views(x, {"distance": distance.astype("int32")})


def _placed(
    random: np.random.Generator, digits: np.ndarray, size: int, *, top: np.ndarray, left: np.ndarray
) -> np.ndarray:
    """Each digit in a room of its own with a little noise, shape (samples, size, size, 1)."""
    rooms = random.uniform(0, _NOISE, size=(len(digits), size, size)).astype("float32")
    for room, digit, row, column in zip(rooms, digits, top, left, strict=True):
        room[row : row + 8, column : column + 8] += digit
    return rooms.clip(0, 1)[..., None]
