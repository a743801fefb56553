"""Several tensors for one, one for several."""

from __future__ import annotations

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
