"""Grade assignments: what needs it goes to the workers, what comes back into the gradebook."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import chain

from tqdm import tqdm

from autograder.grading.engine.archive import pack
from autograder.grading.engine.cluster import Address, Cluster, Gone
from autograder.grading.engine.course import Course, digest
from autograder.grading.engine.grade_one import Bundle, Result
from autograder.grading.engine.reference_solution import Unproved
from autograder.grading.engine.tally import Tally
from autograder.grading.engine.workers import grade_all, workers
from autograder.grading.preprocessors.own_cells import OURS
from autograder.grading.sandbox import interrupts
from autograder.grading.submissions.foreign_files import remarks
from autograder.problem import Problem

ALONE = (
    "A limit stopped it, or its Python ended, while others were graded. It was graded once more, "
    "alone, and that counts."
)


def grade_assignments(
    course: Course, names: Sequence[str], count: int | None, scheduler: Address | None, again: bool
) -> list[Tally]:
    """Grade the submissions of some assignments.

    Args:
        course: the course.
        names: the assignments; none for all that were submitted.
        count: how many workers on this machine; None for as many as it has cores.
        scheduler: a Dask scheduler whose workers are used instead.
        again: whether to grade what is graded already once more.

    Raises:
        Problem: if there is nothing to grade, or no such assignment, or no workers.
    """
    names = names or course.assignments()
    if not names:
        where = course.config.CourseDirectory.submitted_directory
        if found := [stray.line for stray in course.strays()]:
            raise Problem("\n".join([f"There is no submission in {where}/:", *found]))
        raise Problem(f"Nobody has submitted anything: {where}/ is empty. Run `nbgrader collect`.")
    with interrupts.held_back():  # nbgrader starts programs of its own for this
        bundles = [course.bundle(name) for name in names]
    with workers(count, scheduler) as start:
        return [grade_assignment(course, bundle, start, again) for bundle in bundles]


def grade_assignment(
    course: Course, bundle: Bundle, start: Callable[[], Cluster], again: bool
) -> Tally:
    """Grade one assignment's submissions; this process alone writes into the gradebook."""
    tally = Tally(bundle.assignment)
    states: dict[str, str] = {}
    students = course.students(bundle.assignment)

    def todo(whom: Sequence[str], again: bool) -> Iterator[tuple[str, bytes]]:
        return _pending(course, bundle, whom, again, tally, states)

    with (
        course.gradebook() as gradebook,
        tqdm(total=len(students), desc=bundle.assignment, unit="submission") as bar,
    ):
        disturbed = []
        try:
            for result in _results(course, bundle, start, todo(students, again)):
                if result.is_disturbed:
                    disturbed.append(result.student)
                    continue
                _write(course, gradebook, bundle, result, states, tally)
                _tell_at_once(result, tally)
                bar.update(len(tally.graded) + len(tally.kept) + len(tally.troubles) - bar.n)
            for student in disturbed:
                for result in grade_all(start, bundle, todo([student], True)):
                    told = replace(result, flags=[*result.flags, ALONE])
                    _write(course, gradebook, bundle, told, states, tally)
                bar.update()
            bar.update(bar.total - bar.n)
        except Unproved as problem:
            tally.stopped = str(problem)
            return tally
        except Gone as gone:
            kept = len(tally.graded) + len(tally.kept)
            raise Problem(f"{gone} Then run it again: {kept} are kept.") from None
    renewed = course.renew_late_penalties(bundle.assignment)
    tally.gone = [one for one in course.late_penalties(bundle.assignment) if one not in students]
    tally.penalised = [student for student in renewed if student not in tally.graded]
    return tally


def _results(
    course: Course,
    bundle: Bundle,
    start: Callable[[], Cluster],
    todo: Iterator[tuple[str, bytes]],
) -> Iterator[Result]:
    """What grading the submissions gives, none before the reference solution is proved.

    Submissions may be graded beside it; their results wait here.

    Raises:
        Unproved: if the reference solution does not get its points.
    """
    if (first := next(todo, None)) is None:
        return
    reference = course.unproved_reference(bundle)
    if reference is None:
        yield from grade_all(start, bundle, chain([first], todo))
        return
    waiting: list[Result] = []
    is_proved = False
    for result in grade_all(start, bundle, chain([reference, first], todo)):
        if is_proved:
            yield result
        elif result.student != reference[0]:
            waiting.append(result)
        else:
            course.prove(bundle, reference[1], result)
            is_proved = True
            yield from waiting


def _tell_at_once(result: Result, tally: Tally) -> None:
    """Say when a cell of ours fails by itself: the first time, not at the end of a long run."""
    if result.trouble.startswith(OURS):
        alike = [reason for reason in tally.troubles.values() if reason == result.trouble]
        if len(alike) == 1:
            tqdm.write(f"{result.student} is not scored. {result.trouble}.", file=sys.stderr)


def _pending(
    course: Course,
    bundle: Bundle,
    students: Sequence[str],
    again: bool,
    tally: Tally,
    states: dict[str, str],
) -> Iterator[tuple[str, bytes]]:
    """The submissions that need grading, read one by one; the others go into the tally."""
    scored = course.late_penalties(bundle.assignment)
    for student in students:
        folder = course.folder("submitted", student, bundle.assignment)
        try:
            submission = pack(folder)
            tally.flag(student, remarks(folder))  # workers get no links, so they see none
        except (OSError, ValueError) as error:
            tally.troubles[student] = f"the submission cannot be read: {error}"
            continue
        states[student] = digest(bundle, submission)
        is_scored = student in scored and not again
        if is_scored and course.is_graded(student, bundle.assignment, states[student]):
            tally.kept.append(student)
            tally.flag(student, course.flags(student, bundle.assignment))
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
        tally.flag(result.student, result.flags)
    except Problem:  # another program holds the gradebook: it would be the same for all others
        raise
    except Exception as error:
        tally.troubles[result.student] = f"its result cannot be written: {error}".splitlines()[0]
