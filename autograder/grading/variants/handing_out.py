"""Notebooks for students with sizes of their own: a folder each, as the release has one for all."""

from __future__ import annotations

import shutil
import unicodedata
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
from nbformat import NotebookNode

from autograder.checking import VARIES_MIME_TYPE
from autograder.grading.clean_run.plan import CleanRun, Step
from autograder.grading.clean_run.runner import Runner
from autograder.grading.course.exam import is_exam
from autograder.grading.course.folder import Course
from autograder.grading.notebooks.recordings import recorded
from autograder.grading.sandbox.bubblewrap import NoSandbox
from autograder.grading.sandbox.limits import Account
from autograder.grading.sandbox.provisioner import SandboxProvisioner
from autograder.grading.submissions.plain_files import copy_plain
from autograder.grading.telling.foreign import is_name, one_line
from autograder.grading.variants.class_variants import Variants
from autograder.grading.variants.made_references import (
    Asked,
    Pair,
    checks_of,
    demand_sound,
    made,
)
from autograder.grading.variants.own_notebook import OwnExercise, own_notebook
from autograder.judging.own_sizes import packed
from autograder.judging.references import FILE, HIDDEN_FILE, read_references
from autograder.judging.varied import Own, Varied
from autograder.problem import Problem

FOLDER = "variants"
"""Where students' folders lie, beside the class's others."""
CELL = 600
"""Seconds that a cell of the solution may take, where the class says nothing else."""


@dataclass
class HandedOut:
    """What was made.

    Attributes:
        folder: where students' folders lie.
        students: for whom.
        different: how many of them have sizes that nobody else has.
        left_out: who got nothing, and why.
    """

    folder: Path
    students: list[str] = field(default_factory=list)
    different: int = 0
    left_out: dict[str, str] = field(default_factory=dict)


class Chapter:
    """A chapter as its instructor has it, whose solution can be asked with other sizes."""

    def __init__(self, course: Course, name: str) -> None:
        """Read the chapter's notebooks, and what is expected with the solution's own sizes.

        Raises:
            Problem: if there is no such chapter, it was not built, or was not released.
        """
        self._course, self.name = course, name
        source, self._release = (course.folder(step, ".", name) for step in ("source", "release"))
        self.notebooks = {path.name: _read(path) for path in sorted(source.glob("*.ipynb"))}
        if not self.notebooks:
            there_are = ", ".join(course.assignments()) or "none"
            raise Problem(f"There is no notebook in {source}. Chapters: {there_are}.")
        if not all((self._release / notebook).is_file() for notebook in self.notebooks):
            raise Problem(f"{name} is not released: run nbgrader generate_assignment {name}.")
        try:
            visible = read_references(source / FILE)
            hidden = read_references(source / HIDDEN_FILE)
        except LookupError as error:
            raise Problem(f"{name} was not built: {error}") from None
        self.expected = {each: Pair(visible[each], hidden.get(each)) for each in visible}

    def may_vary(self) -> dict[str, Varied]:
        """What the solution says may differ, by exercise.

        Raises:
            Problem: if another version of this package has noted that.
        """
        try:
            return {
                data["exercise"]: Varied.from_json(data)
                for notebook in self.notebooks.values()
                for cell in notebook.cells
                for data in recorded(cell, VARIES_MIME_TYPE)
            }
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise Problem(
                f"What varies in {self.name} was noted by another version of this package "
                f"({error}). Run: autograder build {self.name}"
            ) from None

    def ask(self, asked: Sequence[Asked]) -> list[Pair]:
        """What is right with these sizes; what several have is asked once.

        Raises:
            Problem: if the solution has no answer with them.
        """
        found: dict[Hashable, Pair] = {}
        once = {_key(one): one for one in asked}
        for notebook in self.notebooks.values():
            checks = checks_of(notebook)
            here = {key: one for key, one in once.items() if one.exercise in checks}
            if here:
                tag = self._course.config.Execute.get("skip_cells_with_tag") or None
                some = list(here.values())
                pairs = made(self._run, notebook, self.expected, some, skipped_tag=tag)
                found |= dict(zip(here, pairs, strict=True))
        return [found[_key(one)] for one in asked]

    def _run(self, steps: Sequence[Step]) -> CleanRun:
        seconds = self._course.config.Execute.get("timeout") or CELL
        with TemporaryDirectory(prefix="solution-") as folder:
            copy_plain(self._release, Path(folder), skip=(".ipynb",))
            (Path(folder) / FILE).unlink(missing_ok=True)
            try:
                return Runner(self._recorder, Path(folder), seconds).run(steps)
            except (NoSandbox, RuntimeError) as error:
                raise Problem(f"The solution of {self.name} cannot be run: {error}") from None

    def _recorder(self) -> SandboxProvisioner:
        provisioner = SandboxProvisioner(config=self._course.config)
        provisioner.account = Account()
        return provisioner

    def demand_sound(self, varied: Varied) -> None:
        """Let an exercise pass whose solution answers with each choice, and differently.

        Raises:
            Problem: if it does not; the message says with which.
        """
        notebook = next(
            (one for one in self.notebooks.values() if varied.exercise in checks_of(one)), None
        )
        if notebook is None or varied.exercise not in self.expected:
            raise Problem(f"{varied.exercise} has no check cell of that name with a reference.")
        demand_sound(self.ask, notebook, varied)

    def hand_out(self, variants: Variants, students: Iterable[str]) -> HandedOut:
        """Make a folder for each student; one that is there already is made anew.

        Raises:
            Problem: if a student's sizes cannot be judged.
        """
        done = HandedOut(self._course.class_folder / FOLDER)
        for student in sorted(set(students)):
            if _can_be_a_folder(student):
                done.students.append(student)
            else:
                done.left_out[student] = "no folder can be called so"
        here = {each for one in self.notebooks.values() for each in checks_of(one)}
        everybodys = {
            student: {
                exercise: own
                for exercise, own in variants.own(student).items()
                if exercise in here and exercise in self.expected
            }
            for student in done.students
        }
        asked = [
            Asked(exercise, own) for mine in everybodys.values() for exercise, own in mine.items()
        ]
        pairs = iter(self.ask(asked))
        for student, mine in everybodys.items():
            references = {exercise: packed(next(pairs).visible) for exercise in mine}
            if _is_anothers(done.folder / student):
                done.left_out[student] = "on this disk another student's folder has the same name"
                done.students.remove(student)
                continue
            self._write(done.folder / student / self.name, variants, mine, references)
        sizes = Counter(str(everybodys[student]) for student in done.students)
        done.different = sum(count == 1 for count in sizes.values())
        return done

    def _write(
        self,
        folder: Path,
        variants: Variants,
        mine: Mapping[str, Own],
        references: Mapping[str, str],
    ) -> None:
        """Write a student's folder beside the one that is there, then in its place."""
        fresh = folder.with_name(f".{folder.name}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        copy_plain(self._release, fresh)
        for name, solution in self.notebooks.items():
            own = dict(_told(solution, variants, mine, references))
            released = _read(self._release / name)
            try:
                nbformat.write(own_notebook(released, own), fresh / name)
            except ValueError as error:
                raise Problem(f"{self._release / name}: {error}.") from None
        shutil.rmtree(folder, ignore_errors=True)
        fresh.rename(folder)


def _read(path: Path) -> NotebookNode:
    try:
        return nbformat.read(path, as_version=4)
    except (OSError, ValueError) as error:
        raise Problem(f"{path} cannot be read: {one_line(str(error))}") from None


def _key(asked: Asked) -> Hashable:
    return asked.exercise, asked.hidden, *asked.own.items()


def _told(
    solution: NotebookNode,
    variants: Variants,
    mine: Mapping[str, Own],
    references: Mapping[str, str],
) -> Iterator[tuple[str, OwnExercise]]:
    for exercise, own in mine.items():
        sentence = variants.exercises[exercise].sentence(own)
        yield exercise, OwnExercise(sentence, "" if is_exam(solution) else references[exercise])


def _can_be_a_folder(student: str) -> bool:
    plain = student.strip()
    return bool(plain) and is_name(student) and not set(student) & set("/\\") and plain[0] != "."


def _is_anothers(folder: Path) -> bool:
    """Whether a folder is there, but by another name: to some disks capitals are small letters."""
    if not folder.exists():
        return False
    # And some write a letter and its accent as two.
    names = {unicodedata.normalize("NFC", one.name) for one in folder.parent.iterdir()}
    return unicodedata.normalize("NFC", folder.name) not in names
