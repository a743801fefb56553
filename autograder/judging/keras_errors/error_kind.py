"""What is known of one kind of error: what Keras says, what it means, what to do."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Fields = Mapping[str, str]


@dataclass(frozen=True)
class ErrorKind:
    """One kind of error.

    Attributes:
        kind: its id.
        error: a pattern for class and message, `keras.KerasTensor`s written as their shapes.
        says: a sentence with the pattern's named groups in braces.
        step: the same, of what to try.
        line: a pattern that the line of code must have, too; None for any line.
        more: makes further fields from those that the patterns found.
    """

    kind: str
    error: str
    says: str
    step: str
    line: re.Pattern[str] | None = None
    more: Callable[[Fields], Fields] = dict
