"""What may differ from student to student in an exercise, as its solution's notebook says it."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Value = int | float | str


@dataclass(frozen=True)
class Choice:
    """One of the things that a name of the solution can stand for.

    Attributes:
        value: a number, or an expression of Python such as the name of a tensor.
        words: what a student reads in its place.
    """

    value: Value
    words: str

    @property
    def code(self) -> str:
        """What stands in the solution's line."""
        return self.value if isinstance(self.value, str) else repr(self.value)


Own = Mapping[str, Choice]
"""One student's: by name what it stands for."""


@dataclass(frozen=True)
class Varied:
    """An exercise that may differ from student to student.

    Attributes:
        exercise: the exercise's id.
        told: what a student reads, each name in braces where its words belong.
        choices: by name what it can stand for; the solution binds each name once.
    """

    exercise: str
    told: str
    choices: Mapping[str, tuple[Choice, ...]]

    def sentence(self, own: Own) -> str:
        """What the student reads who has these."""
        return self.told.format(**{name: choice.words for name, choice in own.items()})

    def to_json(self) -> dict[str, Any]:
        """The same as JSON data."""
        # A notebook's file has the keys of what cells show in another order.
        choices = [
            [name, [[choice.value, choice.words] for choice in each]]
            for name, each in self.choices.items()
        ]
        return {"exercise": self.exercise, "told": self.told, "choices": choices}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Varied:
        """What `to_json` wrote.

        Raises:
            ValueError, KeyError, TypeError, AttributeError: if the data is nothing of that kind.
        """
        choices = {
            name: tuple(Choice(value, words) for value, words in each)
            for name, each in data["choices"]
        }
        return cls(data["exercise"], data["told"], choices)


def varied(
    exercise: str, told: str, choices: Mapping[str, Iterable[int | float] | Mapping[str, str]]
) -> Varied:
    """An exercise that may differ, as its notebook says it.

    Args:
        exercise: the exercise's id.
        told: what a student reads, each name in braces where its words belong.
        choices: by name numbers, or expressions with their words.

    Raises:
        ValueError: if that is nothing to choose from, or the sentence does not say all of it.
    """
    if not choices:
        raise ValueError(f"{exercise}: say by name what varies, such as units=[8, 12, 16].")
    found = Varied(exercise, told, {name: _choices(name, each) for name, each in choices.items()})
    try:
        first = found.sentence({name: each[0] for name, each in found.choices.items()})
    except (KeyError, IndexError, ValueError, AttributeError):
        raise ValueError(
            f"{exercise}: in the sentence, braces are for the names that vary: "
            f"{', '.join(found.choices)}."
        ) from None
    for name, each in found.choices.items():
        if each[0].words not in first or "{" + name not in told:
            raise ValueError(f"{exercise}: the sentence does not say {{{name}}}.")
    return found


def _choices(name: str, given: Iterable[int | float] | Mapping[str, str]) -> tuple[Choice, ...]:
    if isinstance(given, Mapping):
        found = tuple(Choice(str(code), str(words)) for code, words in given.items())
        for choice in found:
            _demand_expression(name, choice.code)
    else:
        found = tuple(Choice(value, f"{value:,}") for value in given)
        if any(isinstance(choice.value, (bool, str)) for choice in found):
            raise ValueError(f"{name}: choices are numbers, or expressions with their words.")
    if len({choice.value for choice in found}) < max(len(found), 2):
        raise ValueError(f"{name}: give two choices or more, each once.")
    return found


def _demand_expression(name: str, code: str) -> None:
    try:
        ast.parse(code, mode="eval")
    except (SyntaxError, ValueError):
        raise ValueError(f"{name}: {code!r} is no expression of Python.") from None
