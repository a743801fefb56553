"""A picture of what was practised: a row a topic, a column a kind; and the same in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, StrictUndefined, Template

from autograder.columns import aligned
from autograder.practising.exercise import KINDS, fits
from autograder.practising.recalled import Known, Pair
from autograder.practising.topics import TOPICS

_LEGEND = (
    "Right answers of all; ! is due again. An empty place was not practised yet; "
    "a dash: there is no such exercise."
)


@dataclass(frozen=True)
class Place:
    """One place of the picture.

    Attributes:
        text: what stands there.
        share: how much of the answers was right, in percent; None where there is none.
        due: whether it is due again.
        fits: whether the topic is practised so at all.
    """

    text: str
    share: int | None
    due: bool
    fits: bool


@dataclass(frozen=True)
class Practised:
    """What was practised so far, and what is due again; a notebook shows it as a picture."""

    known: Mapping[Pair, Known]
    now: datetime

    @property
    def rows(self) -> list[tuple[str, list[Place]]]:
        """The ideas of the chapters, then each mistake that was practised, with their places."""
        mistakes = dict.fromkeys(topic for topic, _ in self.known if topic not in TOPICS)
        return [(t, [self._place((t, kind)) for kind in KINDS]) for t in (*TOPICS, *mistakes)]

    def _place(self, pair: Pair) -> Place:
        known = self.known.get(pair)
        if known is None:
            return Place("", None, False, fits(*pair))
        due = known.due <= self.now
        share = round(100 * known.right / known.answers)
        return Place(f"{known.right}/{known.answers}{' !' if due else ''}", share, due, True)

    @property
    def summary(self) -> str:
        """How many answers there were, and how much is due."""
        answers = sum(each.answers for each in self.known.values())
        right = sum(each.right for each in self.known.values())
        due = sum(each.due <= self.now for each in self.known.values())
        if not answers:
            return "Nothing was practised yet. Begin by: practice()"
        return f"{right} of {answers} answers were right. Due again now: {due}."

    def __repr__(self) -> str:
        table = [("", *KINDS), *((t, *(_in_words(p) for p in places)) for t, places in self.rows)]
        return "\n".join([*aligned(table), "", _LEGEND, self.summary])

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        html = _template().render(rows=self.rows, kinds=KINDS, summary=self.summary, legend=_LEGEND)
        return {"text/html": html, "text/plain": repr(self)}


def _in_words(place: Place) -> str:
    return place.text or ("" if place.fits else "-")


@cache
def _template() -> Template:
    source = files(__package__).joinpath("practised.html").read_text(encoding="utf-8")
    return Environment(autoescape=True, undefined=StrictUndefined).from_string(source)
