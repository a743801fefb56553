"""Judge evidence by a reference: the same in the student's notebook and in the grader."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from autograder.graphs.describe import shape_text
from autograder.judging.briefs import judge_by_brief
from autograder.judging.compare import compare
from autograder.judging.evidence import Case, Evidence, Kind, Problem, arguments_text
from autograder.judging.keras_errors import explained
from autograder.judging.kinds import wrong_kind
from autograder.judging.recorded import what_it_is
from autograder.judging.references import Expected, Reference, digest, same_case
from autograder.judging.verdict import Finding, Status, Verdict


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
    def is_recorded(self) -> bool:
        """Whether nothing is to be said but that there is an answer."""
        return any(verdict.status is Status.RECORDED for verdict in self.verdicts)

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
    reference does not have count for nothing. Where the reference is withheld, it is only said
    what was recorded.

    Args:
        evidence: what the cell recorded; None if it recorded nothing.
        reference: what the solution recorded.
    """
    if reference.is_withheld:
        return recorded(reference.exercise, evidence)
    cases = evidence.cases if evidence is not None else ()
    verdicts = []
    for expected in reference.cases:
        case = next((case for case in cases if same_case(expected, case)), None)
        verdicts.append(judge_case(case, expected, reference))
    arguments = tuple(expected.arguments for expected in reference.cases)
    return Judgement(reference.exercise, tuple(verdicts), arguments)


def recorded(exercise: str, evidence: Evidence | None = None) -> Judgement:
    """What is said where an answer is judged elsewhere: nothing of right or wrong.

    That there is none, or that it cannot be read, needs no reference: that is told as always.
    """
    cases = evidence.cases if evidence is not None else ()
    problems = [case for case in cases if case.kind is Kind.PROBLEM]
    if problems:
        arguments = tuple(case.arguments for case in problems)
        return Judgement(exercise, tuple(map(_problem, problems)), arguments)
    notes = [_recorded_note(case) for case in cases]
    notes += ["It will be judged when you have handed it in."] if notes else []
    return Judgement(exercise, (Verdict(Status.RECORDED, notes=tuple(notes)),), ({},))


def _recorded_note(case: Case) -> str:
    if case.arguments:
        return f"With {arguments_text(case.arguments)}, it is {what_it_is(case)}."
    return f"Your answer is {what_it_is(case)}."


def judge_case(case: Case | None, expected: Expected, reference: Reference) -> Verdict:
    """Judge one case of an exercise."""
    if case is None:
        return Verdict(
            Status.NOT_ATTEMPTED,
            (Finding("no-evidence", "The check recorded no answer here. Run its cell again."),),
        )
    if _is_of_another_kind(case, expected):
        return Verdict(Status.WRONG, (wrong_kind(case, expected.kind),))
    if case.kind is Kind.PROBLEM:
        return _problem(case)
    if expected.brief is not None:
        return judge_by_brief(case.answer, expected.brief)
    if case.kind is Kind.MODEL:
        return compare(case.answer, expected.graph)
    return _value(case, expected, reference)


def _is_of_another_kind(case: Case, expected: Expected) -> bool:
    """Of what was asked for as a model and is none, `read_graph` says more than a kind does."""
    if case.kind is not Kind.PROBLEM:
        return case.kind is not expected.kind
    unreadable = case.problem is Problem.NOT_READABLE and bool(case.found)
    return unreadable and expected.kind is not Kind.MODEL


def _problem(case: Case) -> Verdict:
    status = {
        Problem.NOT_ATTEMPTED: Status.NOT_ATTEMPTED,
        Problem.RAISED: Status.WRONG,
        Problem.NOT_READABLE: Status.NOT_CHECKABLE,
    }[case.problem or Problem.RAISED]
    step = {
        Problem.NOT_ATTEMPTED: "Write your answer in the cell above, run it, then run this check.",
        Problem.RAISED: _step_after(str(case.answer)),
    }.get(case.problem or Problem.RAISED, "")
    kind = str(case.problem or Problem.RAISED).replace(" ", "-")
    return Verdict(status, (Finding(kind, str(case.answer), next_step=step),))


def _step_after(error: str) -> str:
    line = re.search(r", at `(.*?)`:\n", error)
    known = explained(error, line[1] if line else "")
    if known is None:
        return "Mend this error first: run your function in a cell of its own."
    return f"{known.says} {known.step}"


def _value(case: Case, expected: Expected, reference: Reference) -> Verdict:
    key = digest(reference.exercise, case.answer)
    if expected.digest == key:
        return Verdict(Status.PASSED)
    if expected.digest == _digest_without_batch(case, reference):
        without = shape_text(case.answer)
        note = f"The None in front is the batch axis; it may be left away here: {without}."
        return Verdict(Status.PASSED, notes=(note,))
    found = _value_text(case)
    known = reference.mistakes.get(key)
    message = known or f"{found} is not the answer."
    step = "" if known else "Work it out once more, step by step."
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
