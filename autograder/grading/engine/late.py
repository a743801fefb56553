"""What being late costs, by the course's own rule, and by due dates and extensions as they are now.

Reckoned in the gradebook itself: workers know of no extensions, nor of points that a person gave.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from nbgrader.api import Assignment, Gradebook, SubmittedAssignment, SubmittedNotebook
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from traitlets.config import Config


class LatePenalties:
    """The rule that the configuration names: `AssignLatePenalties.plugin_class`."""

    def __init__(self, config: Config) -> None:
        self._rule = AssignLatePenalties(config=config)
        self._rule.init_plugin()

    def reckon(self, session: Session, submission: str) -> bool:
        """Set a submission's penalties without committing; whether they are others than before.

        Args:
            session: the gradebook's.
            submission: the row's id.
        """
        asked = select(
            SubmittedAssignment.student_id,
            SubmittedAssignment.timestamp,
            SubmittedAssignment.extension,
            Assignment.duedate,
        )
        student, *times = session.execute(
            asked.join(Assignment).where(SubmittedAssignment.id == submission)
        ).one()
        of_it = SubmittedNotebook.assignment_id == submission
        late = seconds_late(*times)
        if late <= 0:
            has_any = of_it, SubmittedNotebook.late_submission_penalty.is_not(None)
            none = update(SubmittedNotebook).where(*has_any).values(late_submission_penalty=None)
            return session.execute(none).rowcount > 0
        fresh = select(SubmittedNotebook).where(of_it).execution_options(populate_existing=True)
        changed = [self._set(notebook, student, late) for notebook in session.scalars(fresh)]
        return any(changed)

    def _set(self, notebook: SubmittedNotebook, student: str, late: float) -> bool:
        before = notebook.late_submission_penalty
        penalty = self._rule.plugin_inst.late_submission_penalty(student, notebook.score, late)
        if penalty is not None:
            penalty = self._rule._check_late_penalty(notebook, penalty)
        notebook.late_submission_penalty = penalty
        return (penalty or 0) != (before or 0)


def seconds_late(
    handed_in: datetime | None, extension: timedelta | None, due: datetime | None
) -> float:
    """By how much a time is past a due date; 0 or less if it is not, or there is no such date."""
    if handed_in is None or due is None:
        return 0
    return (handed_in - due - (extension or timedelta())).total_seconds()


def renew_late_penalties(
    gradebook: Gradebook, assignment: str, penalties: LatePenalties
) -> list[str]:
    """Reckon everybody's late penalties anew; return the students whose penalty changed."""
    session = gradebook.db
    asked = select(SubmittedAssignment.id, SubmittedAssignment.student_id).join(Assignment)
    everybody = session.execute(asked.where(Assignment.name == assignment)).all()
    try:
        changed = [student for number, student in everybody if penalties.reckon(session, number)]
        session.commit()
        return changed
    except Exception:
        session.rollback()
        raise


def late_penalties(gradebook: Gradebook, assignment: str) -> dict[str, float]:
    """By student, the points that being late costs; of everybody who has a score."""
    asked = select(SubmittedAssignment.student_id, SubmittedAssignment.late_submission_penalty)
    found = gradebook.db.execute(asked.join(Assignment).where(Assignment.name == assignment))
    return dict(found.all())
