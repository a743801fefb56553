"""`autograder progress`: show how far you have come in the course."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from autograder.grading.notebooks.own_progress import overview


def main(arguments: Sequence[str]) -> int:
    """Print a table of the chapters."""
    options = parser().parse_args(arguments)
    print(overview(options.course or options.folder))
    return 0


def parser() -> argparse.ArgumentParser:
    """The verb's options."""
    made = argparse.ArgumentParser(
        prog="autograder progress",
        description="How far you have come, by your saved notebooks and what checks said here.",
    )
    where = "the course (default: this folder, or course/ in it)"
    made.add_argument("folder", nargs="?", type=Path, help=where)
    made.add_argument("--course", type=Path, metavar="FOLDER", help="the same")
    return made
