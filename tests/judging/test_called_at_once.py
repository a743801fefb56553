"""One layer and two inputs: what is said where its calls are not what they look like."""

import pytest
from tensorflow import keras
from tensorflow.keras import layers

from autograder import compare


def tweets(join, reader=layers.LSTM):
    starts = {name: keras.Input((7, 4), name=name) for name in ("tweet_a", "tweet_b")}
    joined = join(reader(5, name="encoder"), *starts.values())
    return keras.Model(starts, {"same": layers.Dense(1, name="same")(joined)})


def apart(encoder, a, b):
    return layers.concatenate([encoder(a), encoder(b)])


@pytest.mark.parametrize("reader", [layers.LSTM, layers.GRU])
@pytest.mark.parametrize(
    "join",
    [
        lambda encoder, a, b: encoder(a, b),
        lambda encoder, a, b: layers.concatenate([encoder(a, b), encoder(b, a)]),
    ],
)
def test_two_tensors_in_the_brackets_of_one_call(join, reader):
    verdict = compare(tweets(join, reader), tweets(apart, reader))
    (finding,) = verdict.findings
    assert finding.id == "called-at-once"
    assert "'tweet_a' and 'tweet_b'" in finding.message or "'tweet_b'" in finding.message
    assert "state to begin with" in finding.message


@pytest.mark.parametrize("reader", [layers.LSTM, layers.GRU])
def test_a_mask_by_hand_is_no_second_sequence(reader):
    def read(with_mask):
        words = keras.Input((5,), dtype="int32")
        more = {"mask": keras.ops.not_equal(words, 0)} if with_mask else {}
        return keras.Model(words, reader(3)(layers.Embedding(9, 4)(words), **more))

    ids = [finding.id for finding in compare(read(True), read(False)).findings]
    assert ids and "called-at-once" not in ids


def test_a_mask_beside_two_sequences_is_not_counted_among_them():
    def read(at_once):
        one, other = keras.Input((5, 3), name="one"), keras.Input((3,), name="other")
        given, reader = keras.Input((5,), dtype="bool", name="given"), layers.GRU(3)
        if at_once:
            return keras.Model([one, other, given], reader(one, initial_state=other, mask=given))
        return keras.Model([one, other, given], reader(one, mask=given) + other)

    (finding,) = compare(read(True), read(False)).findings
    assert "with 'one' and 'other' in the same brackets" in finding.message
    assert finding.found == "one call with 2 tensors"


def test_a_state_that_is_meant_is_no_mistake():
    def begun(encoder, a, b):
        return encoder(a, initial_state=[layers.Dense(5)(layers.Flatten()(b))] * 2)

    assert compare(tweets(begun), tweets(begun)).passed
    assert "called-at-once" not in [f.id for f in compare(tweets(apart), tweets(begun)).findings]


def sizes(outputs):
    small, large = (
        keras.Input((n, n, 3), name=name) for n, name in ((3, "small_image"), (5, "large_image"))
    )
    conv = layers.Conv2D(2, 3, padding="same", name="conv")
    maps = dict(zip(("small_map", "large_map"), outputs(conv, small, large), strict=True))
    return keras.Model({"small_image": small, "large_image": large}, maps)


def test_a_shared_layer_that_is_asked_for_its_output():
    def asked(conv, small, large):
        return conv(small), (conv(large), conv.output)[1]

    (finding,) = compare(
        sizes(asked), sizes(lambda conv, small, large: (conv(small), conv(large)))
    ).findings
    assert finding.id == "same-input-twice"
    assert "asked for its `output`" in finding.message
    assert "one was written twice" not in finding.message
    assert "tensor that each call returns" in finding.next_step


def test_what_is_frozen_where_it_differs_is_said():
    def head(frozen):
        start = x = keras.Input((4,), name="start")
        for number in range(6):
            x = layers.Dense(4, name=f"d{number}")(x)
        model = keras.Model(start, x)
        for layer in model.layers[1:frozen]:
            layer.trainable = False
        return model

    (finding,) = compare(head(4), head(0)).findings
    assert "frozen" in finding.message or "frozen" in finding.found
