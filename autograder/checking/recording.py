"""Make evidence of an answer: call it where it is a function, and tell what it gave."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping, Sequence
from numbers import Integral, Real
from typing import Any

from autograder.graphs import NotReadable, read_graph
from autograder.graphs.bounds import LARGEST_NUMBER
from autograder.graphs.compiled import Compiled
from autograder.graphs.reading.compile_arguments import compiled, output_names
from autograder.graphs.weightless import build_weightless
from autograder.judging.answer_kinds import (
    FLOATS,
    LONGEST_FOUND,
    NOTHING,
    Answer,
    ChoiceAnswer,
    ModelAnswer,
    NoAnswer,
    NumberAnswer,
    Reason,
    ShapeAnswer,
    is_shape,
)
from autograder.judging.evidence import Case, Evidence
from autograder.teaching.error_text import message

_MOST_SHOWN = 6
"""Numbers; of a longer row of them it is not said which they are."""


def evidence_of(
    exercise: str, answer: Any, cases: tuple[Mapping[str, Any], ...], hidden: bool
) -> Evidence:
    """Record an answer case by case; arguments as for `check`."""
    recorded = tuple(Case(_answer(answer, arguments), arguments) for arguments in cases or ({},))
    return Evidence(exercise, recorded, hidden)


def is_function(answer: Any) -> bool:
    """Whether an answer is to be called, and is no model."""
    return callable(answer) and not hasattr(answer, "get_config")


def _answer(answer: Any, arguments: Mapping[str, Any]) -> Answer:
    """An answer, or what a function answers for certain arguments."""
    if is_function(answer):
        try:
            answer = build_weightless(lambda: answer(**arguments))
        except NotImplementedError:
            text = "There is no answer yet: the function still holds the line to replace."
            return NoAnswer(Reason.NOT_ATTEMPTED, text)
        except Exception as error:
            return NoAnswer(Reason.RAISED, _raised(answer, error))
        if answer is None:
            return _model(answer, NOTHING)
    return _recorded(answer)


def _recorded(answer: Any) -> Answer:
    if answer is Ellipsis:
        text = "There is no answer yet: put yours in place of the three dots."
        return NoAnswer(Reason.NOT_ATTEMPTED, text)
    if isinstance(answer, str):
        return ChoiceAnswer(answer)
    if isinstance(answer, bool):
        return _model(answer, "bool", str(answer))
    if isinstance(answer, Integral):
        if abs(int(answer)) >= LARGEST_NUMBER:
            text = "Your answer is a number with far too many digits."
            return NoAnswer(Reason.NOT_READABLE, text)
        return NumberAnswer(int(answer))
    if isinstance(answer, Real):
        return NumberAnswer(float(answer))
    if isinstance(answer, (tuple, list)):
        return _row(answer)
    return _model(answer, type(answer).__name__)


def _row(items: Sequence[Any]) -> Answer:
    """What a tuple or a list is: a shape, numbers that are none, or something else."""
    if all(_is_size(item) for item in items):
        sizes = tuple(None if size is None else int(size) for size in items)
        if not is_shape(sizes):
            text = "Your answer has far too many sizes, or one with far too many digits."
            return NoAnswer(Reason.NOT_READABLE, text)
        return ShapeAnswer(sizes)
    if all(_is_number(item) for item in items):
        return _model(items, FLOATS, _numbers_text(items))
    return _model(items, type(items).__name__)


def _model(answer: Any, found: str, shown: str = "") -> Answer:
    """A model, or why the answer is none, and what it is instead."""
    try:
        return ModelAnswer(read_graph(answer), _compiled(answer))
    except NotReadable as error:
        return NoAnswer(
            Reason.NOT_READABLE, str(error), found[:LONGEST_FOUND], shown[:LONGEST_FOUND]
        )


def _compiled(model: Any) -> Compiled | None:
    if not getattr(model, "compiled", False):
        return None
    return compiled(model, *output_names(model))


def _is_number(item: Any) -> bool:
    return _is_size(item) or (isinstance(item, Real) and not isinstance(item, bool))


def _is_size(item: Any) -> bool:
    return item is None or (isinstance(item, Integral) and not isinstance(item, bool))


def _numbers_text(items: Sequence[Any]) -> str:
    """A few numbers as they are written in Python, whatever library made them; else ""."""
    if len(items) > _MOST_SHOWN:
        return ""
    plain = [
        item if item is None else int(item) if _is_size(item) else float(item) for item in items
    ]
    return str(tuple(plain))


def _raised(function: Callable[..., Any], error: BaseException) -> str:
    """What a student's function raised, and in which of the notebook's lines."""
    file = getattr(getattr(function, "__code__", None), "co_filename", None)
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename == file or "ipykernel_" in frame.filename
    ]
    if not frames:
        return f"Your function raised an error:\n{message(error)}"
    last = frames[-1]
    return f"Your function raised an error in {last.name}(), at `{last.line}`:\n{message(error)}"
