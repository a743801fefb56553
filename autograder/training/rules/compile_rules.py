"""Mistakes in what `compile` is given, whatever the data are."""

from __future__ import annotations

from autograder.graphs.describe import counted, listed
from autograder.judging.verdict import Finding
from autograder.training.observed import Argument, Observed
from autograder.training.rule import rule, rule_of, said

_WANTED = {
    "loss": ("loss", 'A name such as "mse", or what keras.losses makes: MeanSquaredError().'),
    "metrics": ("metric", 'A name such as "mae", or what keras.metrics makes.'),
}
"""What stands where, and an example of it."""


@rule_of("arguments", "name-unknown-to-keras")
def name_unknown_to_keras(argument: Argument) -> Finding | None:
    """A loss or metric that Keras has not; it says so in `fit` alone."""
    if not argument.unknown:
        return None
    word = argument.unknown[0]
    message = f"Keras has nothing that is called {word!r}, which {argument.name} asks for."
    try_ = f"{argument.meant!r}." if argument.meant else "Look for a misspelling."
    return said(message, argument.name, try_=try_)


@rule_of("arguments", "no-loss-or-metric")
def no_loss_or_metric(argument: Argument) -> Finding | None:
    """A number, a module or a layer where a loss or a metric stands."""
    if not argument.unfit:
        return None
    kind, example = _WANTED["loss" if argument.name == "loss" else "metrics"]
    message = f"{argument.name} is given {argument.unfit[0]}, and that is no {kind}: fit stops."
    return said(message, argument.name, try_=example)


@rule_of("arguments", "loss-not-called-so")
def loss_not_called_so(argument: Argument) -> Finding | None:
    """A function that makes a loss, in place of the loss that it makes."""
    if not argument.not_called_so:
        return None
    name, why = argument.not_called_so[0]
    message = (
        f"Keras calls a loss with the labels and the predictions, and {name} {why}: fit stops."
    )
    call = f"loss={name}(…)" if name.isidentifier() else "brackets behind it"
    try_ = f"Where it makes a loss, call it: {call}. A loss itself takes (y_true, y_pred)."
    return said(message, argument.name, try_=try_)


@rule("no-loss")
def no_loss(observed: Observed) -> Finding | None:
    """Nothing that training could make smaller."""
    if not observed.no_loss:
        return None
    message = "The network was compiled without a loss: there is nothing to learn, and fit stops."
    return said(message, "loss", try_='compile(…, loss="mse") for numbers; a crossentropy, else.')


@rule_of("arguments", "weights-no-numbers")
def weights_no_numbers(argument: Argument) -> Finding | None:
    """Words where the losses' weights stand, as metrics do in the third place."""
    if not argument.no_numbers:
        return None
    words = listed([repr(word) for word in argument.no_numbers[:3]])
    message = f"{argument.name} takes numbers, and was given {words}."
    return said(message, argument.name, try_="Name what you give: metrics=[…].")


@rule("entries-do-not-match")
def entries_do_not_match(observed: Observed) -> Finding | None:
    """A list of another length than there are outputs."""
    outputs = len(observed.heads)
    for argument in observed.arguments:
        if argument.entries in (None, outputs):
            continue
        message = (
            f"{argument.name} is a list of {argument.entries}, and the network has "
            f"{counted(outputs, 'output')}: a list has one entry for each, in their order."
        )
        return said(message, argument.name, try_="One entry an output, or a dictionary by names.")
    return None


@rule_of("arguments", "class-without-brackets")
def class_without_brackets(argument: Argument) -> Finding | None:
    """A class in place of what is made by it."""
    if not argument.classes:
        return None
    name = argument.classes[0]
    what = f"the class {name} itself" if name else "a class itself"
    message = (
        f"{argument.name} is given {what}. Keras makes one with the class's own "
        "settings to train with, and cannot save the network with it."
    )
    return said(message, argument.name, try_=f"Brackets behind it: {name or '…'}().")
