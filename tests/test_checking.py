"""`check` in plain Python: verdicts, and one clear line for everything that goes wrong."""

import json
import subprocess
import sys

import numpy as np
import pytest
from tensorflow import keras
from tensorflow.keras import layers

import autograder
from autograder.checking import CheckFailed, WrongCheck, check
from autograder.judging.evidence import Case, Evidence, Kind, Problem
from autograder.judging.references import reference_of, write_references


def build(units=32):
    start = keras.Input((64,), name="start")
    return keras.Model(start, layers.Dense(units, name="end")(start))


@pytest.fixture(autouse=True)
def chapter(tmp_path, monkeypatch):
    """A folder with references for an exercise of every kind."""
    monkeypatch.chdir(tmp_path)
    graph = autograder.graphs.read_graph
    answers = {
        "model": [Case(Kind.MODEL, graph(build()))],
        "sizes": [Case(Kind.MODEL, graph(build(n)), {"units": n}) for n in (8, 16)],
        "number": [Case(Kind.NUMBER, 2080)],
        "shape": [Case(Kind.SHAPE, (None, 64))],
        "choice": [Case(Kind.CHOICE, "B")],
    }
    mistakes = {"number": {2048: "You left out the biases."}, "choice": {"A": "No, because."}}
    references = [
        reference_of(Evidence(name, tuple(cases)), mistakes.get(name))
        for name, cases in answers.items()
    ]
    write_references(tmp_path / "references.json", references)


def message(exercise, answer, *cases, error=CheckFailed):
    with pytest.raises(error) as stopped:
        check(exercise, answer, *cases)
    assert "".join(stopped.value._render_traceback_()) == str(stopped.value)
    return str(stopped.value)


@pytest.mark.parametrize(
    ("exercise", "answer"),
    [
        ("model", build),
        ("number", 2080),
        ("number", 2080.0),
        ("number", np.int64(2080)),
        ("number", lambda: 2080),
        ("shape", (None, 64)),
        ("shape", [None, 64]),
        ("shape", (None, None, 64)),
        ("choice", "B"),
        ("choice", " b "),
    ],
)
def test_right_answers_pass(exercise, answer, capsys):
    check(exercise, answer)
    assert f"✓ {exercise}: passed" in capsys.readouterr().out


def test_a_built_model_passes(capsys):
    check("model", build())
    assert "passed" in capsys.readouterr().out


def test_every_case_is_checked(capsys):
    check("sizes", build, {"units": 8}, {"units": 16})
    assert "2 of 2 cases" in capsys.readouterr().out
    text = message("sizes", lambda units: build(8), {"units": 8}, {"units": 16})
    assert "1 of 2 cases" in text and "Called with units=16" in text


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (None, "None, not a Keras model. Does your function end with `return model`?"),
        (lambda: None, "None, not a Keras model"),
        (3, "asks for a Keras model; your answer is a number"),
        (True, "of type bool, not a Keras model"),
        (keras.Input((3,)), "is a tensor, not a model. Wrap it up: keras.Model("),
        (layers.Dense(3), "of type Dense, not a Keras model"),
        (keras.Sequential([layers.Dense(3)]), "is not built yet"),
        (object(), "of type object, not a Keras model"),
        ({"a": 1}, "of type dict, not a Keras model"),
        (..., "put yours in place of the three dots"),
        (lambda: 1 / 0, "ZeroDivisionError: division by zero"),
        (lambda units: build(units), "missing 1 required positional argument: 'units'"),
        (build(31), "'end' has 31 units"),
    ],
)
def test_wrong_answers_are_told_why(answer, says):
    assert says in message("model", answer)


def test_an_untouched_exercise_is_not_attempted():
    def untouched():
        raise NotImplementedError("Exercise not done yet.")

    assert "○ model: not attempted yet" in message("model", untouched)


def test_a_student_is_shown_their_own_line():
    def build_wrong():
        start = keras.Input((4,))
        other = keras.Input((5,))
        return keras.Model([start, other], layers.Add()([start, other]))

    text = message("model", build_wrong)
    assert "in build_wrong(), at `return keras.Model([start, other], layers.Add()" in text
    assert "Traceback" not in text


def test_known_wrong_values_are_explained():
    assert "You left out the biases." in message("number", 2048)
    assert "No, because." in message("choice", "A")
    assert "2,049 is not the answer" in message("number", 2049)
    assert "(None, 65) is not the answer" in message("shape", (None, 65))


def test_an_unknown_exercise_is_named():
    text = message("modle", build, error=WrongCheck)
    assert text == "There is no exercise 'modle' in this chapter. Did you mean 'model'?"


def test_missing_references_are_named(tmp_path, monkeypatch):
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    assert "There is no references.json in" in message("model", build, error=WrongCheck)


def test_damaged_references_are_named(tmp_path):
    (tmp_path / "references.json").write_text("{")
    assert "is damaged" in message("model", build, error=WrongCheck)


def test_references_do_not_give_values_away(tmp_path):
    text = (tmp_path / "references.json").read_text()
    exercises = json.loads(text)["exercises"]
    for name in ("number", "shape", "choice"):
        assert "answer" not in exercises[name]["cases"][0]
    assert "2080" not in json.dumps(exercises["number"])


def test_evidence_survives_json():
    cases = (
        Case(Kind.MODEL, autograder.graphs.read_graph(build()), {"units": 32}),
        Case(Kind.SHAPE, (None, 3)),
        Case(Kind.PROBLEM, "not today", {}, Problem.RAISED),
    )
    evidence = Evidence("model", cases, hidden=True)
    assert Evidence.from_json(json.loads(json.dumps(evidence.to_json()))) == evidence


@pytest.mark.parametrize(
    "data", [None, 3, [], {}, {"format": 1}, {"format": 1, "cases": [3]}, {"format": 2}]
)
def test_damaged_evidence_is_refused(data):
    with pytest.raises(ValueError, match=r"evidence|damaged|not a valid"):
        Evidence.from_json(data)


def test_judging_needs_no_tensorflow():
    program = (
        "import sys, autograder.judging.judge, autograder.judging.reports\n"
        "import autograder.judging.files\n"
        "print([m for m in ('tensorflow', 'keras', 'IPython') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert run.stdout.strip() == "[]", run.stderr


def test_tensorflow_starts_silently():
    program = "from autograder import check; from tensorflow import keras; keras.ops.ones(3) + 1"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (run.stdout, run.stderr) == ("", "")
