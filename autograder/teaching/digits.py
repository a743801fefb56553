"""Real handwritten digits, shipped with scikit-learn: nothing is downloaded."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Digits:
    """Handwritten digits, split into two parts that share no image.

    Attributes:
        x_train, x_test: images as rows of grey values from 0 to 1, shape (samples, size × size).
        y_train, y_test: which digit each is, one column a class, shape (samples, 10).
        size: width and height of an image in pixels.
    """

    x_train: np.ndarray
    y_train: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray
    size: int


def load_digits(size: int = 28, test_share: float = 0.2, seed: int = 0) -> Digits:
    """Load 1,797 handwritten digits, enlarged from 8×8 pixels.

    Source: the UCI "Optical Recognition of Handwritten Digits" test set, as scikit-learn ships it
    (`sklearn.datasets.load_digits`). Every class has the same share in both parts.

    Args:
        size: width and height to enlarge the images to; 28 gives rows of 784 values.
        test_share: part of the images kept for testing, between 0 and 1.
        seed: which split is made.

    Raises:
        ValueError: if `size` is below 8 or `test_share` is not between 0 and 1.
    """
    if size < 8:
        raise ValueError(f"The images are 8 pixels wide: size={size} would make them smaller.")
    from scipy.ndimage import zoom
    from sklearn import datasets
    from sklearn.model_selection import train_test_split

    digits = datasets.load_digits()
    images = zoom(digits.images / 16.0, (1, size / 8, size / 8), order=1, grid_mode=True,
                  mode="nearest")  # fmt: skip
    rows = images.reshape(len(images), -1).clip(0, 1).astype("float32")
    classes = np.eye(10, dtype="float32")[digits.target]
    x_train, x_test, y_train, y_test = train_test_split(
        rows, classes, test_size=test_share, random_state=seed, stratify=digits.target
    )
    return Digits(x_train, y_train, x_test, y_test, size)
