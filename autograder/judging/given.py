"""How inputs and outputs were given: what works in the model, and not in the cells around it."""

from __future__ import annotations

from dataclasses import replace

from autograder.graphs import Graph
from autograder.graphs.describe import layer_name, listed
from autograder.judging.pairing import Pairing, pairing_of_outputs
from autograder.judging.verdict import Finding


def notes_on_a_right_one(answer: Graph, reference: Graph) -> tuple[str, ...]:
    """Where a right answer lacks names that the reference gives, or takes other numbers.

    Args:
        answer: the student's graph, its inputs and outputs in the reference's order.
        reference: the graph that it equals.
    """
    forms = tuple(filter(None, (_input_note(answer, reference), _output_note(answer, reference))))
    named = answer
    if _input_note(answer, reference):
        named = replace(named, inputs=reference.inputs)
    if _output_note(answer, reference):
        named = replace(named, output_names=reference.output_names)
    return (*forms, *_naming_notes(named, reference), *_type_notes(answer, reference))


def notes_on_a_wrong_one(answer: Graph, reference: Graph) -> tuple[str, ...]:
    """That outputs lack their names: a mistake in another place is looked for in vain there."""
    note = _output_note(answer, reference)
    return (note,) if note and len(answer.outputs) > 1 else ()


def names_exchanged(answer: Graph, reference: Graph, numbers: tuple[int, ...]) -> Finding:
    """That outputs of a list have each other's names: either these or the order is wrong.

    Args:
        answer: the student's graph.
        reference: the graph that it equals, but for these names.
        numbers: the outputs that have the names of others.
    """
    built, meant = (
        listed([f"{n + 1} {graph.output_names[n]!r}" for n in numbers])
        for graph in (answer, reference)
    )
    return Finding(
        "outputs-swapped",
        f"Of your outputs, {built}; meant are {meant}. Outputs in a list go by their order: "
        "each would be trained on what the other should answer.",
        tuple(layer_name(answer, answer.outputs[n].call) for n in numbers),
        expected=f"outputs {meant}",
        found=f"outputs {built}",
        next_step="Look at the order of the outputs that you give to keras.Model, and at the "
        "names of their layers.",
    )


def dictionary(what: str, names: tuple[str, ...]) -> str:
    """How inputs or outputs with these names are given, but for the tensors."""
    pairs = ", ".join(f'"{name}": …' for name in names if name) or "…"
    return f"{what}s={{{pairs}}}"


def _input_note(answer: Graph, reference: Graph) -> str:
    forms = answer.inputs_given, reference.inputs_given
    return _form_note("input", *forms, reference.inputs)


def _output_note(answer: Graph, reference: Graph) -> str:
    forms = answer.outputs_given, reference.outputs_given
    return _form_note("output", *forms, reference.output_names)


def _form_note(what: str, built: str, meant: str, names: tuple[str, ...]) -> str:
    """What to say where names are asked for and there is no dictionary; "" where all is well."""
    if meant != "dict" or built not in {"list", "single", "sequential"}:
        return ""
    subject = f"Your {what}s are a list" if built == "list" else f"Your {what} has no dictionary"
    return f"{subject}. Cells below that go by name may stop: give {dictionary(what, names)}."


def _naming_notes(answer: Graph, reference: Graph) -> tuple[str, ...]:
    """What to say of names that the reference gives and the answer does not.

    They make no network wrong, but data goes in and comes out by them; not out of a list.
    """
    pairs = [("input", *names) for names in zip(answer.inputs, reference.inputs, strict=False)]
    if pairing_of_outputs(answer, reference) is not Pairing.BY_POSITION:
        names = zip(answer.output_names, reference.output_names, strict=False)
        pairs += [("output", *pair) for pair in names]
    return tuple(
        f"The {what} that goes by {wanted!r} in the solution "
        f"{f'is called {name!r} here' if name else 'has no name of its own here'}; code that "
        "goes by that name will not find it."
        for what, name, wanted in pairs
        if wanted and name != wanted
    )


def _type_notes(answer: Graph, reference: Graph) -> tuple[str, ...]:
    """Inputs that cut off what stands behind the point; the other way round nothing is lost."""
    pairs = zip(answer.calls[: len(answer.inputs)], reference.calls, strict=False)
    return tuple(
        f"Input {built.name!r} takes {built.dtype}, that is whole numbers; {meant.dtype} is meant."
        for built, meant in pairs
        if built.dtype.startswith(("int", "uint", "bool")) and meant.dtype.startswith("float")
    )
