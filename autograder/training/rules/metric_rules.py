"""Mistakes in which metrics are asked for: their figures mislead, and nothing else does."""

from __future__ import annotations

from autograder.graphs.compiled import EXACT, without_settings
from autograder.judging.verdict import Finding
from autograder.training.observed import Head
from autograder.training.rule import rule_of, said
from autograder.training.rules.output_rules import REGRESSION, SPARSE

_ACCURACIES = {"accuracy", "binary_accuracy", "categorical_accuracy"}
_ACCURACIES |= {"sparse_categorical_accuracy", EXACT}
_OF_PROBABILITIES = {"auc", "precision_at_recall", "recall_at_precision"}
_OF_PROBABILITIES |= {"sensitivity_at_specificity", "specificity_at_sensitivity"}
"""What goes through thresholds from 0 to 1."""

_MANY = 20
"""Different whole numbers from which on labels are no classes."""


@rule_of("heads_with_loss", "accuracy-on-regression")
def accuracy_on_regression(head: Head) -> Finding | None:
    """Accuracy where there are no classes."""
    labels = head.labels
    if labels is None or head.loss not in REGRESSION or not _metrics(head) & _ACCURACIES:
        return None
    if labels.whole and labels.kinds <= _MANY:
        return None
    message = (
        "accuracy counts predictions that are exactly right, and a plain number never is: it stays "
        "at 0, however good the network is."
    )
    return said(message, head.name, try_='metrics=["mae"].')


@rule_of("heads_with_loss", "metric-does-not-fit")
def metric_does_not_fit(head: Head) -> Finding | None:
    """An accuracy for labels of another form."""
    unfit = _unfit_metric(head)
    if not unfit:
        return None
    message = f"{unfit} is for labels of another form: its figure means nothing here."
    return said(message, head.name, try_='"accuracy": Keras takes the fitting one.')


@rule_of("heads_with_loss", "metric-of-logits")
def metric_of_logits(head: Head) -> Finding | None:
    """A metric of probabilities that is given any numbers."""
    if not head.from_logits or head.activation != "linear":
        return None
    unfit = next(filter(_goes_through_shares, head.metrics), None)
    if unfit is None:
        return None
    name = without_settings(unfit)
    message = (
        f"{name} goes through thresholds from 0 to 1, and {head.layer} gives any numbers: all that "
        "lie outside count alike, so its figure is not that of this network."
    )
    told = "AUC(from_logits=True)" if name == "auc" else "A sigmoid at the end, no from_logits"
    return said(message, head.name, try_=f"{told}.")


def _goes_through_shares(metric: str) -> bool:
    is_told = "from_logits=True" in metric or "thresholds=[" in metric
    return without_settings(metric) in _OF_PROBABILITIES and not is_told


def _metrics(head: Head) -> set[str]:
    return {without_settings(metric) for metric in head.metrics}


def _unfit_metric(head: Head) -> str:
    metrics = _metrics(head)
    unfit = {
        SPARSE: {"categorical_accuracy", "binary_accuracy"},
        "categorical_crossentropy": {"sparse_categorical_accuracy", "binary_accuracy"},
        "binary_crossentropy": {"sparse_categorical_accuracy"},
    }.get(head.loss, set())
    if head.loss == "binary_crossentropy" and head.width == 1:
        unfit = unfit | {"categorical_accuracy"}
    return next(iter(sorted(metrics & unfit)), "")
