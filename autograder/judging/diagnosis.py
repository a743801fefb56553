"""Find out which mistake turned the reference into the answer."""

from __future__ import annotations

from autograder.graphs import Graph, Palette
from autograder.judging.difference import first_difference
from autograder.judging.verdict import Status, Verdict


def diagnose(answer: Graph, reference: Graph) -> Verdict:
    """Name what tells a wrong answer from the reference.

    Args:
        answer: the student's graph, its inputs and outputs in the reference's order.
        reference: the graph it should be, and is not.
    """
    difference = first_difference(answer, reference, Palette())
    return Verdict(
        Status.WRONG,
        (difference.finding,),
        answer,
        reference,
        difference.answer_marks,
        difference.reference_marks,
    )
