"""What `compare` says: as a card, in words, and of the reference; and what it says of files."""

import ast
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import h5py
import keras
import pytest
from keras import layers

import autograder
from autograder import commands, compare
from autograder.by_value import asking
from autograder.graphs import NotReadable
from autograder.judging.files import read_file
from autograder.judging.reference_words import in_words_of_reference
from autograder.judging.verdict import Finding, Status, Verdict

JUDGING = Path(autograder.__file__).parent / "judging"


@pytest.fixture(autouse=True)
def structure_alone(monkeypatch):
    monkeypatch.setenv(asking.SWITCH, "off")


def row(*widths, **more):
    start = keras.Input((4,), name="start")
    x = start
    for number, width in enumerate(widths):
        x = layers.Dense(width, name=f"dense_{number}", **more)(x)
    return keras.Model(start, x)


def test_a_shell_shows_words_and_a_notebook_a_card():
    verdict = compare(row(3, 2), row(3, 1))
    words = repr(verdict)
    assert words.startswith("✗ Not the same network as the reference\n")
    assert "'dense_1'" in words and "Traceback" not in words and "Verdict(" not in words
    shown = verdict._repr_mimebundle_()
    assert shown["text/plain"] == words
    assert shown["text/html"].startswith("<div role='status'")
    assert str(verdict) == words


def test_what_is_the_same_and_what_cannot_be_read_is_said_too():
    assert repr(compare(row(3), row(3))) == "✓ The same network as the reference"
    assert repr(compare(None, row(3))).startswith("? Cannot be compared with the reference\n")


def test_it_is_a_verdict_as_before():
    verdict = compare(row(3), row(4))
    assert isinstance(verdict, Verdict) and verdict.status is Status.WRONG
    assert not verdict.passed and verdict.findings[0].id == "wrong-units"
    assert set(verdict.to_json()) == {"status", "passed", "findings", "notes"}


def said(verdict):
    return json.dumps(verdict.to_json(), ensure_ascii=False)


SPOKEN_TO_STUDENTS = re.compile("exercise|question|solution")

WRONG = {
    "a setting": lambda: compare(row(3, use_bias=False), row(3)),
    "frozen": lambda: compare(row(3, trainable=False), row(3)),
    "not frozen": lambda: compare(row(3), row(3, trainable=False)),
    "something else": lambda: compare(row(3, 3, 9, 7), row(2, 5, activation="tanh")),
}


@pytest.mark.parametrize("kind", WRONG)
def test_it_never_speaks_of_an_exercise(kind):
    text = said(WRONG[kind]())
    assert not SPOKEN_TO_STUDENTS.search(text)


def test_names_in_quotes_are_left_as_they_are():
    text = "Keras' layer 'the exercise' is not what the exercise's solution, the solution, has."
    (finding,) = in_words_of_reference(
        Verdict(Status.WRONG, (Finding("any", text, ("the exercise",)),))
    ).findings
    assert "'the exercise'" in finding.message and finding.where == ("the exercise",)
    assert finding.message.count("the reference") == 2
    assert in_words_of_reference(Verdict(Status.WRONG, notes=("This exercise asks",))).notes == (
        "The reference asks",
    )


SPEAK_OF_NETWORKS = [
    *sorted((JUDGING / "misconceptions").glob("*.py")),
    *(JUDGING / f"{name}.py" for name in ("both_judges", "diagnosis", "difference", "given")),
    *(JUDGING / f"{name}.py" for name in ("hints", "pairing", "unseen", "weight_sharing")),
]


@pytest.mark.parametrize("path", SPEAK_OF_NETWORKS, ids=lambda path: path.stem)
def test_each_sentence_about_networks_can_be_said_of_a_reference(path):
    tree = ast.parse(path.read_text())
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if is_text and " " in node.value and id(node) not in docs:
            text = in_words_of_reference(Verdict(Status.WRONG, notes=(node.value,))).notes[0]
            assert not SPOKEN_TO_STUDENTS.search(text), node.value


# Files


def keras_2(named=True):
    """What `to_json` of Keras 2.11 wrote of a functional model."""
    layer = {"name": "dense", "trainable": True, "dtype": "float32", "units": 3}
    nodes = {"inbound_nodes": [[["input_1", 0, 0, {}]]]}
    start = {"batch_input_shape": [None, 4], "dtype": "float32", "name": "input_1"}
    config = {
        "name": "old",
        "layers": [
            {"class_name": "InputLayer", "config": start, "name": "input_1", "inbound_nodes": []},
            {"class_name": "Dense", "config": layer, "name": "dense", **nodes},
        ],
        "input_layers": [["input_1", 0, 0]],
        "output_layers": [["dense", 0, 0]],
    }
    version = {"keras_version": "2.11.0", "backend": "tensorflow"} if named else {}
    return {"class_name": "Functional", "config": config, **version}


def as_json(folder, data):
    path = folder / "model.json"
    path.write_text(json.dumps(data))
    return path


def as_keras(folder, data, version):
    path = folder / "model.keras"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("config.json", json.dumps(data))
        archive.writestr("metadata.json", json.dumps({"keras_version": version}))
    return path


class Own(keras.Model):
    def __init__(self, **more):
        super().__init__(**more)
        self.dense = layers.Dense(3)

    def call(self, x):
        return self.dense(x)


def needs_code(folder):
    model = Own(name="mine")
    model(keras.ops.ones((1, 4)))
    model.save(folder / "model.keras")
    return folder / "model.keras"


def weights_alone(folder):
    row(3).save_weights(folder / "row.weights.h5")
    return folder / "row.weights.h5"


def whole_hdf5(folder):
    row(3).save(folder / "row.h5")
    return folder / "row.h5"


def weights_of_keras_2(folder):
    with h5py.File(folder / "old.h5", "w") as file:
        file.attrs["keras_version"] = "2.11.0"
        file.create_group("dense")
    return folder / "old.h5"


def damaged(folder):
    path = folder / "model.h5"
    path.write_bytes(b"\x89HDF\r\n\x1a\nand no more")
    return path


def saved_model(folder):
    (folder / "model").mkdir()
    return folder / "model"


FILES = {
    "JSON of Keras 2": (lambda f: as_json(f, keras_2()), "Keras 2", "model.save('name.h5')"),
    "the same without a version": (
        lambda f: as_json(f, keras_2(named=False)),
        "Keras 2",
        "model.save('name.keras')",
    ),
    "a .keras of Keras 2": (
        lambda f: as_keras(f, keras_2(named=False), "2.15.0"),
        "Keras 2",
        "model.save('name.h5')",
    ),
    "code": (needs_code, "class of its own (Own)", "keras.Model(inputs, outputs)"),
    "weights": (weights_alone, "weights alone", "model.load_weights"),
    "weights of Keras 2": (weights_of_keras_2, "weights alone", "model.load_weights"),
    "a whole .h5": (whole_hdf5, "HDF5", "model.save('name.keras')"),
    "a damaged .h5": (damaged, "damaged", ""),
    "a folder": (saved_model, "is a folder", "model.save('name.keras')"),
}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("kind", FILES)
def test_what_is_no_network_of_today_is_told_in_one_line(kind, tmp_path, capsys):
    make, what, way_out = FILES[kind]
    path = make(tmp_path)
    with pytest.raises(NotReadable) as refused:
        read_file(path)
    text = str(refused.value)
    assert what in text and way_out in text and "\n" not in text and path.name in text
    assert commands.run(["compare", str(path), str(path)]) == 1
    told = capsys.readouterr().err
    assert told.count("\n") == 1 and "Traceback" not in told and what in told


def test_the_way_out_for_keras_2_leads_out(tmp_path):
    """Keras 3 loads the .h5 that Keras 2 saved, and saves it as a .keras that is read here."""
    path = tmp_path / "old.h5"
    with h5py.File(path, "w") as file:
        file.attrs["model_config"] = json.dumps(keras_2())
        file.attrs["keras_version"], file.attrs["backend"] = "2.11.0", "tensorflow"
        weights = file.create_group("model_weights")
        weights.attrs["layer_names"] = [b"input_1", b"dense"]
        weights.create_group("input_1").attrs["weight_names"] = []
        dense = weights.create_group("dense")
        dense.attrs["weight_names"] = [b"dense/kernel:0", b"dense/bias:0"]
        dense["dense/kernel:0"], dense["dense/bias:0"] = [[0.0] * 3] * 4, [0.0] * 3
    keras.models.load_model(path).save(tmp_path / "new.keras")
    assert compare(read_file(tmp_path / "new.keras"), row(3)).passed


def test_files_are_read_without_keras(tmp_path):
    path = tmp_path / "row.keras"
    row(3).save(path)
    code = (
        "import sys; from pathlib import Path; from autograder.judging.files import read_file; "
        f"read_file(Path({str(path)!r})); assert 'keras' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
