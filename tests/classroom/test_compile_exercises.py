"""The exercises on `compile`, through nbgrader's whole cycle: which mistake it is, by its name.

Each class has the exercise's own cells of the chapter, and nothing else of it.
"""

import html
import re
from pathlib import Path

import nbformat
import pytest

from autograder.grading.notebooks.answer_cells import is_answer, with_answers
from autograder.grading.notebooks.remarks import JUDGED, KEY
from autograder.grading.playing.classroom import Classroom
from autograder.judging.reports.kept import Kept

COURSE = Path(__file__).parents[2]
pytestmark = [pytest.mark.long, pytest.mark.slow, pytest.mark.usefixtures("zygote")]

PROFILE = "ch03_multi_output", "ch03_ex6", "ch03_metrics_setup"
STAGE = "ch06_models_as_layers", "ch06_ex3", "ch06_digit_network_setup"


def profile(age="'mse'", income="'categorical_crossentropy'", gender="'binary_crossentropy'", **to):
    """An answer to the exercise of chapter 3 that differs from the solution's in something."""
    given = {
        "optimizer": "keras.optimizers.Adam(rate)",
        "loss": f"{{'age': {age}, 'income': {income}, 'gender': {gender}}}",
        "loss_weights": "weights",
        "metrics": "metrics",
    } | to
    arguments = ", ".join(f"{name}={value}" for name, value in given.items() if value)
    return (
        "def compile_profile(model, weights, rate=0.002):\n"
        f"    model.compile({arguments})\n"
        "    return model\n"
    )


def stage(free="network.trainable = not frozen", rate="rate", loss="'binary_crossentropy'"):
    """An answer to that of chapter 6."""
    return (
        "def compile_stage(model, network, frozen=False, rate=1e-5):\n"
        f"    {free}\n"
        f"    model.compile(keras.optimizers.Adam({rate}), {loss}, metrics=['accuracy'])\n"
        "    return model\n"
    )


QUICK = {
    "outputs-mixed-up": profile(age="'binary_crossentropy'", gender="'mse'"),
    "weights-missing": profile(loss_weights=""),
}
LONG = {
    PROFILE: {
        "one-hot-labels": profile(income="'sparse_categorical_crossentropy'"),
        "softmax-under-from-logits": profile(
            income="keras.losses.CategoricalCrossentropy(from_logits=True)"
        ),
        "accuracy-on-regression": profile(metrics="dict.fromkeys(metrics, 'accuracy')"),
        "name-of-no-output": profile(loss_weights="{**weights, 'sex': 1}"),
        "loss-missing": profile(loss="{'age': 'mse', 'income': 'categorical_crossentropy'}"),
        "weights-swapped": profile(loss_weights="[weights[name] for name in metrics]"),
        "other-optimizer": profile(optimizer="keras.optimizers.RMSprop(rate)"),
        "rate-too-low": profile(optimizer="keras.optimizers.Adam(rate / 10)"),
        "metric-missing": profile(metrics=""),
        "not-compiled": "def compile_profile(model, weights, rate=0.002):\n    return model\n",
    },
    STAGE: {
        "not-compiled-again": "def compile_stage(model, network, frozen=False, rate=1e-5):\n"
        "    network.trainable = not frozen\n"
        "    return model\n",
        "rate-too-high": stage(rate="0.1"),
        "softmax-under-from-logits": stage(
            loss="keras.losses.BinaryCrossentropy(from_logits=True)"
        ),
        "regression-of-classes": stage(loss="'mse'"),
        "frozen-by-mistake": stage(free="network.trainable = False"),
    },
}
RIGHT_IN_ONE_CASE = {"frozen-by-mistake"}


def class_of(chapter, exercise, setup, answers, folder):
    """A graded class: the solution, and one student for each mistake."""
    room = Classroom.copy_of(COURSE, folder, has_exchange=False)
    path = room.root / "solutions" / chapter / f"{chapter}.ipynb"
    book = nbformat.read(path, as_version=4)
    wanted = {f"{chapter[:4]}_setup", setup, f"{exercise}_answer", f"{exercise}_check"}
    cells = [c for c in book.cells if c.metadata.get("nbgrader", {}).get("grade_id") in wanted]
    assert len(cells) == len(wanted)
    book.cells = cells
    nbformat.write(book, path)
    room.generate(chapter)
    released = room.released(chapter)[path.name]
    room.submit("right", chapter, {path.name: with_answers(released, book)})
    for mistake, source in answers.items():
        handed_in = with_answers(released, book)
        (cell,) = filter(is_answer, handed_in.cells)
        cell.source = source
        room.submit(mistake, chapter, {path.name: handed_in})
    assert not room.autograde(chapter)
    room.give_feedback(chapter)
    return room


def look_at(which, answers, folder):
    """What the class of each mistake got, and was told."""
    chapter, exercise, _ = which
    room = class_of(*which, answers, folder)
    scores = {score.student: score for score in room.scores(chapter)}
    assert scores["right"].score == scores["right"].max_score == 2
    for mistake in answers:
        assert scores[mistake].score == (1 if mistake in RIGHT_IN_ONE_CASE else 0)
        graded = room.root / "classroom" / "autograded" / mistake / chapter / f"{chapter}.ipynb"
        judged = nbformat.read(graded, as_version=4).metadata[KEY][JUDGED]
        kept = Kept.from_text(judged[f"{exercise}_check"])
        assert {finding.id for finding in kept.findings} == {mistake}
        (page,) = [page for page in room.feedback_pages(chapter) if mistake in page.parts]
        told = html.unescape(re.sub(r"<[^>]+>", "", page.read_text()))
        assert " ".join(kept.findings[0].message.split()) in " ".join(told.split())
        assert "HIDDEN TESTS" not in told


def test_a_mistake_is_named_and_costs_the_points(tmp_path):
    look_at(PROFILE, QUICK, tmp_path / "room")


@pytest.mark.parametrize("which", LONG, ids=["ch03", "ch06"])
def test_every_mistake_is_named_and_costs_the_points(which, tmp_path):
    look_at(which, LONG[which], tmp_path / "room")
