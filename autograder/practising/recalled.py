"""What a student knows of each topic and kind, by what was answered: cards of spaced repetition."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from math import isfinite

from fsrs import Card, Rating, Scheduler

from autograder.checking.desk_record import Result
from autograder.judging.verdict import Status
from autograder.practising.exercise import KINDS, fits
from autograder.practising.made_wrong import MISTAKES
from autograder.practising.topics import TOPICS

LATEST = 5_000
"""So many answers are looked at: more than a year of practice, in less than a second."""

Pair = tuple[str, str]
"""A topic and a kind."""


@dataclass(frozen=True)
class Answer:
    """One answer: to what, whether it was right, when in seconds since 1970."""

    pair: Pair
    right: bool
    when: float


@dataclass(frozen=True)
class Known:
    """What is known of one topic and kind.

    Attributes:
        answers: how many were given.
        right: how many of them were right.
        last_right: whether the last one was.
        last: when that was.
        due: when it is to be asked again.
        chance: how likely the student would answer rightly now, from 0 to 1.
    """

    answers: int
    right: int
    last_right: bool
    last: datetime
    due: datetime
    chance: float


def answers_in(results: Iterable[Result]) -> list[Answer]:
    """What results tell of topics and kinds, the oldest first.

    A check of chapter 3 is an answer to its idea, as a network to build; a mistake that it named
    is one that was not seen: to be mended.
    """
    found = [answer for result in results for answer in _of(result)]
    return sorted(found, key=lambda answer: answer.when)[-LATEST:]


def _of(result: Result) -> Iterator[Answer]:
    if result.status not in (Status.PASSED, Status.WRONG) or not isfinite(result.when):
        return
    right = result.status is Status.PASSED
    if result.topic:
        if _is_known(result.topic, result.kind):
            yield Answer((result.topic, result.kind), right, result.when)
        return
    chapter = re.match(r"ch(\d{1,3})_", result.exercise)
    if chapter and 0 < int(chapter[1]) <= len(TOPICS):
        yield Answer((list(TOPICS)[int(chapter[1]) - 1], "build"), right, result.when)
    for id in result.findings:
        if id in MISTAKES:
            yield Answer((id, "mend"), False, result.when)


def _is_known(topic: str, kind: str) -> bool:
    return (topic in TOPICS or topic in MISTAKES) and kind in KINDS and fits(topic, kind)


def recalled(answers: Iterable[Answer], now: datetime) -> dict[Pair, Known]:
    """What is known of each topic and kind that was answered.

    Args:
        answers: all answers, the oldest first.
        now: the time, UTC.
    """
    cards: dict[Pair, Card] = {}
    given: dict[Pair, list[Answer]] = {}
    for answer in answers:
        # A clock that went wrong puts no answer into the future.
        when = min(_time(answer.when), now)
        card = cards.get(answer.pair) or Card(card_id=len(cards), due=when)
        rating = Rating.Good if answer.right else Rating.Again
        cards[answer.pair], _ = _scheduler().review_card(card, rating, when)
        given.setdefault(answer.pair, []).append(answer)
    return {pair: _known(card, given[pair], now) for pair, card in cards.items()}


def _time(seconds: float) -> datetime:
    first, last = 0.0, datetime(9000, 1, 1, tzinfo=UTC).timestamp()
    return datetime.fromtimestamp(max(first, min(seconds, last)), UTC)


def _known(card: Card, given: list[Answer], now: datetime) -> Known:
    assert card.last_review is not None
    return Known(
        answers=len(given),
        right=sum(answer.right for answer in given),
        last_right=given[-1].right,
        last=card.last_review,
        due=card.due,
        chance=_scheduler().get_card_retrievability(card, now),
    )


@cache
def _scheduler() -> Scheduler:
    # Without chance: the same record gives the same choice.
    return Scheduler(enable_fuzzing=False)
