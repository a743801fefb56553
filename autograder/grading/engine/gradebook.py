"""The gradebook's part in the engine: a private copy for each worker, one writer for all."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from nbgrader.api import Base, Gradebook, SubmittedNotebook, new_uuid
from nbgrader.utils import parse_utc
from sqlalchemy import (
    Column,
    Connection,
    Insert,
    Row,
    Select,
    Table,
    Update,
    bindparam,
    create_engine,
    insert,
    select,
    update,
)

from autograder.grading.engine.late import LatePenalties

OF_STUDENTS = frozenset(
    {"student", "submitted_assignment", "submitted_notebook", "grade", "comment"}
)

TABLES = Base.metadata.tables
ASSIGNMENTS, NOTEBOOKS, CELLS = (TABLES[name] for name in ("assignment", "notebook", "base_cell"))
STUDENTS, SUBMISSIONS, SUBMITTED, GRADES, COMMENTS = (
    TABLES[name]
    for name in ("student", "submitted_assignment", "submitted_notebook", "grade", "comment")
)
GRADED, COMMENTED = ("GradeCell", "TaskCell"), ("SolutionCell", "TaskCell")


@dataclass(frozen=True)
class NotebookScores:
    """What autograding wrote of one submitted notebook.

    Attributes:
        name: the notebook's name.
        scores: by grade id, the automatic score and whether a person has to look.
        comments: by grade id, the automatic comment.
        late_penalty: what being late costs.
    """

    name: str
    scores: dict[str, tuple[float | None, bool]] = field(default_factory=dict)
    comments: dict[str, str | None] = field(default_factory=dict)
    late_penalty: float | None = None


Rows = dict[str, list[dict[str, Any]]]
"""A gradebook's rows, by table."""


def read_assignments(url: str) -> Rows:
    """All that a gradebook says of its assignments; nothing of its students.

    Args:
        url: the gradebook's database, SQLite or any other that nbgrader works on.
    """
    engine = create_engine(url)
    try:
        with engine.connect() as database:
            return {
                table.name: [dict(row._mapping) for row in database.execute(select(table))]
                for table in Base.metadata.sorted_tables
                if table.name not in OF_STUDENTS
            }
    finally:
        engine.dispose()


def as_gradebook(rows: Rows) -> bytes:
    """A SQLite gradebook with just these rows."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "gradebook.db")
        target = create_engine(f"sqlite:///{path.as_posix()}")
        # nbgrader's own way to a new gradebook takes seconds: it asks a program for a version
        # number that only an upgrade needs.
        Base.metadata.create_all(target)
        with target.begin() as database:
            for table in Base.metadata.sorted_tables:
                if rows.get(table.name):
                    database.execute(insert(table), rows[table.name])
        target.dispose()
        return path.read_bytes()


def digest_of(rows: Rows, assignment: str) -> str:
    """What scores of an assignment rest on in these rows: its notebooks, cells and their points.

    Not its due date: that only matters for late penalties, which are reckoned anew in each run.
    Nor the ids that rows go by.
    """
    numbers = {row["id"] for row in rows["assignment"] if row["name"] == assignment}
    notebooks = {
        row["id"]: row["name"] for row in rows["notebook"] if row["assignment_id"] in numbers
    }
    cells = {row["id"]: row for row in rows["base_cell"] if row["notebook_id"] in notebooks}
    told = [["notebook", name] for name in notebooks.values()]
    for table, found in rows.items():
        for row in found:
            whole = {**cells.get(row["id"], {}), **row}
            if whole.get("notebook_id") in notebooks:
                about = {key: value for key, value in whole.items() if not _is_id(key)}
                told.append([table, notebooks[whole["notebook_id"]], sorted(about.items())])
    text = "\n".join(sorted(json.dumps(line, default=str) for line in told))
    return hashlib.sha256(text.encode()).hexdigest()


def _is_id(column: str) -> bool:
    return column == "id" or column.endswith("_id")


def read_scores(url: str, assignment: str, student: str) -> list[NotebookScores]:
    """What autograding wrote into a worker's private gradebook."""
    with closing(Gradebook(url)) as gradebook:
        submission = gradebook.find_submission(assignment, student)
        return [_scores(notebook) for notebook in submission.notebooks]


def _scores(notebook: SubmittedNotebook) -> NotebookScores:
    return NotebookScores(
        notebook.name,
        {grade.name: (grade.auto_score, grade.needs_manual_grade) for grade in notebook.grades},
        {comment.name: comment.auto_comment for comment in notebook.comments},
        notebook.late_submission_penalty,
    )


def write_scores(
    gradebook: Gradebook,
    assignment: str,
    student: str,
    *,
    timestamp: str | None,
    notebooks: list[NotebookScores],
    penalties: LatePenalties | None = None,
) -> None:
    """Write one student's automatic scores in one transaction; manual ones stay as they are.

    A cell that a person has graded before is marked to be looked at again, as nbgrader does. The
    rows are those of nbgrader's own `add_submission`, written as statements: its objects take ten
    times as long, and one process writes for all workers.

    Args:
        gradebook: where to.
        assignment: what was graded.
        student: whose it is.
        timestamp: when it was handed in; None if nobody knows.
        notebooks: what grading gave.
        penalties: the rule for late penalties; None for those that came with the scores.
    """
    if gradebook.authenticator:
        gradebook.authenticator.add_student_to_course(student, gradebook.course_id)
    session = gradebook.db
    try:
        # On the connection: the session would look in each statement for objects of its own.
        rows = session.connection()
        submission = _submission(rows, assignment, student, parse_utc(timestamp))
        cells = _cells(rows, assignment)
        for new in notebooks:
            _write_notebook(rows, submission, cells.get(new.name, []), new)
        if penalties is not None:
            penalties.reckon(session, submission)
        session.commit()
    except Exception:
        session.rollback()
        raise


def _submission(rows: Connection, assignment: str, student: str, timestamp: datetime | None) -> str:
    """The id of a student's submission, which has this time now; made where there is none."""
    number = rows.execute(_found(ASSIGNMENTS, ASSIGNMENTS.c.name), {"name": assignment})
    if rows.execute(_found(STUDENTS, STUDENTS.c.id), {"id": student}).scalar() is None:
        rows.execute(_new(STUDENTS), {"id": student})
    key = {"assignment_id": number.scalar_one(), "student_id": student}
    time = {} if timestamp is None else {"timestamp": timestamp}
    return _row(rows, SUBMISSIONS, key, time)


def _row(rows: Connection, table: Table, key: dict[str, str], values: dict[str, Any]) -> str:
    """The id of the row with this key, which has these values now; made where there is none."""
    found = rows.execute(_found(table, *(table.c[name] for name in key)), key).scalar()
    if found is None:
        found = new_uuid()
        rows.execute(_new(table), {"id": found, **key, **values})
    elif values:
        rows.execute(_changed(table, *values), {"row": found, **values})
    return found


def _cells(rows: Connection, assignment: str) -> dict[str, list[Row]]:
    """An assignment's cells by the name of their notebook."""
    found: dict[str, list[Row]] = {}
    for cell in rows.execute(CELLS_OF, {"assignment": assignment}):
        found.setdefault(cell.of, []).append(cell)
    return found


def _write_notebook(
    rows: Connection, submission: str, cells: list[Row], new: NotebookScores
) -> None:
    if not cells:
        return
    key = {"assignment_id": submission, "notebook_id": cells[0].notebook_id}
    notebook = _row(rows, SUBMITTED, key, {"late_submission_penalty": new.late_penalty})
    manual = {cell for cell, _ in rows.execute(BY_HAND, {"notebook": notebook})}
    grades, comments = {}, {}
    for cell in cells:
        if cell.type in GRADED:
            score, needs_a_person = new.scores.get(cell.name, (None, True))
            grades[cell.id] = {
                "auto_score": score,
                "needs_manual_grade": needs_a_person or cell.id in manual,
            }
        if cell.type in COMMENTED:
            comments[cell.id] = {"auto_comment": new.comments.get(cell.name)}
    _put(rows, GRADES, notebook, grades)
    _put(rows, COMMENTS, notebook, comments)


def _put(
    rows: Connection, table: Table, notebook: str, values: Mapping[str, dict[str, Any]]
) -> None:
    """Set these values, by cell, in a submitted notebook's rows; make those that are not there."""
    if not values:
        return
    there = dict(rows.execute(_of_notebook(table), {"notebook": notebook}).all())
    fresh = [
        {"id": new_uuid(), "notebook_id": notebook, "cell_id": cell, **row}
        for cell, row in values.items()
        if cell not in there
    ]
    known = [{"row": there[cell], **row} for cell, row in values.items() if cell in there]
    if fresh:
        rows.execute(_new(table), fresh)
    if known:
        rows.execute(_changed(table, *next(iter(values.values()))), known)


# --- statements, each made once: making one takes as long as running it -------------------------

CELLS_OF = (
    select(
        CELLS.c.id, CELLS.c.name, CELLS.c.type, CELLS.c.notebook_id, NOTEBOOKS.c.name.label("of")
    )
    .join(NOTEBOOKS, NOTEBOOKS.c.id == CELLS.c.notebook_id)
    .join(ASSIGNMENTS, ASSIGNMENTS.c.id == NOTEBOOKS.c.assignment_id)
    .where(ASSIGNMENTS.c.name == bindparam("assignment"))
)
BY_HAND = select(GRADES.c.cell_id, GRADES.c.manual_score).where(
    GRADES.c.notebook_id == bindparam("notebook"), GRADES.c.manual_score.is_not(None)
)


@cache
def _found(table: Table, *key: Column) -> Select:
    return select(table.c.id).where(*(column == bindparam(column.name) for column in key))


@cache
def _of_notebook(table: Table) -> Select:
    return select(table.c.cell_id, table.c.id).where(table.c.notebook_id == bindparam("notebook"))


@cache
def _new(table: Table) -> Insert:
    return insert(table)


@cache
def _changed(table: Table, *names: str) -> Update:
    values = {name: bindparam(name) for name in names}
    return update(table).where(table.c.id == bindparam("row")).values(**values)
