"""Mistakes that show in one step: gradients, activations, the learning rate."""

from __future__ import annotations

import math

from autograder.judging.verdict import Finding
from autograder.training.observed import Head, Observed, Part, Unit
from autograder.training.rule import rule, rule_of, said

_SILENT = 0.95
_SATURATED = 0.9
_EXPLODES = 1e4
"""A gradient by the weights it changes, from which on it is told: set so high that only what
runs away is."""

_VANISHES = 1e-6
"""The first layer's gradient by the last one's, below which it is told: as good as none."""

_FAST = {"adam": 0.5, "adamw": 0.5, "nadam": 0.5, "rmsprop": 0.5, "adamax": 0.5, "sgd": 50.0}
"""Learning rates that are told by themselves, hundreds of times the optimizers' own, or more."""

_SLOW = 1e-7

_ANY_SIZE = {"adam", "adamw", "nadam", "adamax", "rmsprop", "adagrad", "adadelta", "adafactor"}
_ANY_SIZE |= {"lion", "ftrl"}
"""Optimizers whose steps are as long whatever a gradient's size is."""

_FAR_OFF = 5.0
"""A first loss by that of the best constant answer, above which predictions are of another size
than the labels."""


@rule("rate-too-high")
def rate_too_high(observed: Observed) -> Finding | None:
    """A learning rate far above what its optimizer takes."""
    rate, most = observed.rate, _FAST.get(observed.optimizer.lower())
    if rate is None or most is None or rate < most or math.isnan(rate):
        return None
    message = f"A learning rate of {rate:g} is far too high for {observed.optimizer}."
    return said(message, "optimizer", try_="Start with the optimizer's own rate.")


@rule("rate-not-above-zero")
def rate_not_above_zero(observed: Observed) -> Finding | None:
    """A learning rate that leads uphill, or nowhere."""
    rate = observed.rate
    if rate is None or rate >= 0:
        return None
    message = f"A learning rate of {rate:g} is below 0: each step makes the loss larger."
    if math.isnan(rate):
        message = "The learning rate is no number: one step makes every weight NaN."
    return said(message, "optimizer", try_="Start with the optimizer's own rate.")


@rule("rate-too-low", unless_learned=True)
def rate_too_low(observed: Observed) -> Finding | None:
    """A learning rate that changes nothing; a callback may have made it small at the end."""
    if observed.rate is None or observed.rate >= _SLOW:
        return None
    message = f"A learning rate of {observed.rate:g} changes no weight that one could see."
    return said(message, "optimizer", try_="Start with the optimizer's own rate.")


@rule_of("parts", "weights-not-finite", is_symptom=True)
def weights_not_finite(part: Part) -> Finding | None:
    """Weights that are NaN."""
    if part.finite:
        return None
    message = "Weights of this layer are NaN or infinite: training has exploded."
    return said(message, part.name, try_="Build the model anew; a lower learning rate.")


@rule_of("units", "dead-relu", is_symptom=True, unless_learned=True)
def dead_relu(unit: Unit) -> Finding | None:
    """Units that give zero for every sample."""
    if unit.activation != "relu" or unit.silent <= _SILENT:
        return None
    message = (
        "Nearly all units of this relu give 0 for every sample: no gradient goes through "
        "them, so they never learn again."
    )
    return said(
        message,
        unit.name,
        found=f"{unit.silent:.0%} of its units",
        try_="Build the model anew: a lower learning rate, scaled inputs, leaky_relu; in a "
        "deep network shortcuts past it.",
    )


@rule_of("units", "saturated", is_symptom=True, unless_learned=True)
def saturated(unit: Unit) -> Finding | None:
    """Sigmoids or tanhs at their ends."""
    if unit.saturated <= _SATURATED:
        return None
    message = (
        f"Nearly all numbers of this {unit.activation} lie at its ends, where it is flat: "
        "hardly any gradient goes through."
    )
    return said(
        message,
        unit.name,
        found=f"{unit.saturated:.0%} of its numbers",
        try_="Scaled inputs, smaller starting weights, or relu.",
    )


@rule("exploding-gradient", is_symptom=True, unless_learned=True)
def exploding_gradient(observed: Observed) -> Finding | None:
    """A gradient many times larger than the weights, where that lengthens a step, or what the
    network gives is as much too large."""
    is_any_size = observed.optimizer.lower() in _ANY_SIZE
    if is_any_size and all(map(_is_near, observed.heads_with_loss)):
        return None
    for part in observed.parts:
        if part.trainable and part.gradient is not None and part.gradient >= _EXPLODES:
            message = "The gradient is many times larger than the weights that it changes."
            return said(
                message,
                part.name,
                found=f"{part.gradient:.0f} times",
                try_="Scaled inputs and labels, Keras' own initializers, clipnorm=1.0.",
            )
    return None


def _is_near(head: Head) -> bool:
    """Whether predictions are known to be about as large as the labels."""
    baseline = head.labels.baseline if head.labels else None
    return bool(head.first_loss and baseline and head.first_loss < _FAR_OFF * baseline)


@rule("vanishing-gradient", is_symptom=True, unless_learned=True)
def vanishing_gradient(observed: Observed) -> Finding | None:
    """A first layer that gets next to nothing of the last one's gradient."""
    parts = [p for p in observed.parts if p.trainable and p.gradient is not None]
    if len(parts) < 4 or any(part.begun for part in parts):
        return None  # behind zeros nothing passes before the first step
    first, last = parts[0], parts[-1]
    if not last.gradient or (first.gradient or 0) >= _VANISHES * last.gradient:
        return None
    message = (
        f"Next to nothing of the gradient at {last.name} reaches {first.name}: the first layers "
        "stay as they started."
    )
    return said(
        message, first.name, try_="relu for sigmoid, residual connections, batch normalization."
    )
