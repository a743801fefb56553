"""What an answer is, in a line: for where nothing may be said of right or wrong."""

from __future__ import annotations

from autograder.graphs import Graph
from autograder.graphs.describe import counted, listed, number, shape_text
from autograder.judging.evidence import Case, Kind


def what_it_is(case: Case) -> str:
    """What was recorded: "a model with 3 layers, output (10,)", "the number 2,080"."""
    if isinstance(case.answer, Graph):
        return _model(case.answer)
    if case.kind is Kind.SHAPE:
        return f"the numbers {shape_text((None, *case.answer))}"
    if case.kind is Kind.NUMBER:
        return f"the number {number(case.answer)}"
    return f"the text {str(case.answer)[:80]!r}"


def _model(graph: Graph) -> str:
    layers = {call.name or place for place, call in enumerate(graph.calls) if call.op != "Input"}
    shapes = [
        shape_text(graph.calls[tensor.call].shape if tensor.output == 0 else None)
        for tensor in graph.outputs
    ]
    outputs = "output" if len(shapes) == 1 else "outputs"
    return f"a model with {counted(len(layers), 'layer')}, {outputs} {listed(shapes)}"
