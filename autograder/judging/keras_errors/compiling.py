"""What compile and fit are given."""

from __future__ import annotations

from autograder.judging.keras_errors.error_kind import ErrorKind

KINDS = (
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
