"""One slip about what is read, along which axis, in which sizes."""

import pytest
from judging.slips import told_once
from keras import Input, Model, layers, ops

from autograder import compare


def dueling(**wrong):
    """A dueling network; the mean is taken along axis 1 and kept where nothing else is said."""

    def mean_otherwise(is_wrong):
        x = Input((8,))
        value, advantage = layers.Dense(1)(x), layers.Dense(6)(x)
        given = wrong if is_wrong else {"axis": 1, "keepdims": True}
        return Model(x, value + advantage - ops.mean(advantage, **given))

    return mean_otherwise


over_the_batch, over_all_kept, over_all = (
    dueling(axis=0, keepdims=True),
    dueling(keepdims=True),
    dueling(),
)
over_the_batch.__name__, over_all_kept.__name__ = "over_the_batch", "over_all_kept"
over_all.__name__ = "over_all"


def largest_of_the_batch(is_wrong):
    x = Input((5, 6))
    y = layers.Dense(6)(x)
    return Model(x, y - ops.max(y, axis=0 if is_wrong else -1, keepdims=True))


def matrix_turned(is_wrong):
    matrix, nodes = Input((7, 7)), Input((7, 5))
    read = ops.transpose(matrix, (0, 2, 1)) if is_wrong else matrix
    return Model([matrix, nodes], ops.relu(ops.matmul(read, layers.Dense(8)(nodes))))


def matrix_not_turned(is_wrong):
    x = Input((7, 7))
    rows = layers.Dense(7)(x)
    read = rows if is_wrong else ops.transpose(rows, (0, 2, 1))
    return Model(x, ops.matmul(read, layers.Dense(8)(x)))


def towers(is_wrong, deep=True):
    x = Input((4,))
    ctr = layers.Dense(1, activation="sigmoid", name="ctr")(layers.Dense(8)(x) if deep else x)
    cvr = layers.Dense(1, activation="sigmoid", name="cvr")(layers.Dense(8)(x))
    both = layers.Multiply(name="ctcvr")([ctr, ctr if is_wrong else cvr])
    return Model(x, {"ctr": ctr, "ctcvr": both})


def shallow_towers(is_wrong):
    return towers(is_wrong, deep=False)


def squared_gate(is_wrong):
    x = Input((6,))
    y, gate = layers.Dense(6, name="y")(x), layers.Dense(6, activation="sigmoid", name="gate")(x)
    return Model(x, layers.Dense(2)(ops.multiply(gate, gate if is_wrong else y)))


def values_are_keys(is_wrong):
    x = Input((10, 8))
    query, key, value = (
        ops.transpose(ops.reshape(layers.Dense(8)(x), (-1, 10, 2, 4)), (0, 2, 1, 3))
        for _ in range(3)
    )
    scores = ops.softmax(ops.matmul(query, ops.transpose(key, (0, 1, 3, 2))) / 2.0)
    y = ops.transpose(ops.matmul(scores, key if is_wrong else value), (0, 2, 1, 3))
    return Model(x, layers.Dense(8)(ops.reshape(y, (-1, 10, 8))))


def embedding_for_state(is_wrong):
    ids, state = Input((5,), dtype="int32"), Input((8,))
    steps = layers.GRU(8, return_sequences=True)(layers.Embedding(25, 6)(ids), initial_state=state)
    context = layers.Attention()([steps, steps])
    read = layers.Embedding(25, 8)(ids) if is_wrong else steps
    both = layers.Concatenate()([context, read])
    return Model([ids, state], layers.Dense(8, activation="tanh")(both))


def shortcut_of_its_own(is_wrong):
    x = Input((8, 8, 3))
    first = layers.Conv2D(6, 3, padding="same")(x)
    deep = layers.Conv2D(6, 3, padding="same", activation="relu")(first)
    read = layers.Conv2D(6, 1)(x) if is_wrong else first
    return Model(x, layers.Conv2D(2, 1)(layers.Add()([read, deep])))


def product_with_itself(is_wrong):
    start = Input((4, 6))
    hidden = layers.Permute((2, 1))(layers.Dense(5)(layers.Permute((2, 1))(start)))
    crossed = ops.einsum("bid,bjd->bijd", hidden, hidden if is_wrong else start)
    flat = layers.Reshape((crossed.shape[1] * crossed.shape[2], 6))(crossed)
    return Model(start, layers.Dense(2)(layers.Flatten()(layers.Conv1D(3, 1)(flat))))


def grown_back(is_wrong, meant=16, wrong=8):
    x = Input((4, 4, 3))
    size = wrong if is_wrong else meant
    grow = layers.Conv2DTranspose(5, size, strides=8, padding="same", use_bias=False)
    return Model(x, layers.Softmax()(grow(x)))


def grown_back_wider(is_wrong):
    return grown_back(is_wrong, meant=8, wrong=16)


def standardised(is_wrong):
    x = Input((6,))
    y = layers.Dense(6)(x)
    axis = 0 if is_wrong else -1
    mean, spread = (each(y, axis=axis, keepdims=True) for each in (ops.mean, ops.std))
    return Model(x, (y - mean) / (spread + 1e-3))


def averaged_twice(is_wrong):
    x = Input((8, 8, 6))
    shared = layers.Dense(6)
    largest = layers.GlobalAveragePooling2D() if is_wrong else layers.GlobalMaxPooling2D()
    both = layers.Add()([shared(layers.GlobalAveragePooling2D()(x)), shared(largest(x))])
    gate = layers.Reshape((1, 1, 6))(layers.Activation("sigmoid")(both))
    return Model(x, layers.Multiply()([x, gate]))


def kept_behind_a_sum(is_wrong):
    x = Input((6, 6))
    y = layers.Dense(6)(x)
    total = ops.sum(ops.square(y), axis=1 if is_wrong else -1, keepdims=True)
    return Model(x, y / (1.0 + total))


def mean_of_everything(is_wrong):
    x = Input((5, 6))
    y = layers.Dense(6)(x)
    return Model(x, y - (ops.mean(y) if is_wrong else ops.mean(y, axis=1, keepdims=True)))


SLIPS = {
    kept_behind_a_sum: ("wrong-axis", "has axis 1, where the reference has axis −1", "axis −1 (2)"),
    mean_of_everything: ("wrong-axis", "has no axis, where the reference has axis 1", "axis 1"),
    standardised: ("wrong-axis", "The same mistake is made 1 time more: at 'std", "axis −1 (1)"),
    averaged_twice: ("wrong-pooling", "A layer is GlobalAveragePooling2D, where", "GlobalMaxPool"),
    over_the_batch: ("wrong-axis", "has axis 0, where the reference has axis −1 (1)", "axis −1"),
    over_all_kept: ("wrong-axis", "has no axis, where the reference has axis −1 (1)", "axis −1"),
    over_all: ("wrong-axis", "has no axis, where the reference has axis −1 (1)", "axis −1"),
    largest_of_the_batch: ("wrong-axis", "has axis 0, where the reference has", "axis −1 (2)"),
    matrix_turned: ("wrong-axis", "multiplies along axes 1 and 1", "axes 2 and 1"),
    matrix_not_turned: ("wrong-axis", "multiplies along axes 2 and 1", "axes 1 and 1"),
    towers: ("wrong-tensor", "twice; one of the two is meant to be another Dense 1, sigmoid", ""),
    shallow_towers: ("wrong-tensor", "'ctcvr' reads 'ctr' twice", "reading Dense 8"),
    squared_gate: ("wrong-tensor", "reads 'gate' twice; one of the two is meant to be Dense 6", ""),
    values_are_keys: ("wrong-tensor", "'matmul", "read by Matmul"),
    embedding_for_state: ("wrong-tensor", "reads 'embedding", "GRU 8"),
    shortcut_of_its_own: ("wrong-tensor", "which is not asked for; 'conv2d", "Conv2D 6"),
    product_with_itself: ("wrong-tensor", "twice; one of the two is meant to be Input (4, 6)", ""),
    grown_back: ("wrong-kernel-size", "a kernel of 8×8, where", "16×16"),
    grown_back_wider: ("wrong-kernel-size", "a kernel of 16×16, where", "8×8"),
}


@pytest.mark.parametrize("build", SLIPS, ids=lambda build: build.__name__)
def test_it_is_one_finding_and_a_true_one(build):
    finding = told_once(build, *SLIPS[build])
    assert finding.where
    assert "grow" not in finding.next_step


def test_a_count_that_keras_keeps_is_no_mistake_of_its_own():
    def looked_up(beyond):
        numbers, kind = Input((3,)), Input((1,), dtype="int32")
        found = layers.IntegerLookup(vocabulary=[1, 2, 3], num_oov_indices=beyond)(kind)
        hot = layers.CategoryEncoding(num_tokens=3 + beyond, output_mode="one_hot")(found)
        return Model([numbers, kind], layers.Dense(2)(layers.Concatenate()([numbers, hot])))

    found = compare(looked_up(2), looked_up(1)).findings
    assert [finding.expected for finding in found] == ["num_oov_indices=1", "num_tokens=4"]


def test_what_words_do_not_tell_apart_is_told_by_its_settings():
    def looked_up(beyond, later):
        kind = Input((1,), dtype="int32")
        found = layers.IntegerLookup(vocabulary=[1, 2, 3], num_oov_indices=beyond)(kind)
        return Model(kind, later(ops.cast(found, "float32")))

    def meant(x):
        return layers.Dense(2)(layers.Dense(3)(layers.Dense(4)(x)))

    def built(x):
        return layers.Dense(7)(ops.sin(layers.Dense(5, use_bias=False)(ops.cos(x))))

    (finding, *_) = compare(looked_up(2, built), looked_up(1, meant)).findings
    assert finding.expected != finding.found
    assert "num_oov_indices=1" in finding.expected and "num_oov_indices=2" in finding.found
