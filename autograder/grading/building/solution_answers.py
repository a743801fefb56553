"""The references of an assignment, out of its executed solution."""

from __future__ import annotations

from dataclasses import replace

from nbformat import NotebookNode

from autograder.checking import (
    BRIEF_MIME_TYPE,
    DEMANDS_MIME_TYPE,
    MISTAKES_MIME_TYPE,
    WHY_MIME_TYPE,
)
from autograder.grading.notebooks.answer_cells import worked_solution
from autograder.grading.notebooks.cells import answers, exercise, is_check
from autograder.grading.notebooks.recordings import recorded
from autograder.judging.after_passing import AfterPassing, sealed
from autograder.judging.briefs import Brief
from autograder.judging.demands import Demand
from autograder.judging.evidence import MIME_TYPE, Evidence
from autograder.judging.judge import judge
from autograder.judging.references import Reference, reference_of
from autograder.problem import Problem


def recorded_references(notebook: NotebookNode, hidden: bool) -> list[Reference]:
    """The references that an executed solution recorded, of visible checks or of hidden cases.

    Raises:
        Problem: if an exercise is recorded twice, or has no answer.
    """
    mistakes = {
        data["exercise"]: {_hashable(value): text for value, text in data["mistakes"]}
        for data in _recorded(notebook, MISTAKES_MIME_TYPE)
    }
    briefs = {
        data["exercise"]: Brief.from_json(data["brief"])
        for data in _recorded(notebook, BRIEF_MIME_TYPE)
    }
    demands = {
        data["exercise"]: tuple(Demand(name) for name in data["demands"])
        for data in _recorded(notebook, DEMANDS_MIME_TYPE)
    }
    whys = {data["exercise"]: data["why"] for data in _recorded(notebook, WHY_MIME_TYPE)}
    references: dict[str, Reference] = {}
    for data in _recorded(notebook, MIME_TYPE):
        evidence = Evidence.from_json(data)
        if evidence.hidden is not hidden:
            continue
        if evidence.exercise in references:
            raise Problem(
                f"Exercise {evidence.exercise!r} is checked twice; its id must be its own."
            )
        known = {} if hidden else mistakes.get(evidence.exercise, {})
        try:
            reference = reference_of(
                evidence,
                known,
                briefs.get(evidence.exercise),
                demands.get(evidence.exercise, ()),
            )
        except ValueError as error:
            raise Problem(str(error)) from None
        refused = judge(evidence, reference).first_failure
        if refused is not None:
            said = " ".join(finding.message for finding in refused.verdict.findings)
            raise Problem(
                f"The solution of {evidence.exercise} does not pass its own check: {said}"
            )
        if not hidden and evidence.exercise in whys:
            told = AfterPassing(whys[evidence.exercise], _solution(notebook, evidence.exercise))
            reference = replace(reference, after=sealed(told, evidence, reference))
        references[evidence.exercise] = reference
    return list(references.values())


def _solution(notebook: NotebookNode, name: str) -> str:
    checks = (cell for cell in notebook.cells if is_check(cell) and exercise(cell) == name)
    parts = [worked_solution(cell.source) for check in checks for cell in answers(notebook, check)]
    return "\n\n\n".join(filter(None, parts))


def _recorded(notebook: NotebookNode, mime_type: str) -> list[dict]:
    return [data for cell in notebook.cells for data in recorded(cell, mime_type)]


def _hashable(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value
