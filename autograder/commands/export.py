"""`autograder export`: marks go into the table that a learning management system exported."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from autograder.commands.options import add_course
from autograder.grading.course.folder import Course
from autograder.grading.engine.grades import Grades
from autograder.grading.lms.class_lists import read_table
from autograder.grading.lms.giving_marks import filled_table, told, write
from autograder.grading.lms.sheet_columns import WITH_MARKS
from autograder.problem import Problem


def main(arguments: Sequence[str]) -> int:
    """Fill the table; return 0 if every mark is in it, else 1."""
    options = parser().parse_args(arguments)
    course = Course(options.course.resolve())
    table = read_table(options.into, options.to, options.key)
    if table.of.system not in WITH_MARKS or not table.of.mark:
        raise Problem(f"{options.into} is {table.of.title}, which takes no marks.")
    columns = dict(_column(text, options.chapters) for text in options.column)
    result = filled_table(
        Grades(course), table, options.chapters, columns=columns, scale=options.scale
    )
    out = options.out or options.into.with_name(f"{options.into.stem}.filled{options.into.suffix}")
    write(result.data, out)
    for filled in result.filled:
        print(*told(filled), sep="\n")
    print(f"Written: {out}")
    return 0 if all(filled.is_complete for filled in result.filled) else 1


def _column(text: str, chapters: Sequence[str]) -> tuple[str, str]:
    """An assignment and its column, as they were said; a title may have a `=`, too."""
    name, is_pair, title = text.partition("=")
    return (name, title) if is_pair and name in chapters else ("", text)


def parser() -> argparse.ArgumentParser:
    """The verb's arguments."""
    made = argparse.ArgumentParser(
        prog="autograder export",
        description="Fill the gradebook's marks into the table that the system itself exported. "
        "Nothing else in it changes; who has no mark keeps what is there.",
    )
    made.add_argument("chapters", nargs="*", help="which (default: all that have a column)")
    made.add_argument("--into", type=Path, required=True, metavar="THEIR.csv", help="the table")
    made.add_argument(
        "--to", choices=WITH_MARKS, default="", help="whose it is (default: told by its header)"
    )
    made.add_argument(
        "--out", type=Path, metavar="FILLED.csv", help="where to (default: THEIR.filled.csv)"
    )
    made.add_argument(
        "--column",
        action="append",
        default=[],
        metavar="[CHAPTER=]TITLE",
        help="the column of an assignment that is called otherwise there",
    )
    made.add_argument("--key", default="", metavar="COLUMN", help="the column that holds the ids")
    made.add_argument(
        "--scale", action="store_true", help="convert points to the most that the system has"
    )
    add_course(made)
    return made
