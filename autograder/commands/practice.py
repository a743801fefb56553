"""`autograder practice`: an exercise drawn by a seed, in a shell."""

from __future__ import annotations

import argparse
import ast
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from autograder.graphs import NotReadable
from autograder.judging.files import read_file
from autograder.problem import Problem
from autograder.quiet import import_tensorflow


def main(arguments: Sequence[str]) -> int:
    """Print an exercise; with an answer, judge it: return 0 where it is right, else 1."""
    options = parser().parse_args(arguments)
    if options.answer is not None and None in (options.topic, options.kind, options.seed):
        raise Problem("An answer is to one exercise: give its --topic, --kind and --seed, too.")
    import_tensorflow()
    from autograder.checking.checks import CheckFailed
    from autograder.practising import Practice

    practice = Practice()
    if options.progress:
        print(practice.progress())
        return 0
    asked = practice(options.topic, options.level, options.kind, options.seed)
    if options.answer is None:
        print(asked)
        print(_how(asked.exercise))
        return 0
    try:
        practice.check(_answer(options.answer, asked.exercise.kind))
    except CheckFailed as failed:
        print(failed.report.text())
        return 1
    return 0


def _how(exercise: Any) -> str:
    return (
        f'Or here: autograder practice --topic "{exercise.topic}" --level {exercise.level} '
        f"--kind {exercise.kind} --seed {exercise.seed} --answer …"
    )


def _answer(text: str, kind: str) -> Any:
    if kind in ("build", "mend"):
        try:
            return read_file(Path(text))
        except NotReadable as error:
            raise Problem(str(error)) from None
    try:
        return ast.literal_eval(text)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return text


def parser() -> argparse.ArgumentParser:
    """The verb's options."""
    made = argparse.ArgumentParser(
        prog="autograder practice",
        description="Ask something new about a network that is drawn by a seed.",
    )
    made.add_argument("--topic", help="a chapter's idea, or a mistake's name (default: any)")
    made.add_argument("--level", type=int, default=1, help="1, 2 or 3 (default: 1)")
    made.add_argument("--kind", help="build, count, shapes, find, draw or mend (default: any)")
    made.add_argument("--seed", type=int, help="draws the same exercise again")
    answer = "judge this: a letter, a dict as Python writes it, or a saved model's file"
    made.add_argument("--answer", metavar="ANSWER", help=answer)
    made.add_argument("--progress", action="store_true", help="what was practised, and what is due")
    return made
