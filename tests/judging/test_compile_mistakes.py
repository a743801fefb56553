"""What a model is compiled with: each mistake by its name, and whatever is as asked passes."""

import json

import keras
import numpy as np
import pytest
from keras import layers, losses, metrics, optimizers
from sweeps import one_in

from autograder.checking import evidence_of
from autograder.judging.evidence import Evidence
from autograder.judging.judge import judge
from autograder.judging.references import Reference, reference_of

LOSS = {"age": "mse", "group": "categorical_crossentropy", "sold": "binary_crossentropy"}
WEIGHTS = {"age": 0.003, "group": 1.0, "sold": 2.0}
METRICS = {"age": "mae", "group": "accuracy", "sold": "accuracy"}
MEANT = {"loss": LOSS, "loss_weights": WEIGHTS, "metrics": METRICS}


def person(units=8):
    start = keras.Input((4,), name="person")
    shared = layers.Dense(units, activation="relu")(start)
    heads = {
        "sold": layers.Dense(1, activation="sigmoid", name="sold")(shared),
        "age": layers.Dense(1, name="age")(shared),
        "group": layers.Dense(5, activation="softmax", name="group")(shared),
    }
    return keras.Model(start, heads)


def compiled(optimizer=None, build=person, **arguments):
    def answer():
        model = build()
        model.compile(optimizer or optimizers.Adam(0.002), **{**MEANT, **arguments})
        return model

    return answer


def found(answer, meant):
    """What is found; reference and evidence come as JSON, as in a class."""
    kept, given = (evidence_of("x", each, (), hidden=False) for each in (meant, answer))
    reference = json.loads(json.dumps(reference_of(kept).to_json()))
    evidence = Evidence.from_json(json.loads(json.dumps(given.to_json())))
    (verdict,) = judge(evidence, Reference.from_json("x", reference)).verdicts
    assert verdict.passed is (not verdict.findings)
    assert all(each.message and each.next_step for each in verdict.findings)
    return [finding.id for finding in verdict.findings]


def but(given, **changed):
    return {**given, **changed}


def once_more(before=lambda model: None):
    """Something is done with a compiled model, then it is compiled again."""

    def answer():
        model = compiled("sgd", loss=but(LOSS, age="mae"))()
        before(model)
        model.compile(optimizers.Adam(0.002), **MEANT)
        return model

    return answer


def fitted(model):
    x, one = np.zeros((8, 4)), np.zeros((8, 1))
    model.fit(x, {"age": one, "sold": one, "group": np.eye(5)[[0] * 8]}, verbose=0)


def squares(truth, made):
    return keras.ops.mean((truth - made) ** 2)


def mean_squared_error(truth, made):
    return keras.ops.mean(made) - keras.ops.mean(truth)


def cross_entropy(truth, made):
    return -keras.ops.sum(truth * keras.ops.log(made), axis=-1)


def a_class_of_models():
    class Profile(keras.Model):
        pass

    plain = person()
    model = Profile(plain.inputs, plain.output)
    model.compile(optimizers.Adam(0.002), **MEANT)
    return model


RIGHT = {
    "as asked": compiled(),
    "by list, in Keras' order": compiled(
        loss=["mse", "categorical_crossentropy", "binary_crossentropy"],
        loss_weights=[0.003, 1, 2],
    ),
    "objects": lambda: compiled(
        loss=but(LOSS, age=losses.MeanSquaredError(), group=losses.CategoricalCrossentropy()),
        metrics=but(METRICS, sold=[metrics.BinaryAccuracy()], age=["mean_absolute_error"]),
    )(),
    "functions": compiled(loss=but(LOSS, sold=losses.binary_crossentropy)),
    "more metrics": compiled(metrics=but(METRICS, age=["mae", "mse"])),
    "metrics that would take weights": compiled(metrics=None, weighted_metrics=METRICS),
    "some here, some there": compiled(
        metrics={"age": "mae"}, weighted_metrics={"group": "accuracy", "sold": "accuracy"}
    ),
    "Keras' own settings": lambda: compiled(
        metrics=but(METRICS, sold=metrics.BinaryAccuracy(threshold=0.5, name="share"))
    )(),
    "compiled twice": once_more(),
    "compiled after fit": once_more(fitted),
    "in one program": compiled(jit_compile=True),
    "step by step": compiled(run_eagerly=True),
    "an optimizer's settings": compiled({"class_name": "Adam", "config": {"learning_rate": 0.002}}),
    "a schedule that keeps its rate": lambda: compiled(
        optimizers.Adam(optimizers.schedules.ExponentialDecay(0.002, 100, 1.0))
    )(),
    "weights of NumPy": compiled(loss_weights={k: np.float32(w) for k, w in WEIGHTS.items()}),
    "weights as arrays": compiled(loss_weights={k: np.array(w) for k, w in WEIGHTS.items()}),
    "weights as tensors": lambda: compiled(
        loss_weights={k: keras.ops.convert_to_tensor(w) for k, w in WEIGHTS.items()}
    )(),
    "in another order": compiled(
        **{name: dict(reversed(given.items())) for name, given in MEANT.items()}
    ),
    "in tuples": compiled(
        loss=("mse", "categorical_crossentropy", "binary_crossentropy"),
        metrics=(["mae"], ["accuracy"], ["accuracy"]),
        loss_weights=(0.003, 1, 2),
    ),
    "in capitals": compiled(loss=but(LOSS, age="MSE", sold="BinaryCrossentropy")),
    "each in a list": compiled(loss={name: [loss] for name, loss in LOSS.items()}),
    "metrics in short": compiled(metrics=but(METRICS, age=["MAE"], group=["acc"])),
    "losses of one's own that are Keras'": compiled(
        loss=but(LOSS, age=squares, group=cross_entropy)
    ),
    "a lambda that is one of Keras'": compiled(
        loss=but(LOSS, age=lambda truth, made: keras.ops.mean((truth - made) ** 2, axis=-1))
    ),
    "a class of models": a_class_of_models,
    "another clipping": lambda: compiled(optimizers.Adam(0.002, clipnorm=1.0))(),
}
WRONG = {
    "name-of-no-output": [
        compiled(loss=but(LOSS, agee="mse")),
        compiled(loss_weights=but(WEIGHTS, income=1.0)),
        compiled(metrics=but(METRICS, ages="mae")),
        compiled(weighted_metrics={"ages": "mae"}),
    ],
    "outputs-mixed-up": [
        compiled(loss=but(LOSS, age="binary_crossentropy", sold="mse")),
        compiled(loss=["binary_crossentropy", "mse", "categorical_crossentropy"]),
    ],
    "loss-missing": [compiled(loss={k: v for k, v in LOSS.items() if k != "sold"})],
    "softmax-under-from-logits": [
        compiled(loss=but(LOSS, group=losses.CategoricalCrossentropy(from_logits=True))),
        compiled(loss=but(LOSS, sold=losses.BinaryCrossentropy(from_logits=True))),
    ],
    "one-hot-labels": [compiled(loss=but(LOSS, group="sparse_categorical_crossentropy"))],
    "loss-of-other-classes": [
        compiled(loss=but(LOSS, group="binary_crossentropy")),
        compiled(loss=but(LOSS, sold="categorical_crossentropy")),
        compiled(loss=but(LOSS, sold="sparse_categorical_crossentropy")),
    ],
    "regression-of-classes": [compiled(loss=but(LOSS, sold="mse"))],
    "classes-of-numbers": [compiled(loss=but(LOSS, age="binary_crossentropy"))],
    "other-loss": [
        compiled(loss=but(LOSS, age="mae")),
        compiled(loss=but(LOSS, age=lambda truth, made: keras.ops.mean(truth - made))),
        compiled(loss=but(LOSS, group="kl_divergence")),
        compiled(loss=but(LOSS, age=mean_squared_error)),
        compiled(loss=but(LOSS, age=lambda truth, made: 2 * squares(truth, made))),
    ],
    "loss-settings": [
        compiled(loss=but(LOSS, group=losses.CategoricalCrossentropy(label_smoothing=0.1)))
    ],
    "weights-missing": [compiled(loss_weights=None)],
    "weights-swapped": [
        compiled(loss_weights=but(WEIGHTS, age=2.0, sold=0.003)),
        compiled(loss_weights=[2.0, 0.003, 1.0]),
    ],
    "weights-scaled": [compiled(loss_weights={k: 10 * v for k, v in WEIGHTS.items()})],
    "loss-never-applied": [compiled(loss_weights=but(WEIGHTS, sold=0.0))],
    "other-weights": [compiled(loss_weights=but(WEIGHTS, sold=7.0))],
    "weights-of-other-number": [
        compiled(loss_weights={"age": 0.003, "sold": 2.0}),
    ],
    "list-of-other-length": [
        compiled(metrics=["accuracy"]),
        compiled(weighted_metrics=["accuracy"]),
    ],
    "weights-not-finite": [
        compiled(loss_weights=but(WEIGHTS, sold=float("inf"))),
        compiled(loss_weights=but(WEIGHTS, sold=float("nan"))),
    ],
    "rate-not-above-zero": [
        lambda: compiled(optimizers.Adam(float("nan")))(),
        lambda: compiled(optimizers.Adam(-0.002))(),
    ],
    "metric-missing": [
        compiled(metrics=None),
        compiled(metrics={"age": "mae", "group": "accuracy"}),
    ],
    "accuracy-on-regression": [
        compiled(metrics=but(METRICS, age="accuracy")),
        lambda: compiled(metrics=but(METRICS, age=[metrics.Accuracy()]))(),
    ],
    "metric-does-not-fit": [
        compiled(metrics=but(METRICS, sold="mae")),
        compiled(metrics=but(METRICS, group="binary_accuracy")),
        lambda: compiled(metrics=but(METRICS, group=[metrics.Accuracy()]))(),
    ],
    "other-metric": [
        compiled(metrics=but(METRICS, age="mse")),
        lambda: compiled(metrics=but(METRICS, sold=metrics.AUC()))(),
    ],
    "metric-settings": [
        lambda: compiled(metrics=but(METRICS, sold=metrics.BinaryAccuracy(threshold=0.9)))(),
    ],
    "metrics-swapped": [compiled(metrics=but(METRICS, age="accuracy", sold="mae"))],
    "other-optimizer": [compiled("rmsprop"), lambda: compiled(optimizers.SGD(0.002))()],
    "rate-too-high": [lambda: compiled(optimizers.Adam(0.02))()],
    "rate-too-low": [compiled("adam")],
    "compile-not-saved": [
        compiled(loss=but(LOSS, age=losses.MeanSquaredError)),
        compiled(loss=but(LOSS, age=losses.MeanSquaredError), loss_weights=None),
        compiled(metrics=but(METRICS, age=metrics.MeanAbsoluteError)),
    ],
    "not-compiled": [person],
}
CASES = [(name, answer) for name, answers in WRONG.items() for answer in answers]


@one_in(2)
@pytest.mark.parametrize("name", RIGHT)
def test_what_is_compiled_as_asked_passes(name):
    assert found(RIGHT[name], compiled()) == []


@one_in(2, kind=lambda parameters: parameters["name"])
@pytest.mark.parametrize(("name", "answer"), CASES, ids=[name for name, _ in CASES])
def test_a_mistake_is_named(name, answer):
    assert set(found(answer, compiled())) == {name}


def test_a_network_that_is_asked_for_uncompiled_may_be_compiled():
    assert found(compiled(), person) == []


def test_a_class_in_the_place_of_a_loss_is_that_loss():
    by_class, plain = but(LOSS, age=losses.MeanSquaredError), {"loss_weights": None}
    plain |= {"metrics": None}
    assert found(compiled(loss=by_class, **plain), compiled(**plain)) == []
    wrong = but(LOSS, age=losses.MeanAbsoluteError)
    assert found(compiled(loss=wrong), compiled()) == ["other-loss"]


def test_what_cannot_be_read_of_a_solution_refuses_no_answer():
    by_class = compiled(loss=but(LOSS, age=losses.MeanSquaredError))
    assert found(compiled(), by_class) == found(by_class, by_class) == []
    assert found(compiled(loss=but(LOSS, age="mae")), by_class) == ["other-loss"]


def test_what_cannot_be_read_cannot_be_saved_either(tmp_path):
    model = compiled(loss=but(LOSS, age=losses.MeanSquaredError))()
    with pytest.raises(TypeError, match="get_config"):
        model.save(tmp_path / "model.keras")


def test_a_wrong_network_is_told_first():
    assert found(lambda: person(9), compiled()) == ["wrong-units"]


def reader(is_frozen, is_prepared=False):
    start = keras.Input((4,), name="image")
    inner = layers.Dense(8, name="inner")
    model = keras.Model(start, layers.Dense(1, activation="sigmoid", name="even")(inner(start)))
    inner.trainable = not is_frozen
    model.compile(optimizers.Adam(0.1), "binary_crossentropy", metrics=["accuracy"])
    if is_prepared:  # as the first fit does
        model.optimizer.build(model.trainable_variables)
    return model, inner


def stage(rate=1e-4, first=True, again=True, is_frozen=False):
    """A second stage: the inner layer is set free, or frozen, and the model compiled again."""

    def answer():
        model, inner = reader(not is_frozen, is_prepared=True)
        inner.trainable = not is_frozen if first else inner.trainable
        if again:
            model.compile(optimizers.Adam(rate), "binary_crossentropy", metrics=["accuracy"])
        inner.trainable = not is_frozen
        return model

    return answer


@pytest.mark.parametrize("is_frozen", [False, True])
def test_what_compile_fixed_is_told(is_frozen):
    meant = stage(is_frozen=is_frozen)
    assert found(stage(again=False, is_frozen=is_frozen), meant) == ["not-compiled-again"]
    # Keras prepares its step in the first fit: what was compiled before is as good
    assert found(stage(first=False, is_frozen=is_frozen), meant) == []
    assert found(stage(rate=0.1, is_frozen=is_frozen), meant) == ["rate-too-high"]


def test_an_optimizer_is_prepared_for_what_was_trainable():
    def same():
        model, inner = reader(True, is_prepared=True)
        inner.trainable = True
        model.compile(model.optimizer, "binary_crossentropy", metrics=["accuracy"])
        return model

    assert found(same, stage()) == ["not-compiled-again"]


def told(answer, meant):
    """The findings where an answer is compiled otherwise than is meant."""
    kept, given = (evidence_of("x", each, (), hidden=False) for each in (meant, answer))
    (verdict,) = judge(given, reference_of(kept)).verdicts
    return verdict.findings


def test_words_are_of_the_outputs():
    (finding,) = told(compiled(loss=but(LOSS, sold="mse")), compiled())
    assert finding.where == ("sold",)
    assert (finding.expected, finding.found) == ("binary_crossentropy", "mean_squared_error")


@pytest.mark.parametrize("loss", ["KLDivergence", losses.kl_divergence, losses.KLDivergence()])
def test_a_loss_has_one_name_however_it_is_given(loss):
    meant = compiled(loss=but(LOSS, group="kl_divergence"))
    assert found(compiled(loss=but(LOSS, group=loss)), meant) == []


def in_a_row():
    """The same with its outputs in a list, not in the alphabet's order."""
    model = person()
    return keras.Model(model.input, [model.output[name] for name in ("sold", "age", "group")])


def test_of_the_alphabet_nothing_is_said_where_outputs_are_a_list():
    swapped = ["mse", "binary_crossentropy", "categorical_crossentropy"]
    (finding,) = told(compiled(build=in_a_row, loss=swapped), compiled(build=in_a_row))
    assert finding.id == "outputs-mixed-up" and "alphabet" not in finding.message
    swapped = ["binary_crossentropy", "categorical_crossentropy", "mse"]
    (finding,) = told(compiled(loss=swapped), compiled())
    assert finding.id == "outputs-mixed-up" and "alphabet" in finding.message


def test_a_loss_goes_by_the_outputs_own_name_and_not_by_its_layers():
    def pair(*names):
        start = keras.Input((4,))
        heads = {n: layers.Dense(1, name=f"layer_{n}")(start) for n in ("a", "b")}
        model = keras.Model(start, heads)
        model.compile("adam", dict.fromkeys(names, "mse"))
        return model

    assert told(pair("a", "b"), pair("a", "b")) == ()
    by_layers = pair("layer_a", "layer_b")
    (finding,) = told(by_layers, pair("a", "b"))
    assert (finding.id, finding.expected) == ("name-of-no-output", "'a' and 'b'")
    with pytest.raises(KeyError, match="layer_a"):  # so says Keras, in the first fit
        by_layers.fit(np.zeros((2, 4)), {n: np.zeros((2, 1)) for n in ("a", "b")}, verbose=0)


def test_metrics_go_by_what_this_keras_takes():
    start = keras.Input((4,))
    heads = {n: layers.Dense(1, name=f"layer_{n}")(start) for n in ("a", "b")}
    data = np.zeros((2, 4)), {n: np.zeros((2, 1)) for n in ("a", "b")}

    def pair(*names):
        model = keras.Model(start, heads)
        model.compile("adam", dict.fromkeys("ab", "mse"), metrics=dict.fromkeys(names, "mae"))
        return model

    by_layers, by_outputs = pair("layer_a", "layer_b"), pair("a", "b")
    try:
        by_outputs.fit(*data, verbose=0)
    except ValueError:  # an older Keras
        assert told(by_outputs, by_outputs) == ()
        return
    (finding,) = told(by_layers, by_outputs)
    assert (finding.id, finding.expected) == ("name-of-no-output", "'a' and 'b'")
    with pytest.raises(ValueError, match="layer_a"):
        by_layers.fit(*data, verbose=0)


def test_settings_are_told_with_their_values():
    smooth = losses.CategoricalCrossentropy(label_smoothing=0.1)
    (finding,) = told(compiled(loss=but(LOSS, group=smooth)), compiled())
    assert finding.found == "categorical_crossentropy(label_smoothing=0.1)"
    other = losses.CategoricalCrossentropy(label_smoothing=0.2)
    assert told(compiled(loss=but(LOSS, group=smooth)), compiled(loss=but(LOSS, group=other)))
    sure = metrics.BinaryAccuracy(threshold=0.9)
    (finding,) = told(compiled(metrics=but(METRICS, sold=sure)), compiled())
    assert "binary_accuracy(threshold=0.9)" in finding.message


def test_a_loss_of_ones_own_is_told_as_that():
    (finding,) = told(one("own", lambda truth, made: keras.ops.mean(truth - made)), one("meant"))
    assert (finding.id, finding.found) == ("other-loss", "one of your own")


def one(name, loss="mse", is_sequential=False):
    start, last = keras.Input((4,)), layers.Dense(1, name=name)
    model = keras.Sequential([start, last]) if is_sequential else keras.Model(start, last(start))
    model.compile("adam", loss)
    return model


def test_an_output_is_spoken_of_by_the_answers_own_name():
    (finding,) = told(one("own", "mae"), one("meant"))
    assert (finding.id, finding.where) == ("other-loss", ("own",))


def test_a_sequential_is_compiled_as_any_other_model():
    assert told(one("own", is_sequential=True), one("meant")) == ()
    (finding,) = told(one("own", "mae", is_sequential=True), one("meant"))
    assert (finding.id, finding.where) == ("other-loss", ("own",))


@pytest.mark.parametrize(
    "damage",
    [
        {"names": "age"},
        {"losses": [["mse"]]},
        {"weights": ["1"]},
        {"weights": [1.0]},
        {"weights": [10**400] * 3},
        {"metrics": 3},
        {"unknown": {"loss": 3}},
        {"optimizer": "x" * 1000},
        {"rate": "fast"},
        {"names": ["x"] * 2000},
    ],
)
def test_what_anybody_may_have_written_is_not_taken_on_trust(damage):
    data = evidence_of("x", compiled(), (), hidden=False).to_json()
    data["cases"][0]["compiled"] |= damage
    with pytest.raises(ValueError, match="damaged"):
        Evidence.from_json(data)
