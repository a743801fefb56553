"""What of two networks cannot be seen, since somebody wrote it, and what that leaves to compare."""

from __future__ import annotations

from dataclasses import replace

from autograder.graphs import Call, Graph, counterparts
from autograder.graphs.black_boxes import FUNCTION_ITSELF, own_code
from autograder.graphs.describe import listed
from autograder.graphs.graph import Held
from autograder.graphs.layers.facts import OWN, holds_own, is_own
from autograder.judging.verdict import Finding, Status, Verdict


def as_far_as_both_are_known(answer: Graph, reference: Graph) -> tuple[Graph, Graph]:
    """Both graphs without what is known of one alone: the variables of layers somebody wrote.

    A file does not tell whether such a layer has any; whether it is shared is left aside, too.
    """
    if _is_known(answer) == _is_known(reference):
        return answer, reference
    return _not_owning(answer), _not_owning(reference)


def out_of_sight(answer: Graph, reference: Graph) -> str:
    """Why it cannot be told what an answer computes; "" where it can.

    What the reference runs as well is a black box on both sides, and no hindrance.
    """
    known = {code for call in reference.calls for code in own_code(call)}
    for call in answer.calls:
        for code in own_code(call):
            if code not in known:
                return _reason(call, code)
    return ""


def _is_known(graph: Graph) -> bool:
    boxes = (call for call in graph.calls if holds_own(call.op, call.config))
    return all(call.weights is None or call.held is not None for call in boxes)


def _not_owning(graph: Graph) -> Graph:
    calls = tuple(
        replace(call, held=None, weights=None if is_own(call.op) else call.weights)
        for call in graph.calls
    )
    return replace(graph, calls=calls)


def without_variables(graph: Graph) -> Graph:
    """The graph without what is known of the variables in black boxes."""
    if all(call.held is None for call in graph.calls):
        return graph
    return replace(graph, calls=tuple(replace(call, held=None) for call in graph.calls))


def other_variables(answer: Graph, reference: Graph) -> Verdict | None:
    """The verdict on an answer that differs in the variables of its black boxes alone.

    None where it differs in more, or has none.
    """
    counterpart = counterparts(*map(without_variables, (answer, reference)))
    for here, there in (counterpart or {}).items():
        one, other = answer.calls[here], reference.calls[there]
        if one.held != other.held:
            finding = Finding(
                "other-variables",
                f"{one.name!r} is of the same class as in the reference, with the same settings, "
                "and holds other weights.",
                (one.name,),
                expected=_variables(other),
                found=_variables(one),
                next_step="Compare the code of that class, and what it is called on.",
            )
            return Verdict(Status.WRONG, (finding,), answer, reference, (here,), (there,))
    return None


def _variables(call: Call) -> str:
    """The variables of a black box, in short: 4×3, 3 (not trainable)."""
    return listed([_variable(variable, call.trainable) for variable in call.held or ()]) or "none"


def _variable(variable: Held, learns: bool) -> str:
    shape = "×".join(map(str, variable.shape)) or "1"
    notes = [] if variable.trainable and learns else ["not trainable"]
    notes += ["another layer's"] if variable.elsewhere else []
    return f"{shape} ({', '.join(notes)})" if notes else shape


def _reason(call: Call, code: str) -> str:
    start = f"Layer {call.name!r}"
    if call.op == FUNCTION_ITSELF:
        return (
            f"{start} is a Lambda: what its function does cannot be seen. Use a Keras layer or a "
            "keras.ops function instead."
        )
    if is_own(call.op) and "function" in call.config:
        return (
            f"The activation of layer {call.name!r} is {call.op.removeprefix(OWN)!r}, a function "
            "that is not Keras': what it computes cannot be seen. Use one of Keras' activations "
            "by name."
        )
    if call.op == code:
        return (
            f"{start} is of a class of its own ({code.removeprefix(OWN)}): what it does cannot be "
            "seen. Build it from Keras layers."
        )
    return (
        f"{start} has a setting that is not Keras' own: what it does cannot be seen. Use what "
        "Keras has for it, by name."
    )
