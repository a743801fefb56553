"""Import TensorFlow without the lines that it writes about the machine it runs on."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

TENSORFLOW = {
    "TF_CPP_MIN_LOG_LEVEL": "3",  # its log lines would count as errors
    "TF_ENABLE_ONEDNN_OPTS": "0",  # the same rounding on every processor
}
"""Environment variables that TensorFlow reads when it is imported."""


def set_variables() -> None:
    """Set them for this process and those it starts, where nobody has set them otherwise."""
    for name, value in TENSORFLOW.items():
        os.environ.setdefault(name, value)


def import_tensorflow() -> None:
    """Import TensorFlow; its start-up log lines do not reach the notebook.

    They say that there is no GPU and which instructions the processor has: nothing that a
    student can act on, in red. TensorFlow writes some of them before it reads its own log
    level, so the file descriptor is turned away meanwhile. Errors raise as usual.
    """
    set_variables()
    if "tensorflow" in sys.modules:
        return
    with _nothing_on_stderr():
        import tensorflow  # noqa: F401


@contextmanager
def _nothing_on_stderr() -> Iterator[None]:
    saved = os.dup(2)
    sink = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(sink, 2)
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)
        os.close(sink)
