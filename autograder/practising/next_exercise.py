"""Which topic and kind come next: what is due again first, then what is new."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

from autograder.practising.exercise import KINDS, fits
from autograder.practising.recalled import Known, Pair
from autograder.practising.topics import TOPICS, chosen


@dataclass(frozen=True)
class Choice:
    """A topic and a kind, and why these."""

    topic: str
    kind: str
    why: str


@dataclass(frozen=True)
class Wanted:
    """What a student asks for; None leaves it open."""

    topic: str | None = None
    kinds: Sequence[str] = KINDS

    def pairs(self, known: Mapping[Pair, Known]) -> list[Pair]:
        """What there is to choose from: the chapters' ideas, and mistakes that were made."""
        topics = [self.topic] if self.topic else list(TOPICS)
        asked = [(t, k) for t in topics for k in self.kinds if fits(t, k)]
        made = [p for p in known if p[0] not in TOPICS and p[1] in self.kinds]
        return asked if self.topic else [*asked, *made]


def next_of(
    known: Mapping[Pair, Known], wanted: Wanted, just: Pair | None, *, now: datetime, chance: Random
) -> Choice:
    """What to practise next; never what was just seen, where there is anything else.

    Args:
        known: what is known of each topic and kind that was answered.
        wanted: what it must be about.
        just: what was seen last.
        now: the time, UTC.
        chance: draws among those that are new.
    """
    pairs = wanted.pairs(known)
    free = [pair for pair in pairs if pair != just] or pairs
    # Since it was answered last, each is known a little less: the weakest first.
    weakest = sorted(
        (pair for pair in free if pair in known), key=lambda p: (known[p].chance, known[p].due)
    )
    due = [pair for pair in weakest if known[pair].due <= now]
    if due:
        return Choice(*due[0], _why_due(known[due[0]], now))
    if new := [pair for pair in free if pair not in known]:
        return Choice(*chosen(chance, new), "Chosen because you have not practised it yet.")
    why = "Nothing is due today. Chosen because it is what you would forget first."
    return Choice(*weakest[0], why)


def _why_due(known: Known, now: datetime) -> str:
    if not known.last_right:
        last = f"your last answer, {ago(known.last, now)}, was wrong"
    else:
        last = f"it is due again: you answered it last {ago(known.last, now)}"
    return f"Chosen because {last}. {known.right} of {known.answers} were right so far."


def ago(then: datetime, now: datetime) -> str:
    """How long ago something was, in words."""
    seconds = (now - then).total_seconds()
    for size, one in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            count = int(seconds // size)
            return f"{count} {one}{'' if count == 1 else 's'} ago"
    return "a moment ago"
