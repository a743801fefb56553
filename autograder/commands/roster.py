"""`autograder roster`: the students of a system's table come into nbgrader's gradebook."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from autograder.commands.options import add_course
from autograder.grading.course.folder import Course
from autograder.grading.engine.grades import Grades
from autograder.grading.lms.class_lists import people_in, read_table
from autograder.grading.lms.people import enter
from autograder.grading.telling.foreign import shown
from autograder.problem import Problem


def main(arguments: Sequence[str]) -> int:
    """Enter the students; return 0 if all rows were somebody, else 1."""
    options = parser().parse_args(arguments)
    course = Course(options.course.resolve())
    table = read_table(options.file, key=options.key)
    people, lines = people_in(table)
    if not people:
        wanted = ", ".join(table.of.ids)
        raise Problem(f"{options.file} has nobody with an id. It would be in one of: {wanted}.")
    new, changed = Grades(course).ask(lambda gradebook: enter(gradebook, people))
    print(
        f"Read as {table.of.title}: {len(people)} students, {len(new)} of them new, "
        f"{len(changed)} changed."
    )
    for line in lines:
        print(f"  {shown(line)}")
    return 1 if lines else 0


def parser() -> argparse.ArgumentParser:
    """The verb's arguments."""
    made = argparse.ArgumentParser(
        prog="autograder roster",
        description="Enter students, their names and e-mail addresses into the gradebook. Nobody "
        "is removed, and what the table does not say stays as it is.",
    )
    made.add_argument("file", type=Path, help="the table as the system exported it")
    made.add_argument("--key", default="", metavar="COLUMN", help="the column that holds the ids")
    add_course(made)
    return made
