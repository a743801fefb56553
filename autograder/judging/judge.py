"""Judge evidence by a reference: the same in the student's notebook and in the grader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from autograder.graphs.describe import shape_text
from autograder.judging.briefs import judge_by_brief
from autograder.judging.compare import compare
from autograder.judging.evidence import Case, Evidence, Kind, Problem
from autograder.judging.references import Expected, Reference, digest, same_case
from autograder.judging.verdict import Finding, Status, Verdict

_KIND_WORDS = {
    Kind.MODEL: "a Keras model",
    Kind.NUMBER: "a number",
    Kind.SHAPE: "a shape, such as (28, 28, 64)",
    Kind.CHOICE: "one of the choices, as text",
}


@dataclass(frozen=True)
class Judgement:
    """The verdicts on all cases of one exercise, in the reference's order."""

    exercise: str
    verdicts: tuple[Verdict, ...]
    arguments: tuple[Mapping[str, Any], ...]

    @property
    def passed(self) -> bool:
        """Whether every case passed."""
        return bool(self.verdicts) and all(verdict.passed for verdict in self.verdicts)

    @property
    def share(self) -> float:
        """The part of the cases that passed, from 0 to 1."""
        if not self.verdicts:
            return 0.0
        return sum(verdict.passed for verdict in self.verdicts) / len(self.verdicts)

    @property
    def first_failure(self) -> int | None:
        """The number of the first case that did not pass."""
        failed = (n for n, verdict in enumerate(self.verdicts) if not verdict.passed)
        return next(failed, None)


def judge(evidence: Evidence | None, reference: Reference) -> Judgement:
    """Judge what a check cell recorded.

    Every case of the reference counts, whether the evidence has it or not; cases that the
    reference does not have count for nothing.

    Args:
        evidence: what the cell recorded; None if it recorded nothing.
        reference: what the solution recorded.
    """
    cases = evidence.cases if evidence is not None else ()
    verdicts = []
    for expected in reference.cases:
        case = next((case for case in cases if same_case(expected, case)), None)
        verdicts.append(judge_case(case, expected, reference))
    arguments = tuple(expected.arguments for expected in reference.cases)
    return Judgement(reference.exercise, tuple(verdicts), arguments)


def judge_case(case: Case | None, expected: Expected, reference: Reference) -> Verdict:
    """Judge one case of an exercise."""
    if case is None:
        return Verdict(
            Status.NOT_ATTEMPTED,
            (Finding("no-evidence", "The check recorded no answer here. Run its cell again."),),
        )
    if case.kind is Kind.PROBLEM:
        return _problem(case)
    if case.kind is not expected.kind:
        return _wrong_kind(case, expected)
    if expected.brief is not None:
        return judge_by_brief(case.answer, expected.brief)
    if case.kind is Kind.MODEL:
        return compare(case.answer, expected.graph)
    return _value(case, expected, reference)


def _problem(case: Case) -> Verdict:
    status = {
        Problem.NOT_ATTEMPTED: Status.NOT_ATTEMPTED,
        Problem.RAISED: Status.WRONG,
        Problem.NOT_READABLE: Status.NOT_CHECKABLE,
    }[case.problem or Problem.RAISED]
    step = {
        Problem.NOT_ATTEMPTED: "Write your answer in the cell above, run it, then run this check.",
        Problem.RAISED: "Mend this error first: run your function in a cell of its own.",
    }.get(case.problem or Problem.RAISED, "")
    kind = str(case.problem or Problem.RAISED).replace(" ", "-")
    return Verdict(status, (Finding(kind, str(case.answer), next_step=step),))


def _wrong_kind(case: Case, expected: Expected) -> Verdict:
    found = _KIND_WORDS.get(case.kind, "something else")
    message = f"This exercise asks for {_KIND_WORDS[expected.kind]}; your answer is {found}."
    finding = Finding(
        "wrong-kind",
        message,
        expected=_KIND_WORDS[expected.kind],
        found=found,
        next_step="Read the question once more: what is the answer to be?",
    )
    return Verdict(Status.WRONG, (finding,))


def _value(case: Case, expected: Expected, reference: Reference) -> Verdict:
    key = digest(reference.exercise, case.answer)
    if expected.digest in (key, _digest_without_batch(case, reference)):
        return Verdict(Status.PASSED)
    found = _value_text(case)
    known = reference.mistakes.get(key)
    message = known or f"{found} is not the answer."
    step = "" if known else "Work it out once more, one layer at a time."
    if case.kind is Kind.CHOICE and not known:
        step = "Read the choices once more; for each, ask what would have to be true."
    return Verdict(Status.WRONG, (Finding("wrong-value", message, found=found, next_step=step),))


def _digest_without_batch(case: Case, reference: Reference) -> str | None:
    """A shape may be given with its batch axis, as `summary()` prints it."""
    if case.kind is not Kind.SHAPE or not case.answer or case.answer[0] is not None:
        return None
    return digest(reference.exercise, case.answer[1:])


def _value_text(case: Case) -> str:
    if case.kind is Kind.SHAPE:
        return shape_text((None, *case.answer))
    if case.kind is Kind.NUMBER:
        return f"{case.answer:,}"
    return repr(case.answer)
