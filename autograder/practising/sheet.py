"""An exercise as a person reads it: in words, and as a card with its pictures."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup, escape

from autograder.graphs import Graph
from autograder.graphs.draw import Drawing, draw
from autograder.practising.drawn_graph import graph_of
from autograder.practising.exercise import LETTERS, Exercise
from autograder.practising.marking import counts

TASKS = {
    "build": "Build the network that these sentences describe. A picture of it stands below them.",
    "count": "How many parameters does each layer named below have, and the model in all?",
    "shapes": "Which shape does each tensor named below have? Leave the batch axis out.",
    "find": "The code is to build the network of the sentences, but has one mistake. Which one?",
    "find between drawings": "The first drawing shows the network that is asked for, the second "
    "one what was built, with one mistake. Which mistake is it?",
    "draw": "Which of these drawings is of the model that the code builds?",
    "mend": "The code is to build the network of the sentences, but has one mistake. Mend it.",
}


@dataclass(frozen=True)
class Sheet:
    """What is shown of an exercise."""

    title: str
    why: str
    task: str
    sentences: tuple[str, ...]
    code: str
    choices: tuple[tuple[str, str], ...]
    drawings: tuple[Drawing, ...]
    how: str

    def text(self) -> str:
        """The question in lines, for a terminal, and for who cannot see pictures."""
        parts = [self.title, self.why, "", self.task]
        parts += [f"  {number}. {line}" for number, line in enumerate(self.sentences, start=1)]
        parts += ["", *(f"    {line}" for line in self.code.split("\n"))] if self.code else []
        parts += [f"\n{drawing!r}" for drawing in self.drawings]
        parts += [""] if self.drawings and self.choices else []
        parts += [f"  {letter}) {text}" for letter, text in self.choices]
        return "\n".join([*parts, "", self.how])

    def html(self) -> str:
        """The question as a card; all texts are escaped but drawings, which are ours."""
        figures = [(drawing.title, Markup(drawing.html())) for drawing in self.drawings]
        return _template().render(sheet=self, figures=figures)


def sheet_of(exercise: Exercise, why: str) -> Sheet:
    """What is shown of an exercise.

    Args:
        exercise: the exercise.
        why: why it was chosen.
    """
    kind = exercise.kind
    is_told = kind in ("build", "find", "mend") and not exercise.as_drawings
    choices = [(letter, o.text) for letter, o in zip(LETTERS, exercise.options, strict=False)]
    return Sheet(
        exercise.name.capitalize(),
        why,
        TASKS["find between drawings" if exercise.as_drawings else kind],
        tuple(exercise.statements) if is_told else (),
        "" if kind == "build" or exercise.as_drawings else exercise.code,
        tuple(choices) if kind == "find" else (),
        _drawings(exercise),
        _how(exercise),
    )


def _drawings(exercise: Exercise) -> tuple[Drawing, ...]:
    if exercise.kind == "build":
        return (_drawn(exercise.built.graph, "The network:"),)
    if exercise.as_drawings and exercise.wrong is not None:
        right, wrong = exercise.network, exercise.wrong.network
        return (
            _drawn(graph_of(right), "The network that is asked for:"),
            _drawn(graph_of(wrong), "The network that was built:"),
        )
    pairs = zip(LETTERS, exercise.options, strict=False)
    graphs = [(letter, o.graph) for letter, o in pairs if o.graph is not None]
    return tuple(_drawn(graph, f"Drawing {letter}") for letter, graph in graphs)


def _drawn(graph: Graph, title: str) -> Drawing:
    """All of it: layers folded in one drawing, and not in another, would look like a mistake."""
    return draw(graph, title=title, around=range(len(graph.calls)))


def _how(exercise: Exercise) -> str:
    if exercise.kind in ("build", "mend"):
        given = "model"
    elif exercise.kind == "count":
        given = _mapping(counts(exercise))
    elif exercise.kind == "shapes":
        given = _mapping([step.makes for step in exercise.network.steps])
    else:
        last = LETTERS[len(exercise.options) - 1]
        return f'Answer by a letter from a to {last}: practice.check("…")'
    return f"Answer by: practice.check({given})"


def _mapping(names: dict[str, int] | list[str]) -> str:
    return "{" + ", ".join(f'"{name}": …' for name in names) + "}"


@cache
def _template() -> Template:
    source = files(__package__).joinpath("sheet.html").read_text(encoding="utf-8")
    environment = Environment(autoescape=True, undefined=StrictUndefined)
    environment.filters["with_code"] = _with_code
    return environment.from_string(source)


def _with_code(text: str) -> Markup:
    """A sentence as HTML: names between backquotes stand as code."""
    return Markup(re.sub(r"`(\w+)`", r"<code>\1</code>", str(escape(text))))
