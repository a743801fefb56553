"""Arguments of a function that its own lines never read: numbers may stand in their place."""

from __future__ import annotations

import dis
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
        f"Your function never uses its argument {name}. Is a number written out where {name} "
        "belongs? Other values may be tried when you hand it in."
        for name in _unused(function)
    )
    if not notes or not judgement.cases:
        return judgement
    first, *others = judgement.cases
    verdict = replace(first.verdict, notes=first.verdict.notes + notes)
    return replace(judgement, cases=(replace(first, verdict=verdict), *others))


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
