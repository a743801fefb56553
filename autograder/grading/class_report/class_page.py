"""The report as one page that needs nothing else: no script, no network, no other file."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from autograder.grading.class_report.bars import WORDS, bars
from autograder.grading.class_report.whole_report import ClassReport
from autograder.grading.telling.foreign import shown, shown_lines
from autograder.graphs.describe import counted, number
from autograder.graphs.draw import Drawing
from autograder.judging.reports import number_text

MOST_MISTAKES = 8
"""Mistakes of an exercise that the page tells of; the JSON file has all."""

MOST_NAMES = 20
"""Names of those who made a mistake."""

MOST_SIMILAR = 25
"""Groups of similar answers in an assignment."""

MOST_LINES = 40
"""Lines of an answer that stand beside another."""


def as_page(report: ClassReport, to_course: str) -> str:
    """Lay out a report. Every text in it is escaped but pictures, which are ours.

    Args:
        report: what is told.
        to_course: the way from the page's folder to the course's, for links to chapters.
    """
    pictures = {each.name: Markup(bars(each.name, each.exercises)) for each in report.assignments}
    return _template().render(
        report=report,
        pictures=pictures,
        to_course=to_course,
        kinds=WORDS,
        most={"mistakes": MOST_MISTAKES, "similar": MOST_SIMILAR, "names": MOST_NAMES},
    )


@cache
def _template() -> Template:
    source = files(__package__).joinpath("class_page.html").read_text(encoding="utf-8")
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {
        "points": number_text,
        "percent": lambda share: f"{share:.0%}",
        "decimal": lambda value: "–" if value is None else f"{value:.2f}",
        "seconds": lambda value: "–" if value is None else f"{value:.3g} s",
        "counted": counted,
        "number": number,
        "line": shown,
        "lines": shown_lines,
        "code": _code,
        "picture": _picture,
    }
    return environment.from_string(source)


def _code(source: str) -> str:
    """Code as it is shown: its first lines, and how many more there are."""
    lines = shown_lines(source.expandtabs()).split("\n")
    if (more := len(lines) - MOST_LINES) > 0:
        lines = [*lines[:MOST_LINES], f"… and {counted(more, 'line')} more"]
    return "\n".join(lines)


def _picture(drawing: Drawing) -> Markup:
    return Markup(drawing.html())
