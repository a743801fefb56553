"""`autograder due`: due dates and extensions, and what being late costs."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from autograder.commands.options import add_course, add_timezone
from autograder.grading.course.folder import Course
from autograder.grading.engine.due_dates import extend, lateness, moment, set_due, span, told
from autograder.grading.engine.grades import Grades
from autograder.grading.telling.foreign import shown
from autograder.problem import Problem


def main(arguments: Sequence[str]) -> int:
    """Set what is asked for, and show what holds now."""
    options = parser().parse_args(arguments)
    if bool(options.student) != bool(options.extend):
        raise Problem("An extension is somebody's: say both --student ID and --extend 2d.")
    grades = Grades(Course(options.course.resolve()))
    changed: list[str] = []
    if options.when:
        due = None if options.when == "none" else moment(options.when, options.timezone)
        changed += set_due(grades, options.chapter, due)
    if options.student:
        changed += extend(grades, options.chapter, options.student, span(options.extend))
    print(*told(options.chapter, *lateness(grades, options.chapter), options.timezone), sep="\n")
    if changed:
        print(f"Another penalty than before: {', '.join(map(shown, sorted(set(changed))))}.")
    return 0


def parser() -> argparse.ArgumentParser:
    """The verb's arguments."""
    made = argparse.ArgumentParser(
        prog="autograder due",
        description="Set an assignment's due date, grant extensions, and show who is late. "
        "Penalties are reckoned at once, by the rule in nbgrader_config.py.",
    )
    made.add_argument("chapter", help="the assignment")
    made.add_argument(
        "when", nargs="?", help="the due date, such as 2026-12-01T23:59, a day, or none"
    )
    made.add_argument(
        "--student", action="append", default=[], metavar="ID", help="who gets an extension"
    )
    made.add_argument(
        "--extend", metavar="TIME", help="how much: 2d, 36h, 90m, 1w; 0 takes it back"
    )
    add_timezone(made, "where it is that time")
    add_course(made)
    return made
