"""`autograder report`: a graded class as one page: what to teach again, and who needs a word."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from autograder.commands.options import add_course
from autograder.grading.telling.foreign import shown


def main(arguments: Sequence[str]) -> int:
    """Write the page, and the same as CSV and JSON; say where they are."""
    options = parser().parse_args(arguments)
    from autograder.grading.class_report.report_files import write_report
    from autograder.grading.course.folder import Course
    from autograder.grading.engine.grades import Grades

    written = write_report(
        Grades(Course(options.course.resolve())),
        options.assignments,
        options.out,
        is_anonymous=options.anonymous,
    )
    for each in written.report.assignments:
        again = f"{len(each.teach_again)} of {len(each.exercises)} exercises to teach again"
        print(shown(f"{each.name}: {again}, nothing from {len(each.nothing_from)}"))
    print("Written:", *(shown(path) for path in written.files), sep="\n  ")
    return 0


def parser() -> argparse.ArgumentParser:
    """The verb's arguments."""
    made = argparse.ArgumentParser(
        prog="autograder report",
        description="Write one page about a graded class: how the exercises went, which mistakes "
        "were made, what to teach again, and what is open. Beside it the same as CSV and JSON.",
    )
    made.add_argument("assignments", nargs="*", help="which (default: all that were graded)")
    made.add_argument(
        "--out", type=Path, metavar="FILE.html", help="where (default: among the class's files)"
    )
    made.add_argument(
        "--anonymous",
        action="store_true",
        help="leave out names and ids, in what students wrote, too",
    )
    add_course(made)
    return made
