"""Shapes and sizes that cannot be worked out."""

from __future__ import annotations

import re

from autograder.judging.keras_errors.error_kind import ErrorKind

KINDS = (
    ErrorKind(
        "nothing-left",
        r"Computed output size would be (?:zero or )?negative.*?(?:inputs shape|inputs\.shape|"
        r"input_shape|input shape)=(?P<shape>[(\[][^)\]]*[)\]])",
        "The window is larger than what it goes over, {shape}: nothing would be left.",
        'A smaller kernel or pool, fewer poolings before it, or padding="same".',
    ),
    ErrorKind(
        "sizes-do-not-fit",
        r"total size of the tensor must be unchanged.*?input_shape=(?P<one>\([^)]*\)), "
        r"target_shape=(?P<two>\([^)]*\))",
        "{one} and {two} hold different counts of numbers, and Reshape only lays them out anew.",
        "The products of both shapes must be equal; one size may be −1: it is worked out.",
    ),
    ErrorKind(
        "size-not-known",
        r"must be fully-defined \(no `None` dimensions\)\. Received: shape=(?P<shape>\([^)]*\))",
        "Weights of shape {shape} cannot be made: a size that they depend on is not known.",
        "Give that axis a size in keras.Input; or pool over it (GlobalAveragePooling1D) instead of "
        "flattening it.",
    ),
    ErrorKind(
        "shape-of-a-lambda",
        r"infer the shape of the Lambda's output",
        "Keras cannot see which shape this Lambda makes.",
        "Use a layer or keras.ops in it, or none at all; or say output_shape=…",
    ),
    ErrorKind(
        "not-built",
        r"tried to call `\w+` on (?:layer )?'?(?P<layer>[\w/.]+)'?, but the \w+ isn't built",
        "{layer} has no weights yet: it does not know the shape of what it reads.",
        "Let a Sequential begin with keras.Input(shape=(…)), or call the layer on a tensor first.",
    ),
    ErrorKind(
        "shape-called",
        r"'tuple' object is not callable",
        "A shape is no function: it is the tuple itself.",
        "Leave out the parentheses: x.shape, and x.shape[-1] for the last size.",
        line=re.compile(r"\.(?:\w+_)?shape\("),
    ),
)
