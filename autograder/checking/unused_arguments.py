"""Arguments of a function that its own lines never read: numbers may stand in their place."""

from __future__ import annotations

import dis
import inspect
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from autograder.judging.judgement import Judgement


def with_notes_on_unused(function: Callable[..., Any], judgement: Judgement) -> Judgement:
    """Tell of a function that is right with these arguments, and cannot be with others.

    Args:
        function: the student's, which passed.
        judgement: what is said of it; the notes go to its first case.
    """
    notes = tuple(
        f"Your function {each.__name__} never uses its argument {name}. Is a number written out "
        f"where {name} belongs? Other values may be tried when you hand it in."
        for each in (function, *_handed_on_to(function))
        for name in _unused(each)
    )
    if not notes or not judgement.cases:
        return judgement
    first, *others = judgement.cases
    verdict = replace(first.verdict, notes=first.verdict.notes + notes)
    return replace(judgement, cases=(replace(first, verdict=verdict), *others))


def _handed_on_to(function: Callable[..., Any]) -> list[Callable[..., Any]]:
    """Functions of the notebook that a check's own function calls with all that it does not name.

    Such a one, `def image_qa(size, **sizes)`, stands between the check and the student's function.
    """
    code = getattr(function, "__code__", None)
    if code is None or not code.co_flags & inspect.CO_VARKEYWORDS:
        return []
    called = (function.__globals__.get(name) for name in code.co_names)
    return [each for each in called if getattr(each, "__globals__", None) is function.__globals__]


def _unused(function: Callable[..., Any]) -> list[str]:
    code = getattr(function, "__code__", None)
    if code is None or "locals" in code.co_names:
        return []
    read = set(code.co_cellvars)
    for step in dis.get_instructions(code):
        if "LOAD_" in step.opname:  # some instructions store one name and load another
            read |= set(step.argval if isinstance(step.argval, tuple) else (step.argval,))
    arguments = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    return [name for name in arguments if name not in read and not name.startswith("_")]
