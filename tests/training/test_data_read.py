"""Whatever form data come in, `watch` reads them and `fit` gets all of them, in the same order."""

import random

import keras
import numpy as np
import pytest
import tensorflow as tf

from autograder.training import check_training, watch
from autograder.training.samples import MOST, samples

COUNT, SIZE = 60, 12


def numbers(count=COUNT):
    r = np.random.default_rng(1)
    x = r.normal(size=(count, 5)).astype("float32")
    return x, (x @ r.normal(size=(5, 3))).argmax(axis=1)


def classifier():
    keras.utils.set_random_seed(3)
    dense = keras.layers.Dense
    model = keras.Sequential(
        [keras.Input((5,)), dense(8, activation="relu"), dense(3, activation="softmax")]
    )
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
    return model


class Batches(keras.utils.PyDataset):
    """Batches by their numbers, each changed a little by chance, which `asked` remembers."""

    def __init__(self, *, endless=False, as_list=False, **more):
        super().__init__(**more)
        self.x, self.y = numbers()
        self.endless, self.as_list, self.asked = endless, as_list, []

    @property
    def num_batches(self):
        return None if self.endless else COUNT // SIZE

    def __getitem__(self, number):
        self.asked.append(number)
        rows = slice(number % 5 * SIZE, number % 5 * SIZE + SIZE)
        noise = np.random.normal(size=(SIZE, 5)) * random.random() / 10
        batch = self.x[rows] + noise.astype("float32"), self.y[rows]
        return list(batch) if self.as_list else batch


def trained_on(data, *callbacks, **more):
    random.seed(4)
    model = classifier()
    np.random.seed(5)
    return model, model.fit(data, verbose=0, shuffle=False, callbacks=list(callbacks), **more)


@pytest.mark.parametrize(
    "options",
    [{}, {"workers": 2}, {"as_list": True}, {"endless": True}, {"endless": True, "workers": 3}],
    ids=str,
)
def test_batches_by_their_numbers_are_watched(options, capsys):
    asked = {"epochs": 3, "steps_per_epoch": 4 if options.get("endless") else None}
    data = Batches(**options)
    callback = watch(data)
    model, history = trained_on(data, callback, **asked)
    assert callback.verdict.passed and capsys.readouterr().out == ""
    found = check_training(model, data, history)
    assert found.passed and "not looked at" not in repr(found)
    if "workers" not in options:
        _, alone = trained_on(Batches(**options), **asked)
        assert history.history == alone.history


def test_a_mistake_in_batches_by_their_numbers_is_named(capsys):
    class Wrong(Batches):
        def __getitem__(self, number):
            x, y = super().__getitem__(number)
            return x, y + 1

    found = check_training(classifier(), Wrong())
    assert [each.id for each in found.findings] == ["label-outside-range"]
    wrong = watch(Wrong())
    with pytest.raises(Exception, match=r"label|range"):
        trained_on(Wrong(), wrong, epochs=1)
    assert "must be whole numbers from 0 to 2" in capsys.readouterr().out


def test_batches_are_read_from_all_over():
    data = Batches()
    assert samples(data).count == COUNT and data.asked == list(range(5))

    class Many(Batches):
        num_batches = 1000

    many = Many()
    assert samples(many).count >= MOST // SIZE * SIZE
    assert many.asked[0] == 0 and many.asked[-1] == 999 and len(many.asked) == -(-MOST // SIZE)


def test_no_batches_are_told_in_a_line():
    class Empty(Batches):
        num_batches = 0

    found = check_training(classifier(), Empty())
    assert "no samples" in repr(found)


def generated(asked):
    x, y = numbers()
    while True:
        for start in range(0, COUNT, SIZE):
            asked.append(start)
            yield x[start : start + SIZE], y[start : start + SIZE]


@pytest.mark.parametrize("form", ["generator", "validation", "iterator"])
def test_what_gives_each_batch_once_is_left_to_fit(form, capsys):
    asked = []
    x, y = numbers()
    once = generated(asked)
    if form == "iterator":
        once = iter(tf.data.Dataset.from_tensor_slices((x, y)).batch(SIZE))
    callback = watch((x, y), once) if form == "validation" else watch(once)
    callback.set_model(classifier())
    callback.set_params({"epochs": 2, "steps": 5})
    callback.on_train_begin()
    callback.on_epoch_end(0, {"loss": 1.0})
    callback.on_train_end()
    check_training(classifier(), once if form != "validation" else (x, y), validation_data=once)
    assert callback.verdict.passed and capsys.readouterr().out == "" and not asked
    first, _ = next(once)
    assert (np.asarray(first) == x[:SIZE]).all()


def test_a_generator_is_trained_on_as_without_watching():
    once = generated([])
    _, history = trained_on(once, watch(once), epochs=3, steps_per_epoch=4)
    _, without = trained_on(generated([]), epochs=3, steps_per_epoch=4)
    assert history.history == without.history


def test_that_a_generator_was_not_looked_at_is_said():
    found = check_training(classifier(), generated([]))
    assert found.passed and "a generator gives each batch once" in repr(found)
    mistaken = classifier()
    mistaken.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    found = check_training(mistaken, generated([]))
    assert [each.id for each in found.findings] == ["softmax-under-from-logits"]


def test_data_are_read_before_the_first_step_and_not_again():
    read = []
    x, y = numbers()

    def noted():
        read.append(1)
        yield from zip(x, y, strict=True)

    spec = (tf.TensorSpec((5,)), tf.TensorSpec((), tf.int64))
    data = tf.data.Dataset.from_generator(noted, output_signature=spec).batch(SIZE)
    callback = watch(data)
    for once in (1, 2):
        trained_on(tf.data.Dataset.from_tensor_slices((x, y)).batch(SIZE), callback, epochs=2)
        assert len(read) == once and callback.verdict.passed


class Sparse:
    """What scipy's matrices are taken by: they know their shape, and write their zeros out."""

    def __init__(self, dense):
        self.dense, self.shape = dense, dense.shape

    def toarray(self):
        return self.dense


def test_of_sparse_rows_the_zeros_are_written_out():
    x, y = numbers()
    assert check_training(classifier(), (Sparse(x), y)).passed
    (finding,) = check_training(classifier(), (Sparse(x), y + 1)).findings
    assert finding.id == "label-outside-range"


def test_a_sparse_matrix_that_is_too_large_is_said_to_be():
    class Huge(Sparse):
        shape = (100_000, 50_000)

        def __init__(self):
            pass

    (finding,) = check_training(classifier(), (Huge(), np.zeros(100_000))).findings
    assert finding.message.startswith("A sparse matrix of this size")


class Noised(keras.Model):
    """Its step gives the network inside one number more than `call` is given."""

    def __init__(self):
        super().__init__()
        self.inside = keras.Sequential([keras.layers.Dense(4), keras.layers.Dense(5)])

    def build(self, shape):
        self.built = True

    def call(self, x):
        return self.inside(x)

    def train_step(self, x):
        time = keras.random.uniform((keras.ops.shape(x)[0], 1))
        with tf.GradientTape() as tape:
            made = self.inside(keras.ops.concatenate([x, time], axis=1))
            loss = keras.ops.mean((made - x) ** 2)
        weights = self.trainable_variables
        self.optimizer.apply(tape.gradient(loss, weights), weights)
        return {"loss": loss}


def test_weights_are_made_by_the_step_that_somebody_wrote():
    x, _ = numbers()
    model = Noised()
    model.build((None, 5))
    model.compile("adam")
    assert check_training(model, x).notes == ()
    model.fit(x, epochs=2, verbose=0, callbacks=[watch(x)])
    assert model.inside.layers[0].kernel.shape == (6, 4)
    assert check_training(model, x).passed
