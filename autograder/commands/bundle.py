"""`autograder bundle`: what Gradescope or PrairieLearn runs to grade a chapter by itself."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from autograder.commands.options import add_course
from autograder.grading.course.folder import Course
from autograder.grading.engine.grades import Grades
from autograder.grading.engine.imports import imported_early
from autograder.grading.hosted.bundle_making import (
    Wanted,
    for_gradescope,
    for_prairielearn,
    write_folder,
    write_zip,
)
from autograder.grading.hosted.prairielearn import IMAGE
from autograder.grading.hosted.systems import SYSTEMS
from autograder.grading.telling.foreign import shown
from autograder.problem import Problem

MINUTES = 10
PRIVATE = "It holds hidden references: it is for the system's staff pages, and for no student."


def main(arguments: Sequence[str]) -> int:
    """Make the bundle; say where it is, and what to set there."""
    options = parser().parse_args(arguments)
    system = SYSTEMS[options.system]
    if not 2 <= options.minutes <= system.most_minutes:
        raise Problem(
            f"{system.name} lets a submission take up to {system.most_minutes} minutes: give "
            f"--minutes from 2 to {system.most_minutes}."
        )
    course = Course(options.course.resolve())
    wanted = Wanted(options.chapter, options.minutes * 60, options.image)
    zipped = options.system == "gradescope"
    name = f"{options.chapter}-{options.system}" + (".zip" if zipped else "")
    out = (options.out or course.class_folder / name).absolute()
    make, write = (for_gradescope, write_zip) if zipped else (for_prairielearn, write_folder)
    with imported_early(course.config):
        made = make(Grades(course), wanted)
    write(made.files, out)
    print(f"The reference solution has {made.reference.most:g} points: as many belong into")
    print(f"{system.name}. Let a submission take {options.minutes} minutes there.")
    print(PRIVATE)
    print(f"Written: {shown(out)}")
    return 0


def parser() -> argparse.ArgumentParser:
    """The verb's arguments."""
    made = argparse.ArgumentParser(
        prog="autograder bundle",
        description="Make what a system runs that grades on machines of its own: Gradescope's zip, "
        "or a question of PrairieLearn's with the image for it.",
    )
    made.add_argument("system", choices=SYSTEMS, help="whose")
    made.add_argument("chapter", help="the assignment")
    made.add_argument(
        "--minutes",
        type=int,
        default=MINUTES,
        help=f"how long a submission may take there (default: {MINUTES})",
    )
    made.add_argument(
        "--image",
        default=IMAGE,
        metavar="NAME",
        help=f"prairielearn: what the image will be called (default: {IMAGE})",
    )
    made.add_argument(
        "--out", type=Path, metavar="PLACE", help="where to (default: among the class's files)"
    )
    add_course(made)
    return made
