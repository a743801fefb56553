"""Which topic and kind come next: what was answered wrong first, then what is new."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from autograder.practising.exercise import KINDS
from autograder.practising.topics import TOPICS, chosen


@dataclass(frozen=True)
class Past:
    """One answer that was given: to what, and whether it was right."""

    topic: str
    kind: str
    right: bool


@dataclass(frozen=True)
class Choice:
    """A topic and a kind, and why these."""

    topic: str
    kind: str
    why: str


def next_of(
    past: Sequence[Past], chance: Random, topic: str | None, kinds: Sequence[str] = KINDS
) -> Choice:
    """What to practise next; never what was just practised, where there is anything else.

    Args:
        past: what was answered, the latest last.
        chance: draws among equals.
        topic: what it must be about; any idea of the chapters by default.
        kinds: the kinds to choose from.
    """
    pairs = [(name, kind) for name in ([topic] if topic else TOPICS) for kind in kinds]
    last = {(each.topic, each.kind): each.right for each in past}
    just = (past[-1].topic, past[-1].kind) if past else None
    free = [pair for pair in pairs if pair != just] or pairs
    groups = (
        ([p for p in free if last.get(p) is False], "Chosen because your last answer was wrong."),
        ([p for p in free if p not in last], "Chosen because you have not practised it yet."),
        (free, "Chosen because you have practised everything, and it is long ago."),
    )
    candidates, why = next(group for group in groups if group[0])
    if candidates is free:
        age = {(each.topic, each.kind): number for number, each in enumerate(past)}
        candidates = [min(free, key=lambda pair: age.get(pair, -1))]
    return Choice(*chosen(chance, candidates), why)
