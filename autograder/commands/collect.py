"""`autograder collect`: a system's download becomes nbgrader's submissions."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from autograder.commands.options import add_course, add_timezone
from autograder.grading.course.folder import Course
from autograder.grading.engine.grades import Grades
from autograder.grading.engine.one_grader import only_grader
from autograder.grading.lms.class_lists import read_table
from autograder.grading.lms.name_patterns import BY_SYSTEM
from autograder.grading.lms.receipt import told
from autograder.grading.lms.receiving import Asked, receive


def main(arguments: Sequence[str]) -> int:
    """Collect; return 0 if all that came was collected, else 1."""
    options = parser().parse_args(arguments)
    course = Course(options.course.resolve())
    asked = Asked(
        options.chapter,
        options.file,
        options.timezone,
        system=options.system,
        pattern=options.pattern,
        prefix=options.prefix,
        table=read_table(options.roster) if options.roster else None,
        replace=options.replace,
    )
    with only_grader(course.own_folder):
        receipt = receive(Grades(course), asked)
    print(*told(receipt, str(course.own_folder / "replaced")), sep="\n")
    return 0 if receipt.is_complete else 1


def parser() -> argparse.ArgumentParser:
    """The verb's arguments."""
    made = argparse.ArgumentParser(
        prog="autograder collect",
        description="Put the submissions of a download where nbgrader looks for them. What is "
        "there already is never written over; run it as often as you like.",
    )
    made.add_argument("chapter", help="the assignment")
    made.add_argument("file", type=Path, help="the zip as it was downloaded, or its folder")
    made.add_argument(
        "--from",
        dest="system",
        choices=BY_SYSTEM,
        default="",
        help="whose download it is (default: told by the names in it)",
    )
    made.add_argument(
        "--roster", type=Path, metavar="FILE.csv", help="the system's table of the same class"
    )
    made.add_argument(
        "--replace",
        action="store_true",
        help="take what is newer than what was collected before, and keep that aside",
    )
    made.add_argument(
        "--pattern",
        default="",
        metavar="REGEX",
        help="your own form of names, with the groups (?P<key>…) for the student and (?P<file>…)",
    )
    made.add_argument("--prefix", help="github: what stands before each login, such as hw1-")
    add_timezone(made, "where the times in names are from")
    add_course(made)
    return made
