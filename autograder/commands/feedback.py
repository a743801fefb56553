"""`autograder feedback`: feedback pages in the zip that a learning management system takes back."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from autograder.commands.options import add_course
from autograder.grading.course.folder import Course
from autograder.grading.lms.giving_feedback import SYSTEMS, pages, told, write_zip
from autograder.grading.processes.nbgrader_command import nbgrader
from autograder.grading.telling.foreign import shown
from autograder.problem import Problem


def main(arguments: Sequence[str]) -> int:
    """Make the zip; return 0 if everybody's feedback is in it, else 1."""
    options = parser().parse_args(arguments)
    course = Course(options.course.resolve())
    if options.chapter not in course.assignments():
        there = ", ".join(course.assignments())
        raise Problem(f"There is no assignment {options.chapter!r}. There are: {there}.")
    made = nbgrader(["generate_feedback", options.chapter], course.root)
    for line in made.errors if made.has_failed else []:
        print(f"nbgrader: {shown(line)}", file=sys.stderr)
    found = pages(course, options.chapter, options.to)
    out = options.out or course.class_folder / f"{options.chapter}-feedback-{options.to}.zip"
    write_zip(found, out)
    print(f"Feedback for {len(found.students)} students, for {SYSTEMS[options.to]}.")
    for line in told(found):
        print(shown(line))
    print(f"Written: {out}")
    return 1 if made.has_failed or found.lines else 0


def parser() -> argparse.ArgumentParser:
    """The verb's arguments."""
    made = argparse.ArgumentParser(
        prog="autograder feedback",
        description="Make nbgrader's feedback pages anew, and put them into the zip that a system "
        "takes back: of each student the page alone.",
    )
    made.add_argument("chapter", help="the assignment")
    made.add_argument(
        "--to", choices=SYSTEMS, default="folder", help="who takes it (default: folder)"
    )
    made.add_argument("--out", type=Path, metavar="FILE.zip", help="where to")
    add_course(made)
    return made
