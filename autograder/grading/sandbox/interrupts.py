"""Ctrl-C, held back or let through: for this thread, and for threads and processes it starts."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

CAN_MASK = hasattr(signal, "pthread_sigmask")  # not on Windows


@contextmanager
def held_back() -> Iterator[None]:
    """Ctrl-C waits until the end of this; threads and processes that begin here never get it.

    A terminal sends it to all processes. Workers would fill the screen with what it interrupts, and
    Dask cannot stop a cluster that it has only half started.
    """
    if CAN_MASK:
        from multiprocessing import resource_tracker

        resource_tracker.ensure_running()  # when it starts, it lets Ctrl-C through in its thread
    with _masked("SIG_BLOCK"):
        yield


@contextmanager
def let_through() -> Iterator[None]:
    """A process that is started meanwhile can be interrupted, even if this one holds that back."""
    with _masked("SIG_UNBLOCK"):
        yield


@contextmanager
def _masked(how: str) -> Iterator[None]:
    if not CAN_MASK:
        yield
        return
    before = signal.pthread_sigmask(getattr(signal, how), {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
