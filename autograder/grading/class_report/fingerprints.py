"""Fingerprints of a piece of code, by winnowing.

S. Schleimer, D. Wilkerson, A. Aiken, Winnowing: local algorithms for document fingerprinting,
SIGMOD 2003. Of every run of `GRAM` tokens a number is made; of each `WINDOW` numbers in a row the
smallest is kept. So two texts that share `GRAM + WINDOW - 1` tokens in a
row share a fingerprint, and what is kept is a third of all.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Collection, Sequence
from hashlib import blake2b

GRAM = 8
"""Tokens in a run: what is shorter everybody writes."""

WINDOW = 5

TOKEN = re.compile(
    r'''(?P<comment>\#[^\n]*)
    |(?P<text>[rbfuRBFU]{0,2}(?:
        """(?:\\.|[^\\])*?(?:"""|\Z)|\'\'\'(?:\\.|[^\\])*?(?:\'\'\'|\Z)
        |"(?:\\.|[^"\\\n])*+"?|'(?:\\.|[^'\\\n])*+'?))
    |(?P<number>\d[\w.]*)
    |(?P<name>\.?[^\W\d]\w*)
    |(?P<sign>\*\*|//|->|:=|[<>=!]=|[^\w\s])''',
    re.VERBOSE | re.DOTALL,
)
"""A text that does not end is one up to the end of its line, or of the code: nothing takes long."""


def names(source: str) -> frozenset[str]:
    """The names in a piece of code."""
    found = (token for token in TOKEN.finditer(source) if token.lastgroup == "name")
    return frozenset(token[0].lstrip(".") for token in found)


def tokens(source: str, known: Collection[str] = frozenset()) -> tuple[str, ...]:
    """Code without what is easily changed: comments, texts, and the names that somebody made up.

    Args:
        source: code, right or wrong.
        known: names that stay, because everybody has to use them.
    """
    return tuple(
        _plain(token[0], token.lastgroup or "", known)
        for token in TOKEN.finditer(source)
        if token.lastgroup != "comment"
    )


def _plain(token: str, kind: str, known: Collection[str]) -> str:
    if kind == "text":
        return "''"
    if kind != "name" or token.startswith(".") or token in known or keyword.iskeyword(token):
        return token
    return "name"


def grams(code: Sequence[str]) -> list[int]:
    """A number for each run of `GRAM` tokens, the same in every process."""
    return [_number(code[at : at + GRAM]) for at in range(len(code) - GRAM + 1)]


def _number(run: Sequence[str]) -> int:
    return int.from_bytes(
        blake2b("\n".join(run).encode("utf-8", "replace"), digest_size=8).digest()
    )


def winnowed(numbers: Sequence[int]) -> frozenset[int]:
    """Of each window of numbers the smallest."""
    if len(numbers) < WINDOW:
        return frozenset(numbers)
    ends = range(len(numbers) - WINDOW + 1)
    return frozenset(min(numbers[at : at + WINDOW]) for at in ends)
