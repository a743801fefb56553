"""Mistakes in what a model was compiled with, each by its name; in words that say the way out.

Where a solution compiles its model, an answer has to be compiled as it is: the network decides what
is computed, `compile` what is learned.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from autograder.graphs.compiled import EXACT, Compiled, Loss, without_settings
from autograder.graphs.describe import listed
from autograder.judging.compile_unread import unread
from autograder.judging.verdict import Finding

_CLASSES = {
    "binary_crossentropy": "0 or 1, beside one probability",
    "categorical_crossentropy": "a row of 0 and 1 for each sample",
    "sparse_categorical_crossentropy": "the number of a class for each sample",
}
"""Losses of classes, and the labels that they take."""

_NUMBERS = {
    "mean_squared_error",
    "mean_absolute_error",
    "mean_absolute_percentage_error",
    "mean_squared_logarithmic_error",
    "huber",
    "log_cosh",
}
_ACCURACIES = {
    "binary_crossentropy": "binary_accuracy",
    "categorical_crossentropy": "categorical_accuracy",
    "sparse_categorical_crossentropy": "sparse_categorical_accuracy",
}
"""What Keras takes for "accuracy" beside each loss."""

_EXACT = 1e-5
"""Share by which two figures may differ: Keras keeps them with seven digits."""

Find = Callable[[Compiled, Compiled], Iterator[Finding]]


def compile_mistakes(built: Compiled | None, meant: Compiled) -> tuple[Finding, ...]:
    """What is wrong in how an answer is compiled, the first kind of it.

    Args:
        built: how the answer is compiled; None if it is not.
        meant: how the solution is.
    """
    if built is None:
        return (_not_compiled(),)
    built = _in_order(built, meant)
    for find in (_preparation, _names, _losses, _counts, unread, _weights, _metrics, _optimizer):
        findings = tuple(find(built, meant))
        if findings:
            return findings
    return ()


def _in_order(built: Compiled, meant: Compiled) -> Compiled:
    """The same, with outputs in the solution's order, where they have its names."""
    if sorted(built.names) != sorted(meant.names) or len(set(built.names)) < len(built.names):
        return built
    places = [built.names.index(name) for name in meant.names]

    def turned(row: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(row[place] for place in places)

    return replace(
        built,
        names=meant.names,
        losses=turned(built.losses),
        weights=turned(built.weights),
        metrics=turned(built.metrics),
    )


def _not_compiled() -> Finding:
    return Finding(
        "not-compiled",
        "The network is right, but it is not compiled: it has no loss yet, so it cannot learn.",
        next_step="Call model.compile(…), then return the model: compile itself returns nothing.",
    )


def _preparation(built: Compiled, meant: Compiled) -> Iterator[Finding]:
    if built.prepared is False and meant.prepared is not False:
        yield Finding(
            "not-compiled-again",
            "What is trainable has changed, and the model still has the optimizer that was made "
            "for what was trainable before: fit goes on with that, or stops.",
            next_step="First set trainable, then compile again, with a new optimizer.",
        )


def _names(built: Compiled, _: Compiled) -> Iterator[Finding]:
    for argument, names in built.unknown.items():
        told = listed([repr(name) for name in names])
        yield Finding(
            "name-of-no-output",
            f"{argument} has an entry for {told}, and the network has no such output. compile "
            "takes it; the first fit stops.",
            expected=listed([repr(name) for name in built.names]),
            found=told,
            next_step="Take the names of the outputs, letter by letter.",
        )


def _losses(built: Compiled, meant: Compiled) -> Iterator[Finding]:
    wrong = [place for place, loss in enumerate(built.losses) if loss != meant.losses[place]]
    if len(wrong) > 1 and _is_permuted(built.losses, meant.losses):
        yield _mixed_up("losses", "loss", [built.names[place] for place in wrong], built)
        return
    for place in wrong:
        one = len(meant.names) == 1
        finding = _of_loss(built.losses[place], meant.losses[place], is_one=one)
        yield replace(
            finding,
            where=(built.names[place],),
            expected=_loss_text(meant.losses[place]),
            found=_loss_text(built.losses[place]),
        )


def _of_loss(built: Loss, meant: Loss, *, is_one: bool) -> Finding:
    """What is wrong with the loss of one output."""
    name = built.name
    if not name:
        what = "The model" if is_one else "This output"
        message = f"{what} has no loss: nothing tells it what is right, so it learns nothing."
        return Finding("loss-missing", message, next_step="Give every output that learns a loss.")
    if not meant.name:
        message = "This output has a loss, and the exercise asks for none."
        return Finding("other-loss", message, next_step="Leave its name out of loss.")
    if name == meant.name:
        return _of_settings(built, meant)
    if name in _CLASSES and meant.name in _CLASSES:
        return _of_labels(name, meant.name)
    if name in _NUMBERS and meant.name in _CLASSES:
        return Finding(
            "regression-of-classes",
            f"{name} is for plain numbers. This output gives probabilities of classes: how "
            "improbable the right one was is a cross-entropy.",
            next_step=f"The labels are {_CLASSES[meant.name]}: which cross-entropy is for that?",
        )
    if name in _CLASSES and meant.name in _NUMBERS:
        return Finding(
            "classes-of-numbers",
            f"{name} is for classes. This output gives a plain number: what counts is how far off "
            "it is.",
            next_step="Which loss does the text name for plain numbers?",
        )
    message = "This is another loss than the one asked for: it calls other answers good."
    return Finding("other-loss", message, next_step="Read once more which loss goes with it.")


def _of_settings(built: Loss, meant: Loss) -> Finding:
    if built.from_logits and not meant.from_logits:
        return Finding(
            "softmax-under-from-logits",
            "from_logits=True says that the output has no activation yet, and it has one: it is "
            "applied twice, and the network hardly learns.",
            next_step="Leave from_logits away where the last layer has softmax or sigmoid.",
        )
    if meant.from_logits and not built.from_logits:
        return Finding(
            "logits-without-from-logits",
            "The output has no activation, and the loss takes its numbers for probabilities.",
            next_step="Tell the loss: from_logits=True.",
        )
    told = listed(list(built.others) or list(meant.others) or ["ignore_class"])
    return Finding(
        "loss-settings",
        f"It is the right loss, with other settings: {told}.",
        next_step="Leave them as Keras has them, unless the exercise names them.",
    )


def _of_labels(built: str, meant: str) -> Finding:
    """Two losses of classes that take other labels."""
    names = {
        ("categorical_crossentropy", "sparse_categorical_crossentropy"): "integer-labels",
        ("sparse_categorical_crossentropy", "categorical_crossentropy"): "one-hot-labels",
    }
    if "binary_crossentropy" not in (built, meant):
        why = f"the labels of this output are {_CLASSES[meant]}"
    elif built == "binary_crossentropy":
        why = "this output has one probability for each of several classes, and one is right"
    else:
        why = "this output is one probability: yes or no"
    return Finding(
        names.get((built, meant), "loss-of-other-classes"),
        f"{built} takes {_CLASSES[built]}, and {why}.",
        next_step="Look at the shape of the labels, then choose the cross-entropy that takes it.",
    )


def _counts(built: Compiled, _: Compiled) -> Iterator[Finding]:
    """Entries that Keras can give to no output."""
    weights, losses = (built.entries.get(name) for name in ("loss_weights", "loss"))
    if weights is not None and weights != losses:
        yield Finding(
            "weights-of-other-number",
            "Keras wants a weight for each loss, or no weights at all: the first fit stops.",
            expected=f"as many weights as losses, {losses}",
            found=f"{weights}",
            next_step="Give losses and weights in dictionaries, each with all outputs' names.",
        )
    for argument in ("loss", "metrics", "weighted_metrics"):
        if argument in built.listed and built.entries[argument] != len(built.names):
            yield Finding(
                "list-of-other-length",
                f"The list of {argument} has not one entry for each output: the first fit stops.",
                expected=f"{len(built.names)}",
                found=f"{built.entries[argument]}",
                next_step=f"Give {argument} as a dictionary, by the outputs' names.",
            )


def _weights(built: Compiled, meant: Compiled) -> Iterator[Finding]:
    wrong = [n for n, weight in enumerate(built.weights) if not _near(weight, meant.weights[n])]
    if not wrong or not meant.whole:
        return
    name, message, step = _of_weights(built, meant)
    if name == "weights-swapped":
        yield _mixed_up("weights", "loss_weights", [built.names[n] for n in wrong], built)
        return
    yield Finding(
        name,
        message,
        where=tuple(built.names[n] for n in wrong),
        expected=_by_name(built.names, meant.weights),
        found=_by_name(built.names, built.weights),
        next_step=step,
    )


def _of_weights(built: Compiled, meant: Compiled) -> tuple[str, str, str]:
    """Which mistake in weights it is, what is said of it, and what to try."""
    if all(weight == 1 for weight in built.weights):
        message = "Every loss counts with weight 1: the largest of them decides what is learned."
        return "weights-missing", message, "compile takes loss_weights, a number for each output."
    if _is_permuted(built.weights, meant.weights):
        return "weights-swapped", "", ""
    if not all(map(math.isfinite, built.weights)):
        message = "A weight is no finite number: the loss is none either, and every weight NaN."
        return "weights-not-finite", message, "Take the weights that the exercise names."
    if 0 in built.weights and 0 not in meant.weights:
        message = "A loss of weight 0 is none: nothing of that output is learned."
        return "loss-never-applied", message, "Take the weights that the exercise names."
    factors = [b / m for b, m in zip(built.weights, meant.weights, strict=True) if m]
    if factors and all(_near(factor, factors[0]) for factor in factors):
        message = "The weights stand in the right proportion, and are all other numbers."
        return "weights-scaled", message, "Take them as they are given."
    message = "The losses count otherwise than asked for."
    return "other-weights", message, "Use the weights that your function is given, by name."


def _metrics(built: Compiled, meant: Compiled) -> Iterator[Finding]:
    have, want = _metrics_of(built, meant), _metrics_of(meant, meant)
    wrong = [place for place, names in enumerate(want) if not names <= have[place]]
    if len(wrong) > 1 and _is_permuted(*(tuple(map(set, c.metrics)) for c in (built, meant))):
        yield _mixed_up("metrics", "metrics", [built.names[place] for place in wrong], built)
        return
    for place in wrong:
        name, message = _of_metric(have[place], want[place], meant.losses[place].name)
        yield Finding(
            name,
            message,
            where=(built.names[place],),
            expected=listed(sorted(meant.metrics[place])),
            found=listed(sorted(built.metrics[place])) or "no metric",
            next_step="compile takes metrics, as it takes losses: by the outputs' names."
            if len(meant.names) > 1
            else "compile takes metrics, a list.",
        )


def _metrics_of(compiled: Compiled, meant: Compiled) -> list[frozenset[str]]:
    """The metrics of each output, as Keras takes "accuracy" beside the right loss."""
    return [
        frozenset(
            _ACCURACIES.get(loss.name, each) if each == "accuracy" else each for each in names
        )
        for names, loss in zip(compiled.metrics, meant.losses, strict=True)
    ]


def _of_metric(built: frozenset[str], meant: frozenset[str], loss: str) -> tuple[str, str]:
    if not built:
        return "metric-missing", "Nothing is reported of this output but its loss."
    have = {without_settings(each) for each in built}
    if {without_settings(each) for each in meant} <= have:
        told = listed(sorted(built - meant or meant - built))
        return "metric-settings", f"It is the right metric, with other settings: {told}."
    is_accuracy = any(each == EXACT or each.endswith("accuracy") for each in have)
    if is_accuracy and loss in _NUMBERS:
        return (
            "accuracy-on-regression",
            "accuracy counts predictions that are exactly right, and a plain number never is: it "
            "stays at 0, however good the network is.",
        )
    if EXACT in have and loss in _CLASSES:
        return (
            "metric-does-not-fit",
            "The class Accuracy counts outputs that equal the label, and a probability hardly ever "
            "does.",
        )
    if is_accuracy and loss in _CLASSES:
        return (
            "metric-does-not-fit",
            "This accuracy is for labels of another form: its figure means nothing here.",
        )
    if have & _NUMBERS and loss in _CLASSES:
        return (
            "metric-does-not-fit",
            "This metric says how far off a plain number is; here it is asked how many answers are "
            "right.",
        )
    return "other-metric", "Another figure is reported of this output than the one asked for."


def _optimizer(built: Compiled, meant: Compiled) -> Iterator[Finding]:
    if built.optimizer != meant.optimizer:
        yield Finding(
            "other-optimizer",
            "The model is compiled with another optimizer than the one asked for.",
            expected=meant.optimizer,
            found=built.optimizer,
            next_step="Keras has each by name and as a class: keras.optimizers.….",
        )
    elif built.rate is not None and meant.rate is not None and not _near(built.rate, meant.rate):
        yield _rate(built.rate, meant.rate, meant.optimizer)


def _rate(built: float, meant: float, optimizer: str) -> Finding:
    if not built > 0:  # NaN is not
        name, message = "rate-not-above-zero", "The learning rate is no number above 0: no step "
        message += "leads down."
    elif built > meant:
        name, message = "rate-too-high", "The learning rate is higher than asked for: "
        message += "steps so large make the loss jump, and spoil what the network knows already."
    else:
        name, message = "rate-too-low", "The learning rate is lower than asked for: "
        message += "it learns too slowly to see."
    return Finding(
        name,
        message,
        expected=f"{meant:.3g}",
        found=f"{built:.3g}",
        next_step=f"keras.optimizers.{optimizer}(…) takes the rate; its name alone has Keras' own.",
    )


def _mixed_up(what: str, argument: str, names: list[str], built: Compiled) -> Finding:
    """Something that each of several outputs has of another one."""
    message = f"The {what} of {listed([repr(name) for name in names])} are mixed up: each has one "
    message += "that is meant for another output."
    if argument in built.listed and list(built.names) == sorted(built.names):
        message += " Of a list, Keras takes the first for the name that is first in the alphabet."
    return Finding(
        "outputs-mixed-up" if what == "losses" else f"{what}-swapped",
        message,
        where=tuple(names),
        next_step=f"Give {argument} as a dictionary, by the outputs' names.",
    )


def _is_permuted(built: tuple[Any, ...], meant: tuple[Any, ...]) -> bool:
    left = list(meant)
    for each in built:
        place = next((n for n, other in enumerate(left) if _same(each, other)), None)
        if place is None:
            return False
        del left[place]
    return True


def _same(one: Any, other: Any) -> bool:
    return _near(one, other) if isinstance(one, float) else one == other


def _near(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=_EXACT)


def _by_name(names: tuple[str, ...], figures: tuple[float, ...]) -> str:
    return ", ".join(f"{name} {figure:g}" for name, figure in zip(names, figures, strict=True))


def _loss_text(loss: Loss) -> str:
    settings = ["from_logits=True"] * loss.from_logits + ["ignore_class=…"] * loss.ignores
    settings += loss.others
    name = "one of your own" if loss.name == "own" else loss.name or "no loss"
    return name + (f"({', '.join(settings)})" if settings else "")
