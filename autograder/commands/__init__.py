"""What the command line does: each verb is a module, imported when it is called."""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version

from autograder.columns import aligned
from autograder.grading.sandbox.interrupts import never_lost
from autograder.grading.telling.foreign import shown_lines
from autograder.grading.telling.printing import always_printable
from autograder.import_path import programs_first
from autograder.problem import Problem

PACKAGE = "keras-functional-course"
VERBS = {
    "demo": "play a class of twelve, from a Canvas zip to marks, feedback and a report",
    "build": "regenerate everything that is made from solutions/",
    "roster": "enter the students of a system's table into the gradebook",
    "collect": "put the submissions of a system's download where nbgrader looks for them",
    "due": "set due dates and extensions, and show who is late",
    "variants": "give every student sizes of their own in some exercises",
    "grade": "grade what was submitted, several at once",
    "report": "write a page about a graded class: what to teach again, what is open",
    "export": "fill the marks into the table that a system exported",
    "feedback": "put feedback pages into the zip that a system takes back",
    "bundle": "make what Gradescope or PrairieLearn runs to grade a chapter by itself",
    "compare": "judge one saved network by another",
    "practice": "ask something new about a network drawn by a seed, and judge the answer",
    "progress": "show how far you have come in the course",
}


def run(argv: Sequence[str] | None = None) -> int:
    """Run one verb; return its exit code."""
    with always_printable(), never_lost():
        return _run(argv)


def _run(argv: Sequence[str] | None) -> int:
    arguments = parser().parse_args(argv)
    if arguments.verb is None:
        parser().print_help()
        return 2
    _find_programs_beside_python()
    try:
        verb = importlib.import_module(f"{__name__}.{arguments.verb}")
        return verb.main(arguments.rest) or 0
    except Problem as problem:
        said = shown_lines(str(problem))
        print(f"autograder {arguments.verb}: {said}", file=sys.stderr)
        return 1
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] in ("", "autograder"):
            raise
        print(f"autograder {arguments.verb}: {_how_to_get(missing.name)}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"\nautograder {arguments.verb}: stopped", file=sys.stderr)
        return 130


def _how_to_get(module: str) -> str:
    return (
        f"There is no {module} here: students need none of what grades, and have not got it. To "
        f"install it, in the course's folder: {sys.executable} -m pip install -r requirements.txt"
    )


def _find_programs_beside_python() -> None:
    """nbgrader runs `alembic` by name, which an environment that is not activated hides."""
    os.environ["PATH"] = programs_first(os.environ.get("PATH", ""))


def _version() -> str:
    try:
        return version(PACKAGE)
    except PackageNotFoundError:  # a copy that was never installed
        return "of no version"


def parser() -> argparse.ArgumentParser:
    """The parser of everything up to the verb; the verb parses the rest itself."""
    verbs = "\n".join(f"  {line}" for line in aligned(VERBS.items()))
    made = argparse.ArgumentParser(
        prog="autograder",
        description=f"verbs:\n{verbs}",
        epilog="autograder VERB --help says more about one of them.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("--version", action="version", version=f"%(prog)s {_version()}")
    made.add_argument("verb", nargs="?", choices=VERBS, metavar="VERB", help="one of these")
    made.add_argument("rest", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    return made
