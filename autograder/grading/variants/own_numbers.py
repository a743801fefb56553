"""Which sizes are a student's own: drawn by the class's secret, so nothing is kept of anybody."""

from __future__ import annotations

import hmac
import json
import unicodedata
from collections.abc import Callable, Mapping

from autograder.judging.varied import Choice, Varied
from autograder.problem import Problem

SCHEME = 1
"""The way in which sizes are drawn today. A class keeps the one that it began with: whoever changes
how they are drawn adds a number."""


def own_choices(secret: bytes, scheme: int, student: str, varied: Varied) -> dict[str, Choice]:
    """What a student has in an exercise: by name one of its choices.

    Args:
        secret: the class's.
        scheme: the way of drawing that the class began with.
        student: the student's id.
        varied: the exercise.

    Raises:
        Problem: if there is no such scheme in this version.
    """
    if scheme not in _SCHEMES:
        raise Problem(
            f"This class has its sizes by scheme {scheme}, which a newer version of this package "
            "draws by. Install that one."
        )
    draw = _SCHEMES[scheme]
    return {
        name: choices[draw(secret, (student, varied.exercise, name), len(choices))]
        for name, choices in varied.choices.items()
    }


def _first(secret: bytes, about: tuple[str, str, str], count: int) -> int:
    """A number below `count`, by HMAC-SHA256 of what it is about."""
    # A file system may write a letter and its accent as two; nbgrader takes spaces off the ends.
    plain = [unicodedata.normalize("NFC", text).strip() for text in about]
    text = json.dumps([1, *plain], separators=(",", ":"))  # no two lists are written alike
    return int.from_bytes(hmac.digest(secret, text.encode("ascii"), "sha256"), "big") % count


_SCHEMES: Mapping[int, Callable[[bytes, tuple[str, str, str], int], int]] = {1: _first}
