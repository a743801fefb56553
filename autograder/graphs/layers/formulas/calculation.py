"""The number of a layer's weights, written as a calculation."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.graphs.layers.expressions import Expression, Number, total

Config = Mapping[str, Any]
Shape = Sequence[int | None]


class UnknownLayer(ValueError):
    """No formula is known for this layer, or not for these options of it; the message says so."""


@dataclass(frozen=True)
class Formula:
    """The number of a layer's parameters, written as a calculation.

    Attributes:
        trainable: the weights that training changes; None where there are none.
        non_trainable: the weights that training leaves alone; None where there are none.
    """

    trainable: Expression | None = None
    non_trainable: Expression | None = None

    @property
    def expression(self) -> Expression:
        """All weights together, the trainable ones first."""
        return sum_of((self.trainable, self.non_trainable)) or Number(0)

    @property
    def count(self) -> int:
        """The number of all weights."""
        return self.expression.value

    @property
    def trainable_count(self) -> int:
        """The number of trainable weights."""
        return self.trainable.value if self.trainable else 0

    @property
    def non_trainable_count(self) -> int:
        """The number of weights that are not trainable."""
        return self.non_trainable.value if self.non_trainable else 0

    def symbols(self) -> str:
        """The calculation with the names of the sizes."""
        return self.expression.symbols()

    def numbers(self, mark: Collection[str] = (), opening: str = "[", closing: str = "]") -> str:
        """The calculation with the values of the sizes; those named in `mark` stand out."""
        return self.expression.numbers(mark, opening, closing)

    def frozen(self) -> Formula:
        """The same weights in a layer with `trainable=False`."""
        return Formula(None, sum_of((self.trainable, self.non_trainable)))

    def times(self, copies: int) -> Formula:
        """The weights of several such layers."""
        return self._each(lambda part: copies * part)

    def renamed(self, name: Callable[[str], str]) -> Formula:
        """The same weights with `name(old)` as the name of each size."""
        return self._each(lambda part: part.renamed({old: name(old) for old, _ in part.factors()}))

    def _each(self, change: Callable[[Expression], Expression]) -> Formula:
        parts = (self.trainable, self.non_trainable)
        return Formula(*(None if part is None else change(part) for part in parts))


NOTHING = Formula()


def sum_of(parts: Iterable[Expression | None]) -> Expression | None:
    """What there is of some weights, added up; None where there is nothing."""
    present = [part for part in parts if part is not None]
    return total(present) if present else None


def all_of(formulas: Iterable[Formula]) -> Formula:
    """The weights of several layers together."""
    formulas = list(formulas)
    return Formula(
        sum_of(part.trainable for part in formulas),
        sum_of(part.non_trainable for part in formulas),
    )


def two_directions(forward: Formula, backward: Formula) -> Formula:
    """The weights of a layer for the way there and of one for the way back."""
    if forward == backward:
        return forward.times(2)
    return all_of((forward.renamed("forward_{}".format), backward.renamed("backward_{}".format)))
