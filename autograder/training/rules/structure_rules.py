"""Mistakes in the network that no training mends."""

from __future__ import annotations

from autograder.judging.verdict import Finding
from autograder.training.observed import Fixed, Head, Observed, Part
from autograder.training.rule import rule, rule_of, said

_AND_THEN = {
    None: ".",
    True: ", and only what the layers behind make of them can ever tell them apart.",
    False: ", get the same gradient, and stay so.",
}
"""What becomes of units that are equal, by whether their gradients differ."""


@rule("nothing-to-learn")
def nothing_to_learn(observed: Observed) -> Finding | None:
    """A network all of whose weights are frozen."""
    if not observed.parts or any(part.trainable for part in observed.parts):
        return None
    message = "Every layer with weights is frozen: training changes nothing."
    names = (part.name for part in observed.parts[:3])
    return said(message, *names, try_="trainable=True for what is to learn, then compile again.")


@rule_of("parts", "frozen-untrained")
def frozen_untrained(part: Part) -> Finding | None:
    """A frozen layer that never learned anything."""
    if part.trainable or not part.untouched:
        return None
    message = "This layer is frozen before it has learned anything: it stays random."
    return said(message, part.name, try_="Train it, or load weights, before freezing it.")


@rule_of("parts", "weights-all-equal")
def weights_all_equal(part: Part) -> Finding | None:
    """Units that start equal and stay so."""
    if not part.equal or part.is_last:
        return None
    message = "All units of this layer have the same weights: they are one unit many times over"
    message += _AND_THEN[part.apart]
    return said(message, part.name, try_="A random kernel_initializer, such as Keras' own.")


@rule_of("heads", "dropout-at-output")
def dropout_at_output(head: Head) -> Finding | None:
    """A dropout behind the last layer."""
    if not head.dropout_after:
        return None
    message = (
        "A dropout stands behind the last layer: in training it sets predictions "
        "themselves to zero."
    )
    return said(message, head.dropout_after, try_="Dropout between hidden layers.")


@rule_of("fixed", "training-fixed")
def training_fixed(call: Fixed) -> Finding | None:
    """A call that is told to behave as in training.

    `training=False` is left alone: Keras' own guides write it, and by default it is so.
    """
    if not call.value:
        return None
    message = (
        f"{call.name} is called with training=True. fit and predict say themselves which "
        "it is, and overrule that; a plain call, model(x), goes by it and gives other "
        "numbers than predict."
    )
    try_ = "Leave training= out. Where you want it once: model(x, training=True)."
    return said(message, call.name, try_=try_)


@rule("batch-norm-of-one")
def batch_norm_of_one(observed: Observed) -> Finding | None:
    """Batch normalization in batches of one sample; not of a picture's, which is many pixels."""
    if observed.batch != 1:
        return None
    for part in observed.parts:
        if part.kind == "BatchNormalization" and part.trainable and len(part.reads) == 1:
            message = (
                "Batch normalization over one sample: its mean is the sample itself, and in "
                "training nothing is left of it."
            )
            return said(message, part.name, try_="Batches of 16 or more, or LayerNormalization.")
    return None


@rule_of("heads", "towers-only-weighed")
def towers_only_weighed(head: Head) -> Finding | None:
    """Two towers joined and weighed by one Dense: a sum of a number a tower."""
    if not head.summed_towers:
        return None
    message = (
        f"{head.layer} weighs what both calls of {head.summed_towers} found and adds it "
        "up: one number for each side. No sum of such numbers says whether two things are "
        "alike, so training stays at chance however long it takes."
    )
    return said(
        message,
        head.layer,
        try_="Compare first: a product or |a − b| of both, or a hidden layer with relu "
        "behind the concatenation.",
    )


@rule("no-gradient")
def no_gradient(observed: Observed) -> Finding | None:
    """A layer that the loss does not depend on; not where an output is without one on purpose."""
    cut_off = [part for part in observed.parts if part.trainable and part.connected is False]
    if not cut_off or any(not head.loss for head in observed.heads):
        return None
    message = (
        "No gradient reaches this layer: the loss does not depend on it, or something "
        "that has no gradient (rounding, argmax, stop_gradient) stands in between."
    )
    return said(message, cut_off[0].name, try_="Follow its output to a loss, in draw(model).")
