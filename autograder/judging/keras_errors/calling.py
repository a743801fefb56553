"""Layers that are not called, or on no tensor, and both ends of a model."""

from __future__ import annotations

import re

from autograder.judging.keras_errors.error_kind import ErrorKind

_CALL_OF_CLASS = re.compile(
    r"\b(?P<layer>[A-Z]\w+)\(\s*(?P<tensor>[a-z_]\w*|\[[^\]]*\])\s*\)(?!\()"
)

KINDS = (
    ErrorKind(
        "class-called",
        r"Received: (?!input|shape)\w+=(?P<shape>\(None, [^)]*\))(?! for variable)",
        "A layer was made out of a tensor of shape {shape}: the first parentheses take settings, "
        "such as the number of units.",
        "Make the layer first, then call it on the tensor: layers.Dense(10)(x).",
    ),
    ErrorKind(
        "class-called",
        r"Invalid dtype: KerasTensor",  # Keras 3.8 notices it here
        "A layer was made out of a tensor: the first parentheses take settings, such as the number "
        "of units.",
        "Make the layer first, then call it on the tensor: layers.Dense(10)(x).",
    ),
    ErrorKind(
        "class-called",
        r"used as a boolean|cannot convert it to an int",
        "The tensor {tensor} stands where {layer} takes its settings.",
        "Make the layer first, then call it on the tensor: layers.{layer}(…)({tensor}).",
        line=_CALL_OF_CLASS,
    ),
    ErrorKind(
        "class-called",
        r"(?!Layer\.)\b(?P<layer>\w+)\.__init__\(\) takes .*positional arguments? but",
        "More was put into the first parentheses of a layer than it has settings: tensors do not "
        "go there.",
        "Two pairs of parentheses: settings in the first, tensors in the second, as in "
        "layers.Add()([a, b]).",
        line=re.compile(r"layers\.|\b(?:Add|Concatenate|Multiply|Average|Dot|Attention|Flatten)\("),
    ),
    ErrorKind(
        "model-of-one",
        r"Layer\.__init__\(\) takes 1 positional argument but \d were given",
        "keras.Model needs both ends of the graph: the tensors it begins with, and those it "
        "returns.",
        "keras.Model(inputs, outputs); for a plain list of layers use keras.Sequential([…]).",
    ),
    ErrorKind(
        "layer-handed-on",
        r"Only input tensors may be passed as positional arguments.*?: <(?P<layer>\w+) name=",
        "The layer {layer} was handed on, not what it makes: it was never called.",
        "Call it first: layers.{layer}(…)(x) is a tensor.",
    ),
    ErrorKind(
        "layer-handed-on",
        r"Only input tensors may be passed as positional arguments.*?: <class '.*?(?P<layer>\w+)'>",
        "The class {layer} was handed on, not a tensor.",
        "Make a layer of it and call it: layers.{layer}(…)(x) is a tensor.",
    ),
    ErrorKind(
        "not-a-tensor",
        r"Only input tensors may be passed as positional arguments.*?: (?P<value>.+?) \(of type",
        "A layer is called on {value}, which is no tensor.",
        "In a functional model the first tensor comes from keras.Input(shape=(…)).",
    ),
    ErrorKind(
        "layer-returned",
        r"All `outputs` values must be KerasTensors.*?invalid value <(?P<layer>\w+) name=",
        "The model is to return the layer {layer} itself, not what it makes.",
        "Call the layer, and give keras.Model the tensor: outputs = layers.{layer}(…)(x).",
    ),
    ErrorKind(
        "none-handed-on",
        r"including invalid value None|Got 'None'"
        r"|NoneType' object (?:is not iterable|is not subscriptable|has no attribute 'shape')",
        "One of the tensors is None.",
        "Does the function that makes it end with `return`? Is a name overwritten above?",
    ),
    ErrorKind(
        "none-called",
        r"NoneType' object (?:is not callable|has no attribute '(?:add|compile|count_params|"
        r"evaluate|fit|get_layer|inputs?|layers|outputs?|predict|save|summary|weights)')",
        "What stands before the dot, or the parentheses, is None.",
        "Does your function end with `return model`? model.summary(), compile() and fit() return "
        "no model.",
    ),
    ErrorKind(
        "not-from-input",
        r"All `inputs` values must be KerasTensors.*?invalid value (?P<value>.+?) of type",
        "The inputs of a model are tensors that keras.Input made, not {value}.",
        "inputs = keras.Input(shape=(…)), and the same `inputs` again in keras.Model(inputs, …).",
    ),
    ErrorKind(
        "disconnected",
        r"Output with (?:path|name) `.*?` is not connected to `inputs`|Graph disconnected",
        "An output is computed from an Input that is not among the model's inputs.",
        "List every Input that it starts from, and call the network on your own input. Look for a "
        "second keras.Input(…) where the first was meant. Are both ends the wrong way round?",
    ),
    ErrorKind(
        "disconnected",
        r"`inputs` not connected to `outputs`",  # Keras 3.10 to 3.13 say this of both
        "No layer reads one of your inputs, or an output is computed from an Input that is not "
        "among them.",
        "Look where each of the inputs should go in, and call the network on your own input. Are "
        "both ends the wrong way round, or is there a second keras.Input(…)?",
    ),
)
