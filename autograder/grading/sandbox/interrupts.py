"""Ctrl-C, held back, let through or never lost: for this thread and what it starts."""

from __future__ import annotations

import _thread
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

AGAIN = 0.5
"""Seconds after which a Ctrl-C comes again that was lost: what it came into is over by then."""
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
def never_lost() -> Iterator[None]:
    """Ctrl-C comes again where it came while Python could raise nothing.

    It raises in whatever this thread does, which may be what an object's end or the garbage
    collector calls, Dask's for one: Python only tells of it there, and goes on.
    """
    before, coming = sys.unraisablehook, list[threading.Timer]()

    def told(unraisable: sys.UnraisableHookArgs) -> None:
        if issubclass(unraisable.exc_type, KeyboardInterrupt):
            coming.append(threading.Timer(AGAIN, _interrupt_main))
            coming[-1].start()
        else:
            before(unraisable)

    sys.unraisablehook = told
    try:
        yield
    finally:
        sys.unraisablehook = before
        for timer in coming:  # what it was to stop is over, and who would catch it is, too
            timer.cancel()


def _interrupt_main() -> None:
    """Send Ctrl-C to the thread that handles it, and wake it if it sleeps."""
    if CAN_MASK:
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)
    else:
        _thread.interrupt_main()


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
