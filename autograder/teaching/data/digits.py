"""Real handwritten digits, shipped with scikit-learn: nothing is downloaded."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Digits:
    """Handwritten digits, split into two parts that share no image.

    Attributes:
        x_train: images as rows of grey values from 0 to 1, shape (samples, size × size).
        y_train: which digit each is, one column a class, shape (samples, 10).
        x_test: as `x_train`, for testing.
        y_test: as `y_train`, for testing.
        size: width and height of an image in pixels.
    """

    x_train: np.ndarray
    y_train: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray
    size: int


def load_digits(size: int = 28, test_share: float = 0.2, seed: int = 0) -> Digits:
    """Load 1,797 handwritten digits, enlarged from 8×8 pixels.

    Source: `sklearn.datasets.load_digits`, the test part of the UCI data set "Optical Recognition
    of Handwritten Digits". Every class has the same share in both parts.

    Args:
        size: width and height to enlarge the images to; 28 gives rows of 784 values.
        test_share: part of the images kept for testing, between 0 and 1.
        seed: which split is made.

    Raises:
        ValueError: if `size` is below 8 or `test_share` is not between 0 and 1.
    """
    if size < 8:
        raise ValueError(f"The images are 8 pixels wide; size={size} would make them smaller.")
    if not 0 < test_share < 1:
        raise ValueError(f"test_share is a part of the images, between 0 and 1, not {test_share}.")
    from sklearn import datasets
    from sklearn.model_selection import train_test_split

    digits = datasets.load_digits()
    rows = enlarged(digits.images / 16.0, size).reshape(len(digits.images), -1)
    classes = np.eye(10, dtype="float32")[digits.target]
    x_train, x_test, y_train, y_test = train_test_split(
        rows, classes, test_size=test_share, random_state=seed, stratify=digits.target
    )
    return Digits(x_train, y_train, x_test, y_test, size)


def enlarged(images: np.ndarray, size: int) -> np.ndarray:
    """Square images at another size, by linear interpolation.

    Args:
        images: shape (samples, width, width), values from 0 to 1.
        size: the new width.

    Returns:
        Shape (samples, size, size), float32.
    """
    width = images.shape[1]
    # Where the middle of each new pixel lies among the middles of the old ones.
    places = ((np.arange(size) + 0.5) * width / size - 0.5).clip(0, width - 1)
    weights = np.maximum(0, 1 - np.abs(places[:, None] - np.arange(width)))
    return (weights @ images @ weights.T).clip(0, 1).astype("float32")
