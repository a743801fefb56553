"""Forms that a right answer can have: each makes another object of it that says the same.

A notebook's own kernel imports this. What a form cannot be made of, it raises `NoForm` for.
"""

import sys

import numpy as np
from tensorflow import keras

REUSED = "_reused"
"""How exercises end that count which weights were handed on: a copy has none of them."""


class NoForm(Exception):
    """This answer has no such form."""


lacking = False
"""Whether the answer that was last put into a form turned out to have none, when it was called."""


class OwnModel(keras.Model):
    """A functional model of somebody's own class."""


def flat(structure):
    """The tensors of a structure, in the order in which it was written."""
    if isinstance(structure, dict):
        return list(structure.values())
    return list(structure) if isinstance(structure, list | tuple) else [structure]


def only(structure):
    tensors = flat(structure)
    if len(tensors) != 1:
        raise NoForm
    return tensors[0]


def named(structure):
    """By the names of the layers that made them, where each has one of its own."""
    tensors = {tensor._keras_history.operation.name: tensor for tensor in flat(structure)}
    if len(tensors) != len(flat(structure)):
        raise NoForm
    return tensors


def renamed(model):
    """The same network with other names of layers; shared layers stay shared."""

    def copy(layer):
        config = layer.get_config()
        return layer.__class__.from_config(config | {"name": f"my_{layer.name}"})

    if isinstance(model, keras.Sequential):
        raise NoForm
    return keras.models.clone_model(model, clone_function=copy)


def straight(model):
    """As a Sequential, where it is a straight line."""
    layers = [layer for layer in model.layers if not isinstance(layer, keras.layers.InputLayer)]
    calls = [call for layer in model.get_config()["layers"] for call in layer["inbound_nodes"]]
    if len(calls) != len(layers):
        raise NoForm  # one is called again
    given, end = only(model.input), only(model.output)
    line = keras.Sequential([keras.Input(given.shape[1:], dtype=given.dtype, name=given.name)])
    try:
        for layer in layers:
            line.add(layer)
        is_line = line.count_params() == model.count_params() and line.output_shape == end.shape
    except (AttributeError, ValueError) as error:  # Keras refuses what is no line, or leaves it
        raise NoForm from error
    if not is_line:
        raise NoForm
    return line


ENDS = {
    "a list of outputs": lambda m: keras.Model(m.input, flat(m.output)),
    "a tuple of outputs": lambda m: keras.Model(m.input, tuple(flat(m.output))),
    "the bare output": lambda m: keras.Model(m.input, only(m.output)),
    "outputs by name": lambda m: keras.Model(m.input, named(m.output)),
    "a list of inputs": lambda m: keras.Model(flat(m.input), m.output),
    "a tuple of inputs": lambda m: keras.Model(tuple(flat(m.input)), m.output),
    "the bare input": lambda m: keras.Model(only(m.input), m.output),
    "inputs by name": lambda m: keras.Model(named(m.input), m.output),
    "lists alone": lambda m: keras.Model(flat(m.input), flat(m.output)),
}
"""Forms of what a model begins and ends with."""

WHOLES = {
    "a model around it": lambda m: keras.Model(m.input, m(m.input)),
    "a class of one's own": lambda m: OwnModel(m.input, m.output),
    "a Sequential": straight,
    "other names": renamed,
    "another name of the model": lambda m: keras.Model(m.input, m.output, name="quite_another"),
}
"""Forms of all of it."""

MODELS = ENDS | WHOLES

VALUES = {
    "a list": lambda v: list(v) if isinstance(v, tuple) else no_form(),
    "of NumPy": lambda v: np.int64(v) if isinstance(v, int) else no_form(),
    "with a point": lambda v: float(v) if isinstance(v, int) else no_form(),
    "a small letter": lambda v: v.lower() if isinstance(v, str) else no_form(),
}
"""Forms of a number, a shape or a choice."""


def no_form():
    """Say that there is none."""
    raise NoForm


def in_form(answer, name):
    """An answer in another form; of a function, one that answers in it."""
    global lacking
    lacking = False

    def formed(value):
        if hasattr(value, "get_config") != (name in MODELS):
            raise NoForm
        made = (MODELS | VALUES)[name](value)
        if getattr(value, "compiled", False) and not made.compiled:
            made.compile_from_config(value.get_compile_config())
        return made

    if not callable(answer) or hasattr(answer, "get_config"):
        return formed(answer)

    def other(*given, **more):
        global lacking
        try:
            return formed(answer(*given, **more))
        except NoForm:
            lacking = True
            raise

    return other


class Refused(Exception):
    """A check did not take a form: the ids of what it found, or that it counts weights."""


def tell_why():
    """Say, by an error, why the check that has just failed did so."""
    if lacking:
        raise NoForm
    judgement = sys.last_value.report.judgement
    if judgement.exercise.endswith(REUSED):
        raise Refused(REUSED)
    findings = judgement.first_failure.verdict.findings
    raise Refused(" ".join(sorted({finding.id for finding in findings})))


def train_shortly():
    """Let training and measuring do two steps: neither is what is looked at."""
    fit, evaluate = keras.Model.fit, keras.Model.evaluate

    def short_fit(self, *given, **more):
        return fit(self, *given, **more | {"epochs": 1, "steps_per_epoch": 2})

    def short_evaluate(self, *given, **more):
        return evaluate(self, *given, **more | {"steps": 2})

    keras.Model.fit, keras.Model.evaluate = short_fit, short_evaluate
