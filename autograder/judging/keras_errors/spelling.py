"""Arguments, names and values that Keras does not know."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

from autograder.judging.keras_errors import keras_names
from autograder.judging.keras_errors.error_kind import ErrorKind, Fields


def _meant(word: str, among: Iterable[str]) -> str:
    """The name that was probably meant; "" where none is near."""
    names = {name.lower(): name for name in among}
    near = difflib.get_close_matches(word.lower(), names, n=1, cutoff=0.6)
    return names[near[0]] if near else ""


def _or_did_you_mean(word: str, among: Iterable[str]) -> str:
    meant = _meant(word, among)
    return f"Did you mean `{meant}`?" if meant else ""


def _unknown_argument(fields: Fields) -> Fields:
    word, layer = fields["word"], fields.get("layer")
    who = f"{layer} takes" if layer else "It takes"
    today = keras_names.OLD_ARGUMENTS.get(word)
    if today is not None:
        return {"who": who, "hint": f"Older versions of Keras called it so; today it is {today}."}
    hint = _or_did_you_mean(word, keras_names.ARGUMENTS)
    return {"who": who, "hint": hint or "Look its arguments up: help(…) lists them."}


_LAYERS_AND_MODULES = (*keras_names.LAYERS, *keras_names.MODULES)


def _unknown_name(fields: Fields) -> Fields:
    word = fields["word"]
    today = keras_names.OLD_NAMES.get(word)
    if today is not None:
        return {"hint": f"Older versions of Keras had it; today it is {today}."}
    path = fields.get("module") or fields.get("package", "")
    module = re.sub(
        r"^(?:keras|api|_tf_keras|\.)*", "", path
    )  # older versions keep it in keras.api
    among = keras_names.IN_MODULES.get(module)
    if among is None:  # a name may be looked for in the wrong place
        among = () if module not in ("", "layers") else _LAYERS_AND_MODULES
    hint = _or_did_you_mean(word, among)
    return {"hint": hint or "Is it spelt as in Keras' documentation?"}


def _identifier(fields: Fields) -> Fields:
    known = {"activation": keras_names.ACTIVATIONS, "optimizer": keras_names.OPTIMIZERS}
    what = fields["what"].split()[0]
    hint = _or_did_you_mean(fields["word"], known.get(what, ()))
    return {"hint": hint or "Look for a misspelling, or an argument too many in front of it."}


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


def _layer_of_that_name(fields: Fields) -> Fields:
    names = re.findall(r"'([^']*)'", fields["names"])
    hint = _or_did_you_mean(fields["name"], names)
    return {
        "hint": hint
        or "model.summary() lists them. A name that you do not give is counted on at each run: "
        "give it, name=…"
    }


KINDS = (
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
        "{who} no argument `{word}`.",
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
        r"(?:module '(?P<module>keras[\w.]*)' has no attribute|cannot import name) "
        r"'(?P<word>\w+)'(?: from '(?P<package>keras[\w.]*)')?",
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
        "no-shape",
        r"'int' object is not iterable",
        "A shape is a tuple of sizes, and a single number is none.",
        "With one size mind the comma: layers.{layer}((784,)).",
        line=re.compile(r"\b(?P<layer>Reshape|Permute)\(\s*(?:target_shape=)?\w+"),
    ),
    ErrorKind(
        "axes-from-one",
        r"Invalid permutation argument `dims`.*?Received dims=(?P<dims>\([^)]*\))",
        "Permute counts axes from 1, the batch left out, and wants each once; {dims} does not.",
        "To exchange two axes behind the batch: layers.Permute((2, 1)).",
    ),
    ErrorKind(
        "rate-outside",
        r"argument `rate`\. Expected a float value between 0 and 1\. Received: rate=(?P<value>\S+)",
        "A rate is the share of the numbers that are dropped, between 0 and 1; {value} is none.",
        "A fifth of them is layers.Dropout(0.2).",
    ),
    ErrorKind(
        "no-such-layer",
        r"No such layer: (?P<name>.+?)\. Existing layers are: (?P<names>\[[^\]]*\]?)",
        "The model has no layer called {name}.",
        "{hint}",
        more=_layer_of_that_name,
    ),
    ErrorKind(
        "no-such-layer",
        r"list indices must be integers or slices, not str",
        "model.layers is a list, and goes by numbers.",
        'By its name a layer is found so: model.get_layer("…").',
        line=re.compile(r"\.layers\["),
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
        "name-not-defined",
        r"NameError: name '(?P<word>\w+)' is not defined",
        "There is nothing called `{word}` here.",
        "If a cell above makes it, run that one; after a restart begin with the first cell: Run ▸ "
        "Run All Above Selected Cell. If none does, look how it is spelt.",
    ),
    ErrorKind(
        "bad-name",
        r"`name` must be a string and cannot contain character `/`. Received: name="
        r"(?P<name>.+?)(?: \(of type|$)",
        "The name {name} has a slash, or is no text.",
        "Give a name of letters, digits and underscores.",
    ),
)
