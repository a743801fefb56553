"""`autograder grade`: grade all that was submitted, several at once, into nbgrader's gradebook."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING

from autograder.commands.options import add_course
from autograder.grading.course.folder import Course
from autograder.grading.engine.imports import imported_early
from autograder.grading.engine.one_grader import only_grader
from autograder.grading.sandbox.garbage import not_looking
from autograder.grading.telling.foreign import shown

if TYPE_CHECKING:
    from autograder.grading.engine.cluster import Address

MOST_WORKERS = 1024
"""Processes on one machine; more is a slip of the finger."""


def main(arguments: Sequence[str]) -> int:
    """Grade; return 0 if all that was handed in has a grade, else 1."""
    options = parser().parse_args(arguments)
    course = Course(options.course.resolve())
    for line in course.warnings():
        print(shown(line), file=sys.stderr)
    with only_grader(course.own_folder):
        return _grade(options, course)


def _grade(options: argparse.Namespace, course: Course) -> int:
    with nullcontext() if options.scheduler else imported_early(course.config):
        # These import for a second what the other processes could not wait for.
        with not_looking():
            from autograder.grading.engine.assignments import grade_assignments
            from autograder.grading.engine.grades import Grades
            from autograder.grading.submissions.strays import strays

        grades = Grades(course, options.wait * 60)
        tallies = grade_assignments(
            grades,
            options.assignments,
            count=options.workers,
            scheduler=_scheduler(options),
            again=options.again,
        )
    names = [tally.assignment for tally in tallies]
    scores = [(grades.scores(name), grades.late_penalties(name)) for name in names]
    tables = (tally.table(*each) for tally, each in zip(tallies, scores, strict=True))
    print(*tables, sep="\n\n")
    left_over = list(strays(course.submitted, course.assignments()))
    if left_over:
        print("\nNot graded, because of where it lies:")
        print(*(f"  {shown(stray.line)}" for stray in left_over), sep="\n")
    is_complete = not any(tally.troubles or tally.stopped for tally in tallies)
    return 0 if is_complete and not any(stray.is_work for stray in left_over) else 1


def _scheduler(options: argparse.Namespace) -> Address | None:
    """What was said of a scheduler, if anything was."""
    from autograder.grading.engine.cluster import Address

    if not options.scheduler:
        return None
    return Address(
        options.scheduler,
        options.tls_ca,
        options.tls_cert,
        options.tls_key,
        options.trusted_network,
        options.allow_unfenced,
    )


def workers(text: str) -> int:
    """How many workers somebody wants.

    Raises:
        ArgumentTypeError: if there cannot be so many.
    """
    try:
        count = int(text)
    except ValueError:
        count = 0
    if not 1 <= count <= MOST_WORKERS:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no number of processes: give one from 1 to {MOST_WORKERS}, or leave "
            "--workers out for as many as this machine has cores"
        )
    return count


def parser() -> argparse.ArgumentParser:
    """The verb's arguments."""
    made = argparse.ArgumentParser(
        prog="autograder grade",
        description="Grade what was submitted. It may be stopped at any moment and started again: "
        "what is finished is kept.",
    )
    made.add_argument("assignments", nargs="*", help="which (default: all that were submitted)")
    made.add_argument(
        "--workers", type=workers, help="processes on this machine (default: its cores)"
    )
    made.add_argument("--again", action="store_true", help="grade what is graded already once more")
    made.add_argument(
        "--wait",
        type=float,
        default=10,
        metavar="MINUTES",
        help="how long to wait for a gradebook that another program holds (default: 10)",
    )
    add_course(made)
    cluster = made.add_argument_group("a cluster instead of this machine (docs/instructors.md)")
    cluster.add_argument("--scheduler", help="a Dask scheduler's address, tls://HOST:PORT")
    for name, what in (
        ("ca", "the cluster's certificate authority"),
        ("cert", "our certificate"),
        ("key", "our private key"),
    ):
        cluster.add_argument(f"--tls-{name}", metavar="FILE", help=f"{what}, in PEM form")
    cluster.add_argument(
        "--trusted-network",
        action="store_true",
        help="talk to the scheduler without TLS: nobody else is on its network",
    )
    cluster.add_argument(
        "--allow-unfenced",
        action="store_true",
        help="use workers without a sandbox, too: submissions have all of their rights",
    )
    return made
