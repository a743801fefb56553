"""Ctrl-C where Python can raise nothing."""

import gc
import signal
import threading
import time
import weakref

import pytest
from patience import PATIENCE

from autograder.grading.sandbox.interrupts import never_lost


class Thing:
    """Something that can be referred to weakly."""


def as_it_ends():
    thing = Thing()
    reference = weakref.ref(thing, lambda _: signal.raise_signal(signal.SIGINT))
    del thing
    return reference


def in_the_garbage_collector():
    def look(phase, _):
        if phase == "start":
            gc.callbacks.remove(look)
            signal.raise_signal(signal.SIGINT)

    gc.callbacks.append(look)
    gc.collect()


@pytest.mark.parametrize("comes", [as_it_ends, in_the_garbage_collector])
def test_it_comes_again_where_it_was_lost(comes, capsys):
    with pytest.raises(KeyboardInterrupt), never_lost():
        comes()
        for _ in range(10 * PATIENCE):  # Python may look for signals after what it waits for
            time.sleep(0.1)
    assert capsys.readouterr().err == ""


def test_it_does_not_come_where_all_is_over():
    with never_lost():
        as_it_ends()
    try:
        for timer in threading.enumerate():
            if isinstance(timer, threading.Timer):
                timer.join()
    except KeyboardInterrupt:
        pytest.fail("It came behind what it was to stop.")


def test_other_errors_there_are_told_as_before(monkeypatch):
    told = []
    monkeypatch.setattr("sys.unraisablehook", told.append)
    with never_lost():
        thing = Thing()
        reference = weakref.ref(thing, lambda _: 1 / 0)
        del thing
    assert [each.exc_type for each in told] == [ZeroDivisionError] and reference() is None
