"""Structure says how networks are written, values what they compute: what counts if they disagree.

Structure is quick and explains; but rules never end. So what it refuses is evaluated, too, and is
right if it computes the same. What it accepts is evaluated where nobody has shown yet that it
accepts nothing wrong.
"""

from __future__ import annotations

import logging

from autograder.by_value.asking import by_value
from autograder.by_value.opinion import Opinion, Said
from autograder.graphs import Graph
from autograder.judging.verdict import Finding, Status, Verdict

WRITTEN_OTHERWISE = "It is the same network as the solution's, written in another way."

_log = logging.getLogger(__name__)


def is_same_by_value(built: Graph, meant: Graph) -> str:
    """Why a network that structure refuses is right all the same; "" where nothing says so."""
    opinion = by_value(built, meant)
    if opinion.said is not Said.EQUAL:
        return ""
    remark = f"The same network, written another way: {opinion.reason}. A rule could be written."
    _log.info("%s", remark)
    return remark


def doubted(built: Graph, meant: Graph) -> Verdict | None:
    """The verdict on a network that structure accepts and values do not; None where they do."""
    opinion = by_value(built, meant)
    if opinion.said is not Said.DIFFERENT:
        return None
    remark = _fault(opinion)
    _log.error("%s", remark)
    finding = Finding(
        "judges-disagree",
        "This network is written as the reference is, and computes something else. One of the two "
        "is a fault of the checker.",
        next_step="Show it to your instructor: it is nothing that you have to mend.",
    )
    return Verdict(Status.NOT_CHECKABLE, (finding,), built, meant, remark=remark)


def _fault(opinion: Opinion) -> str:
    return f"Structure takes it for the same network, values do not: {opinion.reason}. Report it."
