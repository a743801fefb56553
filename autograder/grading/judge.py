"""Score check cells by judging their evidence, in the grader's process."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade, is_solution

from autograder.grading.cells import exercise as exercise_of
from autograder.grading.cells import is_attempted
from autograder.grading.clean_run import CleanRun
from autograder.grading.execute import CLEAN_RUN
from autograder.grading.expected import references
from autograder.grading.flags import add_flag
from autograder.grading.graft import course_of
from autograder.grading.suspicious import suspicious_lines
from autograder.judging.evidence import MIME_TYPE, Case, Evidence, Kind, Problem
from autograder.judging.judge import Judgement, judge
from autograder.judging.references import Reference
from autograder.judging.reports import Report
from autograder.judging.verdict import Finding, Status, Verdict

LARGEST_EVIDENCE = 5_000_000
"""Characters of one piece of evidence; Xception called twice has under 300,000."""


class Judge(NbGraderPreprocessor):
    """A preprocessor that scores each check cell by what it recorded, not by what it claims.

    It stands right after Execute. The outputs of a check cell become the report and one number,
    which nbgrader's own rule then takes as the score: the cell's points times the share of its
    visible and hidden cases that passed. A test cell without a reference, such as one of plain
    asserts, stays with nbgrader's rule; but warnings and lines on stderr never count.
    """

    def preprocess(
        self, nb: NotebookNode, resources: ResourcesDict
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Judge every check cell whose exercise has a reference."""
        visible, hidden = references(course_of(self), resources["nbgrader"]["assignment"])
        clean: CleanRun = resources.get(CLEAN_RUN) or CleanRun()
        for line in [*clean.noticed, *suspicious_lines(nb)]:
            add_flag(nb, line)
            self.log.warning("%s: %s", resources["nbgrader"]["student"], line)
        for cell in nb.cells:
            if cell.cell_type != "code" or not is_grade(cell) or is_solution(cell):
                continue
            exercise = exercise_of(cell)
            if exercise in visible:
                cell.outputs = clean.outputs(cell)
                if not is_attempted(nb, cell):
                    cell.outputs = list(itertools.filterfalse(_has_answer, cell.outputs))
                found = Found.of(cell, visible[exercise], hidden.get(exercise))
                for line in suspicions(cell, found):
                    add_flag(nb, line)
                    self.log.warning("%s: %s", resources["nbgrader"]["student"], line)
                cell.outputs = judged_outputs(cell, found)
            else:
                cell.outputs = [output for output in cell.outputs if not _is_chatter(output)]
        return nb, resources


@dataclass(frozen=True)
class Found:
    """What a check cell recorded of an exercise, judged.

    Attributes:
        seen: the judgement on the cases that students see.
        unseen: that on the hidden cases; None if the exercise has none.
        answers: how often the cell recorded the cases that students see.
        is_hidden_missing: whether there are hidden cases, and the cell did not record them.
        is_odd: whether what it recorded cannot be judged, which `check` would never record.
    """

    seen: Judgement
    unseen: Judgement | None
    answers: int
    is_hidden_missing: bool
    is_odd: bool

    @classmethod
    def of(cls, cell: NotebookNode, visible: Reference, hidden: Reference | None) -> Found:
        """Judge an executed check cell.

        Args:
            cell: the cell with its outputs.
            visible: what is expected of the cases that students see.
            hidden: what is expected of those they do not see; None if there are none.
        """
        answers = _all_evidence(cell, visible.exercise, False)
        others = _all_evidence(cell, hidden.exercise, True) if hidden is not None else []
        evidence = answers[0] if answers else _nothing(cell, visible)
        seen, is_odd = _judged(evidence, visible)
        unseen, is_hidden_odd = None, False
        if hidden is not None:
            unseen, is_hidden_odd = _judged(others[0] if others else None, hidden)
        is_missing = hidden is not None and not others
        return cls(seen, unseen, len(answers), is_missing, is_odd or is_hidden_odd)


def _judged(evidence: Evidence | None, reference: Reference) -> tuple[Judgement, bool]:
    """The judgement, and whether the evidence is such that it cannot be judged."""
    try:
        return judge(evidence, reference), False
    except Exception:  # forged evidence can be anything; one submission must not stop a class
        finding = Finding("not-readable", "What the check recorded cannot be judged.")
        verdicts = (Verdict(Status.NOT_CHECKABLE, (finding,)),) * len(reference.cases)
        arguments = tuple(expected.arguments for expected in reference.cases)
        return Judgement(reference.exercise, verdicts, arguments), True


def judged_outputs(cell: NotebookNode, found: Found) -> list[NotebookNode]:
    """What a check cell's outputs become: the report, and the score as nbgrader reads it."""
    text, html = _texts(Report(found.seen))
    if found.unseen is not None and (line := hidden_line(found.seen, found.unseen)):
        text, html = f"{text}\n  {line}", f"{html}<p>{line}</p>"
    points = float(cell.metadata.nbgrader.points)
    score = round(points * share(found.seen, found.unseen), 2)
    return [
        new_output("display_data", {"text/plain": text, "text/html": html}),
        new_output("execute_result", {"text/plain": str(score)}, execution_count=1),
    ]


def _texts(report: Report) -> tuple[str, str]:
    try:
        return report.text(), report.html()
    except Exception:  # what is not like any layer can be judged, and not be described or drawn
        text = "What the check recorded cannot be shown."
        return text, f"<p>{text}</p>"


def suspicions(cell: NotebookNode, found: Found) -> Iterator[str]:
    """What the instructor should know of how a check cell came to its outputs, a line each.

    An honest check that ends without an error has recorded one answer. None of this changes the
    score, which rests on the evidence alone.
    """
    name = cell.metadata.nbgrader.grade_id
    if found.is_odd:
        yield f"{name} recorded something that no check records."
    if any(output.output_type == "error" for output in cell.outputs):
        return
    if not found.answers:
        yield f"{name} ended without an error, but recorded no answer."
    if found.answers > 1:
        yield f"{name} recorded {found.answers} answers; the first one counts."
    if found.is_hidden_missing:
        yield f"{name} did not record its hidden cases."


def share(seen: Judgement, unseen: Judgement | None) -> float:
    """The part of all cases, seen and unseen, that passed; from 0 to 1."""
    verdicts = seen.verdicts + (unseen.verdicts if unseen is not None else ())
    return sum(verdict.passed for verdict in verdicts) / len(verdicts)


def hidden_line(seen: Judgement, unseen: Judgement) -> str:
    """What a student is told of the hidden cases: how many passed, never which sizes they have."""
    passed = sum(verdict.passed for verdict in unseen.verdicts)
    total = len(unseen.verdicts)
    line = f"With other sizes: {passed} of {total} cases passed."
    if seen.passed and passed < total:
        line += " Is a number written out where one of the function's arguments belongs?"
    return line


def _is_chatter(output: NotebookNode) -> bool:
    """Whether an output is on stderr, for which nbgrader's own rule would take all points."""
    return output.output_type == "stream" and output.name == "stderr"


def _has_answer(output: NotebookNode) -> bool:
    """Whether an output is evidence of an answer, not of there being none."""
    data = output.get("data", {}).get(MIME_TYPE, {})
    cases = data.get("cases") if isinstance(data, dict) else None
    return not isinstance(cases, list) or any(
        not isinstance(case, dict) or case.get("kind") != Kind.PROBLEM for case in cases
    )


def _all_evidence(cell: NotebookNode, exercise: str, hidden: bool) -> list[Evidence]:
    """All sound evidence in a cell's outputs that is about this exercise."""
    found = []
    for output in cell.outputs:
        data: Any = output.get("data", {}).get(MIME_TYPE)
        if data is None or len(str(data)) > LARGEST_EVIDENCE:
            continue
        try:
            evidence = Evidence.from_json(data)
        except Exception:  # forged evidence can be anything
            continue
        if evidence.exercise == exercise and evidence.hidden is hidden:
            found.append(evidence)
    return found


def _nothing(cell: NotebookNode, reference: Reference) -> Evidence:
    """Evidence of a cell that recorded none: the error that stopped it, case by case."""
    errors = [output for output in cell.outputs if output.output_type == "error"]
    message = "The check recorded no answer."
    if errors:
        value = re.sub(r"\x1b\[[0-9;]*m", "", str(errors[-1].get("evalue", "")))
        message = f"The check could not look at an answer: {errors[-1].get('ename')}: {value}"
    cases = tuple(
        Case(Kind.PROBLEM, message[:2000], expected.arguments, Problem.NOT_ATTEMPTED)
        for expected in reference.cases
    )
    return Evidence(reference.exercise, cases)
