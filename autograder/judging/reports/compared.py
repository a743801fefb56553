"""A verdict on two networks that shows itself: as a card in a notebook, in words in a shell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from autograder.judging.judgement import JudgedCase, Judgement
from autograder.judging.reports.at_the_desk import SIGNS, Report
from autograder.judging.verdict import Status, Verdict

_HEADLINES = {
    Status.PASSED: "The same network as the reference",
    Status.WRONG: "Not the same network as the reference",
    Status.NOT_CHECKABLE: "Cannot be compared with the reference",
}


class ComparedReport(Report):
    """A report on two networks, of which no exercise asks for one."""

    @property
    def headline(self) -> str:
        """One line: sign and verdict."""
        return f"{SIGNS[self.verdict.status]} {_HEADLINES[self.verdict.status]}"


@dataclass(frozen=True, repr=False)
class Compared(Verdict):
    """What `compare` says."""

    @classmethod
    def of(cls, verdict: Verdict) -> Compared:
        """The same verdict, showing itself."""
        return cls(**vars(verdict))

    @property
    def report(self) -> ComparedReport:
        """The verdict ready to be shown."""
        return ComparedReport(Judgement("reference", (JudgedCase(self),)))

    def __repr__(self) -> str:
        return self.report.text()

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return self.report._repr_mimebundle_(include, exclude)
