"""What an answer is, in a line: for where nothing may be said of right or wrong."""

from __future__ import annotations

from autograder.graphs import Graph
from autograder.graphs.describe import counted, listed, number, shape_text
from autograder.judging.answer_kinds import Answer, ModelAnswer, NumberAnswer, ShapeAnswer


def what_it_is(answer: Answer) -> str:
    """What was recorded: "a model with 3 layers, output (10,)", "the number 2,080"."""
    if isinstance(answer, ModelAnswer):
        return _model(answer.graph)
    if isinstance(answer, ShapeAnswer):
        return f"the numbers {shape_text((None, *answer.value))}"
    if isinstance(answer, NumberAnswer):
        return f"the number {number(answer.value)}"
    return f"the text {str(answer.value)[:80]!r}"


def _model(graph: Graph) -> str:
    layers = {call.name or place for place, call in enumerate(graph.calls) if call.op != "Input"}
    shapes = [
        shape_text(graph.calls[tensor.call].shape if tensor.output == 0 else None)
        for tensor in graph.outputs
    ]
    outputs = "output" if len(shapes) == 1 else "outputs"
    return f"a model with {counted(len(layers), 'layer')}, {outputs} {listed(shapes)}"
