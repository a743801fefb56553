"""A layer that reads sequences, called on two of them in one pair of brackets.

`encoder(a, b)` runs: Keras takes the second tensor for the state to begin with. So the network has
a call too few, and what it computes is told from what was meant by that call alone.
"""

from __future__ import annotations

from autograder.graphs import Call, Graph
from autograder.graphs.describe import layer_name, listed, with_article
from autograder.graphs.holes import holes
from autograder.judging.verdict import Finding, Status, Verdict

_READ_SEQUENCES = frozenset({"LSTM", "GRU", "SimpleRNN"})


def called_at_once(answer: Graph, reference: Graph) -> Verdict | None:
    """What to say of such a call; None where there is none, or the reference has one, too.

    Args:
        answer: the student's graph.
        reference: the graph it should be.
    """
    if _calls(reference):
        return None
    for place in _calls(answer):
        call = answer.calls[place]
        name = layer_name(answer, place)
        tensors = [layer_name(answer, tensor.call) for tensor in call.inputs[: _read(call)]]
        finding = Finding(
            "called-at-once",
            f"{name!r} is called once, with {listed([repr(each) for each in tensors])} in the same "
            f"brackets. In a call {with_article(call.op)} reads one sequence: "
            "Keras takes what follows for the state to begin with, and says nothing.",
            (name,),
            expected="a call for each of them",
            found=f"one call with {len(tensors)} tensors",
            next_step="Call the layer on one tensor, then on the next; each call returns a tensor "
            "of its own.",
        )
        return Verdict(Status.WRONG, (finding,), answer, reference, (place,))
    return None


def _calls(graph: Graph) -> list[int]:
    return [
        place
        for place, call in enumerate(graph.calls)
        if call.op in _READ_SEQUENCES and _read(call) > 1
    ]


def _read(call: Call) -> int:
    """How many tensors a call reads that are no mask."""
    return len(call.inputs) - holes(call.arguments.get("mask"))
