"""One slip about two ways to read a sequence, first states, merges in steps, tied weights."""

import pytest
from judging.slips import told_once
from keras import Input, Model, layers, ops

from autograder import compare


def two_ways(there=False, back=True, turned=True, sequences=True):
    x = Input((9,))
    y = layers.Embedding(30, 6)(x)
    one, other = (
        layers.GRU(5, return_sequences=sequences, go_backwards=each)(y) for each in (there, back)
    )
    other = ops.flip(other, axis=1) if turned and sequences else other
    return Model(x, layers.Dense(2)(layers.Concatenate()([one, other])))


def ways(**wrong):
    return lambda is_wrong: two_ways(**(wrong if is_wrong else {}))


def by_hand(**wrong):
    return lambda is_wrong: two_ways(**wrong) if is_wrong else at_once()


def at_once():
    x = Input((9,))
    y = layers.Bidirectional(layers.GRU(5, return_sequences=True))(layers.Embedding(30, 6)(x))
    return Model(x, layers.Dense(2)(y))


def last_of_ways(is_wrong):
    return two_ways(back=not is_wrong, sequences=False)


def state_added(is_wrong, merge=layers.Add):
    x, state = Input((5, 4)), Input((6,))
    cell = layers.GRU(6)
    y = merge()([cell(x), state]) if is_wrong else cell(x, initial_state=state)
    return Model([x, state], layers.Dense(2)(y))


def state_joined(is_wrong):
    return state_added(is_wrong, layers.Concatenate)


def nested(last=layers.Add, first=layers.Add):
    x = Input((8,))
    a, b, c, d = (layers.Dense(8, activation=name)(x) for name in ("relu", "tanh", "elu", "selu"))
    y = layers.Add()([first()([a, b]), c])
    return Model(x, layers.Dense(2)(last()([y, d])))


def steps(**wrong):
    return lambda is_wrong: nested(**(wrong if is_wrong else {}))


def tied(is_wrong):
    ids = Input((8,), dtype="int32")
    embedding = layers.Embedding(30, 6)
    y = layers.GRU(6, return_sequences=True)(embedding(ids))
    if is_wrong:
        return Model(ids, ops.einsum("bsd,vd->bsv", y, embedding.embeddings))
    return Model(ids, layers.Dense(30, use_bias=False)(y))


def product_turned(is_wrong):
    matrix, x = Input((6, 6)), Input((6, 6))
    y = layers.Dense(6)(x)
    product = ops.matmul(ops.transpose(y, (0, 2, 1)), matrix) if is_wrong else matrix @ y
    return Model([matrix, x], layers.Dense(3)(product))


def softmax_beside_a_mask(is_wrong):
    x, mask = Input((6, 6)), Input((6, 6), dtype="bool")
    y = layers.Softmax(axis=1 if is_wrong else -1)(layers.Dense(6)(x), mask=mask)
    return Model([x, mask], layers.Dense(3)(y))


def sigmoid_on_each(is_wrong):
    x = Input((8, 6))
    ends = [
        layers.Dense(6)(pool()(x))
        for pool in (layers.GlobalMaxPooling1D, layers.GlobalAveragePooling1D)
    ]
    if is_wrong:
        return Model(x, layers.Dense(2)(layers.Add()([ops.sigmoid(end) for end in ends])))
    return Model(x, layers.Dense(2)(ops.sigmoid(layers.Add()(ends))))


def block_left_out(is_wrong):
    x = Input((16, 16, 3))
    y = layers.MaxPooling2D()(layers.Conv2D(8, 3, padding="same")(x))
    for width in (16,) if is_wrong else (12, 16):
        long = layers.Conv2D(width, 1, activation="relu")(y)
        long = layers.Conv2D(width, 3, padding="same")(long)
        y = layers.ReLU()(layers.Add()([long, layers.Conv2D(width, 1)(y)]))
    return Model(x, layers.Dense(4)(layers.GlobalAveragePooling2D()(y)))


TOLD = {
    "both forwards": (ways(back=False), "wrong-setting", "from the start", "go_backwards=True"),
    "both forwards, none turned": (
        ways(back=False, turned=False),
        "wrong-setting",
        "from the start",
        "go_backwards=True",
    ),
    "both backwards": (ways(there=True), "wrong-setting", "from the end", "go_backwards=False"),
    "both forwards, at the end": (
        last_of_ways,
        "wrong-setting",
        "from the start",
        "go_backwards=True",
    ),
    "steps not turned": (ways(turned=False), "missing-layer", "turned round", "turned round"),
    "forwards by hand": (by_hand(back=False), "wrong-setting", "the start", "go_backwards=True"),
    "backwards by hand": (by_hand(there=True), "wrong-setting", "the end", "go_backwards=False"),
    "turned by hand": (by_hand(turned=False), "missing-layer", "turned round", "turned round"),
    "a state added behind": (state_added, "missing-state", "state of zeros", "first state"),
    "a state joined behind": (state_joined, "missing-state", "state of zeros", "first state"),
    "the last step": (steps(last=layers.Multiply), "wrong-merge", "is a Multiply", "Add"),
    "the last step, in order": (steps(last=layers.Subtract), "wrong-merge", "a Subtract", "Add"),
    "the first step": (steps(first=layers.Maximum), "wrong-merge", "is a Maximum", "Add"),
    "tied by mistake": (tied, "tied-by-mistake", "weight embeddings", "Dense 30"),
    "a product turned": (product_turned, "wrong-axis", "each other's place", "axes 2 and 1"),
    "a softmax": (softmax_beside_a_mask, "wrong-activation", "which values", "axis=-1"),
    "a sigmoid on each": (
        sigmoid_on_each,
        "merged-too-late",
        "of each tensor, at 'sigmoid' and 'sigmoid_1'",
        "first Add",
    ),
    "a block with a shortcut": (block_left_out, "missing-layer", "A part is missing", "Conv2D 12"),
}


@pytest.mark.parametrize(("build", "name", "says", "expected"), TOLD.values(), ids=TOLD)
def test_it_is_told_once(build, name, says, expected):
    told_once(build, name, says, expected)


def test_two_layers_for_two_ways_are_one_that_reads_both():
    assert compare(two_ways(), at_once()).passed


def encoder(cell, ends, *, by_two=False, back=True, turned=True):
    """A text read both ways, and the states of both behind it."""
    words = Input((7,))
    embedded = layers.Embedding(9, 5)(words)
    settings = {"return_sequences": True, "return_state": True}
    if by_two:
        there = cell(3, **settings)(embedded)
        turns = cell(3, go_backwards=back, **settings)(embedded)
        read = ops.flip(turns[0], axis=1) if turned else turns[0]
        made = [layers.Concatenate()([there[0], read]), *there[1:], *turns[1:]]
    else:
        made = layers.Bidirectional(cell(3, **settings))(embedded)
    return Model(words, ends(*made))


ENDS = {
    "all": lambda *made: list(made),
    "joined": lambda steps, *states: [steps, layers.Dense(4)(layers.Concatenate()(states))],
    "the last one": lambda steps, *states: [steps, layers.Dense(4)(states[-1])],
}


@pytest.mark.parametrize("ends", ENDS)
@pytest.mark.parametrize("cell", [layers.LSTM, layers.GRU])
def test_states_of_both_ways_are_no_obstacle(cell, ends):
    reference = encoder(cell, ENDS[ends])
    for wrong in ({"turned": False}, {"back": False}, {"back": False, "turned": False}):
        answer = encoder(cell, ENDS[ends], by_two=True, **wrong)
        assert not compare(answer, reference).passed
        assert not compare(reference, answer).passed
