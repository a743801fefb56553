"""A report as a card: HTML that is legible on light and dark backgrounds."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from autograder.judging.reports.told import A_SOLUTION, Told


def as_card(told: Told) -> str:
    """Lay out a report as a card; every text in it is escaped but drawings, which are ours."""
    drawings = [each for each in (told.own, told.meant) if each is not None]
    figures = [(drawing.title, Markup(drawing.html())) for drawing in drawings]
    return _template().render(told=told, figures=figures, a_solution=A_SOLUTION)


@cache
def _template() -> Template:
    source = files(__package__).joinpath("card.html").read_text(encoding="utf-8")
    environment = Environment(autoescape=True, undefined=StrictUndefined)
    return environment.from_string(source)
