"""Measure what an output is to learn, and how far its predictions are from that at first."""

from __future__ import annotations

import math
from typing import Any

import keras
import numpy as np

from autograder.graphs.compiled import Loss
from autograder.training.neighbours import told_by_neighbours
from autograder.training.observed import Labels
from autograder.training.samples import ENOUGH, are_whole, places

_FEWEST_OTHERS = 8
"""Labels of other classes among samples of which it is said that all get one answer."""

_MOST_LABELS, _MOST_SORTED = 4_000_000, 50_000
"""Numbers in the labels that are looked at, and that are told apart: pictures of pictures are more.
"""


def labels_of(truth: np.ndarray, loss: Loss, few: tuple[np.ndarray, Any]) -> Labels:
    """What there is to know of all labels, and of a few with their inputs."""
    some, x = few
    many = _thinned(truth, _MOST_LABELS)
    least, most = float(many.min()), float(many.max())
    finite = math.isfinite(least) and math.isfinite(most)  # NaN is the least and the most of all
    numbers = _thinned(many, _MOST_SORTED).astype("float64", copy=False)
    values, counts = np.unique(_classes(numbers, loss), return_counts=True)
    sums = numbers.sum(axis=-1) if numbers.ndim > 1 else numbers
    whole = finite and are_whole(numbers)
    is_class = loss.name.endswith("crossentropy") and whole
    shares = counts / counts.sum() if len(truth) >= ENOUGH else np.zeros(1)
    return Labels(
        shape=tuple(truth.shape[1:]),
        whole=whole,
        finite=finite,
        least=least,
        most=most,
        kinds=len(values),
        zero_one=least >= 0 and most <= 1 and whole,
        sums=(float(sums.min()), float(sums.max())),
        baseline=_baseline(numbers, counts, loss) if finite else None,
        majority=float(shares.max()) if is_class or len(values) == 1 else 0.0,
        told_by_neighbours=told_by_neighbours(
            x, _classes(some.astype("float64"), loss), is_class=is_class
        )
        if finite and x is not None
        else None,
    )


def _thinned(labels: np.ndarray, most: int) -> np.ndarray:
    """Labels of samples from all over, so many that they are no more than that many numbers."""
    of_one = max(1, labels.size // max(len(labels), 1))
    return labels if labels.size <= most else labels[places(len(labels), max(1, most // of_one))]


def _classes(numbers: np.ndarray, loss: Loss) -> np.ndarray:
    """One number a sample where labels are rows of 0 and 1, and all numbers else."""
    is_rows = loss.name.startswith("categorical") and numbers.ndim > 1 and numbers.shape[-1] > 1
    return numbers.argmax(axis=-1) if is_rows else numbers


def _baseline(numbers: np.ndarray, counts: np.ndarray, loss: Loss) -> float | None:
    """The loss of the best constant answer; not known of one with settings of its own."""
    if loss.others:
        return None
    shares = counts / counts.sum()
    if loss.name in {"categorical_crossentropy", "sparse_categorical_crossentropy"}:
        return float(-(shares * np.log(shares)).sum())
    if loss.name == "binary_crossentropy" and numbers[0].size == 1:
        mean = float(np.clip(numbers.mean(), 1e-7, 1 - 1e-7))
        return -mean * math.log(mean) - (1 - mean) * math.log(1 - mean)
    if loss.name == "mean_squared_error":
        return float(numbers.var(axis=0).mean())
    if loss.name == "mean_absolute_error":
        return float(np.abs(numbers - np.median(numbers, axis=0)).mean())
    return None


def first_loss(loss: Loss, truth: np.ndarray | None, made: np.ndarray | None) -> float | None:
    """The loss of such predictions, before its weight; None if not known."""
    if not loss.name or loss.name == "own" or truth is None or made is None:
        return None
    try:
        size = float(np.mean(np.asarray(keras.losses.get(loss.given)(_beside(truth, made), made))))
    except Exception:  # labels that do not fit the loss are told by rules
        return None
    return size if math.isfinite(size) else None


def _beside(truth: np.ndarray, made: np.ndarray) -> np.ndarray:
    """Labels with as many axes as predictions of one number have: Keras sees to it in `fit`, and
    its functions by themselves stretch the one over the other."""
    return truth[..., None] if made.ndim == truth.ndim + 1 and made.shape[-1] == 1 else truth


def crossed(made: np.ndarray | None) -> np.ndarray | None:
    """The predictions, each for another sample; in no order that data could have."""
    if made is None or len(made) < ENOUGH:
        return None
    order = np.random.default_rng(0).permutation(len(made))
    return made[np.roll(order, 1)[np.argsort(order)]]


def is_one_answer(made: np.ndarray | None, truth: np.ndarray | None, loss: Loss) -> bool:
    """Whether samples get one and the same class, of which enough have another."""
    if made is None or not loss.name.endswith("crossentropy") or made.ndim < 2:
        return False
    if truth is None or truth.dtype.kind not in "biuf" or not are_whole(truth):
        return False  # shares, as of grey in a picture, are no classes
    _, counts = np.unique(_classes(truth, loss), return_counts=True)
    if counts.sum() - counts.max() < _FEWEST_OTHERS:
        return False
    if loss.name.startswith("binary") and made.shape[-1] > 1:
        return False  # several labels, each of them rare: no to all of them is no class
    edge = 0.0 if loss.from_logits else 0.5
    answers = made > edge if made.shape[-1] == 1 else made.argmax(axis=-1)
    return bool((answers == answers[:1]).all())
