"""The gradebook's part in the engine: a private copy for each worker, one writer for all."""

from __future__ import annotations

import tempfile
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from nbgrader.api import Base, Gradebook, SubmittedNotebook
from sqlalchemy import create_engine, insert, select

OF_STUDENTS = frozenset(
    {"student", "submitted_assignment", "submitted_notebook", "grade", "comment"}
)


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


def without_students(url: str) -> bytes:
    """A SQLite copy of a gradebook that holds its assignments and nobody's grades.

    Args:
        url: the gradebook's database, SQLite or any other that nbgrader works on.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "gradebook.db")
        source, target = create_engine(url), create_engine(f"sqlite:///{path.as_posix()}")
        # nbgrader's own way to a new gradebook takes seconds: it asks a program for a version
        # number that only an upgrade needs.
        Base.metadata.create_all(target)
        with source.connect() as there, target.begin() as here:
            for table in Base.metadata.sorted_tables:
                if table.name in OF_STUDENTS:
                    continue
                rows = [dict(row._mapping) for row in there.execute(select(table))]
                if rows:
                    here.execute(insert(table), rows)
        source.dispose()
        target.dispose()
        return path.read_bytes()


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
    timestamp: str | None,
    notebooks: list[NotebookScores],
) -> None:
    """Write one student's automatic scores in one transaction; manual ones stay as they are.

    A cell that a person has graded before is marked to be looked at again, as nbgrader does.
    """
    session = gradebook.db
    try:
        gradebook.update_or_create_student(student)
        extra = {} if timestamp is None else {"timestamp": timestamp}
        submission = gradebook.update_or_create_submission(assignment, student, **extra)
        found = {notebook.name: notebook for notebook in notebooks}
        for notebook in submission.notebooks:
            if notebook.name not in found:
                continue
            new = found[notebook.name]
            notebook.late_submission_penalty = new.late_penalty
            for grade in notebook.grades:
                if grade.name in new.scores:
                    grade.auto_score, manual = new.scores[grade.name]
                    grade.needs_manual_grade = manual or grade.manual_score is not None
            for comment in notebook.comments:
                comment.auto_comment = new.comments.get(comment.name)
        session.commit()
    except Exception:
        session.rollback()
        raise
