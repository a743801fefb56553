"""The kind that an error is of, found by what Keras says and by the line that raised it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from autograder.judging.keras_errors import (
    calling,
    compiling,
    joining,
    layers_placed,
    reckoning,
    shapes_apart,
    spelling,
    symbolic,
)
from autograder.judging.keras_errors.error_kind import ErrorKind, Fields

_TENSOR = re.compile(r"<kerastensor shape=(\([^)]*\))[^>]*>", re.IGNORECASE)

_MOST = 80
"""Characters of what somebody wrote that a sentence repeats."""

_LONGEST = 3_000
"""Characters of an error that are looked at: some patterns take a time that grows as its square.

Of a longer one both ends: what TensorFlow has to say stands behind what it was called from."""

KINDS: tuple[ErrorKind, ...] = (
    *calling.KINDS,
    *joining.KINDS,
    *shapes_apart.KINDS,
    *symbolic.KINDS,
    *layers_placed.KINDS,
    *spelling.KINDS,
    *reckoning.KINDS,
    *compiling.KINDS,
)
"""Every kind of error, the more special ones first."""


@dataclass(frozen=True)
class Explained:
    """An error in plain words.

    Attributes:
        kind: an id, such as "class-called".
        says: what is wrong, one or two sentences.
        step: what to try.
    """

    kind: str
    says: str
    step: str


def explained(error: str, line: str = "") -> Explained | None:
    """What an error means; None for one that is no kind of these.

    Args:
        error: its class and message, such as "ValueError: Inputs have incompatible shapes. …".
        line: the line of code that raised it, where it is known.
    """
    error = _TENSOR.sub(lambda shape: shape[1].replace("none", "None"), _ends(error, 3 * _LONGEST))
    error, line = _ends(error, _LONGEST), line[:_LONGEST]
    for kind in KINDS:
        fields = _fields(kind, error, line)
        if fields is not None:
            return Explained(kind.kind, _filled(kind.says, fields), _filled(kind.step, fields))
    return None


def _ends(text: str, longest: int) -> str:
    """A text, or of a longer one its beginning and its end."""
    half = longest // 2
    return text if len(text) <= longest else f"{text[:half]} {text[-half:]}"


def _fields(kind: ErrorKind, error: str, line: str) -> dict[str, str] | None:
    """What the patterns of a kind found; None where they do not fit."""
    found = re.search(kind.error, error, re.DOTALL)
    if found is None:
        return None
    fields = {"line": line} | {name: text or "" for name, text in found.groupdict().items()}
    if kind.line is not None:
        written = kind.line.search(line)
        if written is None:
            return None
        fields |= {name: text or "" for name, text in written.groupdict().items()}
    fields = {name: _tidy(text)[:_MOST] for name, text in fields.items()}
    return {**fields, **kind.more(fields)}


def _tidy(text: str) -> str:
    """Classes and layers by their names, without what Python puts around them."""
    text = re.sub(r"<class '(?:\w+\.)*(\w+)'>", r"the class \1", text)
    return re.sub(r"<(\w+) name=[^>]*>", r"the layer \1", text)


def _filled(text: str, fields: Fields) -> str:
    """A sentence with its fields; what somebody wrote in braces stays as it is."""
    words = re.sub(r"\{(\w+)\}", lambda field: fields.get(field[1], field[0]), text)
    return re.sub(r" {2,}", " ", words).strip()
