"""What compile and fit are given."""

from __future__ import annotations

import re

from autograder.judging.keras_errors.error_kind import ErrorKind

KINDS = (
    ErrorKind(
        "not-compiled",
        r"You must call `compile\(\)` before",
        "This model does not know yet what to learn.",
        "model.compile(optimizer=…, loss=…) first. A model made anew must be compiled anew.",
    ),
    ErrorKind(
        "lists-for-arrays",
        r"Data cardinality is ambiguous.*?'x' sizes: (?P<size>\d+)(?:, (?P=size)){2}",
        "Data is a list of arrays, and a list means several inputs.",
        "Make one array of it, its first axis the examples: np.array(…).",
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
    ErrorKind(
        "loss-by-another-name",
        r"path: \('?(?P<key>[^',]*)'?,?\) in the `loss` argument, can't be found",
        "There is a loss for {key}, and the model has no output of that name.",
        "Use the names of the output layers, or those of the dictionary that the model returns.",
    ),
    ErrorKind(
        "outputs-in-another-form",
        r"y_true and y_pred have different structures|Invalid `metrics`\.",
        "The model has several outputs, and targets or metrics are not given in their form.",
        "One for each output, in their order in a list, or by their names in a dictionary where "
        "the model returns one.",
    ),
    ErrorKind(
        "targets-of-another-shape",
        r"`target` and `output` must have the same (?:rank|shape).*?"
        r"target\.shape=(?P<one>\([^)]*\)), output\.shape=(?P<two>\([^)]*\))",
        "This loss compares targets of shape {one} with outputs of shape {two}.",
        "Labels that are whole numbers go with sparse_categorical_crossentropy, one-hot ones with "
        "categorical_crossentropy. Or does the last layer have too many units, or an axis too "
        "many?",
    ),
    ErrorKind(
        "label-outside",
        r"label value of (?P<label>-?\d+) which is outside the valid range of \[0, (?P<size>\d+)\)",
        "There is a label {label}, and the model has {size} classes: they count from 0.",
        "Give the last layer a unit for each class, or count the labels from 0.",
    ),
    ErrorKind(
        "label-outside",
        r"index (?P<label>\d+) is out of bounds for axis 1 with size (?P<size>\d+)",
        "There is a label {label} among {size} classes: they count from 0.",
        "Say how many classes there are, or count the labels from 0.",
        line=re.compile("to_categorical"),
    ),
    ErrorKind(
        "id-outside",
        r"indices\[[\d,]*\] = (?P<id>-?\d+) is not in \[0, (?P<size>\d+)\)",
        "The number {id} is looked up in a table of {size} rows: they count from 0.",
        "Embedding's first argument is one more than the largest number in the data.",
    ),
)
