"""What Keras' own errors mean for somebody who has just met the functional API, and what to try.

Most mistakes of beginners never reach a check: Keras stops first, in words of its own making. Here
each kind of such an error is one row: what Keras says, what it means, what to do. Rows are tried in
order. Keras' words differ between its versions; a row's pattern has all of them since 3.8.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from autograder.judging import keras_names

Fields = Mapping[str, str]

_TENSOR = re.compile(r"<kerastensor shape=(\([^)]*\))[^>]*>", re.IGNORECASE)
_CALL_OF_CLASS = re.compile(
    r"\b(?P<layer>[A-Z]\w+)\(\s*(?P<tensor>[a-z_]\w*|\[[^\]]*\])\s*\)(?!\()"
)
_MOST = 80
"""Characters of what somebody wrote that a sentence repeats."""

_LONGEST = 3_000
"""Characters of an error that are looked at: some patterns take a time that grows as its square."""


@dataclass(frozen=True)
class Explained:
    """An error in plain words.

    Attributes:
        kind: an id, such as "class-called".
        says: what is wrong, one or two sentences.
        step: what to try.
    """

    kind: str
    says: str
    step: str


@dataclass(frozen=True)
class ErrorKind:
    """One kind of error.

    Attributes:
        kind: its id.
        error: a pattern for class and message, `keras.KerasTensor`s written as their shapes.
        says: a sentence with the pattern's named groups in braces.
        step: the same, of what to try.
        line: a pattern that the line of code must have, too; None for any line.
        more: makes further fields from those that the patterns found.
    """

    kind: str
    error: str
    says: str
    step: str
    line: re.Pattern[str] | None = None
    more: Callable[[Fields], Fields] = dict


def explained(error: str, line: str = "") -> Explained | None:
    """What an error means; None for one that is no kind of these.

    Args:
        error: its class and message, such as "ValueError: Inputs have incompatible shapes. …".
        line: the line of code that raised it, where it is known.
    """
    error = _TENSOR.sub(lambda shape: shape[1].replace("none", "None"), error[: 3 * _LONGEST])
    error, line = error[:_LONGEST], line[:_LONGEST]
    for kind in KINDS:
        fields = _fields(kind, error, line)
        if fields is not None:
            return Explained(kind.kind, _filled(kind.says, fields), _filled(kind.step, fields))
    return None


def _fields(kind: ErrorKind, error: str, line: str) -> dict[str, str] | None:
    """What the patterns of a kind found; None where they do not fit."""
    found = re.search(kind.error, error, re.DOTALL)
    if found is None:
        return None
    fields = {"line": line} | {name: text or "" for name, text in found.groupdict().items()}
    if kind.line is not None:
        written = kind.line.search(line)
        if written is None:
            return None
        fields |= {name: text or "" for name, text in written.groupdict().items()}
    fields = {name: _tidy(text)[:_MOST] for name, text in fields.items()}
    return {**fields, **kind.more(fields)}


def _tidy(text: str) -> str:
    """Classes and layers by their names, without what Python puts around them."""
    text = re.sub(r"<class '(?:\w+\.)*(\w+)'>", r"the class \1", text)
    return re.sub(r"<(\w+) name=[^>]*>", r"the layer \1", text)


def _filled(text: str, fields: Fields) -> str:
    """A sentence with its fields; what somebody wrote in braces stays as it is."""
    words = re.sub(r"\{(\w+)\}", lambda field: fields.get(field[1], field[0]), text)
    return re.sub(r" {2,}", " ", words).strip()


def _meant(word: str, among: Iterable[str]) -> str:
    """The name that was probably meant; "" where none is near."""
    names = {name.lower(): name for name in among}
    near = difflib.get_close_matches(word.lower(), names, n=1, cutoff=0.6)
    return names[near[0]] if near else ""


def _or_did_you_mean(word: str, among: Iterable[str]) -> str:
    meant = _meant(word, among)
    return f"Did you mean `{meant}`?" if meant else ""


def _unknown_argument(fields: Fields) -> Fields:
    word = fields["word"]
    today = keras_names.OLD_ARGUMENTS.get(word)
    if today is not None:
        return {"hint": f"Older versions of Keras called it so; today it is {today}."}
    hint = _or_did_you_mean(word, keras_names.ARGUMENTS)
    return {"hint": hint or "Look its arguments up: help(…) lists them."}


def _unknown_name(fields: Fields) -> Fields:
    word = fields["word"]
    today = keras_names.OLD_NAMES.get(word)
    if today is not None:
        return {"hint": f"Older versions of Keras had it; today it is {today}."}
    hint = _or_did_you_mean(word, (*keras_names.LAYERS, *keras_names.MODULES))
    return {"hint": hint or "Is it spelt as in Keras' documentation?"}


def _identifier(fields: Fields) -> Fields:
    known = {"activation": keras_names.ACTIVATIONS, "optimizer": keras_names.OPTIMIZERS}
    what = fields["what"].split()[0]
    hint = _or_did_you_mean(fields["word"], known.get(what, ()))
    return {"hint": hint or "Look for a misspelling, or an argument too many in front of it."}


def _rank(fields: Fields) -> Fields:
    """What a layer reads, by its name, and how to come by it."""
    name, found = fields["name"], int(fields["found"])
    for beginning, (what, shape, steps) in keras_names.READS.items():
        if re.match(beginning, name):
            step = steps.get(found, "Look at the layer before it: what shape does it make?")
            return {"what": f"{what}: {shape}", "hint": step}
    return {"what": f"tensors of {fields['expected']} axes", "hint": "Look at the layer before it."}


def _argument_missing(fields: Fields) -> Fields:
    """Where an older name of it stands in the line, that is why it is missing."""
    for word in re.findall(r"(\w+)\s*=", fields["line"]):
        today = keras_names.OLD_ARGUMENTS.get(word, "")
        if fields["word"] == today:
            return {"hint": f"`{word}` is what older versions of Keras called it."}
    return {
        "hint": "Settings go into the first parentheses, tensors into the second: "
        f"layers.{fields['layer']}({fields['word']}=…)(x)."
    }


KINDS: tuple[ErrorKind, ...] = (
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
        r"used as a boolean",
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
    ErrorKind(
        "shapes-differ",
        r"Inputs have incompatible shapes\. Received shapes (?P<one>\([^)]*\)) and "
        r"(?P<two>\([^)]*\))",
        "Shapes {one} and {two}, the batch left out, cannot be taken number by number.",
        "Make both equal, with a Dense or 1×1 convolution on one of them; to lay them side by "
        "side use Concatenate.",
    ),
    ErrorKind(
        "shapes-differ",
        r"Cannot broadcast shape.*?Input shapes are: (?P<one>\[[^\]]*\]) and (?P<two>\[[^\]]*\])",
        "Shapes {one} and {two} cannot be taken number by number.",
        "Make both equal, with a Dense or 1×1 convolution on one of them; to lay them side by "
        "side use Concatenate.",
    ),
    ErrorKind(
        "shapes-do-not-join",
        r"requires inputs with matching shapes except for the concatenation axis\. Received: "
        r"input_shape=\[(?P<shapes>.*?)\](?= |$|\n)",
        "Only the axis they are joined along may differ, and these are {shapes}.",
        "Bring them to as many axes and equal sizes first (Flatten, pooling, padding), or choose "
        "another axis=…",
    ),
    ErrorKind(
        "shapes-do-not-join",
        r"must have the same shape except on the `axis` dim.*?shape (?P<one>\([^)]*\)).*?shape "
        r"(?P<two>\([^)]*\))",
        "Only the axis they are joined along may differ, and these are {two} and {one}.",
        "Bring them to as many axes and equal sizes first (Flatten, pooling, padding), or choose "
        "another axis=…",
    ),
    ErrorKind(
        "axes-of-a-dot",
        r"axis values (?P<one>\d+) \(at axis (?P<axis>\d+)\) != (?P<two>\d+) \(at axis "
        r"(?P<other>\d+)\)\. Full input shapes: (?P<shapes>.*)",
        "Dot multiplies and adds up along axes of equal length; here they have {one} and {two} "
        "(shapes {shapes}).",
        "Choose axes of one length, or bring one there with a Dense layer.",
    ),
    ErrorKind(
        "wrong-rank",
        r"of layer \"?'?(?P<name>[\w/.]+)'?\"? is incompatible with the layer: expected "
        r"(?:min_)?(?:max_)?ndim=(?P<expected>\d), found ndim=(?P<found>\d)\. Full shape "
        r"received: (?P<shape>\([^)]*\))",
        "Layer {name} reads {what}. It gets {shape}.",
        "{hint}",
        more=_rank,
    ),
    ErrorKind(
        "wrong-rank",
        r"`TimeDistributed` Layer should be passed an `input_shape` with at least 3 dimensions, "
        r"received: (?P<shape>\([^)]*\))",
        "TimeDistributed goes along a time axis, and {shape} has none behind the batch.",
        "Call the inner layer alone, or give the input its time axis: (steps, …).",
    ),
    ErrorKind(
        "wrong-rank",
        r"Kernel shape must have the same length as input, but received kernel of shape "
        r"(?P<kernel>\([^)]*\)) and input of shape (?P<shape>\([^)]*\))",
        "The convolution inside gets {shape}: too few axes for a kernel of {kernel}.",
        "Inside TimeDistributed, each step must have the axes that the layer reads alone.",
    ),
    ErrorKind(
        "width-of-shared",
        r"of layer \"?'?(?P<name>[\w/.]+)'?\"? is incompatible with the layer: expected axis "
        r"(?P<axis>-?\d+) of input shape to have value (?P<size>\d+),? but received input with "
        r"shape (?P<shape>\([^)]*\))",
        "Layer {name} has its weights already, for {size} numbers along axis {axis}; now it gets "
        "{shape}.",
        "Call it on tensors of one size only, or make a second layer for the others.",
    ),
    ErrorKind(
        "model-input-shape",
        r"expected shape=(?P<expected>\([^)]*\)), found shape=(?P<shape>\([^)]*\))",
        "This model was built for {expected}, and gets {shape}.",
        "Build it for that shape, or change the tensor first. Where an axis may be of any length, "
        "say None in its keras.Input.",
    ),
    ErrorKind(
        "model-input-shape",
        r"Expected shape (?P<expected>\([^)]*\)), but input has incompatible shape "
        r"(?P<shape>\([^)]*\))",
        "This model was built for {expected}, and gets {shape}.",
        "The first axis counts examples: one example x alone is x[None]. Otherwise build the "
        "model for that shape.",
    ),
    ErrorKind(
        "too-few-inputs",
        r"expects (?P<wanted>\d+) (?:named )?input\(s\).*?received (?P<n>\d+) input tensor",
        "This model has {wanted} inputs, and gets {n}.",
        "Give all of them in one list, in the model's order, or by name in a dictionary.",
    ),
    ErrorKind(
        "too-few-inputs",
        r"Missing data for input \"(?P<name>[^\"]*)\"\. You passed a data dictionary with keys "
        r"(?P<keys>\[.*?\])\. Expected the following keys: (?P<wanted>\[.*?\])",
        "The data has {keys}, and the model's inputs are {wanted}.",
        "Give each input by its own name.",
    ),
    ErrorKind(
        "in-numpy",
        r"KerasTensor is symbolic.*?convert it to (?:a|an) (?P<what>NumPy array|float|int)",
        "A tensor of a functional model holds no numbers yet: it says which there will be. NumPy, "
        "float() and int() need numbers.",
        "Use a layer or keras.ops instead (keras.ops.sum for np.sum), or call the finished model "
        "on data.",
    ),
    ErrorKind(
        "in-tensorflow",
        r"KerasTensor cannot be used as input to a TensorFlow function",
        "A function of TensorFlow got a tensor of a functional model.",
        "Use a layer or the function of the same name in keras.ops: keras.ops.relu for tf.nn.relu, "
        "keras.ops.concatenate for tf.concat.",
    ),
    ErrorKind(
        "as-a-condition",
        r"KerasTensor cannot be used as a boolean",
        "A tensor of a functional model is neither true nor false: it has no numbers yet, so `if`, "
        "`and`, `or`, `in` and `==` in a condition cannot be asked of it.",
        "Compare with None by `is None`; to choose number by number use keras.ops.where.",
    ),
    ErrorKind(
        "walked-through",
        r"Iterating over a symbolic KerasTensor|object of type 'KerasTensor' has no len",
        "A tensor of a functional model is no list: it cannot be walked through or counted.",
        "Take a part by its place, x[:, 0]; its sizes are in x.shape. Is a list of tensors meant?",
    ),
    ErrorKind(
        "assigned-to",
        r"KerasTensor' object does not support item (?:assignment|deletion)",
        "A tensor of a functional model cannot be changed in place.",
        "Make a new one, with Concatenate or keras.ops.where.",
    ),
    ErrorKind(
        "tensor-called",
        r"KerasTensor' object is not callable",
        "A tensor is called as if it were a layer.",
        "The layer comes first, the tensor into its parentheses: layers.Dense(3)(x). Has a name "
        "for a layer been given to what it made?",
    ),
    ErrorKind(
        "tensor-asked",
        r"'KerasTensor' object has no attribute '(?P<name>\w+)'",
        "{name} is nothing that a tensor of a functional model has: it holds no numbers and is no "
        "model.",
        "Make the model first, keras.Model(inputs, outputs), and ask the model.",
    ),
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
    ErrorKind(
        "model-keywords",
        r"passed to (?:Model|Functional): \{.*?'(?P<word>inputs?|outputs?|output)'",
        "keras.Model has no argument of that name.",
        "It takes inputs=… and outputs=…, both with an s: keras.Model(inputs=…, outputs=…).",
    ),
    ErrorKind(
        "unknown-argument",
        r"(?:Unrecognized keyword arguments passed to (?P<layer>\w+): |"
        r"Argument\(s\) not recognized: )\{'(?P<word>\w+)'",
        "{layer} takes no argument `{word}`.",
        "{hint}",
        more=_unknown_argument,
    ),
    ErrorKind(
        "unknown-argument",
        r"(?P<layer>\w+)(?:\.\w+)?\(\) got an unexpected keyword argument '(?P<word>\w+)'",
        "There is no argument `{word}` here.",
        "{hint}",
        more=_unknown_argument,
    ),
    ErrorKind(
        "unknown-name",
        r"module 'keras(?:\.\w+)*\.backend' has no attribute '(?P<word>\w+)'",
        "This Keras keeps no operations in keras.backend.",
        "They are in keras.ops: keras.ops.{word}, or a name near it.",
    ),
    ErrorKind(
        "unknown-name",
        r"(?:module 'keras[\w.]*' has no attribute|cannot import name) '(?P<word>\w+)'",
        "Keras has no `{word}` there.",
        "{hint}",
        more=_unknown_name,
    ),
    ErrorKind(
        "unknown-name",
        r"No module named '[\w.]*keras\.(?P<word>[\w.]+)'",
        "This Keras has no module `{word}`.",
        "All layers are in keras.layers: from tensorflow.keras import layers.",
    ),
    ErrorKind(
        "unknown-name",
        r"'(?:Sequential|Functional|Model)' object has no attribute '(?P<word>\w+)'",
        "A model of this Keras has no `{word}`.",
        "{hint}",
        more=_unknown_name,
    ),
    ErrorKind(
        "argument-missing",
        r"(?P<layer>\w+)\.__init__\(\) missing \d+ required positional arguments?: '(?P<word>\w+)'",
        "{layer} cannot be made without `{word}`.",
        "{hint}",
        more=_argument_missing,
    ),
    ErrorKind(
        "no-number",
        r"invalid value for `(?P<word>\w+)`, expected a positive integer\. Received: \w+="
        r"(?P<value>\S+)",
        "`{word}` is a count, and {value} is none.",
        'Give a whole number greater than 0; name other settings, as in activation="relu".',
    ),
    ErrorKind(
        "unknown-identifier",
        r"Could not interpret (?P<what>[\w ]+?)(?: function)? identifier: (?P<word>\S+)",
        "Keras knows no {what} by the name {word}.",
        "{hint}",
        more=_identifier,
    ),
    ErrorKind(
        "no-number",
        r"Cannot convert '\(.*?\)' to a shape\. Found invalid \w+ '(?P<value>.*?)' of",
        "{value} stands where a size is needed.",
        'Sizes and counts are whole numbers; name other settings, as in activation="relu".',
    ),
    ErrorKind(
        "unknown-choice",
        r"The `(?P<word>\w+)` argument must be .*?one of \{(?P<choices>[^}]*)\}\. Received: "
        r"(?P<value>\S+)",
        "`{word}` cannot be {value}.",
        "Choose one of {choices}.",
        more=lambda fields: {"choices": ", ".join(sorted(fields["choices"].split(", ")))},
    ),
    ErrorKind(
        "no-shape",
        r"Cannot convert '(?P<value>.*?)' to a shape",
        "A shape is a tuple of sizes, the batch left out; {value} is none.",
        "With one size mind the comma: keras.Input(shape=(10,)).",
    ),
    ErrorKind(
        "name-twice",
        r"The name \"(?P<name>[^\"]*)\" is used (?P<n>\d+) times in the model|"
        r"Name '(?P<other>[^']*)' is already the name of a layer",
        "Two parts have one name, {name}{other}: was one part made twice?",
        "If one is meant, make it once and call it twice. If two are meant, give each a name of "
        "its own.",
    ),
    ErrorKind(
        "bad-name",
        r"`name` must be a string and cannot contain character `/`. Received: name=(?P<name>\S+)",
        "The name {name} has a slash, or is no text.",
        "Give a name of letters, digits and underscores.",
    ),
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
        "`shape` is no function: it is the tuple itself.",
        "Leave out the parentheses: x.shape, and x.shape[-1] for the last size.",
        line=re.compile(r"\.shape\("),
    ),
    ErrorKind(
        "not-compiled",
        r"You must call `compile\(\)` before",
        "This model does not know yet what to learn.",
        "model.compile(optimizer=…, loss=…) first. A model made anew must be compiled anew.",
    ),
    ErrorKind(
        "lengths-differ",
        r"Data cardinality is ambiguous",
        "Inputs and targets hold different numbers of examples.",
        "The first axis of each array counts examples: print their shapes and compare.",
    ),
    ErrorKind(
        "lists-for-arrays",
        r"Unrecognized data type: x=\[",
        "Data is a list of numbers, and a list means several inputs.",
        "Make an array of it: np.array(…).",
    ),
    ErrorKind(
        "loss-by-another-name",
        r"Expected keys (?:ListWrapper\()?(?P<wanted>\[.*?\])\)? in `?loss`? dict, but found "
        r"loss\.keys\(\)=(?P<keys>\[.*?\])",
        "The losses are for {keys}, and the model's outputs are called {wanted}.",
        "Use the names of the output layers, or those of the dictionary that the model returns.",
    ),
)
"""Every kind of error, the more special ones first."""
