"""What an answer can be, a variant each: as data that another process can judge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar

from autograder.graphs import Graph
from autograder.graphs.bounds import LARGEST_NUMBER, MOST_AXES, require_bounded
from autograder.graphs.compiled import Compiled
from autograder.graphs.identities.rules import rewrite
from autograder.graphs.stored import graph_from_json, graph_to_json

NOTHING = "nothing returned"
"""What `NoAnswer.found` says of a function that ended without an answer."""

FLOATS = "numbers with a point"
"""What `NoAnswer.found` says of a tuple or a list of numbers that are not all whole."""

LONGEST_FOUND = 80
"""Characters of what `NoAnswer` says was found."""

Value = int | float | str | tuple[int | None, ...]


class Kind(StrEnum):
    """What an answer is, as evidence and references name it."""

    MODEL = "model"
    NUMBER = "number"
    SHAPE = "shape"
    CHOICE = "choice"
    NONE = "problem"


class Reason(StrEnum):
    """Why there is no answer to judge."""

    NOT_ATTEMPTED = "not attempted"
    RAISED = "raised"
    NOT_READABLE = "not readable"


@dataclass(frozen=True)
class ModelAnswer:
    """A Keras model, as a graph, and what it was compiled with, if it was."""

    graph: Graph
    compiled: Compiled | None = None
    kind: ClassVar[Kind] = Kind.MODEL

    def to_json(self) -> dict[str, Any]:
        """What evidence says of the answer."""
        more = {} if self.compiled is None else {"compiled": self.compiled.to_json()}
        return {"answer": graph_to_json(self.graph)} | more


class _Plain:
    """An answer that JSON holds as it is."""

    value: Any

    def to_json(self) -> dict[str, Any]:
        """What evidence says of the answer."""
        return {"answer": self.value}


@dataclass(frozen=True)
class NumberAnswer(_Plain):
    """A number."""

    value: int | float
    kind: ClassVar[Kind] = Kind.NUMBER


@dataclass(frozen=True)
class ShapeAnswer(_Plain):
    """Sizes, or None, in brackets."""

    value: tuple[int | None, ...]
    kind: ClassVar[Kind] = Kind.SHAPE


@dataclass(frozen=True)
class ChoiceAnswer(_Plain):
    """A text, such as the letter of a choice."""

    value: str
    kind: ClassVar[Kind] = Kind.CHOICE


@dataclass(frozen=True)
class NoAnswer:
    """Nothing that could be judged.

    Attributes:
        reason: why.
        text: the same in words for the student.
        found: of what is not readable its type's name, `NOTHING` or `FLOATS`.
        shown: that as Python writes it, where it is short.
    """

    reason: Reason
    text: str
    found: str = ""
    shown: str = ""
    kind: ClassVar[Kind] = Kind.NONE

    def to_json(self) -> dict[str, Any]:
        """What evidence says of it."""
        more = {"found": self.found[:LONGEST_FOUND], "shown": self.shown[:LONGEST_FOUND]}
        data = {"answer": self.text, "problem": str(self.reason)}
        return data | {key: text for key, text in more.items() if text}


ValueAnswer = NumberAnswer | ShapeAnswer | ChoiceAnswer
Answer = ModelAnswer | ValueAnswer | NoAnswer


def answer_from_json(data: Mapping[str, Any]) -> Answer:
    """The answer in data that evidence holds: anybody can write that, so nothing is taken on trust.

    Raises:
        ValueError: if the data is no answer of the kind that it says it is.
    """
    kind, answer = Kind(data.get("kind")), data.get("answer")
    if kind is Kind.MODEL:
        graph = rewrite(require_bounded(graph_from_json(answer)))
        compiled = data.get("compiled")
        return ModelAnswer(graph, None if compiled is None else Compiled.from_json(compiled))
    if kind is Kind.NONE:
        found, shown = (str(data.get(key, ""))[:LONGEST_FOUND] for key in ("found", "shown"))
        return NoAnswer(Reason(data["problem"]), str(answer), found, shown)
    if kind is Kind.NUMBER and _is_number(answer, (int, float)):
        return NumberAnswer(answer)
    if kind is Kind.SHAPE and is_shape(answer):
        return ShapeAnswer(tuple(answer))
    if kind is Kind.CHOICE and isinstance(answer, str):
        return ChoiceAnswer(answer)
    raise ValueError(f"This evidence is damaged: an answer is no {kind}.")


def is_shape(data: Any) -> bool:
    """Whether data is a shape: sizes, or None, in a row that is no longer than any shape."""
    is_row = isinstance(data, (list, tuple)) and len(data) <= MOST_AXES
    return is_row and all(item is None or _is_number(item, int) for item in data)


def _is_number(data: Any, types: Any) -> bool:
    """Whether data is a number of one of these types, and no longer than numbers are."""
    is_number = isinstance(data, types) and not isinstance(data, bool)
    return is_number and (isinstance(data, float) or abs(data) < LARGEST_NUMBER)
