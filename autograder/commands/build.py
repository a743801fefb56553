"""`autograder build`: regenerate everything that is made from solutions/."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from autograder.commands.options import add_course
from autograder.grading.building.chapters import build


def main(arguments: Sequence[str]) -> int:
    """Build."""
    options = parser().parse_args(arguments)
    build(options.course, options.chapters, options.force)
    return 0


def parser() -> argparse.ArgumentParser:
    """The verb's options."""
    made = argparse.ArgumentParser(
        prog="autograder build",
        description="Execute solutions that changed, record their references, and release every "
        "chapter.",
    )
    made.add_argument("chapters", nargs="*", help="chapters to build; all by default")
    made.add_argument("--force", action="store_true", help="execute unchanged solutions too")
    add_course(made)
    return made
