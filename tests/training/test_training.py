"""Mistakes in training are named, and healthy trainings are left alone."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from sweeps import one_in
from training import faults_of_localizers  # noqa: F401  enters its faults
from training.faults_in_other_forms import FAULTS as IN_OTHER_FORMS
from training.healthy_kinds import KINDS
from training.instances import BINARY, FAULTS, HEALTHY, TRAINED, Instance, Task
from training.kinds_after_guides import KINDS as AFTER_GUIDES
from training.kinds_by_other_hands import KINDS as BY_OTHER_HANDS
from training.kinds_of_other_fields import KINDS as OF_OTHER_FIELDS
from training.mended import MENDED
from training.more_kinds import KINDS as MORE
from training.published_faults import FAULTS as PUBLISHED

from autograder.judging.verdict import Status
from autograder.training import check_training, watch
from autograder.training.rules import RULES

QUICK = [TRAINED[place] for place in (0, 5, 8, 9, 15)]
TRAINS = {"batch-norm-behind", "labels-shuffled", "majority-only", "underfit", "loss-stands-still"}
"""Mistakes whose instances are trained, which takes seconds; the long table has them."""

SEEDS = 6
"""Instances of a mistake, at least."""


def verdict(instance):
    return check_training(instance.model, instance.data, instance.history, **instance.more)


def names(found):
    return [finding.id for finding in found.findings]


def test_each_rule_has_instances_and_each_instance_a_rule():
    assert set(FAULTS) == set(RULES)


@one_in(2)
@pytest.mark.parametrize("name", sorted(set(FAULTS) - TRAINS))
def test_a_mistake_is_named(name):
    found = verdict(FAULTS[name][0](7))
    assert name in names(found)
    assert all(finding.message and finding.next_step for finding in found.findings)


OF_COMPILE = [
    "name-unknown-to-keras", "weights-no-numbers", "entries-do-not-match", "no-loss-or-metric",
    "loss-not-called-so", "no-loss", "class-without-brackets",
]  # fmt: skip


@pytest.mark.parametrize("seeds", [2, pytest.param(11, marks=pytest.mark.long)])
@pytest.mark.parametrize("name", OF_COMPILE)
def test_what_compile_does_not_take_is_told_in_one_line(name, seeds):
    for make in FAULTS[name]:
        for seed in range(seeds):
            assert names(verdict(make(seed))) == [name]
    for seed in range(seeds):
        assert verdict(MENDED[name](seed)).passed


@one_in(4)
@pytest.mark.parametrize("make", [*QUICK, *HEALTHY])
def test_a_healthy_training_is_left_alone(make):
    found = verdict(make(3))
    assert found.passed, found


@one_in(6)
@pytest.mark.parametrize("name", sorted(FAULTS))
def test_of_the_mended_twin_nothing_is_said(name):
    found = verdict(MENDED[name](7))
    assert found.passed, found


@one_in(120)
@pytest.mark.parametrize(
    "make",
    [*KINDS, *MORE, *OF_OTHER_FIELDS, *AFTER_GUIDES, *BY_OTHER_HANDS],
    ids=lambda make: make.__name__,
)
def test_other_kinds_of_healthy_trainings_are_left_alone(make):
    found = verdict(make(5))
    assert found.passed, found


@one_in(48)
@pytest.mark.parametrize("each", IN_OTHER_FORMS, ids=lambda each: each.make.__name__)
def test_a_mistake_is_named_in_other_forms(each):
    assert each.make(1) & each.names


@pytest.mark.long
def test_the_table_of_mistakes(capsys):
    """Instances × detected for each rule, and what was said of healthy trainings."""
    alarms = dict.fromkeys(RULES, 0)
    healthy = [make(seed) for make in [*TRAINED, *HEALTHY] for seed in (11, 12)]
    for instance in healthy:
        for name in names(verdict(instance)):
            alarms[name] += 1
    lines, good, all_, missed = [], 0, 0, set()
    for name, makes in FAULTS.items():
        seeds = range(20, 20 + -(-SEEDS // len(makes)))
        found = [name in names(verdict(make(seed))) for make in makes for seed in seeds]
        lines.append(f"{name:28} {sum(found)}/{len(found)}  {alarms[name]}")
        missed.update([name] * (sum(found) < 0.8 * len(found)))
        good, all_ = good + sum(found), all_ + len(found)
    with capsys.disabled():
        print(f"\nrule, detected/instances, alarms in {len(healthy)} healthy", *lines, sep="\n")
    assert len(healthy) >= 40 and sum(alarms.values()) <= 1
    assert good >= 0.95 * all_ and not missed


@pytest.mark.long
def test_the_table_of_published_faults(capsys):
    """What is said of each, and how many are told rightly."""
    lines, good = [], 0
    for each in PUBLISHED:
        told = each.told()
        good += bool(each.names & told)
        lines.append(f"{each.source:15} {each.fault:40} {', '.join(sorted(told)) or '-'}")
    with capsys.disabled():
        print(f"\npublished faults, {good} of {len(PUBLISHED)} told", *lines, sep="\n")
    assert len(PUBLISHED) >= 50 and good >= 0.9 * len(PUBLISHED)


def two_towers(shape, tower):
    one, other = keras.Input(shape), keras.Input(shape)
    joined = keras.layers.concatenate([tower(one), tower(other)])
    model = keras.Model([one, other], keras.layers.Dense(1, activation="sigmoid")(joined))
    model.compile("adam", "binary_crossentropy")
    return model


def vision():
    layers = keras.layers
    given = keras.Input((27, 27, 1))
    seen = layers.Conv2D(64, 3)(layers.Conv2D(64, 3)(given))
    return keras.Model(given, layers.Flatten()(layers.MaxPooling2D(2)(seen)))


@pytest.mark.parametrize(
    ("shape", "tower"),
    [
        ((None, 128), lambda: keras.layers.LSTM(32)),
        ((280, 256), lambda: keras.layers.LSTM(64)),
        ((27, 27, 1), vision),
    ],
    ids=["A5", "B5", "B9"],
)
def test_published_towers_are_told_why_they_cannot_learn(shape, tower):
    found = check_training(two_towers(shape, tower()))
    assert names(found) == ["towers-only-weighed"]
    assert "No sum of such numbers says whether two things are alike" in repr(found)


def test_nothing_of_a_model_is_changed():
    task = Task(1)
    model = task.classifier(before=lambda h: keras.layers.BatchNormalization()(h))
    before = [np.array(variable) for variable in model.variables]
    check_training(model, (task.x, task.labels))
    after = [np.array(variable) for variable in model.variables]
    assert all(np.array_equal(a, b) for a, b in zip(before, after, strict=True))


def test_datasets_and_dictionaries_are_data():
    task = Task(2)
    data = {"x": task.x}, {"out": task.labels + 1}
    in_batches = tf.data.Dataset.from_tensor_slices(data).batch(16)
    for given in (data, in_batches):
        assert names(check_training(task.classifier(), given)) == ["label-outside-range"]


def test_a_sequential_has_an_output_too():
    task = Task(5)
    last = keras.layers.Dense(task.classes, activation="softmax")
    model = keras.Sequential([keras.Input((task.features,)), last])
    model.compile("sgd", keras.losses.categorical_crossentropy)
    assert names(check_training(model, (task.x, task.labels))) == ["integer-labels"]
    assert check_training(model, (task.x, task.one_hot), {"loss": 3}).passed


@pytest.mark.parametrize(
    "make",
    [
        lambda: np.zeros((3, 4)),
        lambda: (np.zeros((3, 4)), np.zeros(2)),
        lambda: (np.zeros((0, 4)), np.zeros(0)),
        lambda: (np.zeros((3, 99)), np.zeros(3)),
        lambda: (3, 4),
        lambda: tf.data.Dataset.from_tensor_slices((np.zeros((9, 4)), np.zeros(9))),
    ],
)
def test_what_is_no_data_is_said_in_a_line(make):
    found = check_training(Task(0).classifier(), make())
    assert found.status in (Status.NOT_CHECKABLE, Status.WRONG) and found.findings[0].message


def test_that_a_network_was_not_run_is_said():
    task = Task(1)
    given = keras.Input((task.features,), batch_size=len(task.x) + 1)
    model = task.compiled(keras.Model(given, keras.layers.Dense(1)(given)), "mse")
    found = check_training(model, (task.x, task.numbers))
    assert found.passed and "was not run" in repr(found)
    assert "was not run" not in repr(verdict(TRAINED[0](1)))


def test_a_model_must_be_compiled():
    found = check_training(Task(0).model(1))
    assert found.status is Status.NOT_CHECKABLE and "compile" in found.findings[0].next_step


def test_losses_and_models_of_somebodys_own_are_no_reason_to_speak():
    class Own(keras.Model):
        def __init__(self):
            super().__init__()
            self.dense = keras.layers.Dense(1)

        def call(self, x):
            return self.dense(x)

    task, model = Task(4), Own()
    model.compile("sgd", loss=lambda truth, made: keras.ops.mean((truth - made) ** 2))
    assert check_training(model, (task.x, task.numbers)).passed


class Classifier(keras.Model):
    """How many classes it tells apart is known only of what it gives."""

    def __init__(self, classes):
        super().__init__()
        self.out = keras.layers.Dense(classes, activation="softmax")

    def call(self, x):
        return self.out(x)


@pytest.mark.parametrize("epochs", [1, 10])
def test_where_the_width_of_an_output_is_not_known_labels_are_not_held_against_it(epochs, capsys):
    task = Task(2)
    model = Classifier(task.classes)
    model.compile(keras.optimizers.Adam(0.03), "sparse_categorical_crossentropy")
    callback = watch((task.x, task.labels))
    model.fit(task.x, task.labels, epochs=epochs, verbose=0, callbacks=[callback])
    assert callback.verdict.passed and capsys.readouterr().out == ""
    beyond = check_training(model, (task.x, task.labels + 1))
    assert names(beyond) == ["label-outside-range"]


def test_watching_is_quiet_where_nothing_is_wrong(capsys):
    task = Task(3)
    callback = watch((task.x, task.labels))
    task.classifier().fit(task.x, task.labels, epochs=8, verbose=0, callbacks=[callback])
    assert callback.verdict.passed and capsys.readouterr().out == ""


def test_watching_tells_a_mistake_once(capsys):
    instance = FAULTS["softmax-under-from-logits"][0](1)
    callback = watch()
    instance.model.fit(*instance.data, epochs=2, verbose=0, callbacks=[callback])
    assert capsys.readouterr().out.count("A mistake in this training") == 1


class Alone(keras.Model):
    """A network that learns from its inputs alone, as encoders and generators do."""

    def __init__(self):
        super().__init__()
        self.there, self.back = keras.layers.Dense(3), keras.layers.Dense(6)

    def call(self, x):
        return self.back(self.there(x))

    def train_step(self, data):
        with tf.GradientTape() as tape:
            loss = keras.ops.mean((self(data, training=True) - data) ** 2)
        self.optimizer.apply_gradients(
            zip(
                tape.gradient(loss, self.trainable_variables), self.trainable_variables, strict=True
            )
        )
        return {"loss": loss}


def test_data_that_a_step_of_ones_own_does_not_hand_to_the_network_are_no_mistake():
    model = Alone()
    model.build((None, 6))
    model.compile("adam")
    data = np.random.default_rng(1).normal(size=(40, 3)).astype("float32")
    assert check_training(model, data).passed


@pytest.mark.parametrize("form", ["array", "batches", "single", "named"])
def test_inputs_alone_are_watched_where_a_network_needs_no_labels(form, capsys):
    x = np.random.default_rng(1).normal(size=(200, 6)).astype("float32")
    batches = tf.data.Dataset.from_tensor_slices(x).batch(20)
    if form == "named":
        given = keras.Input((6,), name="x")
        model = keras.Model(given, keras.layers.Dense(2, activity_regularizer="l2")(given))
        data = {"x": x}
    else:
        model = Alone()
        data = {"array": x, "batches": batches, "single": batches.map(lambda x: (x,))}[form]
    model.compile("adam")
    callback = watch(data)
    model.fit(batches if form != "named" else data, epochs=3, verbose=0, callbacks=[callback])
    assert callback.verdict.passed and capsys.readouterr().out == ""
    assert check_training(model, data).passed


def test_inputs_alone_are_no_data_where_keras_compares_with_labels():
    task = Task(2)
    for given in (task.x, tf.data.Dataset.from_tensor_slices(task.x).batch(8), (task.x, None)):
        found = check_training(task.classifier(), given)
        assert found.status is Status.NOT_CHECKABLE and "(x, y)" in repr(found)


def test_weights_that_cannot_be_read_are_not_taken_for_one():
    task = Task(3)
    given, hidden = task.body()
    outs = [keras.layers.Dense(1, name="near")(hidden), keras.layers.Dense(1, name="far")(hidden)]
    model = keras.Model(given, outs)
    kinds = [keras.losses.MeanSquaredError] * 2
    model.compile("adam", kinds, loss_weights=[1.0, 1e-6])
    assert names(check_training(model, (task.x, [task.numbers, 1000 * task.numbers]))) == [
        "class-without-brackets"
    ]


def rare_and_weighted(seed, learns):
    """A network for a rare class, trained with weights that make it count as much."""
    task = Task(seed)
    x = task.random.normal(size=(2000, 4)).astype("float32")
    sums = x[:, :1] + x[:, 1:2] * learns
    y = (sums > np.quantile(sums, 0.95)).astype("float32")
    x = x if learns else task.random.permutation(x)
    given = keras.Input((4,))
    model = keras.Model(given, keras.layers.Dense(1, activation="sigmoid")(given))
    model.compile(keras.optimizers.Adam(0.005), BINARY)
    weights = {0: 1.0, 1: 20.0}
    return Instance(model, (x, y), model.fit(x, y, epochs=6, verbose=0, class_weight=weights))


def test_weights_of_classes_are_no_reason_to_say_that_nothing_was_learned():
    found = verdict(rare_and_weighted(1, learns=True))
    assert found.passed, found
    assert "underfit" in names(verdict(rare_and_weighted(1, learns=False)))


def test_no_to_each_of_several_rare_labels_is_no_class():
    task = Task(6)
    model = task.compiled(task.model(task.classes, "sigmoid"), BINARY)
    model.get_layer("out").bias.assign([-5.0] * task.classes)
    rare = (task.random.random((task.count, task.classes)) < 0.1).astype("float32")
    history = {"loss": [0.7, 0.5, 0.4, 0.36, 0.34, 0.33]}
    assert "majority-only" not in names(check_training(model, (task.x, rare), history))


def test_equal_units_are_told_what_becomes_of_them():
    task = Task(4)
    data = task.x, task.labels
    below = repr(check_training(task.classifier(kernel_initializer="ones"), data))
    assert "only what the layers behind make of them" in below
    model = task.classifier(kernel_initializer="ones")
    last = model.get_layer("out")
    last.kernel.assign(np.ones(last.kernel.shape))
    assert "get the same gradient, and stay so" in repr(check_training(model, data))
    assert "many times over." in repr(check_training(model))


def test_a_card_shows_itself():
    found = verdict(FAULTS["one-hot-labels"][0](1))
    assert "<b>Try:</b> categorical_crossentropy" in found._repr_mimebundle_()["text/html"]
    assert "Where: out" in repr(found)


@pytest.mark.parametrize("form", ["row", "functional", "named outputs"])
def test_hidden_units_are_seen_whatever_form_a_network_has(form):
    task = Task(3)
    dense = keras.layers.Dense
    hidden, out = dense(16, "relu", name="hidden"), dense(1, name="out")
    given = keras.Input((task.features,))
    if form == "row":
        model = keras.Sequential([given, hidden, out])
    else:
        made = out(hidden(given))
        model = keras.Model(given, {"out": made} if form == "named outputs" else made)
    hidden.bias.assign([-50.0] * 16)
    model.compile("adam", "mse")
    assert names(check_training(model, (task.x, task.numbers))) == ["dead-relu"]


def test_an_output_that_is_given_no_loss_in_so_many_words_is_to_learn_nothing():
    task = Task(3)
    given, hidden = task.body()
    outs = {name: keras.layers.Dense(1, name=name)(hidden) for name in ("near", "far")}
    model = keras.Model(given, outs)
    data = task.x, dict.fromkeys(outs, task.numbers)
    for loss in ({"near": "mse", "far": None}, {"near": "mse"}):
        model.compile("adam", loss)
        left_out = [] if "far" in loss else ["loss-never-applied"]
        assert names(check_training(model, data)) == left_out
    listed = keras.Model(given, list(outs.values()))
    listed.compile("adam", ["mse", None])
    assert check_training(listed, (task.x, [task.numbers, task.numbers])).passed


def test_what_follows_from_a_mistake_that_was_told_is_not_told_after_it(capsys):
    task = Task(2)
    deep = [keras.layers.Dense(12, "sigmoid") for _ in range(12)]
    last = keras.layers.Dense(task.classes, "softmax")
    model = keras.Sequential([keras.Input((task.features,)), *deep, last])
    model.compile("sgd", "sparse_categorical_crossentropy")
    callback = watch((task.x, task.labels))
    model.fit(task.x, task.labels, epochs=12, verbose=0, callbacks=[callback])
    assert names(callback.verdict) == ["vanishing-gradient"]
    assert capsys.readouterr().out.count("A mistake in this training") == 1


def test_a_network_that_learned_may_have_silent_units():
    instance = FAULTS["dead-relu"][0](2)
    assert names(verdict(instance)) == ["dead-relu"]
    instance.history = {"loss": [1.0, 0.5]}
    assert verdict(instance).passed
