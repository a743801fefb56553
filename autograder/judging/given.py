"""How inputs and outputs were given: what works in the model, and not in the cells around it.

None of this makes a network wrong: `compare` takes no notice of it.
"""

from __future__ import annotations

from dataclasses import replace

from autograder.graphs import Graph
from autograder.judging.compare import naming_notes
from autograder.judging.verdict import Finding, Status, Verdict


def with_notes(verdict: Verdict) -> Verdict:
    """A verdict that says where names are missing that the reference gives, and types differ."""
    answer, reference = verdict.answer, verdict.reference
    if answer is None or reference is None:
        return verdict
    if verdict.passed:
        return replace(verdict, notes=_notes(answer, reference))
    if verdict.status is Status.WRONG and len(answer.outputs) > 1:
        return _without_a_guess(verdict, answer, reference)
    return verdict


def _notes(answer: Graph, reference: Graph) -> tuple[str, ...]:
    forms = tuple(filter(None, (_input_note(answer, reference), _output_note(answer, reference))))
    named = answer
    if _input_note(answer, reference):
        named = replace(named, inputs=reference.inputs)
    if _output_note(answer, reference):
        named = replace(named, output_names=reference.output_names)
    return (*forms, *naming_notes(named, reference), *_type_notes(answer, reference))


def _input_note(answer: Graph, reference: Graph) -> str:
    forms = answer.inputs_given, reference.inputs_given
    return _form_note("input", *forms, reference.inputs)


def _output_note(answer: Graph, reference: Graph) -> str:
    forms = answer.outputs_given, reference.outputs_given
    return _form_note("output", *forms, reference.output_names)


def _form_note(what: str, built: str, meant: str, names: tuple[str, ...]) -> str:
    """What to say where names are asked for and there is no dictionary; "" where all is well."""
    if meant != "dict" or built not in {"list", "single"}:
        return ""
    subject = f"Your {what}s are a list" if built == "list" else f"Your {what} has no dictionary"
    return f"{subject}. Cells below that go by name may stop: give {_dictionary(what, names)}."


def _dictionary(what: str, names: tuple[str, ...]) -> str:
    pairs = ", ".join(f'"{name}": …' for name in names if name) or "…"
    return f"{what}s={{{pairs}}}"


def _without_a_guess(verdict: Verdict, answer: Graph, reference: Graph) -> Verdict:
    """In place of which outputs are exchanged: a list without names does not say which is which."""
    note = _output_note(answer, reference)
    if not note:
        return verdict
    swapped = [finding.misconception == "outputs-swapped" for finding in verdict.findings]
    named = sorted(answer.output_names) == sorted(reference.output_names)
    if named or not any(swapped):
        return replace(verdict, notes=(*verdict.notes, note))
    unnamed = _unnamed_outputs(answer, reference)
    return replace(
        verdict,
        findings=tuple(
            unnamed if wrong else finding
            for finding, wrong in zip(verdict.findings, swapped, strict=True)
        ),
    )


def _unnamed_outputs(answer: Graph, reference: Graph) -> Finding:
    return Finding(
        "outputs-unnamed",
        "Your outputs are a list, so nothing says which is which. In a dictionary each has its "
        "name, and the order makes no difference.",
        expected=_dictionary("output", reference.output_names),
        found=f"a list of {len(answer.outputs)} outputs",
        next_step="Give a dictionary with these names, and check again.",
    )


def _type_notes(answer: Graph, reference: Graph) -> tuple[str, ...]:
    """Inputs that cut off what stands behind the point; the other way round nothing is lost."""
    pairs = zip(answer.calls[: len(answer.inputs)], reference.calls, strict=False)
    return tuple(
        f"Input {built.name!r} takes {built.dtype}, that is whole numbers; {meant.dtype} is meant."
        for built, meant in pairs
        if built.dtype.startswith(("int", "uint", "bool")) and meant.dtype.startswith("float")
    )
