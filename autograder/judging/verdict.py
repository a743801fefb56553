"""What the judge says of an answer, as plain data."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from autograder.graphs import Graph


class Status(StrEnum):
    """What an answer can be; "recorded" where nothing may be said of it, as in an exam."""

    PASSED = "passed"
    WRONG = "wrong"
    NOT_ATTEMPTED = "not attempted"
    NOT_CHECKABLE = "not checkable"
    RECORDED = "recorded"


@dataclass(frozen=True)
class Finding:
    """One thing that a verdict says.

    Attributes:
        id: what it is: a misconception of the catalogue, such as "not-shared", or what
            else there is to say, such as "not-attempted".
        message: what was built, what was meant, and why it matters.
        where: the student's own layer names.
        expected: what the exercise asks for at that place.
        found: what the answer has there.
        next_step: one thing to try; never the code.
    """

    id: str
    message: str
    where: tuple[str, ...] = ()
    expected: str = ""
    found: str = ""
    next_step: str = ""

    @property
    def misconception(self) -> str:
        """The id by the name that scripts of instructors know it by."""
        return self.id

    def to_json(self) -> dict[str, Any]:
        """The finding as JSON data."""
        return asdict(self) | {"where": list(self.where)}


@dataclass(frozen=True)
class Verdict:
    """What the judge says of one answer.

    Attributes:
        status: passed, wrong, not attempted, not checkable or recorded.
        findings: the mistakes; empty when passed.
        answer: the student's graph, where the answer is one.
        reference: the graph it was compared with, where there is one.
        answer_marks: places in `answer` where the first difference is.
        reference_marks: the places in `reference` that were meant there.
        notes: what is not wrong, but worth saying.
        remark: what the instructor should know of how it was found, where both judges disagree.
    """

    status: Status
    findings: tuple[Finding, ...] = ()
    answer: Graph | None = field(default=None, repr=False)
    reference: Graph | None = field(default=None, repr=False)
    answer_marks: tuple[int, ...] = ()
    reference_marks: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    remark: str = ""

    @property
    def passed(self) -> bool:
        """Whether the answer is right."""
        return self.status is Status.PASSED

    def to_json(self) -> dict[str, Any]:
        """Status and findings as JSON data."""
        return {
            "status": str(self.status),
            "passed": self.passed,
            "findings": [finding.to_json() for finding in self.findings],
            "notes": list(self.notes),
        }
