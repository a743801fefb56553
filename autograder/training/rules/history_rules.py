"""Mistakes that show in a history."""

from __future__ import annotations

import math
from collections.abc import Sequence

from autograder.judging.verdict import Finding
from autograder.training.observed import LONG, Head, Observed
from autograder.training.rule import rule, said

_FEW = 3
"""Epochs that a history must have before it is judged."""

_BOTTOMLESS = 10.0
"""How many times as large as the first a loss below zero is told; densities end some below it."""

_RARE = 0.8
"""Share of the most frequent class from which on neighbours tell too little of the others."""

_BETTER = 0.05
"""Share of samples told rightly beyond the most frequent class, from which on something holds."""

_RISEN = 0.02
"""By how much that share rises where it is learned, and no luck of the first weights."""

_LEARNED = 0.5
"""A loss by that of the best constant answer, below which something was learned."""

_OF_NO_USE = 0.95
"""The same of what predict gives, from which on it is of no use."""

_HARMS = 0.3
"""A validation loss by the first training loss: what is far below is learned well all the same."""


@rule("loss-not-finite", is_symptom=True)
def loss_not_finite(observed: Observed) -> Finding | None:
    """A loss that is NaN."""
    if all(map(math.isfinite, observed.run.loss)):
        return None
    message = "The loss became NaN or infinite: a step was so large that nothing is left."
    return said(message, "history", try_="A lower learning rate; scaled inputs and labels.")


@rule("loss-rises", is_symptom=True)
def loss_rises(observed: Observed) -> Finding | None:
    """A training loss that ends well above where it began."""
    loss = observed.run.loss
    if len(loss) < _FEW or not loss[-1] > 1.5 * loss[0] or loss[0] <= 0:
        return None
    message = "The training loss rises: each step goes too far."
    found = f"from {loss[0]:.3g} to {loss[-1]:.3g}"
    return said(message, "history", found=found, try_="A learning rate ten times lower.")


@rule("loss-without-end", is_symptom=True)
def loss_without_end(observed: Observed) -> Finding | None:
    """A loss that falls below zero, and further and further."""
    loss = observed.run.loss
    if len(loss) < _FEW or not loss[-1] < -_BOTTOMLESS * max(abs(loss[0]), 1):
        return None
    message = (
        "The loss falls far below 0 and does not stop: there is no best answer, only one that is "
        "more extreme. A loss that says how wrong an answer is has 0 for a right one."
    )
    found = f"from {loss[0]:.3g} to {loss[-1]:.3g}"
    return said(message, "history", found=found, try_="Look at the sign in the loss.")


@rule("loss-stands-still", is_symptom=True)
def loss_stands_still(observed: Observed) -> Finding | None:
    """A loss that does not move, at a low rate."""
    loss, rate = observed.run.loss, observed.rate
    if len(loss) < _FEW or rate is None or rate > 1e-4:
        return None
    if abs(loss[0] - loss[-1]) > 0.02 * abs(loss[0]) or not _is_at_chance(observed):
        return None
    message = f"The loss stands still at a learning rate of {rate:g}: steps are too small."
    found = f"from {loss[0]:.4g} to {loss[-1]:.4g}"
    return said(message, "history", found=found, try_="A learning rate ten times higher, or more.")


@rule("labels-shuffled", is_symptom=True)
def labels_shuffled(observed: Observed) -> Finding | None:
    """Labels that have nothing to do with the inputs beside them."""
    head, run = _only_head(observed), observed.run
    if head is None or head.labels is None or head.labels.told_by_neighbours is not False:
        return None
    if head.labels.majority > _RARE:
        return None
    losses = [loss - observed.penalty for loss in run.val_loss or run.loss]
    at_chance = _ends_at(losses, head)
    if len(run.loss) < LONG or not at_chance or _is_better(run.val_accuracy, head):
        return None
    message = (
        "Nothing that is learned of these samples holds for others, and samples that are alike "
        "have labels as different as any two: inputs and labels seem not to belong together."
    )
    try_ = "Shuffle inputs and labels by the same permutation; look at a few pairs."
    return said(message, head.name, try_=try_)


@rule("batch-norm-behind", is_symptom=True)
def batch_norm_behind(observed: Observed) -> Finding | None:
    """A network that learned in its batches, and is of no use by the averages that it kept."""
    head, loss = _only_head(observed), observed.run.loss
    baseline = head.labels.baseline if head is not None and head.labels else None
    kept = [part for part in observed.parts if part.kind == "BatchNormalization" and part.trainable]
    if head is None or baseline is None or not kept or len(loss) < _FEW or head.weight != 1:
        return None
    if head.tells_apart:
        return None  # samples that count less make the loss of the history smaller
    if not loss[-1] < _LEARNED * baseline or (head.first_loss or 0) < _OF_NO_USE * baseline:
        return None
    message = (
        "In training the network has learned, and by predict it is no better than one constant "
        "answer: there, batch normalization takes averages that it kept along the way, and they "
        "are far behind yet."
    )
    found = f"loss {loss[-1]:.3g} in training, {head.first_loss:.3g} by predict"
    try_ = "Longer training, or BatchNormalization(momentum=0.9): its averages follow sooner."
    return said(message, kept[0].name, found=found, try_=try_)


@rule("majority-only", is_symptom=True)
def majority_only(observed: Observed) -> Finding | None:
    """One answer for every sample."""
    if len(observed.run.loss) < _FEW:
        return None
    for head in observed.heads:
        if head.one_answer and head.labels and head.labels.majority < 0.98:
            message = "The trained network gives the same class for every sample."
            return said(
                message,
                head.name,
                found=f"the most frequent class has {head.labels.majority:.0%} of the samples",
                try_="class_weight in fit, longer training, or another learning rate.",
            )
    return None


@rule("overfit", is_symptom=True)
def overfit(observed: Observed) -> Finding | None:
    """A validation loss that rises while the training loss falls."""
    loss, val = observed.run.loss, observed.run.val_loss
    if len(val) < LONG or len(loss) != len(val) or not all(map(math.isfinite, val)):
        return None
    best = min(range(len(val)), key=val.__getitem__)
    rises = val[-1] > 1.5 * val[best] and best < 0.7 * (len(val) - 1)
    harms = val[-1] > _HARMS * loss[0]
    if not rises or not harms or not loss[-1] < min(0.5 * val[-1], loss[best]):
        return None
    message = (
        f"From epoch {best + 1} on the validation loss rises while the training loss falls: the "
        "network learns its samples by heart."
    )
    found = f"validation loss {val[best]:.3g}, then {val[-1]:.3g}"
    return said(
        message,
        "history",
        found=found,
        try_="EarlyStopping, dropout, fewer units, more data.",
    )


@rule("underfit", is_symptom=True)
def underfit(observed: Observed) -> Finding | None:
    """A network that is no better than a constant answer."""
    if len(observed.run.loss) < LONG or not _is_at_chance(observed):
        return None
    message = "After all epochs the network is no better than one constant answer for all samples."
    return said(
        message,
        "history",
        try_="Longer training, a higher learning rate, or a network with more units or layers.",
    )


def _only_head(observed: Observed) -> Head | None:
    heads = observed.heads_with_loss
    return heads[0] if len(heads) == 1 else None


def _is_at_chance(observed: Observed) -> bool:
    """Whether what is learned is a constant answer: by the history, whose losses dropout makes
    larger, and by what the network gives now."""
    head = _only_head(observed)
    run = observed.run
    if head is None or head.tells_apart or not _ends_at(run.loss, head):
        return False
    accuracy = run.val_accuracy or run.accuracy
    if _is_better(accuracy, head) and accuracy[-1] > accuracy[0] + _RISEN:
        return False
    return head.first_loss is None or _ends_at((head.first_loss,), head)


def _ends_at(losses: Sequence[float], head: Head) -> bool:
    """Whether the best loss is that of a constant answer."""
    baseline = head.labels.baseline if head.labels else None
    if not losses or baseline is None or head.weight != 1:
        return False
    if head.labels is None or head.labels.kinds < 2:
        return False  # a constant answer is right
    return min(losses) > 0.97 * baseline


def _is_better(accuracy: tuple[float, ...], head: Head) -> bool:
    """Whether more samples are told rightly than one answer tells; a loss may not show it yet, or
    hold what keeps weights small, too."""
    later = accuracy[len(accuracy) // 2 :]
    majority = head.labels.majority if head.labels else 0.0
    return bool(later and majority) and sum(later) / len(later) > majority + _BETTER
