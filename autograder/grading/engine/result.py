"""What grading one submission gave: scores, or the reason why there are none."""

from __future__ import annotations

from dataclasses import dataclass, field

from autograder.grading.engine.gradebook import NotebookScores


@dataclass(frozen=True)
class Graded:
    """A submission that was graded.

    Attributes:
        student: whose.
        notebooks: its scores.
        autograded: nbgrader's autograded folder, packed.
        remarks: what the instructor should know of it, a line each.
        is_disturbed: whether something stopped it that other work on the machine may have caused.
    """

    student: str
    notebooks: list[NotebookScores] = field(default_factory=list)
    autograded: bytes = b""
    remarks: list[str] = field(default_factory=list)
    is_disturbed: bool = False


@dataclass(frozen=True)
class NotGraded:
    """A submission that could not be graded.

    Attributes:
        student: whose.
        reason: why, in one line without a full stop.
        own_cell: where that is that a cell of ours failed by itself, which cell, and how.
    """

    student: str
    reason: str
    own_cell: str = ""


Result = Graded | NotGraded
