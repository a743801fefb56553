"""`autograder grade`: grade all that was submitted, several at once, into nbgrader's gradebook."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tqdm import tqdm

from autograder.grading.engine.archive import TooLarge, pack
from autograder.grading.engine.course import Course, digest
from autograder.grading.engine.grade_one import Bundle, Result
from autograder.grading.engine.workers import grade_all, workers
from autograder.grading.problem import Problem


@dataclass
class Tally:
    """What became of one assignment's submissions."""

    assignment: str
    graded: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    troubles: dict[str, str] = field(default_factory=dict)


def main(arguments: Sequence[str]) -> int:
    """Grade; return 0 if every submission has a grade, else 1."""
    options = parser().parse_args(arguments)
    course = Course(options.course.resolve())
    assignments = options.assignments or course.assignments()
    if not assignments:
        where = course.config.CourseDirectory.submitted_directory
        raise Problem(f"Nobody has submitted anything: {where}/ is empty. Run `nbgrader collect`.")
    bundles = [course.bundle(assignment) for assignment in assignments]
    with workers(options.workers, options.scheduler) as client:
        tallies = [grade_assignment(course, bundle, client, options.again) for bundle in bundles]
    print(*(table(course, tally) for tally in tallies), sep="\n\n")
    return 1 if any(tally.troubles for tally in tallies) else 0


def parser() -> argparse.ArgumentParser:
    """The verb's arguments."""
    made = argparse.ArgumentParser(
        prog="autograder grade",
        description="Grade what was submitted. It may be stopped at any moment and started again: "
        "what is finished is kept.",
    )
    made.add_argument("assignments", nargs="*", help="which (default: all that were submitted)")
    made.add_argument("--workers", type=int, help="processes on this machine (default: its cores)")
    made.add_argument("--scheduler", help="address of a Dask scheduler, to use its workers instead")
    made.add_argument("--again", action="store_true", help="grade what is graded already once more")
    made.add_argument(
        "--course", type=Path, default=Path(), help="the course (default: this folder)"
    )
    return made


def grade_assignment(course: Course, bundle: Bundle, client: object, again: bool) -> Tally:
    """Grade one assignment's submissions; this process alone writes into the gradebook."""
    tally = Tally(bundle.assignment)
    states: dict[str, str] = {}
    students = course.students(bundle.assignment)
    todo = _pending(course, bundle, students, again, tally, states)
    with (
        course.gradebook() as gradebook,
        tqdm(total=len(students), desc=bundle.assignment, unit="submission") as bar,
    ):
        for result in grade_all(client, bundle, todo):
            _write(course, gradebook, bundle, result, states, tally)
            bar.update(len(tally.graded) + len(tally.kept) + len(tally.troubles) - bar.n)
        bar.update(bar.total - bar.n)
    return tally


def _pending(
    course: Course,
    bundle: Bundle,
    students: Sequence[str],
    again: bool,
    tally: Tally,
    states: dict[str, str],
) -> Iterator[tuple[str, bytes]]:
    """The submissions that need grading, read one by one; the others go into the tally."""
    for student in students:
        try:
            submission = pack(course.folder("submitted", student, bundle.assignment))
        except (OSError, TooLarge) as error:
            tally.troubles[student] = f"the submission cannot be read: {error}"
            continue
        states[student] = digest(bundle, submission)
        if not again and course.is_graded(student, bundle.assignment, states[student]):
            tally.kept.append(student)
        else:
            yield student, submission


def _write(
    course: Course,
    gradebook: object,
    bundle: Bundle,
    result: Result,
    states: dict[str, str],
    tally: Tally,
) -> None:
    if result.trouble:
        tally.troubles[result.student] = result.trouble
        return
    try:
        course.keep(gradebook, bundle, result, states[result.student])
        tally.graded.append(result.student)
    except Exception as error:
        tally.troubles[result.student] = f"its result cannot be written: {error}".splitlines()[0]


def table(course: Course, tally: Tally) -> str:
    """Everybody's score in an assignment, and under it what could not be graded."""
    with course.gradebook() as gradebook:
        rows = [
            (row.student.id, f"{row.score:g}", f"{row.max_score:g}", _note(row.student.id, tally))
            for row in gradebook.assignment_submissions(tally.assignment)
        ]
    rows = [("student", "score", "of", ""), *sorted(rows)]
    width = max(len(row[0]) for row in rows)
    lines = [
        f"{name:<{width}}  {score:>7}  {most:>5}  {note}".rstrip()
        for name, score, most, note in rows
    ]
    lines.insert(
        0,
        f"{tally.assignment}: {len(tally.graded)} graded, {len(tally.kept)} kept, "
        f"{len(tally.troubles)} not graded",
    )
    for student, reason in sorted(tally.troubles.items()):
        lines.append(f"NOT GRADED {student}: {reason}. It stays for you to look at.")
    return "\n".join(lines)


def _note(student: str, tally: Tally) -> str:
    return "kept" if student in tally.kept else ""
