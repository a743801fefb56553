"""Grade assignments: what needs it goes to the workers, what comes back into the gradebook."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from nbgrader.api import Gradebook
from tqdm import tqdm

from autograder.grading.engine.archive import pack
from autograder.grading.engine.bundling import bundle_of
from autograder.grading.engine.cluster import Address, Cluster, Gone
from autograder.grading.engine.grades import Grades
from autograder.grading.engine.packed_assignment import Bundle, digest
from autograder.grading.engine.proof import Unproved, prove, unproved
from autograder.grading.engine.result import Graded, NotGraded, Result
from autograder.grading.engine.tally import Tally
from autograder.grading.engine.workers import grade_all, workers
from autograder.grading.sandbox import interrupts
from autograder.grading.submissions.foreign_files import about_files
from autograder.grading.submissions.handed_in import students, submitted_assignments
from autograder.grading.submissions.strays import strays
from autograder.problem import Problem

ALONE = (
    "A limit stopped it, or its Python ended, while others were graded. It was graded once more, "
    "alone, and that counts."
)


def grade_assignments(
    grades: Grades,
    names: Sequence[str],
    *,
    count: int | None,
    scheduler: Address | None,
    again: bool,
) -> list[Tally]:
    """Grade the submissions of some assignments.

    Args:
        grades: the class's.
        names: the assignments; none for all that were submitted.
        count: how many workers on this machine; None for as many as it has cores.
        scheduler: a Dask scheduler whose workers are used instead.
        again: whether to grade what is graded already once more.

    Raises:
        Problem: if there is nothing to grade, or no such assignment, or no workers.
    """
    course = grades.course
    names = names or submitted_assignments(course)
    if not names:
        where = course.config.CourseDirectory.submitted_directory
        if found := [stray.line for stray in strays(course.submitted, course.assignments())]:
            raise Problem("\n".join([f"There is no submission in {where}/:", *found]))
        raise Problem(f"Nobody has submitted anything: {where}/ is empty. Run `nbgrader collect`.")
    with interrupts.held_back():  # nbgrader starts programs of its own for this
        bundles = [bundle_of(grades, name) for name in names]
    with workers(count, scheduler) as start:
        return [_Grading(grades, bundle, start).run(again) for bundle in bundles]


@dataclass
class _Grading:
    """One assignment's submissions; this process alone writes into the gradebook.

    Attributes:
        grades: the class's.
        bundle: the assignment.
        start: starts the workers when it is first called.
        states: by student, the digest of all that the result depends on.
    """

    grades: Grades
    bundle: Bundle
    start: Callable[[], Cluster]
    states: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.tally = Tally(self.bundle.assignment)

    def run(self, again: bool) -> Tally:
        """Grade what needs it; or everything `again`."""
        assignment, tally = self.bundle.assignment, self.tally
        everybody = students(self.grades.course, assignment)
        with self.grades.gradebook() as gradebook, self._bar(len(everybody)) as bar:
            disturbed = []
            try:
                for result in self._results(self._pending(everybody, again)):
                    if isinstance(result, Graded) and result.is_disturbed:
                        disturbed.append(result.student)
                        continue
                    self._take(result, gradebook)
                    bar.update(len(tally.graded) + len(tally.kept) + len(tally.troubles) - bar.n)
                for student in disturbed:
                    for result in grade_all(
                        self.start, self.bundle, self._pending([student], True)
                    ):
                        self._take(_graded_alone(result), gradebook)
                    bar.update()
                bar.update(bar.total - bar.n)
            except Unproved as problem:
                tally.stopped = str(problem)
                return tally
            except Gone as gone:
                kept = len(tally.graded) + len(tally.kept)
                raise Problem(f"{gone} Then run it again: {kept} are kept.") from None
        renewed = self.grades.renew_late_penalties(assignment)
        scored = self.grades.late_penalties(assignment)
        tally.gone = [student for student in scored if student not in everybody]
        tally.penalised = [student for student in renewed if student not in tally.graded]
        return tally

    def _bar(self, total: int) -> tqdm:
        with interrupts.held_back():  # else its thread would get what this one holds back later
            return tqdm(total=total, desc=self.bundle.assignment, unit="submission")

    def _results(self, todo: Iterator[tuple[str, bytes]]) -> Iterator[Result]:
        """What grading the submissions gives, none before the reference solution is proved.

        Submissions may be graded beside it; their results wait here.

        Raises:
            Unproved: if the reference solution does not get its points.
        """
        if (first := next(todo, None)) is None:
            return
        reference = unproved(self.grades.course, self.bundle)
        if reference is None:
            yield from grade_all(self.start, self.bundle, chain([first], todo))
            return
        waiting: list[Result] = []
        is_proved = False
        for result in grade_all(self.start, self.bundle, chain([reference, first], todo)):
            if is_proved:
                yield result
            elif result.student != reference[0]:
                waiting.append(result)
            else:
                prove(self.grades.course, self.bundle, reference[1], result)
                is_proved = True
                yield from waiting

    def _pending(self, whom: Sequence[str], again: bool) -> Iterator[tuple[str, bytes]]:
        """The submissions that need grading, read one by one; the others go into the tally."""
        assignment, tally = self.bundle.assignment, self.tally
        scored = self.grades.late_penalties(assignment)
        for student in whom:
            folder = self.grades.course.folder("submitted", student, assignment)
            try:
                submission = pack(folder)
                # Workers get no links, so they see none.
                tally.remark(student, about_files(folder))
            except (OSError, ValueError) as error:
                tally.troubles[student] = f"the submission cannot be read: {error}"
                continue
            state = self.states[student] = digest(self.bundle, submission)
            is_scored = student in scored and not again
            if is_scored and self.grades.is_graded(student, assignment, state):
                tally.kept.append(student)
                tally.remark(student, self.grades.remarks(student, assignment))
            else:
                yield student, submission

    def _take(self, result: Result, gradebook: Gradebook) -> None:
        if isinstance(result, NotGraded):
            self.tally.troubles[result.student] = result.reason
            self._tell_at_once(result)
            return
        try:
            self.grades.keep(gradebook, self.bundle, result, self.states[result.student])
            self.tally.graded.append(result.student)
            self.tally.remark(result.student, result.remarks)
        except Problem:  # another program holds the gradebook: so it would be for all others
            raise
        except Exception as error:
            trouble = f"its result cannot be written: {error}".splitlines()[0]
            self.tally.troubles[result.student] = trouble

    def _tell_at_once(self, result: NotGraded) -> None:
        """Say when a cell of ours fails by itself: the first time, not after a long run."""
        alike = [reason for reason in self.tally.troubles.values() if reason == result.reason]
        if result.own_cell and len(alike) == 1:
            tqdm.write(f"{result.student} is not scored. {result.reason}.", file=sys.stderr)


def _graded_alone(result: Result) -> Result:
    if isinstance(result, NotGraded):
        return result
    return replace(result, remarks=[*result.remarks, ALONE])
