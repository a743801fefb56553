"""Mistakes in how labels, loss, last activation and metrics go together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import combinations, zip_longest

from autograder.judging.verdict import Finding
from autograder.training.observed import Head, Observed, Size
from autograder.training.rule import rule, rule_of, said
from autograder.training.structure import ELSEWHERE

SPARSE = "sparse_categorical_crossentropy"
ONE_HOT = {"categorical_crossentropy", "categorical_focal_crossentropy"}
CLASSES = ONE_HOT | {SPARSE}
BINARY = {"binary_crossentropy", "binary_focal_crossentropy"}
REGRESSION = {"mean_squared_error", "mean_absolute_error", "huber", "log_cosh"}
REGRESSION |= {"mean_absolute_percentage_error", "mean_squared_logarithmic_error"}

_REACH = {"sigmoid": (0.0, 1.0), "softmax": (0.0, 1.0), "tanh": (-1.0, 1.0)}
_REACH |= {"relu": (0.0, float("inf")), "softplus": (0.0, float("inf"))}
_MARGIN = 0.05
"""How far outside an activation's reach labels may lie."""

_TELLS_CLASSES, _NEVER_BELOW_ZERO = {"softmax", "sigmoid"}, {"relu", "sigmoid", "softmax"}

_STARVED = 100.0
"""How many times larger one output's loss may be before it is all that is learned."""

OfHead = Callable[[Head], Finding | None]


def _softmax_under_from_logits(head: Head) -> Finding | None:
    if not head.from_logits or head.activation not in {"softmax", "sigmoid"}:
        return None
    message = (
        f"{head.layer} ends in {head.activation}, and from_logits=True lets the loss apply it "
        "once more: probabilities are squeezed together, gradients are small, and training stops "
        "early without an error."
    )
    return said(
        message, head.name, try_="Leave out one of the two: the activation or from_logits=True."
    )


def _logits_without_from_logits(head: Head) -> Finding | None:
    if head.from_logits or head.activation != "linear" or head.loss not in CLASSES | BINARY:
        return None
    wanted = "sigmoid" if head.loss in BINARY else "softmax"
    message = (
        f"{head.loss} takes probabilities, and {head.layer} gives any numbers: those outside 0 "
        "to 1 are cut off, and nothing is learned from them."
    )
    return said(message, head.name, try_=f"activation={wanted!r}, or from_logits=True in the loss.")


def _softmax_over_other_axis(head: Head) -> Finding | None:
    if head.activation != ELSEWHERE or head.loss not in CLASSES:
        return None
    message = (
        "This softmax makes numbers along another axis than the classes' add up to 1: the classes "
        "of one sample are no probabilities, and samples of a batch may compete with each other."
    )
    return said(message, head.name, try_="Leave axis out: softmax goes over the last one.")


def _softmax_of_one(head: Head) -> Finding | None:
    if head.activation != "softmax" or head.width != 1:
        return None
    message = "A softmax over one unit is always 1, whatever the network computes."
    return said(message, head.name, try_="sigmoid for yes or no; as many units as classes, else.")


def _classes_of_one(head: Head) -> Finding | None:
    if head.loss not in CLASSES or head.width != 1:
        return None
    message = f"{head.loss} chooses among the units of an output, and this one has one unit."
    return said(
        message, head.name, try_="binary_crossentropy with one sigmoid unit, or a unit a class."
    )


def _activation_does_not_fit(head: Head) -> Finding | None:
    unfit = head.loss in CLASSES and head.activation in {"sigmoid", "relu", "tanh"}
    unfit |= head.loss in BINARY and head.activation in {"relu", "tanh"}
    if not unfit or head.from_logits:
        return None
    wanted = "sigmoid" if head.loss in BINARY else "softmax"
    message = f"{head.loss} takes what {wanted} gives; {head.layer} ends in {head.activation}."
    return said(message, head.name, try_=f"activation={wanted!r}.")


def _activation_twice(head: Head) -> Finding | None:
    if head.activation not in _TELLS_CLASSES or head.below not in _NEVER_BELOW_ZERO:
        return None
    if head.loss not in CLASSES | BINARY:
        return None
    message = (
        f"{head.activation} takes any numbers, and {head.below} right under it lets none below 0 "
        "through: what is left tells classes apart badly, or not at all."
    )
    try_ = f"No {head.below} right under the {head.activation}."
    return said(message, head.name, try_=try_)


def _softmax_under_binary(head: Head) -> Finding | None:
    if head.loss not in BINARY or head.activation != "softmax" or (head.width or 0) < 2:
        return None
    if head.width == 2 and _is_one_class(head):
        return None  # of two shares that add up to 1 it asks the same twice
    message = (
        f"{head.loss} asks each unit by itself for yes or no, and softmax lets the units share "
        "one: the loss does not fit one class of many, and softmax does not fit several labels."
    )
    return said(
        message,
        head.name,
        try_="categorical_crossentropy for one class of many; sigmoid for several labels at once.",
    )


def _is_one_class(head: Head) -> bool:
    labels = head.labels
    return labels is not None and labels.shape == head.shape and labels.sums == (1.0, 1.0)


def _integer_labels(head: Head) -> Finding | None:
    labels = head.labels
    if head.loss not in ONE_HOT or labels is None or (head.width or 0) < 2:
        return None
    if not labels.whole or not labels.finite or labels.shape[-1:] == head.shape[-1:]:
        return None
    message = f"{head.loss} takes a row of {head.width} a label; yours are numbers of classes."
    return said(
        message,
        head.name,
        found=f"labels from {labels.least:g} to {labels.most:g}",
        try_="sparse_categorical_crossentropy, or keras.utils.to_categorical for the labels.",
    )


def _one_hot_labels(head: Head) -> Finding | None:
    labels = head.labels
    if head.loss != SPARSE or labels is None or (head.width or 0) < 2:
        return None
    if not labels.zero_one or not _is_one_class(head):
        return None
    message = f"{SPARSE} takes the number of a class, and your labels are rows of 0 and 1."
    return said(message, head.name, try_="categorical_crossentropy, or argmax of the labels.")


def _regression_of_classes(head: Head) -> Finding | None:
    labels = head.labels
    if head.loss not in REGRESSION or head.activation != "softmax" or labels is None:
        return None
    if not labels.whole or labels.shape[-1:] == head.shape[-1:]:
        return None
    message = f"{head.loss} compares each probability with the number of a class."
    return said(message, head.name, try_="sparse_categorical_crossentropy.")


def _broadcast(head: Head) -> Finding | None:
    labels = head.labels
    if labels is None or head.loss not in REGRESSION | BINARY or None in head.shape:
        return None
    given, made = _as_keras_squeezes(labels.shape, head.shape)
    if given == made or not _broadcasts(given, made):
        return None
    message = (
        "Labels and predictions have different shapes, and the loss stretches the one over the "
        "other without a word: each prediction is compared with labels that are not its own."
    )
    return said(
        message,
        head.name,
        found=f"labels {_text(labels.shape)}, predictions {_text(head.shape)}",
        try_="Give both the same shape; of a sequence, return_sequences=False keeps the last step.",
    )


def _as_keras_squeezes(given: Size, made: Size) -> tuple[Size, Size]:
    """Both shapes after Keras left out a last axis of one of the longer."""
    if len(given) == len(made) + 1 and given[-1] == 1:
        return given[:-1], made
    if len(made) == len(given) + 1 and made[-1] == 1:
        return given, made[:-1]
    return given, made


def _broadcasts(one: Size, other: Size) -> bool:
    pairs = zip_longest(reversed(one), reversed(other), fillvalue=1)
    return len(one) == len(other) and all(a == b or 1 in (a, b) for a, b in pairs)


def _text(shape: Size) -> str:
    return f"({', '.join(['n', *map(str, shape)])}{',' * (not shape)})"


def _labels_outside(head: Head) -> Finding | None:
    labels = head.labels
    if labels is None or not labels.finite or head.ignores:
        return None
    if head.loss == SPARSE and head.width is not None and labels.shape != head.shape:
        if labels.least >= 0 and labels.most < head.width and labels.whole:
            return None
        meant = f"whole numbers from 0 to {head.width - 1}"
    elif head.loss in BINARY and not -_MARGIN <= labels.least <= labels.most <= 1 + _MARGIN:
        meant = "0 or 1"
    else:
        return None
    return said(
        f"The labels of this output must be {meant} for {head.loss}.",
        head.name,
        found=f"labels from {labels.least:g} to {labels.most:g}",
        try_="Count classes from 0; for plain numbers take mse and no activation at the end.",
    )


def _several_for_one(head: Head) -> Finding | None:
    labels = head.labels
    if head.loss not in ONE_HOT or labels is None or labels.shape != head.shape:
        return None
    if not labels.zero_one or labels.sums[1] < 2:
        return None
    message = f"{head.loss} expects one class a sample, and some of your samples have several."
    return said(message, head.name, try_="sigmoid and binary_crossentropy.")


def _out_of_reach(head: Head) -> Finding | None:
    labels = head.labels
    if labels is None or head.loss not in REGRESSION or head.activation not in _REACH:
        return None
    low, high = _REACH[head.activation]
    if not labels.finite or (labels.least >= low - _MARGIN and labels.most <= high + _MARGIN):
        return None
    reach = f"from {low:g} to {high:g}" if high < float("inf") else "of 0 and more"
    message = f"{head.activation} gives numbers {reach}; some of the labels are no such numbers."
    return said(
        message,
        head.name,
        found=f"labels from {labels.least:g} to {labels.most:g}",
        try_="No activation at the end, or labels scaled to its reach.",
    )


FITS: dict[str, OfHead] = {
    "softmax-under-from-logits": _softmax_under_from_logits,
    "softmax-over-other-axis": _softmax_over_other_axis,
    "softmax-of-one": _softmax_of_one,
    "classes-of-one": _classes_of_one,
    "logits-without-from-logits": _logits_without_from_logits,
    "activation-does-not-fit": _activation_does_not_fit,
    "activation-twice": _activation_twice,
    "softmax-under-binary": _softmax_under_binary,
    "integer-labels": _integer_labels,
    "one-hot-labels": _one_hot_labels,
    "regression-of-classes": _regression_of_classes,
    "labels-broadcast": _broadcast,
    "label-outside-range": _labels_outside,
    "several-labels-for-one": _several_for_one,
    "labels-out-of-reach": _out_of_reach,
}
"""What must not be found of an output whose loss fits, the most specific first."""


def _fits(head: Head) -> bool:
    return all(find(head) is None for find in FITS.values())


@rule("outputs-mixed-up")
def outputs_mixed_up(observed: Observed) -> Finding | None:
    """Two outputs, each with the loss or the labels that fit the other."""
    for one, other in combinations(observed.heads_with_loss, 2):
        if _fits(one) and _fits(other):
            continue
        what = _mended_by_swapping(one, other)
        if what:
            message = (
                f"{one.name!r} has the {what} that fit {other.name!r}, and the other way round."
            )
            try_ = f"Give {what} in a dictionary, by the outputs' names."
            return said(message, one.name, other.name, try_=try_)
    return None


def _mended_by_swapping(one: Head, other: Head) -> str:
    def with_loss(head: Head, giver: Head) -> Head:
        return replace(head, loss=giver.loss, from_logits=giver.from_logits)

    if one.loss != other.loss and _fits(with_loss(one, other)) and _fits(with_loss(other, one)):
        return "losses"
    both = one.labels is not None and other.labels is not None
    if both and _fits(replace(one, labels=other.labels)):
        return "labels" if _fits(replace(other, labels=one.labels)) else ""
    return ""


for _name, _find in FITS.items():
    rule_of("heads_with_loss", _name)(_find)


@rule("name-of-no-output")
def name_of_no_output(observed: Observed) -> Finding | None:
    """A key that names no output."""
    for argument, names in (observed.unknown_names or {}).items():
        told = ", ".join(map(repr, names))
        message = f"{argument} names {told}, and the network has no such output."
        there = ", ".join(repr(head.name) for head in observed.heads)
        return said(message, *names, found=f"outputs {there}", try_="Use the outputs' names.")
    return None


@rule("loss-never-applied")
def loss_never_applied(observed: Observed) -> Finding | None:
    """An output that has labels, and nothing that learns them; not where that is written out."""
    if len(observed.heads) < 2:
        return None
    for head in observed.heads:
        is_asked = head.loss and head.weight != 0
        if head.labels is not None and not is_asked and not head.left_out:
            why = "no loss" if not head.loss else "a loss of weight 0"
            message = f"There are labels for this output and {why}: nothing of it is learned."
            return said(message, head.name, try_="A loss for each output that is to learn.")
    return None


@rule("loss-drowned")
def loss_drowned(observed: Observed) -> Finding | None:
    """An output whose loss is so much larger that the others are not learned."""
    sizes = {
        head.name: head.first_loss * abs(head.weight)
        for head in observed.heads
        if head.first_loss and head.weight
    }
    if len(sizes) < 2:
        return None
    large, small = max(sizes, key=sizes.__getitem__), min(sizes, key=sizes.__getitem__)
    if sizes[large] < _STARVED * sizes[small]:
        return None
    message = (
        f"The loss of {large!r} is {sizes[large] / sizes[small]:.0f} times that of {small!r}: "
        "what the layers learn, they learn for the one alone."
    )
    return said(
        message, small, large, try_="loss_weights, or labels scaled to numbers about as large as 1."
    )
