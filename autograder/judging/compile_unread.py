"""What compile was given, where it cannot be read because Keras cannot save it."""

from __future__ import annotations

from collections.abc import Iterator

from autograder.graphs.compiled import Compiled
from autograder.judging.verdict import Finding


def unread(built: Compiled, meant: Compiled) -> Iterator[Finding]:
    """Weights and metrics that are asked for and cannot be read: they may be right, or not.

    Args:
        built: how the answer is compiled.
        meant: how the solution is.
    """
    is_asked = any(meant.metrics) or any(weight != 1 for weight in meant.weights)
    if built.whole or not is_asked:
        return
    yield Finding(
        "compile-not-saved",
        "compile was given something that Keras cannot save, such as a class without brackets. So "
        "the weights and metrics that it was given cannot be read, and model.save fails.",
        next_step="Put brackets behind each class: MeanSquaredError() in place of "
        "MeanSquaredError. A class of your own needs a get_config.",
    )
