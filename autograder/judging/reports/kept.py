"""What is kept of a graded exercise, for whoever looks at the whole class afterwards."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from autograder.graphs.stored import graph_to_json
from autograder.judging.judgement import JudgedCase
from autograder.judging.reports.graded import GradedReport
from autograder.judging.verdict import Finding, Status, Verdict

ONLY_HIDDEN = "only-other-sizes"
"""The finding where all that students see is right, and a hidden case is not."""

LARGEST_GRAPH = 60
"""Calls of a wrong network that is kept; what is larger is nothing to show a class."""

LONGEST = 2_000
"""Characters of one text."""

MOST_TEXT = 200_000
"""Characters of such a network: settings of a layer can be of any length."""


@dataclass(frozen=True)
class KeptFinding:
    """One finding, as far as a class is told of it."""

    id: str
    message: str = ""
    next_step: str = ""


@dataclass(frozen=True)
class Kept:
    """What is kept of one graded exercise of one student.

    Attributes:
        status: what the answer is; wrong where a hidden case alone is.
        findings: the mistakes of the case that a report speaks of.
        graph: the network of that case, as `graph_to_json` writes it; None if it is right, no
            network, or too large.
        marks: places in it where the mistake is.
    """

    status: Status
    findings: tuple[KeptFinding, ...] = ()
    graph: Mapping[str, Any] | None = field(default=None, repr=False)
    marks: tuple[int, ...] = ()

    def to_text(self) -> str:
        """What is kept, as one line of ASCII: any file can hold it, whatever a student wrote."""
        data = {
            "status": str(self.status),
            "findings": [vars(finding) for finding in self.findings],
            "graph": self.graph,
            "marks": list(self.marks),
        }
        return json.dumps(data, separators=(",", ":"))

    @classmethod
    def from_text(cls, text: str) -> Kept:
        """What `to_text` wrote.

        Raises:
            ValueError: if the text is nothing of that kind.
        """
        try:
            data = json.loads(text)
            return cls(
                Status(data["status"]),
                tuple(
                    KeptFinding(*(str(each[name]) for name in ("id", "message", "next_step")))
                    for each in data["findings"]
                ),
                data["graph"],
                tuple(int(mark) for mark in data["marks"]),
            )
        except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
            raise ValueError("This is nothing that was kept of an exercise.") from error


def kept(report: GradedReport) -> Kept:
    """What to keep of what a report says of the cases that students see, and of hidden ones."""
    case, unseen = report.judgement.first_failure, report.unseen
    if case is not None:
        return _of(case, case.verdict.findings)
    hidden = unseen.first_failure if unseen is not None else None
    if hidden is None:
        return Kept(Status.PASSED)
    return _of(hidden, (Finding(ONLY_HIDDEN, ""), *hidden.verdict.findings), Status.WRONG)


def _of(case: JudgedCase, findings: tuple[Finding, ...], status: Status | None = None) -> Kept:
    verdict = case.verdict
    told = tuple(
        KeptFinding(each.id, each.message[:LONGEST], each.next_step[:LONGEST]) for each in findings
    )
    graph = _shown(verdict)
    return Kept(status or verdict.status, told, graph, verdict.answer_marks if graph else ())


def _shown(verdict: Verdict) -> dict[str, Any] | None:
    """The network as data, where it is one to show."""
    graph = verdict.answer
    if graph is None or verdict.passed or len(graph.calls) > LARGEST_GRAPH:
        return None
    data = graph_to_json(graph)
    return data if len(json.dumps(data)) <= MOST_TEXT else None
