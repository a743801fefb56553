"""Python's garbage collector, kept away from what stays for good."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def not_looking() -> Iterator[None]:
    """Nothing is collected meanwhile, and what was made meanwhile is never looked at again.

    For imports: they make little that could be collected, the collector takes a quarter of their
    time, and once more a part of a second at the end of the process.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
