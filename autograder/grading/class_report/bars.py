"""How the exercises went, as a picture: a bar for each, in the colours of the cards."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence

from autograder.grading.class_report.figures import KINDS
from autograder.grading.class_report.whole_report import ExerciseReport

WORDS = dict(
    zip(KINDS, ("passed", "partly right", "wrong", "not attempted", "not judged"), strict=True)
)
COLOURS = dict(zip(KINDS, ("#2e7d32", "#a16207", "#c2410c", "#6b7280", "#4338ca"), strict=True))
"""White letters can be read on each of them."""

_INK = "#010203"
"""Stands for the colour of the page's letters, light or dark; nothing else has it."""

_NARROW = 0.05
"""A part of a bar that has no room for its number."""


def bars(name: str, exercises: Sequence[ExerciseReport]) -> str:
    """The bars as SVG, to stand in a page; its letters have the page's colour.

    Args:
        name: of the assignment, for those who do not see the picture.
        exercises: one bar each.
    """
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    settings = {"svg.fonttype": "none", "svg.hashsalt": name, "text.parse_math": False}
    ink = dict.fromkeys(("text.color", "axes.edgecolor", "xtick.color", "ytick.color"), _INK)
    with rc_context(settings | ink):
        figure = Figure(figsize=(8, 0.9 + 0.36 * len(exercises)), layout="constrained")
        axes = figure.add_subplot()
        _draw(axes, exercises)
        written = io.StringIO()
        figure.savefig(written, format="svg", transparent=True, metadata={"Date": None})
    return _in_a_page(written.getvalue(), described(name, exercises))


def described(name: str, exercises: Sequence[ExerciseReport]) -> str:
    """What the picture shows, in words."""
    parts = [
        f"{each.exercise.name}: {each.figures.passed} of {each.figures.handed_in} passed"
        for each in exercises
    ]
    return f"How the exercises of {name} went. {'; '.join(parts)}."


def _draw(axes, exercises: Sequence[ExerciseReport]) -> None:
    names = [each.exercise.name for each in exercises]
    most = max((each.figures.handed_in for each in exercises), default=0) or 1
    left = [0] * len(names)
    for kind in KINDS:
        counts = [getattr(each.figures, kind) for each in exercises]
        drawn = axes.barh(names, counts, left=left, color=COLOURS[kind], label=WORDS[kind])
        numbers = [str(count) if count > _NARROW * most else "" for count in counts]
        axes.bar_label(drawn, numbers, label_type="center", color="white", fontsize=9)
        left = [before + count for before, count in zip(left, counts, strict=True)]
    axes.invert_yaxis()
    axes.set_xlim(0, most)
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_xlabel("students", color=_INK)
    axes.figure.legend(ncols=len(KINDS), loc="outside upper left", frameon=False, fontsize=9)


def _in_a_page(svg: str, words: str) -> str:
    """Without what makes it a file, and without ids that a second picture would have, too."""
    from markupsafe import escape

    inner = svg[svg.index("<svg") :].replace(_INK, "currentColor")
    inner = re.sub(r'<g id="[^"]*"', "<g", inner)
    inner = re.sub(r'(<svg [^>]*?)width="[^"]*" ?', r"\1", inner, count=1)
    inner = re.sub(r'(<svg [^>]*?)height="[^"]*" ?', r"\1", inner, count=1)
    return inner.replace("<svg ", f'<svg role="img" aria-label="{escape(words)}" ', 1)
