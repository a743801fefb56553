"""Whether labels have anything to do with the inputs beside them."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.training.samples import leaves, places

_NEAREST = 5
_FEWEST = 100
"""Samples below which nothing is said."""

_MOST_FEATURES = 2048
"""Numbers of a sample that are compared: of more, some from all over."""

_SURE = 2.0
"""Standard errors above chance from which on neighbours tell something."""


def told_by_neighbours(x: Any, labels: np.ndarray, *, is_class: bool) -> bool | None:
    """Whether samples that are alike have labels that are more alike than any two.

    Args:
        x: the inputs of some samples.
        labels: one number a sample; else nothing is said.
        is_class: whether they are classes, or plain numbers.
    """
    labels = labels.reshape(len(labels), -1)
    if len(labels) < _FEWEST or labels.shape[1] != 1:
        return None
    labels, rows = labels[:, 0], _features(x)
    if rows is None:
        return None
    squares = (rows**2).sum(axis=1)
    distances = squares[:, None] + squares[None] - 2 * rows @ rows.T
    np.fill_diagonal(distances, np.inf)
    nearest = labels[np.argpartition(distances, _NEAREST, axis=1)[:, :_NEAREST]]
    if is_class:
        agree = (nearest == labels[:, None]).mean(axis=1)
        _, counts = np.unique(labels, return_counts=True)
        chance = float(((counts / counts.sum()) ** 2).sum())
        return bool(agree.mean() - chance > _SURE * agree.std() / np.sqrt(len(labels)))
    means = nearest.mean(axis=1)
    if labels.std() == 0 or means.std() == 0:
        return None
    correlation = np.corrcoef(means, labels)[0, 1]
    return bool(correlation > _SURE / np.sqrt(len(labels)))


def _features(x: Any) -> np.ndarray | None:
    parts = []
    for array in leaves(x):
        if array.dtype.kind not in "biuf":
            return None
        is_words = array.dtype.kind in "iu" and array.ndim == 2 and 1 < array.max() < 50_000
        flat = _counted(array) if is_words else _thinned(array)
        deviation = flat.std(axis=0)
        parts.append((flat - flat.mean(axis=0)) / np.where(deviation > 0, deviation, 1))
    return np.concatenate(parts, axis=1) if parts else None


def _thinned(array: np.ndarray) -> np.ndarray:
    flat = array.reshape(len(array), -1)
    return flat[:, places(flat.shape[1], _MOST_FEATURES)].astype("float64")


def _counted(words: np.ndarray) -> np.ndarray:
    """How often each word stands in a sample; of very many, some are counted as one."""
    kinds, numbers = np.unique(words, return_inverse=True)
    counts = np.zeros((len(words), min(len(kinds), _MOST_FEATURES)))
    columns = numbers.reshape(words.shape) % counts.shape[1]
    np.add.at(counts, (np.arange(len(words))[:, None], columns), 1)
    return counts
