"""How far a student has come: by saved notebooks, and by what checks said at this desk."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.checking.desk_record import Record, Result, read_record, record_file
from autograder.columns import aligned
from autograder.grading.notebooks.cells import exercise, is_check
from autograder.grading.notebooks.recordings import recorded
from autograder.grading.telling.foreign import shown
from autograder.judging.evidence import Evidence
from autograder.judging.judge import judge
from autograder.judging.references import FILE, NoReferences, Reference, read_references
from autograder.judging.verdict import Status
from autograder.problem import Problem

SIGNS = {
    Status.PASSED: "✓",
    Status.WRONG: "✗",
    Status.NOT_CHECKABLE: "✗",
    Status.NOT_ATTEMPTED: "·",
    Status.RECORDED: "●",
}


@dataclass(frozen=True)
class Exercise:
    """One exercise of a student's notebook.

    Attributes:
        name: the exercise's id.
        points: what it is worth.
        status: what the check last said; "not attempted" where it was never run.
    """

    name: str
    points: float
    status: Status

    @property
    def number(self) -> str:
        """Its number as the text has it: 6.1 for ch06_ex1, 6.2 for ch06_ex2_reused."""
        found = re.match(r"ch(\d+)_ex(\d+)", self.name)
        return f"{int(found[1])}.{int(found[2])}" if found else self.name


@dataclass(frozen=True)
class Chapter:
    """A student's notebook; `trouble` says why it cannot be read."""

    name: str
    exercises: tuple[Exercise, ...] = ()
    trouble: str = ""

    @property
    def points(self) -> float:
        """The points of the exercises whose visible check passed."""
        return sum(e.points for e in self.exercises if e.status is Status.PASSED)

    @property
    def most(self) -> float:
        """The points of all exercises."""
        return sum(e.points for e in self.exercises)


def progress() -> None:
    """Print how far you have come: for a notebook's cell."""
    try:
        print(overview(None))
    except Problem as problem:
        print(problem)


def overview(folder: Path | None) -> str:
    """A table of the chapters in a folder; nothing is run and nothing is sent anywhere.

    Raises:
        Problem: if there are none.
    """
    around = (Path("course"), Path(), Path(".."))  # from a notebook the course is one folder up
    folder = folder or next((each for each in around if _books(each)), Path())
    books = _books(folder)
    if not books:
        raise Problem(f"There are no chapters in {folder.resolve()}. Name the course's folder.")
    desk = read_record()
    chapters = [with_desk(read_chapter(path), desk.last, path.stat().st_mtime) for path in books]
    return "\n".join([table(chapters), *_about(desk)])


def with_desk(chapter: Chapter, last: Mapping[str, Result], saved: float) -> Chapter:
    """The chapter with what checks have said since it was saved, or what was cleared before.

    Args:
        chapter: as its notebook was saved.
        last: the newest result of each exercise.
        saved: when, in seconds since 1970.
    """
    exercises = tuple(
        replace(each, status=result.status)
        if (result := last.get(each.name))
        and (result.when > saved or each.status is Status.NOT_ATTEMPTED)
        else each
        for each in chapter.exercises
    )
    return replace(chapter, exercises=exercises)


def _about(desk: Record) -> Iterator[str]:
    """Where the results are, for whoever wants to delete them; and what is wrong with them."""
    if desk.results:
        yield f"What checks said here is kept in {record_file()}; you may delete it."
    if desk.unreadable:
        lines = "line" if desk.unreadable == 1 else "lines"
        yield f"{desk.unreadable} {lines} of {record_file()} cannot be read and do not count."


def _books(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("ch*/ch*.ipynb") if path.stem == path.parent.name)


def read_chapter(path: Path) -> Chapter:
    """What a saved notebook says of its exercises; a broken one says so in `trouble`."""
    try:
        notebook = nbformat.read(path, as_version=4)
        references = read_references(path.with_name(FILE))
    except NoReferences as error:
        return Chapter(shown(path.stem), trouble=str(error))
    except Exception:  # whatever nbformat makes of a file that is no notebook
        return Chapter(shown(path.stem), trouble="This file cannot be read as a notebook.")
    return Chapter(shown(path.stem), tuple(_exercises(notebook, references)))


def _exercises(notebook: NotebookNode, references: dict[str, Reference]) -> Iterator[Exercise]:
    for cell in notebook.cells:
        if is_check(cell) and (name := exercise(cell)) in references:
            points = float(cell.metadata.nbgrader.get("points", 0))
            yield Exercise(name, points, _status(cell, references[name]))


def _status(cell: NotebookNode, reference: Reference) -> Status:
    """The verdict on what a check cell last recorded."""
    for data in recorded(cell):
        try:
            evidence = Evidence.from_json(data)
            if evidence.hidden:
                continue
            judgement = judge(evidence, reference)
        except Exception:  # outputs that were edited by hand can be anything
            continue
        failure = judgement.first_failure
        return Status.PASSED if failure is None else failure.verdict.status
    return Status.NOT_ATTEMPTED


def table(chapters: Sequence[Chapter]) -> str:
    """The chapters, a line each: signs, points, and the next exercise to do."""
    lines = aligned(map(_row, chapters), right={2})
    done, all_points = (sum(getattr(c, key) for c in chapters) for key in ("points", "most"))
    legend = "✓ passed, ✗ not yet, · not attempted"
    if any(e.status is Status.RECORDED for c in chapters for e in c.exercises):
        legend += ", ● recorded: judged when you have handed it in"
    lines += ["", f"{done:g} of {all_points:g} points. {legend}."]
    lines.append("Hidden cases are judged when you hand it in.")
    return "\n".join(lines)


def _row(chapter: Chapter) -> Sequence[str]:
    """A chapter's line; its trouble stands at the end, where it may be long."""
    if chapter.trouble:
        return chapter.name, "", "", chapter.trouble
    signs = "".join(SIGNS[each.status] for each in chapter.exercises)
    points = f"{chapter.points:g} of {chapter.most:g} points"
    return chapter.name, signs, points, _next(chapter)


def _next(chapter: Chapter) -> str:
    done = (Status.PASSED, Status.RECORDED)
    todo = [e.number for e in chapter.exercises if e.status not in done]
    return f"next: {todo[0]}" if todo else "done"
