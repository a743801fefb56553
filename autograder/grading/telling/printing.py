"""What is printed raises nothing, whatever the terminal can show, and when nobody reads it."""

from __future__ import annotations

import codecs
import errno
import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

READABLE = "autograder-readable"
"""The name of the error handler that writes what an encoding lacks in another way."""

_SIGNS = "✓✗·×÷→←↳…—–−’‘“”≤≥≠≈√•│─├└"
_IN_ASCII = ["+", "x", ".", "x", "/", "->", "<-", ">", "...", "-", "-", "-", "'", "'", '"', '"']
_IN_ASCII += ["<=", ">=", "!=", "~", "sqrt ", "*", "|", "-", "|", "`"]
STAND_INS = dict(zip(_SIGNS, _IN_ASCII, strict=True))
"""Signs of ours that ASCII has something like. Anything else is escaped, so that it stays exact."""

NOBODY_READS = (errno.EPIPE, errno.EINVAL)
"""A pipe whose reader has gone; Windows calls it an invalid argument."""


def _readable(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    return "".join(map(_stand_in, lacking)), error.end


def _stand_in(sign: str) -> str:
    return STAND_INS.get(sign) or sign.encode("ascii", "backslashreplace").decode("ascii")


codecs.register_error(READABLE, _readable)


class _Listened(io.FileIO):
    """A file that takes whatever is written once nobody reads it any more, and loses that."""

    def write(self, data: bytes) -> int:
        try:
            return super().write(data)
        except OSError as error:
            if error.errno not in NOBODY_READS:
                raise
            return len(data)


@contextmanager
def always_printable() -> Iterator[None]:
    """Within this, nothing that is printed raises for its signs, or for lack of a reader.

    A run goes on when its reader leaves (`| head`), and ends with the exit code that it earned.
    """
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = map(_printable, before)
    try:
        yield
    finally:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None and not stream.closed:
                stream.flush()
        sys.stdout, sys.stderr = before


def _printable(stream: TextIO | None) -> TextIO | None:
    if not isinstance(stream, io.TextIOWrapper):  # closed before we began, or not a real stream
        return stream
    raw = getattr(stream.buffer, "raw", stream.buffer)
    if type(raw) is not io.FileIO:  # such as Windows' console
        stream.reconfigure(errors=READABLE)
        return stream
    stream.flush()
    file = io.BufferedWriter(_Listened(stream.fileno(), "w", closefd=False))
    by_lines = stream.line_buffering or stream.write_through
    return io.TextIOWrapper(file, stream.encoding, READABLE, line_buffering=by_lines)
