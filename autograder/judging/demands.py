"""What an exercise asks of a model beside its network: what is taught there, or needed below it.

A network is right in whatever form it is handed over. But a cell below may give it data by name, or
take what it returns for a plain tensor: after a green check nothing of that may stop. An exercise
says so by `asks`, among its hidden tests.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from autograder.graphs import Graph
from autograder.judging.given import dictionary
from autograder.judging.verdict import Finding


class Demand(StrEnum):
    """One thing that can be asked for.

    STRUCTURE (Keras' word): inputs and outputs as the solution gives them. Where it has a
    dictionary, one with the same names; where it returns a plain tensor, no dictionary.
    FUNCTIONAL: no `Sequential`.
    """

    STRUCTURE = "structure"
    FUNCTIONAL = "functional"


def unmet(answer: Graph, reference: Graph, demands: Iterable[Demand]) -> tuple[Finding, ...]:
    """What a right network lacks of what is asked for.

    Args:
        answer: the student's graph, as it was handed over.
        reference: the solution's.
        demands: what the exercise asks for.
    """
    asked = set(demands)
    found = [_functional(answer)] if Demand.FUNCTIONAL in asked else []
    if Demand.STRUCTURE in asked:
        found += [_inputs(answer, reference), _outputs(answer, reference)]
    return tuple(finding for finding in found if finding is not None)


def _functional(answer: Graph) -> Finding | None:
    if answer.inputs_given != "sequential":
        return None
    return Finding(
        "not-functional",
        "The layers are right, but they are a list once more: a Sequential. This exercise asks for "
        "the same network written with tensors, because only so can it get a second arrow later.",
        expected="keras.Model(inputs=…, outputs=…)",
        found="keras.Sequential([…])",
        next_step="Begin with keras.Input(…), and call each layer on the tensor before it.",
    )


def _inputs(answer: Graph, reference: Graph) -> Finding | None:
    if reference.inputs_given != "dict":
        return None  # a plain tensor goes into a model of one input, however that was given
    return _dictionary("input", answer.inputs_given, answer.inputs, reference.inputs)


def _outputs(answer: Graph, reference: Graph) -> Finding | None:
    given, names = answer.outputs_given, reference.output_names
    if reference.outputs_given == "dict":
        return _dictionary("output", given, answer.output_names, names)
    if reference.outputs_given != "single" or given != "dict":
        return None
    return Finding(
        "other-structure",
        "The network is right, but it returns a dictionary. Cells below take what it returns for "
        "one plain tensor, and would stop.",
        expected="outputs=…, one tensor",
        found=dictionary("output", answer.output_names),
        next_step="Give keras.Model the tensor itself as its output, without a dictionary.",
    )


def _dictionary(
    what: str, given: str, built: tuple[str, ...], meant: tuple[str, ...]
) -> Finding | None:
    """What to say of inputs or outputs that are no dictionary, or one with other names."""
    wanted = dictionary(what, meant)
    if given in {"list", "single", "sequential"}:
        form = "a list" if given == "list" else "given without a name"
        subject = f"{what}s are" if len(meant) > 1 else f"{what} is"
        return Finding(
            "other-structure",
            f"The network is right, but its {subject} {form}. Cells below go by name, and would "
            "stop.",
            expected=wanted,
            found=f"{what}s=[…]" if given == "list" else f"{what}s=…, without a dictionary",
            next_step=f"Give keras.Model a dictionary with these names as its {what}s.",
        )
    if given != "dict" or sorted(built) == sorted(meant):
        return None
    others = ", ".join(repr(name) for name in built if name not in meant)
    lacking = ", ".join(repr(name) for name in meant if name not in built)
    return Finding(
        "other-names",
        f"The network is right, but its {what}s have other names: {others} in place of {lacking}. "
        "Cells below go by these names, and would stop.",
        expected=wanted,
        found=dictionary(what, built),
        next_step=f"Take the names of the {what}s from the exercise, letter by letter.",
    )
