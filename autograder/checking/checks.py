"""`check(exercise, answer)`: judge an answer, show what was found, and stop where it is wrong."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any

from autograder.checking.desk_record import record, result_of
from autograder.checking.recording import evidence_of, is_function
from autograder.checking.references_nearby import reference_nearby
from autograder.checking.showing import show
from autograder.checking.unused_arguments import with_notes_on_unused
from autograder.judging.after_passing import opened
from autograder.judging.briefs import Brief
from autograder.judging.demands import Demand
from autograder.judging.evidence import MIME_TYPE, Evidence
from autograder.judging.judge import judge, recorded
from autograder.judging.own_sizes import unpacked
from autograder.judging.references import (
    NoReferences,
    Reference,
    UnknownExercise,
    reference_of,
)
from autograder.judging.reports import Report
from autograder.judging.varied import varied
from autograder.problem import Problem

RECORDING = "AUTOGRADER_RECORD"
"""Environment variable: set while the solutions are executed to record their references."""

GRADING = "AUTOGRADER_GRADING"
"""Environment variable: set in a kernel that runs a submission for people to look at. Its answers
are recorded and judged elsewhere, so no reference lies there, and `check` has nothing to do."""

MISTAKES_MIME_TYPE = "application/vnd.autograder.mistakes+json"
BRIEF_MIME_TYPE = "application/vnd.autograder.brief+json"
DEMANDS_MIME_TYPE = "application/vnd.autograder.demands+json"
WHY_MIME_TYPE = "application/vnd.autograder.why+json"
VARIES_MIME_TYPE = "application/vnd.autograder.varies+json"


class CheckFailed(Problem):
    """The answer is not right yet; `report` says why."""

    def __init__(self, report: Report, shown: bool) -> None:
        # nbgrader's Validate shows this line alone.
        super().__init__(report.in_one_line if shown else report.text())
        self.report = report


class WrongCheck(Problem):
    """The check itself is called wrongly; the message says how to mend it."""


def check(exercise: str, answer: Any, *cases: Mapping[str, Any], own: str = "") -> None:
    """Judge an answer and show the verdict; in an exam only show what was recorded.

    Args:
        exercise: the exercise's id, such as "ch01_ex2".
        answer: a Keras model, a number, a shape, a choice (text), or a function that returns one.
        cases: arguments to call such a function with, one mapping a case; none calls it once
            without arguments.
        own: the student's own reference, where the exercise differs from student to student.

    Raises:
        CheckFailed: if the answer is not right yet. In a notebook it shows as one line below the
            report; elsewhere its message is the report.
        WrongCheck: if there is no such exercise, or no references beside the notebook.
    """
    if os.environ.get(GRADING):
        _show(Report(recorded(exercise)))
        return
    evidence = evidence_of(exercise, answer, cases, hidden=False)
    reference = _own_reference(evidence, own) if own else _reference(evidence)
    judgement = judge(evidence, reference)
    if judgement.passed and is_function(answer):
        judgement = with_notes_on_unused(answer, judgement)
    is_to_tell = judgement.passed and exercise not in _WRITTEN_HERE
    report = Report(judgement, after=opened(evidence, reference) if is_to_tell else None)
    shown = _show(report, evidence)
    if shown and not os.environ.get(RECORDING):
        record(result_of(judgement))
    if not (report.judgement.passed or report.judgement.is_recorded):
        raise CheckFailed(report, shown)
    if not shown:
        print(report.text())


def collect(exercise: str, answer: Any, *cases: Mapping[str, Any]) -> None:
    """Record more cases of an answer without judging them: that is done elsewhere.

    Args:
        exercise: as for `check`.
        answer: as for `check`.
        cases: as for `check`.
    """
    evidence = evidence_of(exercise, answer, cases, hidden=True)
    show({MIME_TYPE: evidence.to_json(), "text/plain": f"More cases of {exercise} recorded."})


def mistakes(exercise: str, messages: Mapping[Any, str]) -> None:
    """Tell which wrong values of an exercise have a known reason; noted when references are made.

    Args:
        exercise: the exercise's id.
        messages: for each wrong value what to tell the student.
    """
    pairs = [[value, text] for value, text in messages.items()]
    note = {"exercise": exercise, "mistakes": pairs}
    show({MISTAKES_MIME_TYPE: note, "text/plain": f"Known mistakes of {exercise} noted."})


def brief(exercise: str, **properties: Any) -> None:
    """Judge an exercise's models by properties instead of one graph; noted as `mistakes` is.

    Args:
        exercise: the exercise's id.
        properties: the attributes of `autograder.judging.briefs.Brief`.
    """
    note = {"exercise": exercise, "brief": Brief(**properties).to_json()}
    show({BRIEF_MIME_TYPE: note, "text/plain": f"Brief of {exercise} noted."})


def asks(exercise: str, *demands: str) -> None:
    """Ask for more than the right network; noted as `mistakes` is.

    Args:
        exercise: the exercise's id.
        demands: what is asked for, by the names in `autograder.judging.demands.Demand`.

    Raises:
        ValueError: if nothing of that name can be asked for.
    """
    note = {"exercise": exercise, "demands": [str(Demand(name)) for name in demands]}
    show({DEMANDS_MIME_TYPE: note, "text/plain": f"What {exercise} asks for noted."})


_WRITTEN_HERE: set[str] = set()
"""Exercises of which this notebook holds the reason and the solution: it is the author's, so a
check shows neither, whether references are recorded in it or are there already."""


def why(exercise: str, sentence: str) -> None:
    """Say why the answer is right: told, with the solution, to who has passed.

    Args:
        exercise: the exercise's id.
        sentence: why; a student reads it below a check that passed, and nowhere else.
    """
    _WRITTEN_HERE.add(exercise)
    note = {"exercise": exercise, "why": sentence}
    show({WHY_MIME_TYPE: note, "text/plain": f"Why {exercise} is right noted."})


def varies(
    exercise: str, told: str, /, **choices: Iterable[int | float] | Mapping[str, str]
) -> None:
    """Say what may differ from student to student; noted as `mistakes` is.

    It does nothing before `autograder variants` is called for the exercise.

    Args:
        exercise: the exercise's id.
        told: what a student reads, each name in braces where its words belong.
        choices: by a name that the solution binds once what it can stand for: numbers, or
            expressions of Python with their words.

    Raises:
        WrongCheck: if that is nothing to choose from.
    """
    try:
        note = varied(exercise, told, choices).to_json()
    except (ValueError, TypeError) as error:
        raise WrongCheck(f"varies: {error}") from None
    show({VARIES_MIME_TYPE: note, "text/plain": f"What varies in {exercise} noted."})


def _reference(evidence: Evidence) -> Reference:
    try:
        if os.environ.get(RECORDING):
            return reference_of(evidence)
        return reference_nearby(evidence.exercise)
    except (NoReferences, UnknownExercise, ValueError) as error:
        raise WrongCheck(str(error)) from None


def _own_reference(evidence: Evidence, own: str) -> Reference:
    try:
        reference = unpacked(own)
    except ValueError:
        reference = None
    if reference is None or reference.exercise != evidence.exercise:
        raise WrongCheck(
            f"This check of {evidence.exercise} is not as you got it: what follows `own=` says "
            "what your own sizes are. Copy the cell once more from the notebook that was made for "
            "you."
        )
    return reference


def _show(report: Report, evidence: Evidence | None = None) -> bool:
    """Show the report and leave evidence beside it, if there is; False outside a notebook."""
    bundle: dict[str, Any] = {"text/html": report.html(), "text/plain": report.text()}
    if evidence is not None:
        bundle[MIME_TYPE] = evidence.to_json()
    return show(bundle)
