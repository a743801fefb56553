"""Lines of JSON from and to a process that may do whatever it likes with them."""

from __future__ import annotations

import contextlib
import json
import queue
import threading
import time
from typing import Any, BinaryIO

from autograder.grading.notebooks.soundness import is_shallow

LONGEST = 6_000_000
"""Bytes of a line; the evidence of Xception called twice has under 300,000."""
MOST = 50_000_000
"""Bytes of all lines."""

GONE = "it ended Python itself, or ran out of memory"
FLOOD = "it sent more than any answer needs"


class Ended(Exception):
    """The other end is gone, or sent too much; the text says which."""


class Silent(Exception):
    """The other end sent nothing in time."""


class Lines:
    """Both directions; what comes is data, of bounded size and depth, and nothing else is sure."""

    def __init__(self, out: BinaryIO, into: BinaryIO) -> None:
        """Begin to listen.

        Args:
            out: what is sent goes there.
            into: what the other end sends comes from there.
        """
        self._out, self._into = out, into
        self._is_flooded = False
        self._arrived: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        threading.Thread(target=self._listen, name="recorder's lines", daemon=True).start()

    def send(self, data: Any) -> None:
        """Send a line, without waiting until it is taken."""
        line = json.dumps(data).encode() + b"\n"
        threading.Thread(target=self._write, args=(line,), daemon=True).start()

    def receive(self, end: float) -> dict[str, Any]:
        """The next line; empty if it is no proper data.

        Args:
            end: when to give up, by `time.monotonic`.

        Raises:
            Ended: if there is none any more, or too much came.
            Silent: if none comes in time.
        """
        try:
            line = self._arrived.get(timeout=max(0.0, end - time.monotonic()))
        except queue.Empty:
            raise Silent from None
        if not line:
            raise Ended(
                FLOOD if self._is_flooded else "it ended Python itself, or ran out of memory"
            )
        try:
            data = json.loads(line)
        except (ValueError, RecursionError):
            data = None
        return data if isinstance(data, dict) and is_shallow(data) else {}

    def _listen(self) -> None:
        left = MOST
        with self._into, contextlib.suppress(OSError, ValueError):
            while (line := self._into.readline(min(left, LONGEST))).endswith(b"\n"):
                left -= len(line)
                self._arrived.put(line)
            self._is_flooded = len(line) >= min(left, LONGEST)
        self._arrived.put(b"")

    def _write(self, line: bytes) -> None:
        with contextlib.suppress(OSError, ValueError):  # it is gone: who listens will hear of that
            self._out.write(line)
            self._out.flush()

    def close(self) -> None:
        """Send nothing any more; call it when the other end has been ended."""
        with contextlib.suppress(OSError):
            self._out.close()
