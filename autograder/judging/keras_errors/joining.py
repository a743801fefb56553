"""Several tensors for one, one for several."""

from __future__ import annotations

import re

from autograder.judging.keras_errors.error_kind import ErrorKind

KINDS = (
    ErrorKind(
        "several-for-one",
        r"expects 1 input\(s\), but it received (?P<n>\d+) input tensors\. Inputs received: "
        r"(?P<shapes>\[.*?\])(?:\.|$|\n)",
        "This layer reads one tensor, and gets {n}: {shapes}.",
        "To join tensors first, use Concatenate() or Add(). If one layer with return_state=True "
        "made them, take them apart: output, *states = layer(x).",
    ),
    ErrorKind(
        "one-for-several",
        r"(?:should be called on a list of|on a list of inputs|on exactly 2 inputs).*?"
        r"(?:input_shape|inputs)=(?P<shape>[(\[].*?[)\]])(?= |$|\.|\n)",
        "This layer joins several tensors, and gets {shape}.",
        "Hand them over in one list: layer([a, b]).",
    ),
    ErrorKind(
        "several-for-one",
        r"multiple values for argument 'training'",
        "Two things are handed over, and only the first is read as a tensor: the second stands "
        "where `training` belongs.",
        "To join tensors first, use Concatenate()([a, b]). Targets go to fit, not into a call.",
    ),
    ErrorKind(
        "no-list",
        r"used as a boolean|takes 1 positional argument but \d were given",
        "Several tensors are handed over side by side.",
        "They go in one list: {function}([a, b]), brackets and all.",
        line=re.compile(
            r"\b(?:ops|layers)\.(?P<function>concatenate|stack|hstack|vstack|add|average|maximum|"
            r"minimum|multiply|subtract)\((?!\[)"
        ),
    ),
    ErrorKind(
        "results-unpacked",
        r"(?:too many|not enough) values to unpack",
        "The layer gives more tensors than there are names for, or fewer.",
        "With return_state=True an LSTM gives three, output, h, c; a GRU two, output and state; a "
        "Bidirectional both states of both ways. Without it there is one.",
        line=re.compile(r"return_state|\b(?:LSTM|GRU|SimpleRNN|Bidirectional)\("),
    ),
    ErrorKind(
        "no-list",
        r"too many positional arguments|\.call\(\) takes .* positional arguments but",
        "A layer is called on several tensors side by side.",
        "It takes them as one list: layers.Concatenate()([a, b]), brackets and all.",
    ),
    ErrorKind(
        "value-missing",
        r"missing a required argument: '(?P<word>\w+)'|"
        r"call\(\) missing \d required positional argument: '(?P<other>\w+)'",
        "This layer needs one tensor more: {word}{other}.",
        "For attention of a tensor to itself give it twice: layer(x, x).",
    ),
)
