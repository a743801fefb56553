"""Compare two networks: are they the same, and if not, which mistake tells them apart?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from autograder.graphs import Graph, NotReadable, Palette, normal_form, read_graph
from autograder.judging.both_judges import WRITTEN_OTHERWISE, doubted, is_same_by_value
from autograder.judging.diagnosis import diagnose, far_too_large
from autograder.judging.given import (
    names_exchanged,
    notes_on_a_right_one,
    notes_on_a_wrong_one,
)
from autograder.judging.pairing import exchanged_names, in_order_of
from autograder.judging.reference_words import in_words_of_reference
from autograder.judging.reports.compared import Compared
from autograder.judging.unseen import (
    as_far_as_both_are_known,
    other_variables,
    out_of_sight,
    without_variables,
)
from autograder.judging.verdict import Finding, Status, Verdict


def compare(answer: Any, reference: Any, *, thorough: bool = True) -> Compared:
    """Judge a network by another one.

    The two are the same when they compute the same thing from the same inputs with the same sets
    of weights, however they are written. Inputs go by name where both sides have the same names,
    else by order; outputs, too, but those that both sides give as a list go by order.

    Args:
        answer: a built Keras model, or a Graph: what is judged.
        reference: a built Keras model, or a Graph: what it should be.
        thorough: whether networks are evaluated, too, that are written alike. Those that are not,
            always are: what computes the same is the same, however it is written.

    Returns:
        A verdict, which a notebook shows as a card and a shell in words. An answer that is no
        readable model is "not checkable": this never raises.
    """
    verdict = judge_network(answer, reference, thorough=thorough)
    return Compared.of(in_words_of_reference(verdict))


def judge_network(answer: Any, reference: Any, *, thorough: bool) -> Verdict:
    """The same verdict as `compare` has, in the words of an exercise whose solution it is.

    Args:
        answer: what is judged.
        reference: what the exercise's solution built.
        thorough: as for `compare`.
    """
    try:
        built = _read(answer)
    except NotReadable as error:
        return _not_checkable(str(error))
    try:
        meant = _read(reference)
    except NotReadable as error:
        return _not_checkable(f"The reference cannot be read: {error}")
    if (finding := far_too_large(built, meant)) is not None:
        return Verdict(Status.WRONG, (finding,))
    built, meant = as_far_as_both_are_known(in_order_of(built, meant), meant)
    palette = Palette()
    if normal_form(built, palette).key == normal_form(meant, palette).key:
        return (doubted(built, meant) if thorough else None) or _same(built, meant)
    if remark := is_same_by_value(built, meant):
        verdict = _same(built, meant)
        return replace(verdict, notes=(WRITTEN_OTHERWISE, *verdict.notes), remark=remark)
    if reason := out_of_sight(built, meant):
        return replace(_not_checkable(reason), answer=built, reference=meant)
    if (found := other_variables(built, meant)) is not None:
        return found
    # What a layer holds follows from its settings: the mistake is in those.
    said = diagnose(without_variables(built), without_variables(meant))
    return replace(said, notes=notes_on_a_wrong_one(built, meant))


def is_written_alike(built: Graph, meant: Graph) -> bool:
    """Whether two graphs are the same by structure; nothing is evaluated or searched for."""
    if far_too_large(built, meant) is not None:
        return False
    built, meant = as_far_as_both_are_known(in_order_of(built, meant), meant)
    palette = Palette()
    return normal_form(built, palette).key == normal_form(meant, palette).key


def _same(built: Graph, meant: Graph) -> Verdict:
    """The verdict on a graph that is the reference's, if its outputs have no others' names."""
    exchanged = exchanged_names(built, meant)
    if not exchanged:
        notes = notes_on_a_right_one(built, meant)
        return Verdict(Status.PASSED, answer=built, reference=meant, notes=notes)
    finding = names_exchanged(built, meant, exchanged)
    mine, theirs = (tuple(g.outputs[n].call for n in exchanged) for g in (built, meant))
    return Verdict(Status.WRONG, (finding,), built, meant, mine, theirs)


def _read(model: Any) -> Graph:
    """The graph of a model; whatever goes wrong with it is a reason why it cannot be read."""
    try:
        return read_graph(model)
    except NotReadable:
        raise
    except Exception as error:
        raise NotReadable(
            f"This model cannot be read ({type(error).__name__}: {error}). Build it from Keras "
            "layers with keras.Model(inputs, outputs) or keras.Sequential."
        ) from error


def _not_checkable(reason: str) -> Verdict:
    return Verdict(Status.NOT_CHECKABLE, (Finding("not-readable", reason),))
