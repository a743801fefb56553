"""Equal blocks in a run are shown once: which are equal, and what must not be lost by it."""

import keras
import pytest
from keras import layers
from sweeps import one_in

from autograder import draw, explain
from autograder.graphs.folding import FEWEST, folds
from autograder.graphs.weightless import build_weightless


def runs(text, **more):
    found = folds(len(text), lambda one, other: text[one] == text[other], **more)
    return [(fold.start, text[fold.start : fold.start + fold.length], fold.times) for fold in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("abcd", []),
        ("aaa", []),
        ("aaaa", [(0, "a", 4)]),
        ("xababababy", [(1, "ab", 4)]),
        ("aaaabbbbb", [(0, "a", 4), (4, "b", 5)]),
        ("abcabcabcabcab", [(0, "abc", 4)]),
        ("aabaabaabaab", [(0, "aab", 4)]),
    ],
)
def test_runs_of_equal_blocks(text, expected):
    assert runs(text) == expected


def test_a_run_that_is_not_whole_is_left():
    assert runs("aaaaa", whole=lambda fold: False) == []
    assert runs("xaaaa", whole=lambda fold: fold.start) == [(1, "a", 4)]


def tower(blocks, inside=None, ends=lambda kept, end: end):
    start = x = keras.Input((8,))
    kept = []
    for _ in range(blocks):
        x = layers.Add()([x, layers.Dense(8)(layers.Dense(4, activation="relu")(x))])
        kept.append(x)
    return keras.Model(start, layers.Dense(1)(ends(kept, x)))


def lines(model):
    return draw(model).text.split("\n")


def test_a_tower_is_one_block_and_how_often():
    few, many = lines(tower(5)), lines(tower(50))
    assert len(few) == len(many)
    assert "×49" in many[-3] or "×50" in many[-3]


def test_few_blocks_stand_by_themselves():
    assert "×" not in draw(tower(FEWEST - 1)).text


@pytest.mark.parametrize("at", [0, 7, 18])
def test_a_block_that_is_read_from_behind_is_seen(at):
    """Else the arrow would begin at all of them."""
    model = tower(20, ends=lambda kept, end: layers.Concatenate()([kept[at], end]))
    drawn = lines(model)
    reads = drawn[-2].split("reads ")[1].split(" + ")
    read = next(line for line in drawn if line.startswith(f"{reads[0]}."))
    name = read.split("  Add")[0].split()[-1]  # of a run the last, that is where arrows begin
    assert name == [layer.name for layer in model.layers if "add" in layer.name][at]


def test_outputs_on_the_way_are_seen():
    start = x = keras.Input((8,))
    heads = []
    for _ in range(6):
        x = layers.Dense(8)(x)
        heads.append(x)
    assert "×" not in draw(keras.Model(start, heads)).text
    assert "×6" in draw(keras.Model(start, x)).text


def test_one_layer_called_often_is_told_from_many():
    start = x = y = keras.Input((8,))
    again = layers.Dense(8)
    for _ in range(6):
        x, y = again(x), layers.Dense(8)(y)
    one, many = draw(keras.Model(start, x)).text, draw(keras.Model(start, y)).text
    assert "one set of weights, 6 calls" in one and "one set" not in many


def test_two_layers_called_in_turn_are_not_one():
    start = x = keras.Input((8,))
    one, other = layers.Dense(8), layers.Dense(8)
    for _ in range(4):
        x = other(one(x))
    assert "lines 2 to 3 ×4" in draw(keras.Model(start, x)).text


@pytest.mark.parametrize("setting", ["frozen", "hidden"])
def test_what_the_words_do_not_say_is_no_less_different(setting):
    start = x = keras.Input((8,))
    for number in range(8):
        last = number == 7
        layer = (
            layers.Dense(8, trainable=not last)
            if setting == "frozen"
            else layers.LayerNormalization(epsilon=0.1 if last else 0.2)
        )
        x = layer(x)
    assert "×7" in draw(keras.Model(start, x)).text


def test_a_mark_is_not_folded_away():
    text = draw(tower(20), mark=[31]).text
    assert text.count("HERE") == 1


def test_all_parameters_are_counted():
    model = tower(50)
    told = explain(model)
    assert told.total == model.count_params() == sum(row.count for row in told.rows)
    shown = repr(told).split("\n")[2:-2]
    assert len(shown) < 10
    assert sum(int(line.split()[-1].replace(",", "")) for line in shown) == told.total


def test_the_picture_frames_a_block():
    drawing = draw(tower(20))
    assert drawing.svg is None or "×" in drawing.svg


@one_in(3)
@pytest.mark.parametrize("width", [lambda n: 8, lambda n: 8 + n % 7, lambda n: 8 + n])
def test_a_chain_of_500_layers(width):
    def chain():
        start = x = keras.Input((8,))
        for number in range(500):
            x = layers.Dense(width(number))(x)
        return keras.Model(start, x)

    model = build_weightless(chain)
    assert explain(model).total == model.count_params()
    assert draw(model).text
