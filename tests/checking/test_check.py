"""`check` in plain Python: verdicts, and one clear line for everything that goes wrong."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from packaging.version import Version
from tensorflow import keras
from tensorflow.keras import layers
from versions import KERAS

import autograder
from autograder.checking import CheckFailed, WrongCheck, check, checks, why
from autograder.judging.after_passing import AfterPassing, sealed
from autograder.judging.answer_kinds import (
    ChoiceAnswer,
    ModelAnswer,
    NoAnswer,
    NumberAnswer,
    Reason,
    ShapeAnswer,
)
from autograder.judging.evidence import Case, Evidence
from autograder.judging.judge import judge
from autograder.judging.references import read_references, reference_of, write_references
from autograder.judging.reports import Report


def build(units=32):
    start = keras.Input((64,), name="start")
    return keras.Model(start, layers.Dense(units, name="end")(start))


@pytest.fixture(autouse=True)
def chapter(tmp_path, monkeypatch):
    """A folder with references for an exercise of every kind."""
    monkeypatch.chdir(tmp_path)
    graph = autograder.graphs.read_graph
    answers = {
        "model": [Case(ModelAnswer(graph(build())))],
        "sizes": [Case(ModelAnswer(graph(build(n))), {"units": n}) for n in (8, 16)],
        "number": [Case(NumberAnswer(2080))],
        "shape": [Case(ShapeAnswer((None, 64)))],
        "choice": [Case(ChoiceAnswer("B"))],
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


def test_who_passes_is_told_why_and_nobody_else(capsys):
    evidence = Evidence("number", (Case(NumberAnswer(2080)),))
    reference = reference_of(evidence)
    told = AfterPassing("Because of the biases.", "def count():\n    return 2080")
    reference = replace(reference, after=sealed(told, evidence, reference))
    write_references(Path("references.json"), [reference])
    assert "Because" not in message("number", 2048) + message("number", ...)
    check("number", 2080)
    assert "Why: Because of the biases." in capsys.readouterr().out


def test_where_the_reason_is_written_a_check_shows_what_it_did_when_recorded(capsys, monkeypatch):
    monkeypatch.setattr(checks, "_WRITTEN_HERE", set())
    evidence = Evidence("number", (Case(NumberAnswer(2080)),))
    reference = reference_of(evidence)
    told = AfterPassing("Because of the biases.")
    write_references(
        Path("references.json"), [replace(reference, after=sealed(told, evidence, reference))]
    )
    why("number", "Because of the biases.")
    check("number", 2080)
    assert "Why:" not in capsys.readouterr().out


def test_every_case_is_checked(capsys):
    check("sizes", build, {"units": 8}, {"units": 16})
    assert "2 of 2 cases" in capsys.readouterr().out
    text = message("sizes", lambda units: build(8), {"units": 8}, {"units": 16})
    assert "1 of 2 cases" in text and "Called with units=16" in text


def test_an_argument_that_is_never_used_is_noted(capsys):
    def used_in_a_loop(units=32, *, name="start"):
        start = keras.Input((64,), name=name)
        ends = [layers.Dense(units, name="end")(start) for _ in range(1)]
        return keras.Model(start, ends[0])

    def written_out(units=32, name=None):
        return build(32 if name is None else 0)

    def overwritten(units=32):
        units = 32
        return build(units)

    for right in (build, used_in_a_loop, overwritten, build()):
        check("model", right)
        assert "never uses" not in capsys.readouterr().out
    check("model", written_out)
    said = capsys.readouterr().out
    assert "✓ model: passed" in said and said.count("Note: ") == 1
    assert "Your function written_out never uses its argument units." in said
    assert "never uses" not in message("model", lambda units=3: build(31))


def handed_a_size(units=32):
    return build(32)


def handed_on(**sizes):
    return handed_a_size(**sizes)


def test_an_argument_that_is_never_used_is_told_through_the_check_s_own_function(capsys):
    check("model", handed_on)
    assert "function handed_a_size never uses its argument units." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (None, "None, not a Keras model. Does your function end with `return model`?"),
        (lambda: None, "None, not a Keras model"),
        (3, "asks for a Keras model; your answer is a number"),
        (True, "of type bool, not a Keras model"),
        (keras.Input((3,)), "is a tensor, not a model. Wrap it up: keras.Model("),
        (layers.Dense(3), "of type Dense, not a Keras model"),
        (object(), "of type object, not a Keras model"),
        ({"a": 1}, "of type dict, not a Keras model"),
        (..., "put yours in place of the three dots"),
        (lambda: 1 / 0, "ZeroDivisionError: division by zero"),
        (lambda units: build(units), "missing 1 required positional argument: 'units'"),
    ],
)
def test_wrong_answers_are_told_why(answer, says):
    assert says in message("model", answer)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: build(31), "'end' has 31 units"),
        (lambda: keras.Sequential([layers.Dense(3)]), "is not built yet"),
    ],
)
def test_a_wrong_model_that_is_no_function_is_told_why(make, says):
    assert says in message("model", make())


@pytest.mark.parametrize(
    ("exercise", "answer", "says"),
    [
        ("number", lambda: print(end=""), "Your function returned nothing. This exercise asks for"),
        ("number", lambda: print(end=""), "print it instead of returning it?"),
        ("shape", lambda: None, "returned nothing. This exercise asks for numbers in brackets"),
        ("choice", lambda: None, "returned nothing. This exercise asks for one of the choices"),
        ("number", None, "asks for a number; your answer is None"),
        ("number", {32: 2080}, "asks for a number; your answer is a dictionary"),
        ("number", {32: 2080}, "Give a number, and nothing around it."),
        ("number", True, "your answer is True"),
        ("number", object(), "your answer is of type object"),
        ("number", keras.Input((3,)), "your answer is a tensor"),
        ("number", build, "asks for a number; your answer is a Keras model"),
        ("number", "2080", "Leave the quotes away"),
        ("number", (2, 80), "your answer is 2 numbers in brackets"),
        ("number", (2, 180), "2,180 is 2 numbers in Python, because of the comma."),
        ("number", (2, 180), "Leave the comma away: 2180."),
        ("number", (1, 0, 520), "Leave the comma away: 1000520."),
        ("number", (2080,), "your answer is one number in brackets"),
        ("number", [2080], "Give the number alone, without brackets"),
        ("number", (), "a pair of empty brackets"),
        ("number", (20.5, 3), "asks for a number; your answer is (20.5, 3)"),
        ("choice", ["B"], 'as text, such as "A"; your answer is a list'),
        ("choice", 2, "Write the letter of your choice in quotes."),
        ("shape", (None, 64.0), "(None, 64.0) has a number with a point in it"),
        ("shape", [np.float64(25.0), 25], "(25.0, 25) has a number with a point in it"),
        ("shape", (25.0,) * 9, "Your answer has a number with a point in it"),
        ("shape", (25.0, 3), "use // in place of /"),
        ("shape", 64, "asks for numbers in brackets, such as (28, 28, 64); your answer is one"),
        ("shape", "(None, 64)", "your answer is text"),
        ("shape", {"a": 64}, "Write whole numbers in brackets, with commas between."),
        ("model", "text", "asks for a Keras model; your answer is text"),
        ("model", (25.0, 3), "of type tuple, not a Keras model"),
        ("number", 2049, "Work it out once more, step by step."),
    ],
)
def test_an_answer_of_another_kind_is_told_what_it_is(exercise, answer, says):
    text = message(exercise, answer)
    assert says in text
    assert f"✗ {exercise}: not yet" in text or exercise == "model"
    assert "not a Keras model" not in text or exercise == "model"


def test_a_batch_axis_may_be_left_away(capsys):
    check("shape", (None, None, 64))
    assert "Note: The None in front is the batch axis; it may be" in capsys.readouterr().out
    check("shape", (None, 64))
    assert "Note" not in capsys.readouterr().out


def part():
    start = keras.Input((4,))
    return keras.Model(start, {"even": layers.Dense(1)(start)}, name="part")


@pytest.mark.parametrize(
    ("join", "says"),
    [
        (lambda own: layers.add([part()(own)["even"], part()(own)["even"]]), "make it once"),
        (lambda own: layers.Dense(1)(part().output["even"]), "call the network on your own input"),
        (lambda own: {"even": part().output["even"]}, "call the network on your own input"),
        (lambda own: own / 0 + "a", "Mend this error first"),
    ],
)
def test_after_an_error_there_is_one_thing_to_try(join, says):
    def build_joined():
        own = keras.Input((4,))
        return keras.Model(own, join(own))

    text = message("model", build_joined)
    assert says in text
    # A Keras before 3.14 does not look whether an output starts from the model's own inputs.
    assert "Your function raised an error" in text or Version("3.14") > KERAS


def test_an_input_that_no_layer_reads_is_said_to_be_one():
    def build_half():
        raise ValueError("`inputs` not connected to `outputs`")  # as Keras 3.10 to 3.13 say

    assert "No layer reads one of your inputs" in message("model", build_half)


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


def test_references_are_found_by_the_notebook_not_by_the_working_directory(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    program = """
from autograder import check
import os
os.chdir("elsewhere")
check("number", 2080)
"""
    run = [sys.executable, "-c", program]
    said = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "number: passed" in said.stdout


def test_where_answers_are_judged_elsewhere_check_needs_no_reference(tmp_path, monkeypatch):
    (tmp_path / "references.json").unlink()
    monkeypatch.setenv("AUTOGRADER_GRADING", "1")
    check("number", 7)


def test_damaged_references_are_named(tmp_path):
    (tmp_path / "references.json").write_text("{")
    assert "is damaged" in message("model", build, error=WrongCheck)


def test_references_do_not_give_values_away(tmp_path):
    exercises = {
        name: reference.to_json()
        for name, reference in read_references(tmp_path / "references.json").items()
    }
    for name in ("number", "shape", "choice"):
        assert "answer" not in exercises[name]["cases"][0]
    assert "2080" not in json.dumps(exercises["number"])


def test_evidence_survives_json():
    cases = (
        Case(ModelAnswer(autograder.graphs.read_graph(build())), {"units": 32}),
        Case(ShapeAnswer((None, 3))),
        Case(NoAnswer(Reason.RAISED, "not today")),
        Case(NoAnswer(Reason.NOT_READABLE, "no model", "dict", "{}")),
    )
    evidence = Evidence("model", cases, hidden=True)
    assert Evidence.from_json(json.loads(json.dumps(evidence.to_json()))) == evidence


@pytest.mark.parametrize(
    "data", [None, 3, [], {}, {"format": 1}, {"format": 1, "cases": [3]}, {"format": 2}]
)
def test_damaged_evidence_is_refused(data):
    with pytest.raises(ValueError, match=r"evidence|damaged|not a valid"):
        Evidence.from_json(data)


@pytest.mark.parametrize(
    ("kind", "answer"),
    [("number", "2080"), ("number", True), ("shape", 64), ("shape", [[64]]), ("choice", 2)],
)
def test_an_answer_that_is_not_of_its_kind_is_refused(kind, answer):
    case = {"kind": kind, "answer": answer, "arguments": {}}
    with pytest.raises(ValueError, match="damaged"):
        Evidence.from_json({"format": 1, "exercise": "x", "cases": [case]})


@pytest.mark.parametrize("found", [None, 3, [], {"a": 1}, "x" * 1000, "dict", "nothing returned"])
@pytest.mark.parametrize("exercise", ["model", "number", "shape", "choice"])
def test_whatever_evidence_says_of_a_wrong_answer_it_is_not_passed(exercise, found):
    case = {"kind": "problem", "answer": 3, "arguments": {}, "problem": "not readable"}
    case |= {"found": found, "shown": found}
    data = {"format": 1, "exercise": exercise, "cases": [case]}
    reference = read_references(Path("references.json"))[exercise]
    report = Report(judge(Evidence.from_json(data), reference))
    assert not report.judgement.passed
    assert len(report.text()) < 600


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


def test_where_a_card_is_shown_the_line_under_it_still_says_why(monkeypatch):
    monkeypatch.setattr("autograder.checking.checks._show", lambda *shown: True)
    text = message("model", build(33))
    assert text.startswith("✗ model: not yet – ") and "\n" not in text
    assert "33" in text and "32" in text
    assert message("choice", "A") == "✗ choice: not yet – No, because."
