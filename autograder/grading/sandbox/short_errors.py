"""Errors that are short enough to be shown: formatting thousands of frames takes a minute."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from types import TracebackType
from typing import Any

MOST_FRAMES = 20
"""Frames of an error that are shown: half from its beginning, half from its end."""
MOST_CHAINED = 4
"""Errors that are shown of a chain in which each was raised from another."""
LONGEST = 10_000
"""Characters of an error's text."""


def shorten_errors(shell: Any) -> None:
    """Have a shell of IPython's shorten each error before it formats it."""
    whole = shell.showtraceback

    def showtraceback(exc_tuple: Any = None, *arguments: Any, **options: Any) -> None:
        try:
            kind, error, trace = shell._get_exc_info(exc_tuple)
            kind, error, trace = shortened(error, trace)
        except Exception:  # an error of the student's making can be anything: IPython copes
            whole(exc_tuple, *arguments, **options)
        else:
            whole((kind, error, trace), *arguments, **options)

    shell.showtraceback = showtraceback


def shortened(
    error: BaseException, trace: TracebackType | None
) -> tuple[type, BaseException, TracebackType | None]:
    """An error's class, itself and its frames, such that they take no time to format.

    What is left out is said in its notes. The error itself is changed, unless its text is too long
    or cannot be had: then another of that name stands for it.
    """
    error.__traceback__ = trace
    *_, last = chain = list(_chain(error))
    for one in chain:
        _shorten_trace(one)
    if last.__cause__ is not None or last.__context__ is not None:
        last.__cause__ = last.__context__ = None
        last.add_note("More errors that came before it are left out.")
    shown = _with_short_text(error)
    return type(shown), shown, error.__traceback__


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error, and what it was raised from: no more than are shown."""
    for _ in range(MOST_CHAINED):
        yield error
        error = error.__cause__ or error.__context__
        if error is None:
            return


def _shorten_trace(error: BaseException) -> None:
    frames = list(_frames(error.__traceback__))
    if len(frames) <= MOST_FRAMES:
        return
    half = MOST_FRAMES // 2
    left_out = frames[half:-half]
    trace = None
    for one in reversed(frames[:half] + frames[-half:]):
        trace = TracebackType(trace, one.tb_frame, one.tb_lasti, one.tb_lineno)
    error.__traceback__ = trace
    calls = Counter((one.tb_frame.f_code.co_name, one.tb_lineno) for one in left_out)
    (function, line), _ = calls.most_common(1)[0]
    count = f"{len(left_out)} more calls are left out"
    error.add_note(f"{count}, most of them in {function}, line {line}.")


def _frames(trace: TracebackType | None) -> Iterator[TracebackType]:
    while trace is not None:
        yield trace
        trace = trace.tb_next


def _with_short_text(error: BaseException) -> BaseException:
    """The error, or one of the same name whose text is short."""
    try:
        text = str(error)
    except Exception as reason:
        text = f"(its text cannot be had: {type(reason).__name__})"
    else:
        if len(text) <= LONGEST:
            return error
        text = f"{text[:LONGEST]} … ({len(text):,} characters in all)"
    stand_in = type(type(error).__name__, (Exception,), {})(text)
    for note in getattr(error, "__notes__", ())[:MOST_CHAINED]:
        stand_in.add_note(note)
    return stand_in
