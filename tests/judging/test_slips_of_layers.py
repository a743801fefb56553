"""One slip about which layers there are: a layer or a block, once or in each of several blocks."""

import numpy as np
import pytest
from judging.slips import told_once
from keras import Input, Model, layers, ops

from autograder import compare


def mixer(depth):
    def second_norms(is_wrong):
        start = x = Input((16, 8))
        for _ in range(depth):
            y = layers.Permute((2, 1))(layers.LayerNormalization()(x))
            y = layers.Dense(16)(layers.Dense(12, activation="gelu")(y))
            x = layers.Add()([x, layers.Permute((2, 1))(y)])
            y = x if is_wrong else layers.LayerNormalization()(x)
            x = layers.Add()([x, layers.Dense(8)(layers.Dense(24, activation="gelu")(y))])
        end = layers.GlobalAveragePooling1D()(layers.LayerNormalization()(x))
        return Model(start, layers.Dense(5)(end))

    return second_norms


two_norms, three_norms = mixer(2), mixer(3)
two_norms.__name__, three_norms.__name__ = "two_norms", "three_norms"


def attention(left_out):
    """An attention of one head in operations, its mask a constant."""
    mask = np.triu(np.full((10, 10), -1e9, "float32"), 1)
    x = Input((10, 8))
    scores = ops.matmul(layers.Dense(8)(x), ops.transpose(layers.Dense(8)(x), (0, 2, 1)))
    if left_out != "scale":
        scores = scores / np.sqrt(8.0)
    if left_out != "mask":
        scores = scores + mask
    return Model(x, layers.Dense(4)(ops.matmul(ops.softmax(scores), layers.Dense(8)(x))))


def scale_left_out(is_wrong):
    return attention("scale" if is_wrong else "")


def mask_left_out(is_wrong):
    return attention("mask" if is_wrong else "")


def heads_not_turned_back(is_wrong):
    x = Input((10, 8))
    query, key, value = (
        ops.transpose(ops.reshape(layers.Dense(8)(x), (-1, 10, 2, 4)), (0, 2, 1, 3))
        for _ in range(3)
    )
    scores = ops.softmax(ops.matmul(query, ops.transpose(key, (0, 1, 3, 2))) / 2.0)
    y = ops.matmul(scores, value)
    y = y if is_wrong else ops.transpose(y, (0, 2, 1, 3))
    return Model(x, layers.Dense(8)(ops.reshape(y, (-1, 10, 8))))


def pixels_not_turned(is_wrong):
    x = Input((4, 4, 12))
    y = ops.reshape(layers.Conv2D(12, 3, padding="same")(x), (-1, 4, 4, 2, 2, 3))
    y = y if is_wrong else ops.transpose(y, (0, 1, 3, 2, 4, 5))
    return Model(x, ops.reshape(y, (-1, 8, 8, 3)))


def one_scaling_of_two(is_wrong):
    x = Input((6,))
    y = layers.Dense(6)(x)
    y = y if is_wrong else layers.BatchNormalization()(y)
    return Model(x, layers.Dense(2)(layers.LayerNormalization()(y)))


def graph_network(rounds):
    matrix, nodes = Input((7, 7)), Input((7, 5))
    y = nodes
    for _ in range(rounds):
        around = ops.matmul(matrix, layers.Dense(8)(y))
        y = layers.ReLU()(layers.Add()([around, layers.Dense(8)(y)]))
    return Model([matrix, nodes], layers.Dense(3)(y))


def third_round(is_wrong):
    return graph_network(3 if is_wrong else 2)


def fourth_round(is_wrong):
    return graph_network(4 if is_wrong else 3)


def residual(blocks, ends_there=False):
    x = Input((8, 8, 6))
    y = layers.Conv2D(6, 3, padding="same")(x)
    for _ in range(blocks):
        inner = layers.Conv2D(6, 3, padding="same", activation="relu")(y)
        y = layers.Add()([y, layers.Conv2D(6, 3, padding="same")(inner)])
    if ends_there:
        return Model(x, y)
    return Model(x, layers.Dense(3)(layers.GlobalAveragePooling2D()(y)))


def third_residual(is_wrong):
    return residual(3 if is_wrong else 2)


def third_residual_returned(is_wrong):
    return residual(3 if is_wrong else 2, ends_there=True)


def dense_and_dropout(is_wrong):
    start = x = Input((10,))
    for _ in range(3 if is_wrong else 2):
        x = layers.Dropout(0.2)(layers.Dense(8, activation="relu")(x))
    return Model(start, layers.Dense(3)(x))


def decoder_block(is_wrong):
    memory, start = Input((10, 8)), Input((6, 8))
    x = start
    for _ in range(3 if is_wrong else 2):
        x = layers.LayerNormalization()(x + layers.MultiHeadAttention(2, 4)(x, memory))
        inner = layers.Dense(8)(layers.Dense(16, activation="relu")(x))
        x = layers.LayerNormalization()(x + inner)
    return Model([memory, start], layers.Dense(3)(x))


def state_forgotten(is_wrong):
    x = Input((5, 8))
    steps = layers.LSTM(8, return_sequences=True)(x)
    context = layers.Attention()([steps, steps])
    return Model(
        x, layers.Dense(3)(context if is_wrong else layers.Concatenate()([context, steps]))
    )


def gate_forgotten(is_wrong):
    x = Input((8,))
    y, gate = layers.Dense(8)(x), layers.Dense(8, activation="sigmoid")(x)
    return Model(x, layers.Dense(2)(y if is_wrong else layers.Multiply()([y, gate])))


def reversed_in_each(blocks):
    def backcast(is_wrong):
        start = x = Input((12,))
        total = None
        for _ in range(blocks):
            hidden = layers.Dense(16, activation="relu")(x)
            back, ahead = layers.Dense(12)(hidden), layers.Dense(4)(hidden)
            x = layers.Subtract()([back, x] if is_wrong else [x, back])
            total = ahead if total is None else layers.Add()([total, ahead])
        return Model(start, total)

    return backcast


four_backcasts = reversed_in_each(4)
four_backcasts.__name__ = "four_backcasts"


def scaled_frequencies(is_wrong):
    x = Input((6, 3))
    scale = np.pi if is_wrong else 1.0
    parts = [wave(x * (2.0**n * scale)) for n in range(4) for wave in (ops.sin, ops.cos)]
    return Model(x, layers.Dense(4)(layers.Concatenate()([x, *parts])))


SLIPS = {
    scaled_frequencies: ("extra-layer", "(Rescaling × 3.14159) is a layer that", "no layer there"),
    dense_and_dropout: ("extra-layer", "once more than the reference asks for: 'dense", "block"),
    decoder_block: ("extra-layer", "'multi_head_attention", "no further block"),
    state_forgotten: ("missing-skip", "One of two tensors that are meant to be merged", "Concat"),
    gate_forgotten: ("missing-branch", "Dense 8, sigmoid is not among the tensors", "2 tensors"),
    four_backcasts: ("concat-order", "The same mistake is made 2 times more", "Input (12,) then"),
    two_norms: ("missing-layer", "The same mistake is made 1 time more: at 'add_", "LayerNorm"),
    three_norms: ("missing-layer", "The same mistake is made 2 times more: at 'add_", "LayerNorm"),
    scale_left_out: ("missing-layer", "is missing after 'matmul", "Rescaling × 0.353553"),
    mask_left_out: ("missing-layer", "is missing after 'true_divide", "Add (·, array 10×10"),
    heads_not_turned_back: ("missing-layer", "is missing after 'matmul", "Permute dims (2, 1, 3)"),
    pixels_not_turned: ("missing-layer", "after a Reshape 4×4×2×2×3: Permute", "Permute"),
    one_scaling_of_two: ("missing-layer", "is missing after 'dense", "BatchNormalization"),
    third_round: ("extra-layer", "A block of layers stands there once more", "no further block"),
    fourth_round: ("extra-layer", "'matmul", "no further block"),
    third_residual: ("extra-layer", "A block of layers stands there once more", "no further block"),
    third_residual_returned: ("extra-layer", "'conv2d", "no further block"),
}


@pytest.mark.parametrize("build", SLIPS, ids=lambda build: build.__name__)
def test_it_is_one_finding_and_a_true_one(build):
    finding = told_once(build, *SLIPS[build])
    assert finding.where or build is pixels_not_turned
    assert len(set(finding.where)) == len(finding.where) and len(finding.message) <= 600


def test_of_a_long_block_a_few_layers_are_named():
    def dense_net(blocks):
        start = x = Input((16,))
        for _ in range(blocks):
            y = x
            for _ in range(4):
                y = layers.Dense(16, activation="relu")(layers.LayerNormalization()(y))
            x = layers.Add()([x, y])
        return Model(start, layers.Dense(2)(x))

    (finding,) = compare(dense_net(3), dense_net(2)).findings
    assert finding.id == "extra-layer" and "and 3 more." in finding.message
    assert len(finding.message) <= 600


def test_another_number_of_outputs_is_a_wrong_output():
    def net(with_hidden):
        x = Input((4,))
        hidden = layers.Dense(4)(x)
        end = layers.Dense(2)(hidden)
        return Model(x, [end, layers.Dense(3)(hidden)] if with_hidden else end)

    (finding,) = compare(net(True), net(False)).findings
    assert (finding.id, finding.expected, finding.found) == (
        "wrong-output",
        "1 output",
        "2 outputs",
    )
