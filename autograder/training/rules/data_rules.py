"""Mistakes in the data themselves."""

from __future__ import annotations

from autograder.judging.verdict import Finding
from autograder.training.observed import Entry, Observed, Table
from autograder.training.rule import rule, rule_of, said

_FAR = 30.0
"""Deviation of an input that is told: far from 1, for which layers start, so that no ordinary scale
is blamed, such as per cent, years of age or degrees."""

_TINY = 0.01
"""Largest number of an input that is told: pixels divided by 255 twice go up to 0.004."""

_PADDED = 0.5
"""Share of zeros at the ends of samples from which on padding is told; the course's stories are
learned with 0.3."""


@rule("nan-in-data")
def nan_in_data(observed: Observed) -> Finding | None:
    """NaN or infinity among inputs or labels."""
    bad = [entry.name for entry in observed.entries if not entry.finite]
    bad += [head.name for head in observed.heads if head.labels and not head.labels.finite]
    if not bad:
        return None
    message = "Some numbers in the data are NaN or infinite: one makes every weight NaN."
    return said(message, *bad, try_="Find them with np.isnan(…).any(), and drop or replace them.")


@rule_of("tables", "index-out-of-range")
def index_out_of_range(table: Table) -> Finding | None:
    """An Embedding that has no row for an index."""
    if not (table.least < 0 or table.most >= table.words):
        return None
    message = (
        f"{table.name} has {table.words} rows, for indices from 0 to {table.words - 1}. "
        "An index outside raises on a CPU, and reads zeros on a GPU without a word."
    )
    return said(
        message,
        table.name,
        found=f"indices from {table.least:g} to {table.most:g} in {table.entry}",
        try_="input_dim is the largest index plus one.",
    )


@rule_of("entries", "constant-input")
def constant_input(entry: Entry) -> Finding | None:
    """An input that is the same for every sample."""
    if not entry.constant:
        return None
    message = "This input is the same for every sample: nothing can be learned from it."
    return said(message, entry.name, try_="Look at a few samples of it.")


@rule("one-label-only")
def one_label_only(observed: Observed) -> Finding | None:
    """Labels all alike; not where a loss needs none, a frozen critic stands behind, the better one
    of a pair always comes first, or what is to vanish is computed of several things."""
    if observed.compares or any(not part.trainable for part in observed.parts):
        return None
    for head in observed.heads:
        labels = head.labels
        is_learned = labels and labels.baseline is not None and head.activation
        if labels and is_learned and labels.majority == 1.0:
            message = "All labels of this output are the same: a constant answer is always right."
            return said(message, head.name, try_="Look at how the labels were made.")
    return None


@rule_of("entries", "unscaled-input")
def unscaled_input(entry: Entry) -> Finding | None:
    """Large numbers that reach the first weights as they are."""
    if entry.scaled or not entry.finite or entry.deviation <= _FAR:
        return None
    message = (
        "The numbers of this input are large. Layers start with weights made for inputs "
        "about as large as 1: training is slow, or its loss jumps."
    )
    return said(
        message,
        entry.name,
        found=f"numbers from {entry.least:g} to {entry.most:g}",
        try_="Divide by the largest value, or start with a Normalization layer.",
    )


@rule_of("entries", "input-scaled-away")
def input_scaled_away(entry: Entry) -> Finding | None:
    """Numbers so small that the first weights hardly see them."""
    largest = max(abs(entry.least), abs(entry.most))
    if entry.scaled or not entry.finite or not 0 < largest < _TINY:
        return None
    message = (
        "All numbers of this input are next to 0, as if it were scaled twice: what the first layer "
        "gives is nearly the same for every sample."
    )
    return said(
        message,
        entry.name,
        found=f"numbers from {entry.least:.2g} to {entry.most:.2g}",
        try_="Scale once: divide by the largest value, or start with Normalization.",
    )


@rule_of("tables", "padding-unmasked")
def padding_unmasked(table: Table) -> Finding | None:
    """Zeros behind the words that a recurrent layer reads like words."""
    if not table.recurrent or table.masked or table.padded <= _PADDED:
        return None
    message = (
        f"The samples end in zeros that only fill them up, and {table.recurrent} reads "
        "them like words: what it remembers of the words fades."
    )
    return said(
        message,
        table.name,
        found=f"{table.padded:.0%} of all places are such zeros",
        try_="mask_zero=True in the Embedding, or zeros in front.",
    )


@rule("validation-in-training")
def validation_in_training(observed: Observed) -> Finding | None:
    """Validation samples that were trained on."""
    if observed.repeated <= 0.5:
        return None
    message = (
        "Most validation samples are training samples, too: the validation figures say how well "
        "the network remembers, not what it does with new data."
    )
    found = f"{observed.repeated:.0%} of the validation samples"
    return said(message, "validation data", found=found, try_="Split first, then train.")
