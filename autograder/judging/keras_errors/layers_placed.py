"""Layers where tensors belong, and the other way round: in sums, Sequentials and wrappers."""

from __future__ import annotations

import re

from autograder.judging.keras_errors.error_kind import ErrorKind

KINDS = (
    ErrorKind(
        "layer-not-called",
        r"layer (?P<name>[\w/.]+) has never been called and thus has no defined (?P<what>\w+)",
        "Layer {name} was made and not called on any tensor yet, so it has no {what}.",
        "Call it, and keep what comes back: x = layer(x).",
    ),
    ErrorKind(
        "layer-not-called",
        r"unsupported operand type\(s\) for (?P<sign>\S+): '(?P<layer>\w+)' and '\w+'",
        "`{sign}` stands between layers, not between tensors.",
        "Call each layer on a tensor first; then join what they make.",
        line=re.compile(r"layers\.|[A-Z]\w+\("),
    ),
    ErrorKind(
        "tensor-in-sequential",
        r"Only instances of `?keras\.Layer`? can be added to a Sequential model\. Received: "
        r"(?P<shape>\([^)]*\))",
        "A Sequential takes layers, and calls them itself; this is a tensor of shape {shape}.",
        "Leave out the second parentheses, layers.Dense(3); or make a keras.Model(inputs, "
        "outputs).",
    ),
    ErrorKind(
        "no-layer-in-sequential",
        r"Only instances of `?keras\.Layer`? can be added to a Sequential model\. Received: "
        r"(?P<value>.+?) \(of type",
        "A Sequential takes layers, one after another; {value} is none.",
        "Make a layer of a class by parentheses, Dense(3); take lists apart.",
    ),
    ErrorKind(
        "no-list-in-sequential",
        r"Expected `trainable` to be a boolean\. Received: trainable=<\w+ name=|"
        r"'\w+' object is not iterable",
        "Layers stand side by side in keras.Sequential(…).",
        "It takes them as one list: keras.Sequential([layers.Dense(3), …]).",
        line=re.compile(r"Sequential\((?!\[)"),
    ),
    ErrorKind(
        "add-to-functional",
        r"'(?:Functional|Model)' object has no attribute '(?P<name>add|pop)'",
        "Only a Sequential has {name}(): a functional model is finished when it is made.",
        "Go on from its output: x = layers.Dense(3)(model.output), then keras.Model(model.input, "
        "x).",
    ),
    ErrorKind(
        "wrapped-wrongly",
        r"(?P<layer>\w+)'> could not be deserialized properly",
        "Bidirectional goes along a sequence twice: it wraps a recurrent layer, not a {layer}.",
        "layers.Bidirectional(layers.LSTM(8))(x); a Dense works on every step by itself.",
        line=re.compile("Bidirectional"),
    ),
    ErrorKind(
        "wrapped-wrongly",
        r"Please initialize `(?P<layer>\w+)` layer with a `?keras\.layers\.Layer`? instance\. "
        r"Received: (?P<value>.*)",
        "{layer} wraps a layer, and got {value}.",
        "A made layer into the first parentheses, the tensor into the second: "
        "layers.{layer}(layers.LSTM(8))(x).",
    ),
)
