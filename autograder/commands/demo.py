"""`autograder demo`: play a class, from a system's download to marks, feedback and a report."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from autograder.commands.options import add_course
from autograder.grading.playing.play import demo


def main(arguments: Sequence[str]) -> int:
    """Play the class; return 0 if everybody got what they deserve, else 1."""
    options = parser().parse_args(arguments)
    return demo(options.course, options.assignment, options.into)


def parser() -> argparse.ArgumentParser:
    """The verb's options."""
    made = argparse.ArgumentParser(
        prog="autograder demo",
        description="A class of twelve goes through the real commands: from a made-up Canvas zip "
        "to the filled table, feedback and the report, which is opened where there is a browser.",
    )
    made.add_argument("--assignment", help="which one, or all (default: the first in solutions/)")
    made.add_argument(
        "--into", type=Path, default=Path("demo"), help="where to play it (default: demo/)"
    )
    add_course(made)
    return made
