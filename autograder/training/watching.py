"""`watch()`: a callback that says which mistake there is in a training while it runs."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from IPython.display import display

from autograder.training.effort import Planned
from autograder.training.measuring import as_run
from autograder.training.rules import RULES
from autograder.training.samples import Samples, is_read_once, samples
from autograder.training.trained import Trained, checked


class Watch(keras.callbacks.Callback):
    """Look at a training before its first step and after its last; speak of mistakes alone.

    Attributes:
        verdict: what was found last; None before `fit`.
    """

    def __init__(self, data: Any = None, validation_data: Any = None) -> None:
        super().__init__()
        self.verdict: Trained | None = None
        self._data, self._validation_data = data, validation_data
        self._read: Samples | None = None
        self._history: dict[str, list[float]] = {}

    def on_train_begin(self, logs: Any = None) -> None:
        """Look at the compile arguments, the data and one gradient."""
        self._history, self.verdict, self._read = {}, None, None
        self._look()

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Keep an epoch's figures."""
        for name, figure in (logs or {}).items():
            if np.ndim(figure) == 0:  # a metric of classes gives a number for each
                self._history.setdefault(name, []).append(float(figure))

    def on_train_end(self, logs: Any = None) -> None:
        """Look again, at what was learned."""
        self._look()

    def _look(self) -> None:
        """Look; at the end not at gradients any more, where a mistake is known or it learned."""
        before = self.verdict
        is_open = before is None or (before.passed and not as_run(self._history).learned)
        now = checked(
            self.model,
            self._samples(),
            history=self._history,
            validation_data=self._validation_data if before is None else None,
            planned=self._planned(),
            closely=is_open,
        )
        is_known = before is not None and not before.passed
        follows = all(RULES[each.id].is_symptom for each in now.findings if each.id in RULES)
        self.verdict = before if is_known and follows else now
        known = {finding.id for finding in before.findings} if before is not None else set()
        if {finding.id for finding in self.verdict.findings} - known:
            display(self.verdict)

    def _samples(self) -> Any:
        """What is looked at: data are read before the first step, and not again after the last."""
        if self._read is None and self._data is not None and not is_read_once(self._data):
            try:
                self._read = samples(self._data)
            except Exception:  # what is wrong with them is told by who looks
                return self._data
        return self._data if self._read is None else self._read

    def _planned(self) -> Planned:
        """How long the training is, or was."""
        epochs = max(map(len, self._history.values()), default=0)
        asked = self.params or {}
        return Planned(epochs or asked.get("epochs") or 1, asked.get("steps"))


def watch(data: Any = None, validation_data: Any = None) -> Watch:
    """A callback for `fit` that names mistakes, and says nothing where there are none.

    It takes a small part of what the training takes: of a very short one it looks at the arguments
    and the data alone. `check_training` looks closely at any, but for the largest networks.

    Args:
        data: what `fit` gets, `(x, y)`, a `tf.data.Dataset` or a `PyDataset`: Keras shows a
            callback none of it. Without, and of a generator, whose batches would be gone, only the
            network, its compile arguments and its history are looked at.
        validation_data: likewise.
    """
    return Watch(data, validation_data)
