"""Blocks that are alike and follow each other: one is shown, and how often it stands there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

FEWEST = 4
"""Blocks in a run, to be worth folding."""

LONGEST = 64
"""Lines of one block."""


@dataclass(frozen=True)
class Fold:
    """A run of equal blocks.

    Attributes:
        start: the line that it begins with.
        length: lines of one block.
        times: how many blocks there are.
    """

    start: int
    length: int
    times: int

    @property
    def end(self) -> int:
        """The first line behind it."""
        return self.start + self.length * self.times

    def first(self, line: int) -> int:
        """The line of the first block that stands for a line of the run."""
        return self.start + (line - self.start) % self.length

    def last(self, line: int) -> int:
        """The line of the last block that a line of the first stands for."""
        return line + self.length * (self.times - 1)


def folds(
    count: int, same: Callable[[int, int], bool], whole: Callable[[Fold], bool] = lambda fold: True
) -> list[Fold]:
    """The runs of equal blocks among some lines, in order; those that save most lines first.

    Args:
        count: how many lines there are.
        same: whether two lines say the same, each of its own block.
        whole: whether nothing but the last block of a run is spoken of from outside.
    """
    alike = _alike(count, same)
    found: list[Fold] = []
    line = 0
    while line < count:
        fold = _longest(line, alike, whole)
        if fold is None:
            line += 1
        else:
            found.append(fold)
            line = fold.end
    return found


def _alike(count: int, same: Callable[[int, int], bool]) -> dict[int, list[int]]:
    """For each length of a block, from each line on, how many lines are as those a block later."""
    found = {}
    for length in range(1, min(LONGEST, count // FEWEST) + 1):
        row = [0] * (count + 1)
        for line in reversed(range(count - length)):
            row[line] = row[line + 1] + 1 if same(line, line + length) else 0
        found[length] = row
    return found


def _longest(line: int, alike: dict[int, list[int]], whole: Callable[[Fold], bool]) -> Fold | None:
    runs = [Fold(line, length, row[line] // length + 1) for length, row in alike.items()]
    runs = [run for run in runs if run.times >= FEWEST]
    runs.sort(key=lambda run: (run.start - run.end, run.length))
    return next((run for run in runs if whole(run)), None)
