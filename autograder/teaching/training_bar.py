"""A progress bar for training that leaves one line behind."""

from __future__ import annotations

import sys
from typing import Any

import keras
from tqdm import tqdm

_FORMAT = "{n_fmt}/{total_fmt} epochs |{bar:20}| {elapsed}{postfix}"


class ProgressBar(keras.callbacks.Callback):
    """A Keras callback that shows the epochs as one bar, with the latest figures beside it.

    Use it with `verbose=0`: Keras' own bar writes a line an epoch.
    """

    def on_train_begin(self, logs: Any = None) -> None:
        """Show an empty bar."""
        total = self.params["epochs"]
        self.bar = tqdm(total=total, file=sys.stdout, bar_format=_FORMAT, mininterval=0.5)

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Move the bar one step and show the epoch's figures."""
        self.bar.set_postfix({name: f"{value:.3f}" for name, value in (logs or {}).items()})
        self.bar.update()

    def on_train_end(self, logs: Any = None) -> None:
        """Leave the bar as it is."""
        self.bar.close()


class FiguresBar(ProgressBar):
    """A progress bar that shows only some of the figures: several outputs have many.

    Args:
        figures: their names in the history, such as "val_gender_accuracy".
    """

    def __init__(self, *figures: str) -> None:
        super().__init__()
        self.figures = figures

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Move the bar one step and show the epoch's chosen figures."""
        chosen = {name: value for name, value in (logs or {}).items() if name in self.figures}
        super().on_epoch_end(epoch, chosen)
