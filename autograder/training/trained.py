"""`check_training`: which mistake in training it is, as a verdict that shows itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from autograder.judging.judgement import JudgedCase, Judgement
from autograder.judging.reports.at_the_desk import SIGNS, Report
from autograder.judging.verdict import Finding, Status, Verdict
from autograder.training.measuring import observe
from autograder.training.observed import Observed
from autograder.training.rules import findings
from autograder.training.samples import NotData

_HEADLINES = {
    Status.PASSED: "No mistake found in this training",
    Status.WRONG: "A mistake in this training",
    Status.NOT_CHECKABLE: "This training cannot be checked",
}

_NOT_RUN = (
    "This network was not run on your samples, because it is large, or takes larger batches: its "
    "gradients and predictions were not looked at."
)

_LEFT_ALONE = (
    "These data were not looked at: a generator gives each batch once, and fit would miss what is "
    "read here. Give (x, y), a tf.data.Dataset or a PyDataset."
)


class TrainingReport(Report):
    """A report on a training, of which no exercise asks."""

    @property
    def headline(self) -> str:
        """One line: sign and verdict."""
        return f"{SIGNS[self.verdict.status]} {_HEADLINES[self.verdict.status]}"


@dataclass(frozen=True, repr=False)
class Trained(Verdict):
    """What `check_training` says."""

    @property
    def report(self) -> TrainingReport:
        """The verdict ready to be shown."""
        return TrainingReport(Judgement("training", (JudgedCase(self),)))

    def __repr__(self) -> str:
        return self.report.text()

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return self.report._repr_mimebundle_(include, exclude)


def check_training(
    model: Any,
    data: Any = None,
    history: Any = None,
    *,
    validation_data: Any = None,
    batch_size: int | None = None,
) -> Trained:
    """Say which mistake there is in how a network is trained.

    Args:
        model: a compiled Keras model, trained or not; it is not changed.
        data: what it is trained on: `(x, y)`, dictionaries of them, a `tf.data.Dataset` or a
            `PyDataset`. A generator is not read: what it gives is gone then.
        history: what `fit` returned, where it was trained.
        validation_data: what `fit` validates on, in the same form.
        batch_size: samples a step, where the data are no dataset.
    """
    return checked(
        model,
        data,
        history=history,
        validation_data=validation_data,
        batch_size=batch_size,
    )


def checked(model: Any, data: Any = None, **looked_at: Any) -> Trained:
    """The same of a model, with what else `observe` takes."""
    if not getattr(model, "compiled", False):
        return _not_checkable("The model is not compiled.", "Call model.compile(…) first.")
    try:
        return judged(observe(model, data, **looked_at))
    except NotData as error:
        return _not_checkable(str(error))
    except Exception as error:  # what somebody's own layer, loss or data raise ends no training
        return _not_checkable(f"It cannot be looked at: {_in_one_line(error)}")


def judged(observed: Observed) -> Trained:
    """What is said of all that is known of a training."""
    found = findings(observed)
    told = ((_NOT_RUN, observed.too_large), (_LEFT_ALONE, observed.left_alone))
    notes = tuple(note for note, holds in told if holds)
    if found:
        return Trained(Status.WRONG, found, notes=notes)
    if observed.cannot_run:
        return _not_checkable(f"The network does not run on these data: {observed.cannot_run}")
    return Trained(Status.PASSED, notes=notes)


def _in_one_line(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:300]


def _not_checkable(message: str, next_step: str = "") -> Trained:
    return Trained(
        Status.NOT_CHECKABLE, (Finding("training-unknown", message, next_step=next_step),)
    )
