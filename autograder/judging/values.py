"""Judge a number, a shape or a choice by its digest, which does not give it away at a glance."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from autograder.graphs.describe import shape_text
from autograder.judging.answer_kinds import ChoiceAnswer, NumberAnswer, ShapeAnswer, ValueAnswer
from autograder.judging.verdict import Finding, Status, Verdict


def value_digest(exercise: str, value: Any) -> str:
    """The digest by which a value is recognised.

    Numbers are taken to six significant digits and texts without regard to case or space.
    """
    text = json.dumps([exercise, _comparable(value)])
    return hashlib.sha256(text.encode()).hexdigest()


def _comparable(value: Any) -> Any:
    if isinstance(value, str):
        return " ".join(value.split()).casefold()
    if isinstance(value, (list, tuple)):
        return [_comparable(item) for item in value]
    if isinstance(value, float):
        return int(value) if value.is_integer() else float(f"{value:.6g}")
    return value


def judge_value(
    exercise: str, answer: ValueAnswer, digest: str, mistakes: Mapping[str, str]
) -> Verdict:
    """Judge a value.

    Args:
        exercise: the exercise's id.
        answer: the student's.
        digest: of the right value.
        mistakes: by its digest, what to say of a wrong value that has a known reason.
    """
    found = value_digest(exercise, answer.value)
    if digest == found:
        return Verdict(Status.PASSED)
    if accepted(exercise, answer, digest) is not None:
        without = shape_text(answer.value)
        note = f"The None in front is the batch axis; it may be left away here: {without}."
        return Verdict(Status.PASSED, notes=(note,))
    return Verdict(Status.WRONG, (_wrong(answer, mistakes.get(found)),))


def accepted(exercise: str, answer: ValueAnswer, digest: str) -> Any:
    """The right value, the same however it was written; None for a wrong one.

    Args:
        exercise: the exercise's id.
        answer: the student's.
        digest: of the right value.
    """
    ways = [answer.value]
    if isinstance(answer, ShapeAnswer) and answer.value[:1] == (None,):
        ways.append(answer.value[1:])  # a shape with its batch axis, as `summary()` prints it
    right = (_comparable(way) for way in ways if value_digest(exercise, way) == digest)
    return next(right, None)


def _wrong(answer: ValueAnswer, known: str | None) -> Finding:
    found = _text(answer)
    if known:
        return Finding("wrong-value", known, found=found)
    step = "Work it out once more, step by step."
    if isinstance(answer, ChoiceAnswer):
        step = "Read the choices once more; for each, ask what would have to be true."
    return Finding("wrong-value", f"{found} is not the answer.", found=found, next_step=step)


def _text(answer: ValueAnswer) -> str:
    if isinstance(answer, ShapeAnswer):
        return shape_text((None, *answer.value))
    return f"{answer.value:,}" if isinstance(answer, NumberAnswer) else repr(answer.value)
