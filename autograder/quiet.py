"""Import TensorFlow without the lines that it writes about the machine it runs on."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager


def import_tensorflow() -> None:
    """Import TensorFlow; its start-up log lines do not reach the notebook.

    They say that there is no GPU and which instructions the processor has: nothing that a
    student can act on, in red. TensorFlow writes some of them before it reads its own log
    level, so the file descriptor is turned away meanwhile. Errors raise as usual.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
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
