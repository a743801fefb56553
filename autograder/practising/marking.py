"""What an answer to an exercise is: judged by the same judge, with the same words."""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Real
from typing import Any

from autograder.by_value.asking import is_thorough
from autograder.graphs.describe import listed, number
from autograder.judging.comparing import judge_network
from autograder.judging.verdict import Finding, Status, Verdict
from autograder.practising.drawn_graph import graph_of
from autograder.practising.exercise import LETTERS, Exercise
from autograder.practising.made_wrong import MISTAKES
from autograder.teaching.explain import explain

IN_ALL = "in all"


def judged(exercise: Exercise, answer: Any) -> Verdict:
    """The verdict on an answer.

    Args:
        exercise: what was asked.
        answer: a model to build or mend; a mapping to count, or of shapes; else a letter.
    """
    if answer is None:
        return _told(Status.NOT_ATTEMPTED, "not-attempted", "There is no answer yet.", _ASKED)
    if exercise.kind in ("build", "mend"):
        return judge_network(answer, exercise.built.graph, thorough=is_thorough())
    if exercise.kind == "count":
        return _of_mapping(answer, counts(exercise), _why_count(exercise))
    if exercise.kind == "shapes":
        meant = {step.makes: exercise.built.shapes[step.makes] for step in exercise.network.steps}
        return _of_mapping(answer, meant, _why_shape(exercise))
    return _of_letter(exercise, answer)


_ASKED = "Read what is asked for, and hand your answer to practice.check(…)."


def counts(exercise: Exercise) -> dict[str, int]:
    """How many parameters each layer has that has some, and the whole model."""
    explained = explain(exercise.built.graph)
    found = {row.layer: row.count for row in explained.rows if row.count}
    in_order = [name for name in exercise.network.names_of_layers if name in found]
    return {**{name: found[name] for name in in_order}, IN_ALL: explained.total}


def _why_count(exercise: Exercise) -> dict[str, str]:
    rows = explain(exercise.built.graph).rows
    symbols = {row.layer: f"This layer has {row.symbols} of them." for row in rows if row.count}
    return {**symbols, IN_ALL: "Add up the layers; one that is called twice counts once."}


def _why_shape(exercise: Exercise) -> dict[str, str]:
    network = exercise.network
    return {step.makes: _SHAPES[network.layer(step.layer).op] for step in network.steps}


_SHAPES = {
    "Dense": "A Dense layer keeps all axes but the last, which becomes its units.",
    "Embedding": "An Embedding puts a vector in the place of each whole number.",
    "LSTM": "An LSTM gives its last state alone: one number a unit.",
    "GRU": "A GRU gives its last state alone: one number a unit.",
    "Concatenate": "A Concatenate adds up the last axes of what it reads.",
    "Add": "An Add keeps the shape of what it reads.",
    "Conv2D": 'A Conv2D with padding="same" keeps height and width; filters are the last axis.',
    "MaxPooling2D": "A pooling of 2 halves height and width, rounding down.",
    "Flatten": "A Flatten multiplies all axes.",
    "GlobalAveragePooling2D": "It keeps the last axis alone.",
    "Model": "A model gives what its last layer gives.",
}


def _of_mapping(answer: Any, meant: Mapping[str, Any], why: Mapping[str, str]) -> Verdict:
    step = f"Give a dict with {listed([repr(key) for key in meant])}."
    if not isinstance(answer, Mapping):
        found = f"a {type(answer).__name__}"
        return _told(Status.WRONG, "wrong-kind", "Your answer is no dict.", step, found=found)
    answer = dict(answer)
    missing = [key for key in meant if key not in answer]
    wrong = [k for k in meant if k in answer and not _is_same(answer[k], meant[k])]
    if unknown := [key for key in answer if key not in meant]:
        names = listed([_shown(key) for key in unknown[:_MOST_NAMES]])
        text = f"Nothing that is asked for is called {names}."
        return _told(Status.WRONG, "unknown-name", text, step)
    if missing:
        text = f"Your answer lacks {listed([repr(key) for key in missing])}."
        return _told(Status.WRONG, "missing-part", text, step)
    if not wrong:
        return Verdict(Status.PASSED)
    first = wrong[0]
    message = f"Not right yet, of {len(meant)} values: {listed([repr(key) for key in wrong])}."
    found = _shown(answer[first])
    where = (first,)
    is_unlike = isinstance(meant[first], tuple) and not isinstance(answer[first], (list, tuple))
    step = _HOW_A_SHAPE_IS_WRITTEN if is_unlike else why[first]
    finding = Finding("wrong-value", message, where, found=found, next_step=step)
    return Verdict(Status.WRONG, (finding,))


_HOW_A_SHAPE_IS_WRITTEN = "Write a shape as a tuple, one of a single axis with a comma: (99,)."


def _is_same(value: Any, meant: Any) -> bool:
    if isinstance(meant, tuple):
        if not isinstance(value, (list, tuple)):
            return False
        are_sizes = all(size is None or isinstance(size, Real) for size in value)
        # With the batch axis in front it is the same shape, as Keras tells it.
        return are_sizes and tuple(value) in (meant, (None, *meant))
    is_number = isinstance(value, Real) and not isinstance(value, bool)
    return is_number and value == meant


def _shown(value: Any) -> str:
    """What somebody gave, in a few letters; its class where it cannot be written."""
    try:
        text = number(value) if isinstance(value, int) else repr(value)
    except Exception:
        return f"a {type(value).__name__}"
    return text if len(text) <= _MOST_LETTERS else f"{text[: _MOST_LETTERS - 1]}…"


_MOST_NAMES, _MOST_LETTERS = 5, 60


def _of_letter(exercise: Exercise, answer: Any) -> Verdict:
    known = LETTERS[: len(exercise.options)]
    letter = answer.strip().lower().strip("()") if isinstance(answer, str) else ""
    if len(letter) != 1 or letter not in known:
        step = f"Give one of {listed([repr(each) for each in known], last=' or ')}."
        return _told(Status.WRONG, "wrong-kind", f"{_shown(answer)} is no choice here.", step)
    if letter == exercise.right:
        return Verdict(Status.PASSED, notes=_notes(exercise))
    option = exercise.options[known.index(letter)]
    if option.graph is not None:
        text = "You chose the drawing of another network. Beside the code, it has a mistake: "
        step = "Follow each arrow of the drawing to its line of the code."
        return _told(Status.WRONG, option.mistake, text + MISTAKES[option.mistake].says, step)
    text = f"That is not what is wrong here: {option.text}"
    step = _ALONG_DRAWINGS if exercise.as_drawings else _ALONG_SENTENCES
    return _told(Status.WRONG, "wrong-choice", text, step)


_ALONG_SENTENCES = "Go through the sentences one by one, and find each one's line in the code."
_ALONG_DRAWINGS = "Go through both drawings from the top, box by box, until they part."


def _notes(exercise: Exercise) -> tuple[str, ...]:
    if exercise.wrong is None:
        return ()
    graph = graph_of(exercise.wrong.network)
    found = judge_network(graph, exercise.built.graph, thorough=False).findings
    return tuple(finding.message for finding in found[:1])


def _told(status: Status, id: str, message: str, step: str, *, found: str = "") -> Verdict:
    return Verdict(status, (Finding(id, message, found=found, next_step=step),))
