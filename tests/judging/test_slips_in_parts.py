"""One slip in networks of several parts: a part left out, in each of some, in what follows."""

import pytest
from judging.slips import told_once
from keras import Input, Model, layers, ops

from autograder import compare


def hops(count):
    def build(is_wrong):
        x = start = Input((6,))
        for _ in range(count - is_wrong):
            gate = layers.Dense(6, activation="sigmoid")(x)
            x = gate * layers.Dense(6, activation="tanh")(x) + (1 - gate) * x
        return Model(start, layers.Dense(2)(x))

    return build


def normed(is_wrong):
    x = Input((6, 4))
    y = layers.Dense(5)(x)
    if not is_wrong:
        y = y / (1 + ops.sum(y * y, axis=-1, keepdims=True))
    return Model(x, layers.Dense(2)(layers.Flatten()(y)))


def crossed(is_wrong):
    x = start = Input((5,))
    for _ in range(3):
        y = start * layers.Dense(5)(x)
        x = y if is_wrong else y + x
    return Model(start, layers.Dense(1)(x))


def one_crossing(is_wrong):
    parts = [Input((size,)) for size in (2, 3)]
    x = start = layers.Concatenate()(parts)
    shared = layers.Dense(5)
    for _ in range(2):
        x = start * (shared if is_wrong else layers.Dense(5))(x) + x
    return Model(parts, layers.Dense(1)(x))


def written(state):
    """What an LSTM read is written by another; `state` makes its first state of h and c."""

    def build(is_wrong):
        read, write = Input((4, 3)), Input((5, 2))
        end, h, c = layers.LSTM(6, return_state=True)(read)
        x = layers.Concatenate()([layers.RepeatVector(5)(end), write])
        first = state(h, c) if is_wrong else [h, c]
        y = layers.LSTM(6, return_sequences=True)(x, initial_state=first)
        return Model([read, write], layers.Dense(1)(y))

    return build


def written_by_another(is_wrong):
    read, write = Input((4, 3)), Input((5, 2))
    end, h, c = layers.LSTM(6, return_state=True)(read)
    x = layers.Concatenate()([layers.RepeatVector(5)(end), write])
    if is_wrong:
        y = layers.GRU(6, return_sequences=True)(x, initial_state=h)
    else:
        y = layers.LSTM(6, return_sequences=True)(x, initial_state=[h, c])
    return Model([read, write], layers.Dense(1)(y))


def only_the_state(is_wrong):
    read, write = Input((4, 3)), Input((5, 2))
    h, c = layers.LSTM(6, return_state=True)(read)[1:]
    y = layers.LSTM(6)(write, initial_state=None if is_wrong else [h, c])
    return Model([read, write], layers.Dense(1)(y))


def laid_out(filters=16, strides=2):
    """Features laid out anew, twice, in lengths that follow from the convolution."""

    def build(is_wrong):
        x = Input((8, 8, 1))
        several, steps = (filters, strides) if is_wrong else (16, 2)
        y = layers.Conv2D(several, 3, strides=steps, padding="same")(x)
        y = layers.Dense(6)(layers.Reshape((-1, 8))(y))
        y = layers.Reshape((y.shape[1], 3, 2))(y)
        return Model(x, layers.Dense(1)(ops.mean(y, axis=1)))

    return build


def lengths_crossed(is_wrong):
    short, long = Input((4, 3)), Input((6, 3))
    a, b = (long, short) if is_wrong else (short, long)
    a, b = layers.Dense(5, activation="tanh")(a), layers.Dense(5)(b)
    scores = layers.Dense(1)(ops.expand_dims(a, 1) + ops.expand_dims(b, 2))
    return Model([short, long], ops.mean(scores, axis=(1, 2)))


def twin_towers(is_wrong):
    levels = [Input((size, size, 2)) for size in (8, 4, 2)]
    one, other = (layers.Conv2D(4, 3, padding="same", activation="relu") for _ in range(2))
    classes, boxes = layers.Conv2D(3, 1), layers.Conv2D(4, 1)
    ends = []
    for level in levels:
        a, b = one(level), other(level)
        ends += [classes(a), boxes(a if is_wrong else b)]
    return Model(levels, ends)


def two_views(is_wrong):
    picture, text = Input((8, 8, 3), name="picture"), Input((5,), name="text")
    a = layers.GlobalAveragePooling2D()(layers.Conv2D(6, 3)(picture))
    b = layers.LSTM(6)(layers.Embedding(30, 6)(text))
    seen, read = (layers.UnitNormalization()(layers.Dense(4)(x)) for x in (a, a if is_wrong else b))
    return Model([picture, text], ops.matmul(seen, ops.transpose(read)))


for build, name in (
    (hops_of_two := hops(2), "hops_of_two"),
    (hops_of_four := hops(4), "hops_of_four"),
    (h_twice := written(lambda h, c: [h, h]), "h_twice"),
    (c_twice := written(lambda h, c: [c, c]), "c_twice"),
    (zeros := written(lambda h, c: None), "zeros"),
    (more_filters := laid_out(filters=24), "more_filters"),
    (smaller_steps := laid_out(strides=1), "smaller_steps"),
):
    build.__name__ = name

SLIPS = {
    hops_of_two: ("missing-layer", "A part is missing between", "Multiply and Add"),
    hops_of_four: ("missing-layer", "A part is missing between", "Dense 6, sigmoid"),
    normed: ("missing-layer", "A part is missing between", "between them: "),
    crossed: ("missing-skip", "The same mistake is made 2 times more", "with the tensor from"),
    one_crossing: ("shared-by-mistake", "is called several times", "3 sets of weights"),
    h_twice: ("wrong-tensor", "return_state (c) is meant there", "return_state (c)"),
    c_twice: ("wrong-tensor", "is meant there: 'lstm' makes both", "return_state (h)"),
    zeros: ("missing-state", "begins with a state of zeros", "2 tensors"),
    only_the_state: ("missing-state", "begins with a state of zeros", "2 tensors"),
    written_by_another: ("wrong-layer", "is a GRU 6, return_sequences; an LSTM", "LSTM 6"),
    more_filters: ("wrong-units", "has 24 filters, where the reference has 16", "16 filters"),
    smaller_steps: ("wrong-strides", "strides of 1×1, where the reference has", "strides of 2×2"),
    lengths_crossed: ("inputs-crossed", "are crossed", "its own branch"),
    twin_towers: ("head-on-wrong-tensor", "made 2 times more", "read by Conv2D 4"),
    two_views: ("wrong-tensor", "So 'text' reaches no output.", "reading LSTM 6"),
}


@pytest.mark.parametrize("build", SLIPS, ids=lambda build: build.__name__)
def test_one_slip_is_told_once(build):
    told_once(build, *SLIPS[build])


def summed(operation):
    story, query = Input((5, 4)), Input((4,))
    sentences, question = (layers.Embedding(20, 3)(x) for x in (story, query))
    facts = operation(sentences, axis=2)
    question = operation(question, axis=1)
    return Model([story, query], layers.Dense(2)(ops.sum(facts * question[:, None], axis=1)))


def test_each_of_several_operations_is_told_with_its_own_axis():
    findings = compare(summed(ops.mean), summed(ops.sum)).findings
    assert {(f.id, f.expected) for f in findings} == {
        ("wrong-layer", "Sum axis 2"),
        ("wrong-layer", "Sum axis 1"),
    }
    assert all("Mean axis 1 is meant" not in finding.message for finding in findings)


def test_what_stands_nearer_to_the_inputs_is_told_first():
    def build(words, width, activation):
        x = Input((4,))
        y = layers.Flatten()(layers.Embedding(words, 3)(x))
        return Model(x, layers.Dense(1)(layers.Dense(width, activation=activation)(y)))

    findings = compare(build(7, 5, "relu"), build(9, 5, "tanh")).findings
    assert [finding.id for finding in findings] == ["wrong-vocabulary", "wrong-activation"]
    findings = compare(build(9, 6, "tanh"), build(9, 5, "relu")).findings
    assert [finding.id for finding in findings] == ["wrong-units", "wrong-activation"]
