"""Judge evidence by a reference: the same in the student's notebook and in the grader."""

from __future__ import annotations

import re
from dataclasses import replace

from autograder.by_value.asking import is_thorough
from autograder.judging.answer_kinds import Kind, ModelAnswer, NoAnswer, Reason
from autograder.judging.briefs import judge_by_brief
from autograder.judging.comparing import judge_network
from autograder.judging.compile_mistakes import compile_mistakes
from autograder.judging.demands import unmet
from autograder.judging.evidence import Case, Evidence, arguments_text
from autograder.judging.judgement import JudgedCase, Judgement
from autograder.judging.keras_errors import explained
from autograder.judging.other_kind import wrong_kind
from autograder.judging.recorded import what_it_is
from autograder.judging.references import (
    Expected,
    ExpectedDesign,
    ExpectedGraph,
    ExpectedValue,
    Reference,
    same_case,
)
from autograder.judging.values import judge_value
from autograder.judging.verdict import Finding, Status, Verdict

_STATUS = {
    Reason.NOT_ATTEMPTED: Status.NOT_ATTEMPTED,
    Reason.RAISED: Status.WRONG,
    Reason.NOT_READABLE: Status.NOT_CHECKABLE,
}


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
    judged = []
    for expected in reference.cases:
        case = next((case for case in cases if same_case(expected, case)), None)
        judged.append(JudgedCase(judge_case(case, expected, reference), expected.arguments))
    return Judgement(reference.exercise, tuple(judged))


def recorded(exercise: str, evidence: Evidence | None = None) -> Judgement:
    """What is said where an answer is judged elsewhere: nothing of right or wrong.

    That there is none, or that it cannot be read, needs no reference: that is told as always.
    """
    cases = evidence.cases if evidence is not None else ()
    lacking = tuple(
        JudgedCase(_no_answer(case.answer), case.arguments)
        for case in cases
        if isinstance(case.answer, NoAnswer)
    )
    if lacking:
        return Judgement(exercise, lacking)
    notes = [_recorded_note(case) for case in cases]
    notes += ["It will be judged when you have handed it in."] if notes else []
    return Judgement(exercise, (JudgedCase(Verdict(Status.RECORDED, notes=tuple(notes))),))


def _recorded_note(case: Case) -> str:
    if case.arguments:
        return f"With {arguments_text(case.arguments)}, it is {what_it_is(case.answer)}."
    return f"Your answer is {what_it_is(case.answer)}."


def judge_case(case: Case | None, expected: Expected, reference: Reference) -> Verdict:
    """Judge one case of an exercise."""
    if case is None:
        return Verdict(
            Status.NOT_ATTEMPTED,
            (Finding("no-evidence", "The check recorded no answer here. Run its cell again."),),
        )
    answer = case.answer
    if isinstance(answer, NoAnswer):
        # of what was asked for as a model and is none, `read_graph` says more than a kind does
        is_other = answer.reason is Reason.NOT_READABLE and bool(answer.found)
        if not is_other or expected.kind is Kind.MODEL:
            return _no_answer(answer)
        return Verdict(Status.WRONG, (wrong_kind(answer, expected.kind),))
    if answer.kind is not expected.kind:
        return Verdict(Status.WRONG, (wrong_kind(answer, expected.kind),))
    if isinstance(answer, ModelAnswer):
        return _model(answer, expected, reference)
    assert isinstance(expected, ExpectedValue)
    return judge_value(reference.exercise, answer, expected.digest, reference.mistakes)


def _model(answer: ModelAnswer, expected: Expected, reference: Reference) -> Verdict:
    graph = answer.graph
    if isinstance(expected, ExpectedDesign):
        return judge_by_brief(graph, expected.brief)
    assert isinstance(expected, ExpectedGraph)
    verdict = judge_network(graph, expected.graph, thorough=is_thorough())
    if not verdict.passed:
        return verdict
    lacking = unmet(graph, expected.graph, reference.demands)
    if not lacking and expected.compiled is not None:
        lacking = compile_mistakes(answer.compiled, expected.compiled)
    if not lacking:
        return verdict
    return replace(verdict, status=Status.WRONG, findings=lacking, notes=())


def _no_answer(answer: NoAnswer) -> Verdict:
    step = {
        Reason.NOT_ATTEMPTED: "Write your answer in the cell above, run it, then run this check.",
        Reason.RAISED: _step_after(answer.text),
        Reason.NOT_READABLE: "",
    }[answer.reason]
    kind = str(answer.reason).replace(" ", "-")
    return Verdict(_STATUS[answer.reason], (Finding(kind, answer.text, next_step=step),))


def _step_after(error: str) -> str:
    line = re.search(r", at `(.*?)`:\n", error)
    known = explained(error, line[1] if line else "")
    if known is None:
        return "Mend this error first: run your function in a cell of its own."
    return f"{known.says} {known.step}"
