"""Pictures of graphs, and what is shown where there can be none."""

import subprocess

import pytest
from tensorflow import keras
from tensorflow.keras import layers

from autograder import draw
from autograder.graphs import read_graph
from autograder.graphs.draw import LONGEST_ALT


@pytest.fixture
def model():
    left, right = keras.Input((8,), name="left"), keras.Input((8,), name="right")
    reader = layers.Dense(4, activation="relu", name="reader")
    both = layers.Concatenate(name="both")([reader(left), reader(right)])
    return keras.Model([left, right], layers.Dense(1, name="same")(both), name="pair")


def test_the_text_says_it_all(model):
    lines = draw(model, mark=[3]).text.split("\n")
    assert lines[0].split() == ["1.", "left", "Input", "(8,)"]
    assert "reader (call 1)" in lines[2] and "Dense 4, relu" in lines[2] and "reads 1" in lines[2]
    assert "one set of weights, 2 calls" in lines[2]
    assert "reads 3 + 4" in lines[4]
    assert lines[5].endswith("[output 'same']")


def test_a_mark_is_more_than_a_colour(model):
    drawing = draw(model, mark=[2])
    assert "HERE" in drawing.text.split("\n")[2]
    assert drawing.svg is None or "HERE" in drawing.svg


def test_the_picture_has_a_text_form(model):
    page = draw(model).html()
    assert 'alt="Graph of pair:' in page
    assert "reader (call 1)" in page


def test_the_pictures_own_words_are_short_and_name_the_mark(model):
    assert draw(model, mark=[2]).alt == (
        f"Graph of pair: {len(draw(model).text.splitlines())} calls. HERE: "
        f"{read_graph(model).calls[2].name} (call 1). The same as text below."
    )
    long = draw(model, mark=[2], title="t" * 400).alt
    assert len(long) == LONGEST_ALT and long.endswith("The same as text below.")


@pytest.mark.parametrize("size, is_hurried", [(5, False), (40, True)])
def test_many_long_arrows_are_placed_in_a_hurry(size, is_hurried, monkeypatch):
    given = []

    def run(command, *, input, **how):
        given.append(input.decode())
        raise OSError

    monkeypatch.setattr("shutil.which", lambda name: name)
    monkeypatch.setattr(subprocess, "run", run)
    tensors = [keras.Input((2,))]
    for _ in range(size):
        read = layers.Add()(tensors) if len(tensors) > 1 else tensors[0]
        tensors.append(layers.Dense(2)(read))
    assert draw(keras.Model(tensors[0], tensors[-1])).svg is None
    assert ("nslimit" in given[0]) is is_hurried


def test_without_graphviz_it_is_text(model, monkeypatch):
    monkeypatch.setenv("PATH", "")
    drawing = draw(model)
    assert drawing.svg is None
    assert "<img" not in drawing.html() and "reader (call 1)" in drawing.html()
    assert drawing.html().count("Graphviz") == 1


def test_a_part_of_a_graph(model):
    graph = read_graph(model)
    place = [call.op for call in graph.calls].index("Concatenate")
    lines = draw(graph, around=[place]).text.split("\n")
    assert [line.split()[1] for line in lines] == ["reader", "reader", "both", "same"]


def test_a_drawing_that_takes_too_long_is_text(model, monkeypatch):
    def slow(command, **options):
        raise subprocess.TimeoutExpired(command, options["timeout"])

    monkeypatch.setattr("autograder.graphs.draw.subprocess.run", slow)
    drawing = draw(model)
    assert drawing.svg is None
    assert drawing.text and "not installed" not in drawing.html()


def test_a_frozen_layer_is_shown_as_frozen_in_text_and_picture():
    given = keras.Input((4,))
    base = keras.Sequential([keras.Input((4,)), layers.Dense(3, name="known")])
    base.trainable = False
    dropped = layers.Dropout(0.1, trainable=False, name="drop")(base(given))
    drawn = draw(keras.Model(given, layers.Dense(2, name="new")(dropped)))
    frozen = [line for line in drawn.text.splitlines() if "frozen" in line]
    assert len(frozen) == 1 and " known " in frozen[0]
    assert drawn.svg.count(">frozen<") == 1 and drawn.svg.count("#dbe7f3") == 1


def test_a_frozen_block_is_not_folded_with_those_that_learn():
    given = x = keras.Input((4,))
    for number in range(10):
        x = layers.Dense(4, activation="relu", trainable=number >= 5)(x)
    drawn = draw(keras.Model(given, x))
    times = [line for line in drawn.text.splitlines() if "×5" in line]
    assert len(times) == 2 and "frozen" in times[0] and "frozen" not in times[1]
