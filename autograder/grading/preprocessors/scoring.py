"""Score check cells by judging their evidence, in the grader's process."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Enum, Float, Integer

from autograder.by_value.asking import ALL, OFF, REFUSED
from autograder.grading.clean_run.plan import CleanRun
from autograder.grading.course.expected import references
from autograder.grading.notebooks.cells import exercise as exercise_of
from autograder.grading.notebooks.cells import is_attempted, is_check
from autograder.grading.notebooks.recordings import is_recording, recorded
from autograder.grading.notebooks.released import course_of
from autograder.grading.notebooks.remarks import add_remark, keep_judged, keep_variant
from autograder.grading.preprocessors.cards import CARDS
from autograder.grading.preprocessors.execute import CLEAN_RUN
from autograder.grading.preprocessors.judging_process import (
    JudgingProcess,
    NotJudged,
    judging_process,
)
from autograder.grading.preprocessors.own_variant import OWN_VARIANT, OwnVariant
from autograder.grading.worth_a_look.odd_lines import remarks_on_lines
from autograder.judging.answer_kinds import Kind
from autograder.judging.evidence import MIME_TYPE
from autograder.judging.own_sizes import OwnSizes
from autograder.judging.references import Reference
from autograder.judging.requests import not_judged, shown


class Judge(NbGraderPreprocessor):
    """A preprocessor that scores each check cell by what it recorded, not by what it claims.

    It stands right after Execute. The outputs of a check cell become the report and one number,
    which nbgrader's own rule then takes as the score: the cell's points times the share of its
    visible and hidden cases that passed. A test cell without a reference, such as one of plain
    asserts, stays with nbgrader's rule; but warnings and lines on stderr never count.
    """

    seconds = Float(10, help="Seconds of processor time that judging one check cell may take.").tag(
        config=True
    )
    memory = Integer(2_000_000_000, help="Bytes of memory that judging may take.").tag(config=True)
    by_value = Enum(
        [OFF, REFUSED, ALL],
        REFUSED,
        help="Which networks are evaluated beside a reference: none, those that structure refuses "
        "(right ones among them are accepted), or all.",
    ).tag(config=True)

    def preprocess(
        self, nb: NotebookNode, resources: ResourcesDict
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Judge every check cell whose exercise has a reference."""
        visible, hidden = references(course_of(self), resources["nbgrader"]["assignment"])
        own: OwnVariant | None = resources.get(OWN_VARIANT)
        if own is not None:
            visible, hidden = {**visible, **own.visible}, {**hidden, **own.hidden}
            keep_variant(nb, own.scheme, own.values)
        clean: CleanRun = resources.get(CLEAN_RUN) or CleanRun()
        for line in [*clean.remarks, *remarks_on_lines(nb)]:
            add_remark(nb, line)
            self.log.warning("%s: %s", resources["nbgrader"]["student"], line)
        judging = judging_process(self.seconds, self.memory, self.by_value)
        cards = resources.setdefault(CARDS, {})
        for cell in nb.cells:
            if not is_check(cell):
                continue
            exercise = exercise_of(cell)
            if exercise in visible:
                cell.outputs = clean.outputs(cell)
                if not is_attempted(nb, cell):
                    cell.outputs = list(itertools.filterfalse(_has_answer, cell.outputs))
                found = judged(
                    cell,
                    visible[exercise],
                    hidden.get(exercise),
                    judging,
                    own=own.sizes.get(exercise) if own is not None else None,
                )
                for line in remarks_on(cell, found):
                    add_remark(nb, line)
                    self.log.warning("%s: %s", resources["nbgrader"]["student"], line)
                cell.outputs = judged_outputs(found.card)
                cards[cell.metadata.nbgrader.grade_id] = found.card.text
                keep_judged(nb, cell.metadata.nbgrader.grade_id, found.card.kept)
            else:
                cell.outputs = [output for output in cell.outputs if not _is_chatter(output)]
                cell.outputs = clean.with_hidden_tests(cell, cell.outputs)
        return nb, resources


@dataclass(frozen=True)
class Card:
    """What is shown of a judged cell, as text and as a page has it; its points; what is kept."""

    text: str
    html: str
    score: float
    kept: str = ""


@dataclass(frozen=True)
class Judged:
    """What a check cell recorded, judged.

    Attributes:
        card: what is shown; its score is the points times the share of cases that passed.
        answers: how often the cell recorded the cases that students see.
        is_hidden_missing: whether there are hidden cases, and the cell did not record them.
        is_odd: whether what it recorded cannot be judged, which `check` would never record.
        remarks: what is to be said where structure and values disagree.
    """

    card: Card
    answers: int
    is_hidden_missing: bool
    is_odd: bool
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class GivenUp:
    """What a check cell recorded, which took too much to be judged; `reason` is a sentence."""

    card: Card
    reason: str


def judged(
    cell: NotebookNode,
    visible: Reference,
    hidden: Reference | None,
    judging: JudgingProcess,
    *,
    own: OwnSizes | None = None,
) -> Judged | GivenUp:
    """Judge an executed check cell, in a process of its own.

    Args:
        cell: the cell with its outputs.
        visible: what is expected of the cases that students see.
        hidden: what is expected of those they do not see; None if there are none.
        judging: the process that judges.
        own: where the sizes are the student's own, what judging takes beside.
    """
    points = float(cell.metadata.nbgrader.points)
    try:
        answer = judging.ask(recorded(cell), _error(cell), points, visible, hidden=hidden, own=own)
    except NotJudged as given_up:
        report = not_judged(visible, hidden, points, str(given_up))
        return GivenUp(_card(shown(report)), str(given_up))
    return Judged(
        card=_card(answer),
        answers=answer["answers"],
        is_hidden_missing=answer["no_hidden"],
        is_odd=answer["is_odd"],
        remarks=tuple(answer["remarks"]),
    )


def _card(data: Mapping[str, Any]) -> Card:
    return Card(data["text"], data["html"], data["score"], data["kept"])


def _error(cell: NotebookNode) -> str:
    """The error that stopped a cell; "" if none did."""
    errors = [output for output in cell.outputs if output.output_type == "error"]
    if not errors:
        return ""
    value = re.sub(r"\x1b\[[0-9;]*m", "", str(errors[-1].get("evalue", "")))
    return f"{errors[-1].get('ename')}: {value}"[:2000]


def judged_outputs(card: Card) -> list[NotebookNode]:
    """What a check cell's outputs become: one, the card, and the score as nbgrader reads it.

    `Cards` makes a plain display of it once nbgrader has read the score.
    """
    data = {"text/plain": str(card.score), "text/html": card.html}
    return [new_output("execute_result", data, execution_count=1)]


def remarks_on(cell: NotebookNode, found: Judged | GivenUp) -> Iterator[str]:
    """What the instructor should know of how a check cell came to its outputs, a line each.

    An honest check that ends without an error has recorded one answer. None of this changes the
    score, which rests on the evidence alone.
    """
    name = cell.metadata.nbgrader.grade_id
    if isinstance(found, GivenUp):
        yield f"{name} was not judged: {found.reason} It has no points: look at it yourself."
        return
    for remark in found.remarks:
        yield f"{name}: {remark}"
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


def _is_chatter(output: NotebookNode) -> bool:
    """Whether an output is on stderr, for which nbgrader's own rule would take all points."""
    return output.output_type == "stream" and output.name == "stderr"


def _has_answer(output: NotebookNode) -> bool:
    """Whether an output is evidence of an answer, not of there being none."""
    data = output.data[MIME_TYPE] if is_recording(output) else {}
    cases = data.get("cases") if isinstance(data, dict) else None
    return not isinstance(cases, list) or any(
        not isinstance(case, dict) or case.get("kind") != Kind.NONE for case in cases
    )
