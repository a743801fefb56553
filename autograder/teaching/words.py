"""Words and their ids: one vocabulary for every invented language of the course."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np


@dataclass(frozen=True)
class Vocabulary:
    """The words that have an id; a word's id is its place in `words`.

    Attributes:
        words: every word once. The first, id 0, is no word: it stands for padding.
    """

    words: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.words)

    @cached_property
    def _ids(self) -> dict[str, int]:
        return {word: number for number, word in enumerate(self.words) if number}

    def ids(self, text: str) -> list[int]:
        """The ids of a text's words; case and punctuation do not count.

        Raises:
            ValueError: if a word is not in the vocabulary; the message names it.
        """
        found = split(text)
        unknown = [word for word in found if word not in self._ids]
        if unknown:
            raise ValueError(f"Not in the vocabulary: {', '.join(dict.fromkeys(unknown))}.")
        return [self._ids[word] for word in found]

    def text(self, ids: Iterable[int]) -> str:
        """The words of a row of ids, padding left out.

        Raises:
            ValueError: if an id is not in the vocabulary.
        """
        numbers = [int(number) for number in ids]
        if wrong := [number for number in numbers if not 0 <= number < len(self)]:
            raise ValueError(f"{wrong[0]} is no word; the ids go from 0 to {len(self) - 1}.")
        return " ".join(self.words[number] for number in numbers if number)


def split(text: str) -> list[str]:
    """A text's words in lower case, without punctuation."""
    return re.findall(r"\w+", text.lower())


def make_vocabulary(texts: Iterable[str]) -> Vocabulary:
    """A vocabulary of all words of some texts, in alphabetical order after the padding."""
    return Vocabulary(("", *sorted({word for text in texts for word in split(text)})))


def pad(rows: Sequence[Sequence[int]], length: int | None = None) -> np.ndarray:
    """Put rows of ids of different lengths into one table, filled up with zeros on the right.

    Args:
        rows: one row of ids a text.
        length: how long to make all of them; the longest row's length by default.

    Returns:
        Shape (rows, length), int32.

    Raises:
        ValueError: if a row is longer than `length`.
    """
    longest = max((len(row) for row in rows), default=0)
    length = longest if length is None else length
    if longest > length:
        raise ValueError(f"A row of {longest} ids does not fit into length={length}.")
    table = np.zeros((len(rows), length), dtype="int32")
    for number, row in enumerate(rows):
        table[number, : len(row)] = row
    return table
