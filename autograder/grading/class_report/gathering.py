"""Gather what is known of a class: from nbgrader's gradebook, and from the graded notebooks."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import nbformat
from nbformat import NotebookNode
from nbgrader import api
from sqlalchemy import make_url, select

from autograder.grading.class_report.class_data import (
    Answer,
    Assignment,
    ClassData,
    Exercise,
    Person,
)
from autograder.grading.class_report.graded_notebooks import GradedNotebook, read_graded
from autograder.grading.class_report.headings import place_of
from autograder.grading.course.folder import Course
from autograder.grading.engine.grades import Grades
from autograder.grading.notebooks.answer_cells import as_student_writes
from autograder.grading.notebooks.cells import answers, grade_id
from autograder.grading.submissions.handed_in import students, times
from autograder.problem import Problem


@dataclass(frozen=True)
class Cell:
    """A graded cell, as the gradebook has it."""

    assignment: str
    notebook: str
    check: str
    points: float


@dataclass(frozen=True)
class Mark:
    """What one student has for one graded cell; None where nobody has given points yet."""

    student: str
    cell: Cell
    score: float | None
    needs_a_person: bool


@dataclass(frozen=True)
class Book:
    """What is asked of the gradebook."""

    people: tuple[Person, ...]
    cells: tuple[Cell, ...]
    marks: tuple[Mark, ...]


def gather(grades: Grades, wanted: Sequence[str]) -> ClassData:
    """All that is known of a class.

    Args:
        grades: its gradebook, and the folders beside it.
        wanted: the assignments; all that somebody has a grade in by default.

    Raises:
        Problem: if there is no such assignment, or nobody has been graded.
    """
    course = grades.course
    _demand_gradebook(course.db_url)
    book = grades.ask(_asked)
    names = _chosen(course, book, wanted)
    found = tuple(_assignment(course, grades, book, name) for name in names)
    return ClassData(_everybody(book, found), found)


def _demand_gradebook(address: str) -> None:
    """nbgrader would make an empty one where there is none."""
    url = make_url(address)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        raise Problem(f"There is no gradebook {url.database}: nothing was released or graded yet.")


def _asked(gradebook: api.Gradebook) -> Book:
    """People, graded cells, and what everybody has for them, by three questions."""
    student, cell, grade = api.Student, api.GradeCell, api.Grade
    notebook, assignment = api.Notebook, api.Assignment
    people = select(student.id, student.first_name, student.last_name)
    cells = (
        select(cell.id, assignment.name, notebook.name, cell.name, cell.max_score)
        .join(notebook, notebook.id == cell.notebook_id)
        .join(assignment, assignment.id == notebook.assignment_id)
    )
    own, submission = api.SubmittedNotebook, api.SubmittedAssignment
    given = grade.needs_manual_grade, grade.auto_score, grade.manual_score
    marks = (
        select(submission.student_id, grade.cell_id, grade.score, *given)
        .join(own, own.id == grade.notebook_id)
        .join(submission, submission.id == own.assignment_id)
    )
    ask = gradebook.db.execute
    known = {id: Cell(*about, float(points)) for id, *about, points in ask(cells)}
    return Book(
        tuple(Person(id, " ".join(filter(None, name))) for id, *name in ask(people)),
        tuple(known.values()),
        tuple(
            Mark(who, known[cell], _points(score, each), needs)
            for who, cell, score, needs, *each in ask(marks)
            if cell in known
        ),
    )


def _points(score: float, given: Sequence[float | None]) -> float | None:
    """nbgrader counts as 0 what has no points yet."""
    return None if all(each is None for each in given) else float(score)


def _chosen(course: Course, book: Book, wanted: Sequence[str]) -> list[str]:
    known = {cell.assignment for cell in book.cells}
    if unknown := [name for name in wanted if name not in known]:
        there = ", ".join(sorted(known)) or "none"
        raise Problem(f"The gradebook has no graded assignment {unknown[0]!r}; there are: {there}.")
    graded = {mark.cell.assignment for mark in book.marks}
    chosen = list(dict.fromkeys(wanted)) or sorted(graded)
    if not graded.intersection(chosen):
        raise Problem("Nobody has been graded yet. First: autograder grade")
    return chosen


def _assignment(course: Course, grades: Grades, book: Book, name: str) -> Assignment:
    cells = [cell for cell in book.cells if cell.assignment == name]
    of_cell = dict(_exercises(course, name, cells))
    notebooks = sorted({cell.notebook for cell in cells})
    marks: dict[str, list[Mark]] = {}
    for mark in book.marks:
        if mark.cell.assignment == name:
            marks.setdefault(mark.student, []).append(mark)
    found: dict[str, dict[str, Answer]] = {}
    remarks: dict[str, tuple[str, ...]] = {}
    for student, own in sorted(marks.items()):
        folder = course.folder("autograded", student, name)
        read = {each: read_graded(folder / f"{each}.ipynb") for each in notebooks}
        answered = [_answer(mark, of_cell[mark.cell], read) for mark in own]
        found[student] = {answer.exercise: answer for answer in answered}
        lines = [*grades.remarks(student, name), *(x for one in read.values() for x in one.remarks)]
        remarks[student] = tuple(dict.fromkeys(filter(None, lines)))
    not_graded = tuple(who for who in students(course, name) if who not in found)
    often = {who: times(course, name, who) for who in (*found, *not_graded)}
    return Assignment(name, tuple(of_cell.values()), found, remarks, not_graded, often)


def _answer(mark: Mark, exercise: Exercise, read: dict[str, GradedNotebook]) -> Answer:
    notebook = read[mark.cell.notebook]
    return Answer(
        mark.student,
        exercise.name,
        mark.score,
        kept=notebook.kept.get(exercise.check),
        source=notebook.source(exercise),
        seconds=notebook.time(exercise),
        needs_a_person=mark.needs_a_person,
    )


def _exercises(
    course: Course, assignment: str, cells: Sequence[Cell]
) -> Iterator[tuple[Cell, Exercise]]:
    """The graded cells of an assignment, in the order of the notebooks that students have."""
    notebooks = sorted({cell.notebook for cell in cells})
    for notebook in notebooks:
        own = {cell.check: cell for cell in cells if cell.notebook == notebook}
        path = course.folder("release", ".", assignment) / f"{notebook}.ipynb"
        source = course.folder("source", ".", assignment) / path.name
        released, solutions = _read(path), _sources(_read(source))
        link, several = _link(path, course.root), notebook if len(notebooks) > 1 else ""
        for place in released.cells if released is not None else ():
            if (cell := own.pop(grade_id(place) or "", None)) is not None:
                yield cell, _exercise(cell, released, place, solutions, link=link, several=several)
        for cell in own.values():  # what the notebook has no more, or a chapter that is gone
            yield cell, Exercise(assignment, cell.check, cell.points, notebook=several)


def _link(path: Path, start: Path) -> str:
    return quote(os.path.relpath(path, start).replace(os.sep, "/"))


def _exercise(
    cell: Cell,
    released: NotebookNode,
    place: NotebookNode,
    solutions: dict[str, str],
    *,
    link: str,
    several: str,
) -> Exercise:
    title, section = place_of(released, place, link)
    looked_at = answers(released, place)
    ids = tuple(grade_id(each) or "" for each in looked_at)
    return Exercise(
        cell.assignment,
        cell.check,
        cell.points,
        title=title,
        section=section,
        answer_cells=ids,
        released="\n".join(each.source for each in looked_at),
        solution="\n".join(as_student_writes(solutions.get(id, "")) for id in ids),
        notebook=several,
    )


def _sources(notebook: NotebookNode | None) -> dict[str, str]:
    cells = notebook.cells if notebook is not None else ()
    return {grade_id(cell) or "": cell.source for cell in cells}


def _read(path: Path) -> NotebookNode | None:
    try:
        return nbformat.read(path, as_version=4)
    except (OSError, ValueError, nbformat.ValidationError):
        return None


def _everybody(book: Book, assignments: Sequence[Assignment]) -> tuple[Person, ...]:
    """The gradebook's people, and those who only handed in something."""
    known = {person.id: person for person in book.people}
    for assignment in assignments:
        for student in (*assignment.answers, *assignment.not_graded):
            known.setdefault(student, Person(student))
    return tuple(known[id] for id in sorted(known))
