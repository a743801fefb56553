"""A class goes from a system's download to marks, feedback and a report, by the real commands."""

from __future__ import annotations

import time
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from nbgrader.utils import rmtree

from autograder.columns import aligned
from autograder.grading.engine.grades import Score
from autograder.grading.playing.classroom import Classroom
from autograder.grading.playing.made_up_canvas import marks_in, write_submissions, write_table
from autograder.grading.playing.opening import opened
from autograder.grading.playing.students import CLASS
from autograder.grading.settings import FILE
from autograder.problem import Problem

# --- the play -------------------------------------------------------------------------------------


def demo(course: Path, only: str | None, into: Path) -> int:
    """Play the class in a folder of its own, and show what an instructor sees.

    Args:
        course: the course's folder.
        only: which assignment, or "all"; the first by default.
        into: where to play it; what another demo left there is removed.

    Returns:
        0 if everybody got what they deserve, in the gradebook and in what goes back; else 1.

    Raises:
        Problem: if there is no such course or assignment, or no demo made what is there.
    """
    assignments = chosen_assignments(course, only)
    make_way(into)
    play = Play(Classroom.copy_of(course, into, has_exchange=False), assignments)
    where = shown(play.room.root)
    print(f"A class of {len(CLASS)} goes from Canvas through nbgrader and back, in {where}/.")
    play.hand_out_and_in()
    play.take_in()
    play.grade()
    play.give_back()

    scores = [score for assignment in assignments for score in play.room.scores(assignment)]
    print(f"\n{table(assignments, scores)}\n")
    print(f"Marks, to upload to Canvas:     {shown(play.filled)}")
    for assignment in assignments:
        print(f"Feedback, to upload to Canvas:  {shown(play.feedback(assignment))}")
    print(f"All that the commands said:     {shown(play.room.log)}")
    print(f"What to teach again, and more:  {shown(play.report)}")
    wrongs = [line for each in assignments for line in what_is_wrong(outcome(play, each, scores))]
    print(*wrongs, sep="\n", end="\n" if wrongs else "")
    opened(play.report)
    return 1 if wrongs else 0


@dataclass(frozen=True)
class Play:
    """The class, step by step.

    Attributes:
        room: where it plays.
        assignments: what it hands in.
    """

    room: Classroom
    assignments: Sequence[str]

    @property
    def exported(self) -> Path:
        """The system's gradebook, as it exported it."""
        return self.room.root / "canvas" / "gradebook.csv"

    @property
    def filled(self) -> Path:
        """The same, with marks."""
        return self.exported.with_name("gradebook.filled.csv")

    @property
    def report(self) -> Path:
        """The page about the class."""
        return self.room.course.class_folder / "report.html"

    def submissions(self, assignment: str) -> Path:
        """The zip that the system made of what students handed in."""
        return self.exported.with_name(f"{assignment}-submissions.zip")

    def feedback(self, assignment: str) -> Path:
        """The zip of feedback pages that the system takes back."""
        return self.exported.with_name(f"{assignment}-feedback.zip")

    def hand_out_and_in(self) -> None:
        """Release the assignments, and make up what Canvas would have of them."""
        self.exported.parent.mkdir()
        most = {}
        for assignment in self.assignments:
            with step(f"nbgrader generate_assignment {assignment}"):
                self.room.generate(assignment)
            with step("students hand in, to a Canvas that is made up"):
                released, solution = self.room.released(assignment), self.room.solution(assignment)
                write_submissions(self.submissions(assignment), CLASS, released, solution)
            most[assignment] = sum(
                cell.metadata.get("nbgrader", {}).get("points") or 0
                for notebook in released.values()
                for cell in notebook.cells
            )
        write_table(self.exported, CLASS, most)

    def take_in(self) -> None:
        """Enter the roster, and collect the download."""
        self._run("roster", self._way(self.exported))
        for assignment in self.assignments:
            collected = self.room.course.folder("submitted", CLASS[0].id, assignment)
            zipped = self._way(self.submissions(assignment))
            self._run("collect", assignment, zipped, makes=collected)

    def grade(self) -> None:
        """Grade what was collected, as many at once as the machine has cores."""
        self._run("grade", makes=self.room.course.folder("autograded", CLASS[0].id, "."))

    def give_back(self) -> None:
        """Make what goes back to students, and what the instructor reads."""
        self._run("export", "--into", self._way(self.exported), makes=self.filled)
        for assignment in self.assignments:
            out = self.feedback(assignment)
            self._run("feedback", assignment, "--to", "canvas", "--out", self._way(out), makes=out)
        self._run("report", makes=self.report)

    def _way(self, path: Path) -> str:
        return path.relative_to(self.room.root).as_posix()

    def _run(self, *arguments: str, makes: Path | None = None) -> None:
        """Run a command of ours, and show what it says.

        Raises:
            Problem: if it did not make what it should have made; or where that is no file, failed.
        """
        print(f"\n$ {' '.join(['autograder', *arguments])}", flush=True)
        start = time.perf_counter()
        done = self.room.autograder(*arguments)
        # With an exit code other than 0 they also say that something did not fit: here much does.
        if done.has_failed if makes is None else not makes.exists():
            raise self.room.failure(arguments, done)
        for line in done.said.rstrip().split("\n"):
            print(f"    {line}".rstrip())
        print(f"    ({time.perf_counter() - start:.1f} s)", flush=True)


# --- what came of it ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Outcome:
    """What came of an assignment.

    Attributes:
        assignment: its name.
        scores: the gradebook's, by student's id.
        marks: what the filled table says, by student's id.
        pages: the names in the zip of feedback.
    """

    assignment: str
    scores: Mapping[str, Score]
    marks: Mapping[str, str]
    pages: Sequence[str]


def outcome(play: Play, assignment: str, scores: Sequence[Score]) -> Outcome:
    """Read what came of an assignment."""
    with zipfile.ZipFile(play.feedback(assignment)) as zipped:
        pages = zipped.namelist()
    own = {score.student: score for score in scores if score.assignment == assignment}
    return Outcome(assignment, own, marks_in(play.filled, assignment), pages)


def what_is_wrong(got: Outcome) -> Iterator[str]:
    """A line for everything that a student did not get as they deserve."""
    for student in CLASS:
        who = f"WRONG: {student.first_name} ({student.story})"
        score = got.scores.get(student.id)
        mark = f"{score.score:g}" if score else ""
        if student.hands_in is None:
            if score is not None:
                yield f"{who} has a score for {got.assignment}."
        elif score is None:
            yield f"{who} has no score for {got.assignment}."
        elif not student.deserves(score):
            yield f"{who} got {mark} of {score.max_score:g} for {got.assignment}."
        if student.is_enrolled and got.marks.get(student.id) != mark:
            said = got.marks.get(student.id)
            yield f"{who} has {said!r} in Canvas' table for {got.assignment}, and not {mark!r}."
        has_page = any(f"_{student.number}_" in page for page in got.pages)
        if student.hands_in is not None and not has_page:
            yield f"{who} has no feedback page for {got.assignment}."


def table(assignments: Sequence[str], scores: Sequence[Score]) -> str:
    """What everybody got, as plain text."""
    got = {(score.assignment, score.student): score for score in scores}
    rows = [("student", "assignment", "handed in", "score", "of")]
    for assignment in assignments:
        for student in CLASS:
            score = got.get((assignment, student.id))
            points = (f"{score.score:g}", f"{score.max_score:g}") if score else ("–", "–")
            rows.append((student.sorted_name, assignment, student.story, *points))
    rule = ["-" * max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(aligned([rows[0], rule, *rows[1:]], right={3, 4}))


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
    print(f"  {what:<60} ", end="", flush=True)
    start = time.perf_counter()
    try:
        yield
    except BaseException:
        print("failed", flush=True)
        raise
    print(f"{time.perf_counter() - start:5.1f} s", flush=True)


def shown(path: Path) -> str:
    """A path as people read it: relative to where they are, if it is in there."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)
