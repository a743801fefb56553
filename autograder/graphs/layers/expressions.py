"""Whole-number arithmetic that remembers how it was written.

A parameter count is a product of sizes with names, and the names are what a reader learns from:

>>> inputs, units = Factor("inputs", 64), Factor("units", 32)
>>> dense = (inputs + 1) * units
>>> dense.symbols()
'(inputs + 1) × units'
>>> dense.numbers()
'(64 + 1) × 32'
>>> dense.value
2080
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass


class Expression:
    """A number, a named factor, or a sum, product or quotient of expressions."""

    value: int

    def __add__(self, other: Expression | int) -> Expression:
        return _joined(Sum, self, expression(other), neutral=Number(0))

    def __radd__(self, other: int) -> Expression:
        return expression(other) + self

    def __mul__(self, other: Expression | int) -> Expression:
        return _joined(Product, self, expression(other), neutral=Number(1))

    def __rmul__(self, other: int) -> Expression:
        return expression(other) * self

    def __floordiv__(self, other: Expression | int) -> Expression:
        return Quotient(self, expression(other))

    def symbols(self) -> str:
        """The expression with the name of each factor: `(inputs + 1) × units`."""
        return self._text(lambda factor: factor.name)

    def numbers(self, mark: Collection[str] = (), opening: str = "[", closing: str = "]") -> str:
        """The expression with the value of each factor; those named in `mark` stand out."""

        def value(factor: Factor) -> str:
            return f"{opening}{factor.value}{closing}" if factor.name in mark else str(factor.value)

        return self._text(value)

    def factors(self) -> list[tuple[str, int]]:
        """The name and value of each factor, once, in the order of first appearance."""
        return list(dict.fromkeys((leaf.name, leaf.value) for leaf in self._leaves()))

    def factor(self, name: str) -> Factor:
        """The factor of that name; `KeyError` where there is none."""
        return Factor(name, dict(self.factors())[name])

    def renamed(self, names: Mapping[str, str]) -> Expression:
        """The same expression with other names for some of its factors."""
        raise NotImplementedError

    def _text(self, write: Callable[[Factor], str]) -> str:
        raise NotImplementedError

    def _leaves(self) -> Iterator[Factor]:
        raise NotImplementedError


@dataclass(frozen=True)
class Number(Expression):
    """A number that no choice of size changes, such as the 4 gates of an LSTM."""

    value: int

    def renamed(self, names: Mapping[str, str]) -> Expression:
        """Itself: a plain number has no name."""
        return self

    def _text(self, write: Callable[[Factor], str]) -> str:
        return str(self.value)

    def _leaves(self) -> Iterator[Factor]:
        return iter(())


@dataclass(frozen=True)
class Factor(Expression):
    """A size with a name."""

    name: str
    value: int

    def __post_init__(self) -> None:
        if not isinstance(self.value, int):
            raise TypeError(f"{self.name} is no whole number: {self.value!r}")

    def renamed(self, names: Mapping[str, str]) -> Expression:
        """The same size under the name that `names` gives it."""
        return Factor(names.get(self.name, self.name), self.value)

    def _text(self, write: Callable[[Factor], str]) -> str:
        return write(self)

    def _leaves(self) -> Iterator[Factor]:
        yield self


@dataclass(frozen=True)
class _Compound(Expression):
    """Several parts with one sign between them."""

    parts: tuple[Expression, ...]

    def renamed(self, names: Mapping[str, str]) -> Expression:
        """The same expression with other names for some of its factors."""
        return type(self)(tuple(part.renamed(names) for part in self.parts))

    def _leaves(self) -> Iterator[Factor]:
        for part in self.parts:
            yield from part._leaves()


@dataclass(frozen=True)
class Sum(_Compound):
    """Parts added up."""

    @property
    def value(self) -> int:
        """The number it comes to."""
        return sum(part.value for part in self.parts)

    def _text(self, write: Callable[[Factor], str]) -> str:
        return " + ".join(part._text(write) for part in self.parts)


@dataclass(frozen=True)
class Product(_Compound):
    """Parts multiplied."""

    @property
    def value(self) -> int:
        """The number it comes to."""
        return math.prod(part.value for part in self.parts)

    def _text(self, write: Callable[[Factor], str]) -> str:
        return " × ".join(_enclosed(part, write, Sum, Quotient) for part in self.parts)


@dataclass(frozen=True)
class Quotient(Expression):
    """One part divided by another, without the remainder."""

    dividend: Expression
    divisor: Expression

    @property
    def value(self) -> int:
        """The number it comes to."""
        return self.dividend.value // self.divisor.value

    def renamed(self, names: Mapping[str, str]) -> Expression:
        """The same expression with other names for some of its factors."""
        return Quotient(self.dividend.renamed(names), self.divisor.renamed(names))

    def _text(self, write: Callable[[Factor], str]) -> str:
        parts = (self.dividend, self.divisor)
        return " ÷ ".join(_enclosed(part, write, _Compound, Quotient) for part in parts)

    def _leaves(self) -> Iterator[Factor]:
        yield from self.dividend._leaves()
        yield from self.divisor._leaves()


def total(parts: Iterable[Expression | int]) -> Expression:
    """The sum of many parts."""
    return _joined(Sum, *map(expression, parts), neutral=Number(0))


def product(parts: Iterable[Expression | int]) -> Expression:
    """The product of many parts."""
    return _joined(Product, *map(expression, parts), neutral=Number(1))


def expression(value: Expression | int) -> Expression:
    """An expression as it is, a plain number as an expression."""
    return value if isinstance(value, Expression) else Number(value)


def differing(first: Expression, second: Expression) -> list[str]:
    """The names of the factors that both expressions have, with different values.

    It answers "which size is wrong?" for two expressions of the same form. Where `symbols()`
    differ, the forms differ, and that is the better thing to say.
    """
    others = dict(second.factors())
    return [name for name, value in first.factors() if others.get(name, value) != value]


def _joined(kind: type[_Compound], *sides: Expression, neutral: Number) -> Expression:
    parts = [part for side in sides for part in _parts(kind, side) if part != neutral]
    if len(parts) > 1:
        return kind(tuple(parts))
    return parts[0] if parts else neutral


def _parts(kind: type[_Compound], side: Expression) -> tuple[Expression, ...]:
    return side.parts if isinstance(side, kind) else (side,)


def _enclosed(
    part: Expression, write: Callable[[Factor], str], *in_parentheses: type[Expression]
) -> str:
    text = part._text(write)
    return f"({text})" if isinstance(part, in_parentheses) else text
