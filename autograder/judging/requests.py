"""Judge what a check cell recorded, and make its card: data in, data out, for another process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from autograder.judging.answer_kinds import NoAnswer, Reason
from autograder.judging.evidence import Case, Evidence
from autograder.judging.judge import judge
from autograder.judging.judgement import JudgedCase, Judgement
from autograder.judging.own_sizes import OtherSizes, whose
from autograder.judging.references import Reference
from autograder.judging.reports import GradedReport
from autograder.judging.reports.kept import kept
from autograder.judging.verdict import Finding, Status, Verdict

Data = dict[str, Any]


def graded(request: Mapping[str, Any], visible: Reference, hidden: Reference | None) -> Data:
    """Judge a check cell.

    Args:
        request: "recorded", all that the cell recorded, sound evidence or not; "error", what
            stopped the cell, or ""; "points", what it is worth; and where the student's sizes are
            their own, "own": a "note" of them, and "others" that an answer may have.
        visible: what is expected of the cases that students see.
        hidden: what is expected of those they do not see; None if there are none.

    Returns:
        The card as "text" and "html"; the "score"; how many "answers" the cell recorded; whether
        it is "right"; whether something recorded "is_odd", which no check would record;
        whether there are hidden cases and the cell has "no_hidden"; "remarks" for the instructor,
        where both judges disagree; and "kept", what a look at the whole class needs.
    """
    found, is_odd = _sound(request["recorded"])
    answers = [e for e in found if e.exercise == visible.exercise and not e.hidden]
    others = [e for e in found if hidden and e.exercise == hidden.exercise and e.hidden]
    evidence = answers[0] if answers else _nothing(str(request["error"]), visible)
    seen, is_seen_odd = _judged(evidence, visible)
    unseen, is_unseen_odd = None, False
    if hidden is not None:
        unseen, is_unseen_odd = _judged(others[0] if others else None, hidden)
    if own := request.get("own"):
        seen, unseen = _by_own_sizes(own, evidence, seen, unseen)
    card = shown(GradedReport(seen, unseen, float(request["points"])))
    return {
        **card,
        "answers": len(answers),
        "is_odd": is_odd or is_seen_odd or is_unseen_odd,
        "no_hidden": hidden is not None and not others,
        "remarks": _remarks(seen, unseen),
    }


def _by_own_sizes(
    own: Mapping[str, Any], evidence: Evidence, seen: Judgement, unseen: Judgement | None
) -> tuple[Judgement, Judgement | None]:
    """What is said of an answer by a student's own sizes; nothing is right with another's."""
    finding = None
    if not seen.passed:
        try:
            finding = whose(evidence, list(map(OtherSizes.from_json, own["others"])))
        except MemoryError:
            raise
        except Exception:  # as below: then it is wrong as any other answer is
            finding = None
    return tuple(
        judgement and _with_note(judgement, own["note"], finding) for judgement in (seen, unseen)
    )


def _with_note(judgement: Judgement, note: str, finding: Finding | None) -> Judgement:
    cases = []
    for case in judgement.cases:
        verdict = case.verdict if finding is None else Verdict(Status.WRONG, (finding,))
        verdict = replace(verdict, notes=(*verdict.notes, note))
        cases.append(replace(case, verdict=verdict))
    return replace(judgement, cases=tuple(cases))


def _remarks(*judgements: Judgement | None) -> list[str]:
    verdicts = [verdict for found in judgements if found for verdict in found.verdicts]
    return list(dict.fromkeys(verdict.remark for verdict in verdicts if verdict.remark))


def not_judged(
    visible: Reference, hidden: Reference | None, points: float, reason: str
) -> GradedReport:
    """The report where judging was given up; `reason` is a sentence."""
    step = "Nothing is wrong with the rest. Is your model far larger than the exercise asks for?"
    verdict = Verdict(Status.NOT_CHECKABLE, (Finding("not-judged", reason, next_step=step),))
    seen, unseen = (_all(verdict, reference) for reference in (visible, hidden))
    assert seen is not None
    return GradedReport(seen, unseen, points)


def shown(report: GradedReport) -> Data:
    """A report as data: "text", "html", "score", "right" and "kept"."""
    try:
        text, html = report.text(), report.html()
    except Exception:  # what is not like any layer can be judged, and not be described or drawn
        text = f"{report.headline}\n  What the check recorded cannot be shown."
        html = f"<p>{text}</p>"
    about = {"score": report.score, "right": report.share == 1, "kept": kept(report).to_text()}
    return {"text": text, "html": html, **about}


def _all(verdict: Verdict, reference: Reference | None) -> Judgement | None:
    if reference is None:
        return None
    cases = tuple(JudgedCase(verdict, expected.arguments) for expected in reference.cases)
    return Judgement(reference.exercise, cases)


def _sound(recorded: list[Any]) -> tuple[list[Evidence], bool]:
    """The sound evidence among what was recorded, and whether there was other."""
    found = []
    for data in recorded:
        try:
            found.append(Evidence.from_json(data))
        except Exception:  # forged evidence can be anything
            continue
    return found, len(found) < len(recorded)


def _judged(evidence: Evidence | None, reference: Reference) -> tuple[Judgement, bool]:
    """The judgement, and whether the evidence is such that it cannot be judged."""
    try:
        return judge(evidence, reference), False
    except MemoryError:
        raise
    except Exception:  # forged evidence can be anything; one submission must not stop a class
        finding = Finding("not-readable", "What the check recorded cannot be judged.")
        judgement = _all(Verdict(Status.NOT_CHECKABLE, (finding,)), reference)
        assert judgement is not None
        return judgement, True


def _nothing(error: str, reference: Reference) -> Evidence:
    """Evidence of a cell that recorded none: the error that stopped it, case by case."""
    message = "The check recorded no answer."
    if error:
        message = f"The check could not look at an answer: {error}"
    answer = NoAnswer(Reason.NOT_ATTEMPTED, message[:2000])
    cases = tuple(Case(answer, expected.arguments) for expected in reference.cases)
    return Evidence(reference.exercise, cases)
