"""Errors of Keras in plain words: each kind from a real raise, on whatever Keras is installed."""

import importlib
import linecache
import time

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers, ops
from packaging.version import Version
from versions import KERAS

from autograder.judging.keras_errors import KINDS, explained, keras_names
from autograder.teaching.explained_errors import note_on

CELL = "<cell>"


@pytest.fixture
def namespace():
    """What a student's notebook holds."""
    row, other, steps, picture = (keras.Input(s) for s in ((8,), (4,), (5, 8), (28, 28, 3)))
    small = keras.Model(row, layers.Dense(1, name="end")(row))
    small.compile("adam", "mse")
    a, b = keras.Input((8,), name="a"), keras.Input((4,), name="b")
    return {
        "keras": keras,
        "layers": layers,
        "ops": ops,
        "np": np,
        "tf": tf,
        "row": row,
        "other": other,
        "steps": steps,
        "picture": picture,
        "small": small,
        "two": keras.Model([a, b], layers.Concatenate()([a, b])),
        "classes": classes(row, "sparse_categorical_crossentropy"),
        "one_hot": classes(row, "categorical_crossentropy"),
        "ends": ends(row),
        "x": np.zeros((4, 8), "float32"),
        "y": np.zeros((4, 1), "float32"),
    }


def classes(tensor, loss):
    model = keras.Model(tensor, layers.Dense(3, activation="softmax")(tensor))
    model.compile("adam", loss)
    return model


def ends(tensor):
    """A model that returns a dictionary."""
    return keras.Model(tensor, {name: layers.Dense(1, name=name)(tensor) for name in "pq"})


def note(code, namespace):
    """What stands under the error that some lines of code raise."""
    lines = [f"{line}\n" for line in code.split("\n")]
    linecache.cache[CELL] = (len(code), None, lines, CELL)
    with pytest.raises(Exception) as stopped:
        exec(compile(code, CELL, "exec"), namespace)
    return note_on(stopped.value, namespace)


RAISES = [
    ("class-called", "layers.Dense(row)(row)", "out of a tensor"),
    ("class-called", "layers.Flatten(row)", "settings"),
    ("class-called", "layers.LSTM(steps)", "layers.LSTM(…)(steps)"),
    ("class-called", "layers.Dropout(row)", "layers.Dropout(…)(row)"),
    ("class-called", "layers.Add([row, row])", "layers.Add()([a, b])"),
    ("class-called", "layers.Concatenate(row, other)", "Two pairs of parentheses"),
    ("model-of-one", "keras.Model(row)", "keras.Model(inputs, outputs)"),
    ("model-of-one", "keras.Model([layers.Dense(2)])", "keras.Sequential([…])"),
    ("layer-handed-on", "layers.Dense(3)(layers.Flatten())", "layers.Flatten(…)(x)"),
    ("layer-handed-on", "layers.Dense(3)(layers.Flatten)", "class Flatten"),
    ("not-a-tensor", "layers.Dense(3)(5)", "called on 5"),
    ("not-a-tensor", "layers.Dense(3)('row')", "keras.Input"),
    ("layer-returned", "keras.Model(row, layers.Dense(2))", "layers.Dense(…)(x)"),
    ("none-handed-on", "layers.Dense(3)(None)", "None"),
    ("none-handed-on", "layers.Concatenate()([row, None])", "return"),
    ("none-handed-on", "layers.Add()([row, None])", "return"),
    ("none-handed-on", "keras.Model(row, None)", "return"),
    ("none-called", "model = None\nmodel.summary()", "return model"),
    ("none-called", "None(row)", "return model"),
    ("not-from-input", "keras.Model((8,), layers.Dense(2)(row))", "not 8"),
    ("disconnected", "keras.Model(other, layers.Dense(2)(row))", "second keras.Input"),
    ("disconnected", "keras.Model(layers.Dense(2)(row), row)", "the wrong way round"),
    ("several-for-one", "layers.Dense(3)([row, other])", "gets 2: [(None, 8), (None, 4)]"),
    ("several-for-one", "layers.Dense(2)(layers.LSTM(3, return_state=True)(steps))", "gets 3"),
    ("one-for-several", "layers.Concatenate()(row)", "gets (None, 8)"),
    ("one-for-several", "layers.Add()(row)", "one list"),
    ("one-for-several", "layers.Subtract()([row])", "gets [(None, 8)]"),
    ("one-for-several", "layers.Attention()(steps)", "gets (None, 5, 8)"),
    ("no-list", "layers.Concatenate()(row, other)", "([a, b])"),
    ("no-list", "layers.Add()(row, row)", "([a, b])"),
    ("value-missing", "layers.MultiHeadAttention(2, 3)(steps)", "one tensor more: value"),
    ("shapes-differ", "layers.Add()([row, other])", "(8,) and (4,)"),
    ("shapes-differ", "row + other", "[None, 8] and [None, 4]"),
    ("shapes-do-not-join", "layers.Concatenate()([row, steps])", "(None, 8), (None, 5, 8)"),
    ("shapes-do-not-join", "ops.concatenate([row, steps])", "(None, 8) and (None, 5, 8)"),
    ("axes-of-a-dot", "layers.Dot(axes=1)([row, other])", "8 and 4"),
    (
        "wrong-rank",
        "layers.LSTM(4)(row)",
        "a sequence: (batch, steps, features). It gets (None, 8)",
    ),
    ("wrong-rank", "x = layers.LSTM(4)(steps)\nlayers.LSTM(4)(x)", "return_sequences=True"),
    ("wrong-rank", "layers.Conv2D(4, 3)(steps)", "Reshape((height, width, 1))"),
    ("wrong-rank", "layers.GlobalAveragePooling1D()(row)", "a sequence"),
    ("wrong-rank", "layers.LSTM(4, name='reader')(row)", "3 axes"),
    ("wrong-rank", "layers.TimeDistributed(layers.Dense(3))(row)", "time axis"),
    ("wrong-rank", "layers.TimeDistributed(layers.Conv2D(3, 3))(steps)", "(None, 8)"),
    (
        "width-of-shared",
        "shared = layers.Dense(3)\nshared(row)\nshared(other)",
        "Line 3, `shared(other)`: ",
    ),
    ("model-input-shape", "small(other)", "built for (None, 8), and gets (None, 4)"),
    ("model-input-shape", "small.predict(np.zeros(8), verbose=0)", "x[None]"),
    ("too-few-inputs", "two(row)", "2 inputs, and gets 1"),
    ("too-few-inputs", "two.predict(np.zeros((2, 8)), verbose=0)", "2 inputs"),
    ("in-numpy", "np.sum(row)", "keras.ops.sum"),
    ("in-numpy", "np.concatenate([row, other])", "numbers"),
    ("in-numpy", "float(row)", "float()"),
    ("in-tensorflow", "tf.concat([row, other], 1)", "keras.ops.concatenate"),
    ("in-tensorflow", "tf.nn.relu(row)", "keras.ops.relu"),
    ("as-a-condition", "if row > 0:\n    pass", "neither true nor false"),
    ("walked-through", "[part for part in row]", "no list"),
    ("walked-through", "len(row)", "x.shape"),
    ("assigned-to", "row[0] = 1", "changed in place"),
    ("tensor-called", "layers.Dense(3)(row)(row)", "layers.Dense(3)(x)"),
    ("tensor-asked", "row.numpy()", "numpy is nothing that"),
    ("tensor-asked", "row.summary()", "keras.Model(inputs, outputs)"),
    ("layer-not-called", "layers.Dense(3).output", "no output"),
    ("layer-not-called", "layers.Dense(8) + layers.Dense(8)", "`+` stands between layers"),
    ("tensor-in-sequential", "keras.Sequential([layers.Dense(3)(row)])", "second parentheses"),
    ("no-layer-in-sequential", "keras.Sequential([layers.Dense])", "Dense(3)"),
    ("no-list-in-sequential", "keras.Sequential(layers.Dense(3), layers.Dense(2))", "one list"),
    ("add-to-functional", "small.add(layers.Dense(3))", "model.output"),
    ("wrapped-wrongly", "layers.TimeDistributed(steps)", "TimeDistributed wraps a layer"),
    ("wrapped-wrongly", "layers.Bidirectional(3)(steps)", "got 3"),
    ("wrapped-wrongly", "layers.Bidirectional(layers.Dense(3))(steps)", "recurrent"),
    ("model-keywords", "keras.Model(input=row, output=layers.Dense(2)(row))", "with an s"),
    ("unknown-argument", "layers.Dense(3, activaton='relu')", "`activation`"),
    ("unknown-argument", "layers.LSTM(3, return_sequence=True)", "`return_sequences`"),
    ("unknown-argument", "layers.Conv2D(3, 3, border_mode='same')", "today it is padding"),
    ("unknown-argument", "layers.Dense(3, quite_another=1)", "help(…)"),
    ("unknown-argument", "keras.optimizers.Adam(lr=0.1)", "learning_rate"),
    ("unknown-argument", "small.fit(np.zeros((2, 8)), np.zeros((2, 1)), nb_epoch=1)", "epochs"),
    ("unknown-name", "from keras.layers import merge", "Add()([a, b])"),
    ("unknown-name", "layers.CuDNNLSTM(3)", "LSTM"),
    ("unknown-name", "from keras.layers.core import Dense", "keras.layers"),
    ("unknown-name", "small.fit_generator()", "today it is fit"),
    ("unknown-name", "layers.dense(3)", "`Dense`"),
    ("unknown-name", "keras.layer.Dense(3)", "`layers`"),
    ("argument-missing", "layers.Conv2D(picture)", "`kernel_size`"),
    ("argument-missing", "layers.Dense(output_dim=3)", "older versions"),
    ("argument-missing", "layers.Embedding(10)", "layers.Embedding(output_dim=…)(x)"),
    ("no-number", "layers.Dense('relu')(row)", 'activation="relu"'),
    ("no-number", "layers.Dense(3.5)(row)", "3.5"),
    ("no-number", "layers.LSTM(3.5)(steps)", "whole numbers"),
    ("unknown-identifier", "layers.Dense(3, activation='rellu')", "`relu`"),
    ("unknown-identifier", "small.compile('adm', 'mse')", "`adam`"),
    ("unknown-choice", "layers.Conv2D(3, 3, padding='sam')", "'same', 'valid'"),
    ("no-shape", "keras.Input(10)", "keras.Input(shape=(10,))"),
    ("no-shape", "keras.Input(28, 28, 3)", "28 is none"),
    (
        "name-twice",
        "keras.Model(row, layers.Dense(1, name='a')(layers.Dense(1, name='a')(row)))",
        "one name, a:",
    ),
    (
        "name-twice",
        "keras.Sequential([layers.Dense(1, name='a'), layers.Dense(1, name='a')])",
        "one name, a:",
    ),
    ("name-not-defined", "nothing_of_this_name", "nothing_of_this_name"),
    ("bad-name", "layers.Dense(1, name='a/b')", "slash"),
    ("nothing-left", "layers.Conv2D(3, 5)(keras.Input((3, 3, 1)))", "(None, 3, 3, 1)"),
    ("nothing-left", "layers.MaxPooling2D(4)(keras.Input((3, 3, 1)))", "larger"),
    ("sizes-do-not-fit", "layers.Reshape((3, 4))(row)", "(8,) and (3, 4)"),
    ("sizes-do-not-fit", "layers.Reshape((-1, 3))(row)", "(8,) and (-1, 3)"),
    ("size-not-known", "layers.Dense(3)(keras.Input((None,)))", "(None, 3)"),
    ("shape-of-a-lambda", "layers.Lambda(lambda part: np.mean(part))(row)", "Lambda"),
    ("not-built", "keras.Sequential([layers.Dense(3)]).count_params()", "keras.Input"),
    ("shape-called", "row.shape()", "x.shape[-1]"),
    (
        "not-compiled",
        "keras.Model(row, layers.Dense(1)(row)).fit(np.zeros((2, 8)), np.zeros((2, 1)))",
        "model.compile",
    ),
    ("lengths-differ", "small.fit(np.zeros((2, 8)), np.zeros((3, 1)), verbose=0)", "examples"),
    ("lists-for-arrays", "small.predict([[1.0] * 8], verbose=0)", "np.array"),
    (
        "loss-by-another-name",
        "small.compile('adam', {'start': 'mse'})\n"
        "small.fit(np.zeros((2, 8)), np.zeros((2, 1)), verbose=0)",
        "['end']",
    ),
    (
        "loss-by-another-name",
        "ends.compile('adam', {'p': 'mse', 'r': 'mse'})\nends.fit(x, dict(p=y, q=y), verbose=0)",
        "no output of that name",
    ),
    (
        "outputs-in-another-form",
        "ends.compile('adam', {'p': 'mse', 'q': 'mse'})\nends.fit(x, y, verbose=0)",
        "by their names",
    ),
    ("targets-of-another-shape", "one_hot.fit(x, y[:, 0], verbose=0)", "(None, 3)"),
    ("label-outside", "classes.fit(x, y[:, 0] + 7, verbose=0)", "a label 7, and the model has 3"),
    ("label-outside", "keras.utils.to_categorical([0, 5], 3)", "a label 5 among 3 classes"),
    (
        "id-outside",
        "words = keras.Input((5,), dtype='int32')\n"
        "table = keras.Model(words, layers.Embedding(10, 4)(words))\n"
        "table.predict(np.full((2, 5), 99), verbose=0)",
        "99 is looked up in a table of 10 rows",
    ),
    ("lists-for-arrays", "small.fit(list(x), list(y), verbose=0)", "first axis the examples"),
    ("wrong-rank", "layers.Conv1D(4, 3)(picture)", "too many axes"),
    ("several-for-one", "layers.Dense(3, 'relu')(row, other)", "only the first is read"),
    ("several-for-one", "small(x, y)", "Targets go to fit"),
    ("no-list", "layers.add(row, row)", "add([a, b])"),
    ("no-list", "ops.concatenate(row, other)", "concatenate([a, b])"),
    ("results-unpacked", "h, c = layers.LSTM(3, return_state=True)(steps)", "an LSTM gives three"),
    ("results-unpacked", "a, b, c = layers.GRU(3, return_state=True)(steps)", "a GRU two"),
    ("class-called", "layers.BatchNormalization(row)", "layers.BatchNormalization(…)(row)"),
    ("shape-called", "small.output_shape()", "tuple itself"),
    ("unknown-argument", "keras.optimizers.SGD(lr=0.1)", "It takes no argument `lr`"),
    ("unknown-name", "keras.optimizers.adam(0.1)", "`Adam`"),
    ("unknown-name", "keras.losses.CategoricalCrossEntropy()", "`CategoricalCrossentropy`"),
    ("unknown-name", "keras.callbacks.EarlyStop()", "`EarlyStopping`"),
    ("unknown-name", "ops.concat([row, other])", "`concatenate`"),
    ("unknown-name", "from keras.utils import to_categoric", "`to_categorical`"),
    ("unknown-name", "keras.initializers.adam", "documentation"),
    ("bad-name", "layers.Dense(1, name='my layer/1')", "my layer/1"),
    ("no-shape", "layers.Reshape(28 * 28)(picture)", "layers.Reshape((784,))"),
    ("axes-from-one", "layers.Permute((1, 2, 0))(steps)", "(1, 2, 0)"),
    ("rate-outside", "layers.Dropout(20)(row)", "between 0 and 1; 20 is none"),
    ("no-such-layer", "small.get_layer('ends')", "`end`"),
    ("no-such-layer", "small.get_layer('dense_44')", "model.summary()"),
    ("no-such-layer", "small.layers['end']", "get_layer"),
]
"""Kind, lines that raise it, and what the note says."""

SINCE = {
    "keras.Model(other, layers.Dense(2)(row))": Version("3.10"),
    "keras.Model(layers.Dense(2)(row), row)": Version("3.10"),
    "layers.MaxPooling2D(4)(keras.Input((3, 3, 1)))": Version("3.14"),
}
"""Lines at which an older Keras raises nothing."""


@pytest.mark.parametrize(("kind", "code", "words"), RAISES, ids=[code for _, code, _ in RAISES])
def test_an_error_of_keras_is_told_in_plain_words(kind, code, words, namespace):
    if SINCE.get(code, KERAS) > KERAS:
        pytest.skip(f"Keras {KERAS} raises nothing here")
    found = note(code, namespace)
    assert found is not None
    assert found.error.kind == kind
    text = found.text()
    assert words in text
    assert len(text) < 500
    for internal in ("keras.src", "KerasTensor", "{", "NoneType"):
        assert internal not in text


def test_every_kind_is_raised():
    assert {kind.kind for kind in KINDS} == {kind for kind, _, _ in RAISES}


ORDINARY = [
    "1 / 0",
    "[][1]",
    "{}['units']",
    "len(5)",
    "int('many')",
    "'a' + 1",
    "import there_is_no_such_module",
    "import re\nre.match('a', 'b').group()",
    "raise ValueError('Please check the `padding` you gave')",
    "assert False",
    "np.zeros((2, 3)) @ np.zeros((2, 3))",
    "np.concatenate([np.zeros((2, 3)), np.zeros(3)])",
    "tf.constant([1.0]) + tf.constant([1, 2])",
    "def build(units):\n    return units\nbuild()",
    "for part in 5:\n    pass",
    "a, b = [1, 2, 3]",
    "[1, 2]['end']",
    "np.zeros((2, 3))[0, 5]",
]


@pytest.mark.parametrize("code", ORDINARY)
def test_other_errors_are_left_to_python(code, namespace):
    assert note(code, namespace) is None


def test_the_line_is_the_notebooks_own_not_the_librarys(namespace):
    code = "def build(tensor):\n    x = layers.Dense(3)(tensor)\n    return row + x\n\nbuild(row)"
    found = note(code, namespace)
    assert found.line.number == 3
    assert "return row + x" in found.html()


def test_what_a_student_wrote_is_text_and_not_html(namespace):
    found = note("layers.Dense(3, activation='<img src=x>')", namespace)
    assert "<img" not in found.html()
    assert "&lt;img" in found.html()


def test_a_long_error_takes_no_time():
    start = time.process_time()
    for text in ("Received: " * 100_000, "shape (" * 100_000, "expects 1 input(s)" * 100_000):
        explained(f"ValueError: {text}", "Sequential(" * 100_000)
    assert time.process_time() - start < 5  # seconds; unbounded it would be hours


def test_names_of_today_are_keras_own():
    assert [name for name in keras_names.LAYERS if not hasattr(layers, name)] == []
    assert [name for name in keras_names.MODULES if not hasattr(keras, name)] == []
    for name in keras_names.ACTIVATIONS:
        keras.activations.get(name)
    for name in keras_names.OPTIMIZERS:
        keras.optimizers.get(name)
    for module, names in keras_names.IN_MODULES.items():
        there = importlib.import_module(f"keras.{module}")
        assert [name for name in names if not hasattr(there, name)] == []


def test_old_names_are_gone():
    today = set(keras_names.ARGUMENTS)
    assert [name for name in keras_names.OLD_ARGUMENTS if name in today - {"output_dim"}] == []
    assert [name for name in keras_names.OLD_NAMES if hasattr(layers, name)] == []
