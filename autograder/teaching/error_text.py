"""What an error says, in the few lines that matter."""

from __future__ import annotations

import re

_COLOURS = re.compile(r"\x1b\[\d+m")
_FRAME = re.compile(r"Exception encountered when calling .*\n|\{\{[^}]*\}\} ?| \[Op:.*?\]")


def message(error: BaseException) -> str:
    """An error's class and message, without what Keras and TensorFlow put around it.

    Left out are the colours of a terminal, the layer the error passed through, the list of the
    arguments it was called with, and blank lines.
    """
    text = _COLOURS.sub("", str(error)).split("Arguments received by")[0]
    lines = [line.strip() for line in _FRAME.sub("", text).splitlines() if line.strip()]
    return f"{type(error).__name__}: " + "\n".join(lines)
