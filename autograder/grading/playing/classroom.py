"""A class on one machine: instructor and students, and nbgrader's command line between them."""

import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook

from autograder.grading.course.folder import Course
from autograder.grading.engine.grades import Grades, Score
from autograder.grading.processes.nbgrader_command import COMMAND, Run, run
from autograder.grading.settings import FILE
from autograder.import_path import PYTHON
from autograder.problem import Problem

AUTOGRADER = (*PYTHON, "-m", "autograder")
"""Begins a command of ours; what follows is as for `autograder`."""


@dataclass(frozen=True)
class Classroom:
    """A folder with `nbgrader_config.py` and `solutions/`, in which a class is graded.

    All of it stays inside `root`: the exchange, the students' folders, the gradebook, and the log.
    """

    root: Path
    has_exchange: bool = sys.platform != "win32"
    """nbgrader hands files over through a folder whose POSIX permissions say who may do what."""

    @classmethod
    def copy_of(
        cls, course: Path, root: Path, has_exchange: bool = sys.platform != "win32"
    ) -> "Classroom":
        """Make a classroom in the new folder `root` from a course's configuration and solutions."""
        root.mkdir(parents=True)
        shutil.copy(course / FILE, root)
        ignored = shutil.ignore_patterns(".ipynb_checkpoints", "__pycache__")
        shutil.copytree(course / "solutions", root / "solutions", ignore=ignored)
        classroom = cls(root.resolve(), has_exchange)
        classroom._configure_machine()
        return classroom

    # --- what an instructor does --------------------------------------------------------------

    def generate(self, assignment: str) -> None:
        """Make the released version of an assignment from its solution."""
        self.nbgrader("generate_assignment", assignment)

    def release(self, assignment: str) -> None:
        """Put the released version where they can fetch it."""
        if self.has_exchange:
            self.nbgrader("release_assignment", assignment)

    def collect(self, assignment: str) -> None:
        """Fetch what students submitted."""
        if self.has_exchange:
            self.nbgrader("collect", assignment)

    def autograde(self, assignment: str) -> list[str]:
        """Run and score every submission; return what nbgrader reports as errors, a line each."""
        return self.nbgrader("autograde", assignment).errors

    def give_feedback(self, assignment: str) -> None:
        """Make the feedback pages, and put them where students can fetch them."""
        self.nbgrader("generate_feedback", assignment)
        if self.has_exchange:
            self.nbgrader("release_feedback", assignment)

    def export(self) -> Path:
        """Write the grades to a CSV file; return its path."""
        self.nbgrader("export")
        return Path(self.course.config.ExportPlugin.to)

    # --- what a student does ------------------------------------------------------------------

    def submit(
        self, student: str, assignment: str, files: Mapping[str, NotebookNode | bytes]
    ) -> None:
        """Fetch the assignment as this student, put `files` (by name) into it, and submit it.

        Without an exchange the files go straight to where it would have brought them.
        """
        home = self.root / "students" / student
        work = home / assignment
        if self.has_exchange:
            home.mkdir(parents=True, exist_ok=True)
            if not work.exists():
                self.nbgrader("fetch_assignment", assignment, folder=home)
        else:
            work = self.course.folder("submitted", student, assignment)
            work.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            _write(work / name, content)
        if self.has_exchange:
            self.nbgrader("submit", assignment, f"--student={student}", folder=home)

    # --- what there is to see -----------------------------------------------------------------

    def released(self, assignment: str) -> dict[str, NotebookNode]:
        """The released version: notebooks by file name."""
        return _notebooks(self.course.folder("release", ".", assignment))

    def solution(self, assignment: str) -> dict[str, NotebookNode]:
        """The instructor's version: notebooks by file name."""
        return _notebooks(self.course.folder("source", ".", assignment))

    def scores(self, assignment: str) -> list[Score]:
        """Everybody's score in an assignment, by student."""
        return Grades(self.course).scores(assignment)

    def cell_scores(self, student: str, assignment: str) -> dict[str, float]:
        """One student's points by grade id."""

        def by_cell(gradebook: Gradebook) -> dict[str, float]:
            submission = gradebook.find_submission(assignment, student)
            return {
                grade.name: grade.score
                for notebook in submission.notebooks
                for grade in notebook.grades
            }

        return Grades(self.course).ask(by_cell)

    def feedback_pages(self, assignment: str) -> list[Path]:
        """The feedback pages of all students."""
        everybody = self.course.folder("feedback", "*", assignment) / "*.html"
        return sorted(self.root.glob(everybody.relative_to(self.root).as_posix()))

    @property
    def log(self) -> Path:
        """Everything that commands said."""
        return self.root / "log.txt"

    @cached_property
    def course(self) -> Course:
        """The same folder, as the instructor's course."""
        return Course(self.root)

    # --- how ----------------------------------------------------------------------------------

    def nbgrader(self, *arguments: str, folder: Path | None = None) -> Run:
        """Run an nbgrader command in the classroom (or in `folder`).

        Raises:
            Problem: with its last words when it fails.
        """
        done = self._run("nbgrader", COMMAND, arguments, folder)
        if done.has_failed:
            raise self._failure("nbgrader", arguments, done)
        return done

    def autograder(self, *arguments: str) -> Run:
        """Run a command of ours in the classroom.

        By its exit code it also says that something did not fit; what it made tells more.
        """
        return self._run("autograder", AUTOGRADER, arguments)

    def failure(self, arguments: Sequence[str], done: Run) -> Problem:
        """What to raise where a command of ours did not make what it should have made."""
        return self._failure("autograder", arguments, done)

    def _run(
        self,
        program: str,
        command: Sequence[str],
        arguments: Sequence[str],
        folder: Path | None = None,
    ) -> Run:
        done = run([*command, *arguments], folder or self.root, self._variables())
        with self.log.open("a", encoding="utf-8") as log:
            log.write(f"$ {' '.join([program, *arguments])}\n{done.said}\n")
        return done

    def _failure(self, program: str, arguments: Sequence[str], done: Run) -> Problem:
        last_words = "\n".join(done.last_words)
        command = " ".join([program, *arguments])
        return Problem(
            f"`{command}` failed. Its last lines:\n{last_words}\nAll of them: {self.log}"
        )

    def _variables(self) -> dict[str, str]:
        """By which commands see nobody's own settings, and draw no bars into the log."""
        return {
            "TQDM_DISABLE": "1",
            "JUPYTER_CONFIG_DIR": str(self._machine),
            "JUPYTER_DATA_DIR": str(self._machine / "data"),
            "IPYTHONDIR": str(self._machine / "ipython"),
        }

    @property
    def _machine(self) -> Path:
        return self.root / "machine"

    def _configure_machine(self) -> None:
        """What an administrator would set for everybody: the course's name and the exchange."""
        exchange = self.root / "exchange"
        exchange.mkdir()
        exchange.chmod(0o777)  # nbgrader insists
        self._machine.mkdir()
        (self._machine / FILE).write_text(
            "c = get_config()\n"
            f"c.CourseDirectory.course_id = {self.course.config.CourseDirectory.course_id!r}\n"
            f"c.Exchange.root = {str(exchange)!r}\n"
            f"c.Exchange.cache = {str(self._machine / 'cache')!r}\n"
            "# Here all students are one user, which nbgrader would call a cheating attempt.\n"
            "c.ExchangeCollect.check_owner = False\n",
            encoding="utf-8",
        )


def _notebooks(folder: Path) -> dict[str, NotebookNode]:
    return {path.name: nbformat.read(path, as_version=4) for path in sorted(folder.glob("*.ipynb"))}


def _write(path: Path, content: NotebookNode | bytes) -> None:
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        nbformat.write(content, path)
