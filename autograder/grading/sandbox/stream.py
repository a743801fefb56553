"""The kernel's output streams, which stop when a cell has printed enough.

They spare an honest student's 60 MB of numbers the way to the grader. Code that means harm can get
around them; what it then sends, the grader cuts, and ends the kernel if it goes on.
"""

import os
from typing import Any

from ipykernel.iostream import OutStream

CUT = "\n… This cell has printed more than is kept. The rest is left out.\n"


class ShortStream(OutStream):
    """A stream that takes a certain number of characters from each cell."""

    flush_timeout = 600
    """Seconds; on a busy machine ipykernel's 10 are too few, and a cell's last lines come late."""

    _left = 0

    def set_parent(self, parent: Any) -> None:
        """Begin the next cell's output."""
        super().set_parent(parent)
        self._left = int(os.environ.get("AUTOGRADER_TEXT_LIMIT", "500000"))

    def write(self, string: str) -> int | None:
        """Write as much as may still be written."""
        if not isinstance(string, str):
            return super().write(string)  # which refuses it
        if len(string) <= self._left:
            self._left -= len(string)
            return super().write(string)
        if self._left > 0:
            kept, self._left = string[: self._left], 0
            super().write(kept + CUT)
        return len(string)
