"""A small class goes through nbgrader's real commands, from release to grades."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode
from nbgrader.utils import rmtree

from autograder.columns import aligned
from autograder.grading.engine.grades import Score
from autograder.grading.notebooks.answer_cells import answer_ids, is_answer, with_answers
from autograder.grading.playing.classroom import Classroom
from autograder.grading.settings import FILE
from autograder.problem import Problem

# --- who is in the class --------------------------------------------------------------------------


def everything(released: NotebookNode, solution: NotebookNode) -> NotebookNode:
    """Every answer is there and right."""
    return with_answers(released, solution)


def nothing(released: NotebookNode, solution: NotebookNode) -> NotebookNode:
    """The notebook as it was released."""
    return released


def first_half(released: NotebookNode, solution: NotebookNode) -> NotebookNode:
    """The first half of the answers is there and right."""
    ids = answer_ids(released)
    return with_answers(released, solution, only=ids[: len(ids) // 2])


def noisy(released: NotebookNode, solution: NotebookNode) -> NotebookNode:
    """Every answer is right, but it warns, and from then on every cell also writes to stderr."""
    filled = with_answers(released, solution)
    for cell in filled.cells:
        if is_answer(cell) and cell.cell_type == "code":
            cell.source += NOISE
            break
    return filled


NOISE = """

import sys, warnings
warnings.warn("this answer warns")
get_ipython().events.register("pre_run_cell", lambda _: print("and chatters", file=sys.stderr))"""


def full_marks(got: Score) -> bool:
    """All points there are."""
    return got.score == got.max_score > 0


def no_marks(got: Score) -> bool:
    """No point at all."""
    return got.score == 0


def part_marks(got: Score) -> bool:
    """Something, but not everything."""
    return 0 < got.score < got.max_score


@dataclass(frozen=True)
class Student:
    """Somebody in the class: what they hand in, and what they must get for it (None: whatever)."""

    name: str
    story: str
    hands_in: Callable[[NotebookNode, NotebookNode], NotebookNode]
    deserves: Callable[[Score], bool] | None


CLASS = [
    Student("ada", "everything right", everything, full_marks),
    Student("ben", "nothing done", nothing, no_marks),
    Student("cleo", "first half done", first_half, part_marks),
    Student("dan", "right, but noisy", noisy, full_marks),
]

# --- the play -------------------------------------------------------------------------------------


def demo(course: Path, only: str | None, into: Path) -> int:
    """Play the class in a folder of its own and print the gradebook.

    Args:
        course: the course's folder.
        only: which assignment, or "all"; the first by default.
        into: where to play it; what another demo left there is removed.

    Returns:
        0 if everybody got the marks they deserve, and a feedback page; else 1.

    Raises:
        Problem: if there is no such course or assignment, or no demo made what is there.
    """
    assignments = chosen_assignments(course, only)
    make_way(into)
    classroom = Classroom.copy_of(course, into)
    where = shown(classroom.root)
    print(f"A class of {len(CLASS)} goes through nbgrader in {where}/ (its words: {where}/log.txt)")
    if not classroom.has_exchange:
        print("nbgrader has no exchange on Windows: submissions go straight to the instructor.")

    for assignment in assignments:
        play(classroom, assignment)
    with step("export the grades"):
        grades = classroom.export()

    scores = [score for assignment in assignments for score in classroom.scores(assignment)]
    pages = [page for assignment in assignments for page in classroom.feedback_pages(assignment)]
    print(f"\n{table(scores)}\n")
    print(f"Grades:   {shown(grades)}")
    print("Feedback:", *map(shown, pages), sep="\n  ")
    wrongs = list(what_is_wrong(assignments, scores, pages))
    print(*wrongs, sep="\n", end="\n" if wrongs else "")
    return 1 if wrongs else 0


def play(classroom: Classroom, assignment: str) -> None:
    """Take one assignment through the whole cycle."""
    with step(f"generate {assignment}"):
        classroom.generate(assignment)
    with step("release it"):
        classroom.release(assignment)
    released, solution = classroom.released(assignment), classroom.solution(assignment)
    for student in CLASS:
        with step(f"{student.name} fetches and submits: {student.story}"):
            files = {name: student.hands_in(released[name], solution[name]) for name in released}
            classroom.submit(student.name, assignment, files)
    with step("collect"):
        classroom.collect(assignment)
    with step("autograde"):
        errors = classroom.autograde(assignment)
    print(*errors, sep="\n", end="\n" if errors else "")
    with step("give feedback"):
        classroom.give_feedback(assignment)


def what_is_wrong(
    assignments: Sequence[str], scores: Sequence[Score], pages: Sequence[Path]
) -> Iterator[str]:
    """A line for every student who did not get what they deserve."""
    got = {(score.student, score.assignment): score for score in scores}
    have_page = {(page.parts[-3], page.parts[-2]) for page in pages}
    for assignment in assignments:
        for student in CLASS:
            key = (student.name, assignment)
            if key not in got:
                yield f"WRONG: {student.name} has no score for {assignment}."
            elif student.deserves and not student.deserves(got[key]):
                yield (
                    f"WRONG: {student.name} ({student.story}) got {got[key].score:g} of "
                    f"{got[key].max_score:g} for {assignment}."
                )
            if key not in have_page:
                yield f"WRONG: {student.name} has no feedback page for {assignment}."


# --- around it ------------------------------------------------------------------------------------


def chosen_assignments(course: Path, only: str | None) -> list[str]:
    """The names of the assignments to play, or a `Problem` that says what there is."""
    if not (course / FILE).is_file():
        raise Problem(f"there is no {FILE} in {course.resolve()}; run it in the course's folder.")
    found = sorted({path.parent.name for path in course.glob("solutions/*/*.ipynb")})
    if not found:
        raise Problem(f"there is no solutions/NAME/NAME.ipynb in {course.resolve()}.")
    if only is None:
        return found[:1]
    if only == "all":
        return found
    if only not in found:
        raise Problem(f"there is no assignment {only!r}; there are: {', '.join(found)}.")
    return [only]


def make_way(folder: Path) -> None:
    """Remove what the last demo left in the folder; never remove anything else."""
    if not folder.exists():
        return
    if not (folder / FILE).is_file() or not (folder / "machine").is_dir():
        raise Problem(f"{folder} is there already, and no demo made it; name another with --into.")
    rmtree(str(folder))


@contextmanager
def step(what: str) -> Iterator[None]:
    """Say what is being done, and how long it took."""
    print(f"  {what:<50} ", end="", flush=True)
    start = time.perf_counter()
    try:
        yield
    except BaseException:
        print("failed", flush=True)
        raise
    print(f"{time.perf_counter() - start:5.1f} s", flush=True)


def table(scores: Sequence[Score]) -> str:
    """The gradebook as plain text."""
    stories = {student.name: student.story for student in CLASS}
    rows = [("student", "assignment", "handed in", "score", "of")]
    rows += [
        (s.student, s.assignment, stories.get(s.student, ""), f"{s.score:g}", f"{s.max_score:g}")
        for s in scores
    ]
    rule = ["-" * max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(aligned([rows[0], rule, *rows[1:]], right={3, 4}))


def shown(path: Path) -> str:
    """A path as people read it: relative to where they are, if it is in there."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)
