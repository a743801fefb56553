"""Build a model for its structure alone: no memory, no time for its weights."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

UNFINISHED = (NotImplementedError, NameError)
"""What code raises that is not written yet: weights would not help it, and may take seconds."""


def build_weightless(build: Callable[[], Any]) -> Any:
    """What `build()` returns, made without allocating weights where that can be done.

    Keras puts every variable made in such a scope on a list, and the next ordinary build fills
    them all with values. That list belongs to the thread: the thread ends here, and the list
    with it, so a model of 169 million weights stays without them. Layer names start anew in
    the thread; where that, or code that needs values (training, saved weights), stops the
    build, it is done once more in the ordinary way, and what it raises then is its own fault.

    Args:
        build: called without arguments; may run twice.

    Raises:
        Exception: whatever `build` raises when run in the ordinary way.
    """
    result: list[Any] = []
    unfinished: list[Exception] = []

    def run() -> None:
        import keras

        try:
            with keras.StatelessScope(initialize_variables=False):
                result.append(build())
        except UNFINISHED as error:
            unfinished.append(error)
        except BaseException:  # any failure is repeated below, where the caller sees it
            result.clear()

    thread = threading.Thread(target=run, name="weightless build")
    thread.start()
    thread.join()
    if unfinished:
        raise unfinished[0]
    return result[0] if result else build()
