"""A progress bar for training that leaves one line behind."""

from __future__ import annotations

from typing import Any


def progress_bar(epochs: int) -> Any:
    """A Keras callback that shows the epochs as one tqdm bar, with the latest metrics beside it.

    Use it with `verbose=0`: Keras' own bar writes a line an epoch.

    Args:
        epochs: how many epochs the training has.
    """
    import keras
    from tqdm.auto import tqdm

    class ProgressBar(keras.callbacks.Callback):
        """Moves the bar one step an epoch."""

        def on_train_begin(self, logs: Any = None) -> None:
            self.bar = tqdm(total=epochs, unit="epoch")

        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            self.bar.set_postfix({name: f"{value:.3f}" for name, value in (logs or {}).items()})
            self.bar.update()

        def on_train_end(self, logs: Any = None) -> None:
            self.bar.close()

    return ProgressBar()
