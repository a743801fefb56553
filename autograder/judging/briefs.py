"""A brief: what a network of the student's own design has to be, whatever its graph."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from autograder.graphs import Graph, Shape, Tensor
from autograder.graphs.describe import number, shape_text
from autograder.graphs.graph import WEIGHT
from autograder.graphs.layers.formulas import UnknownLayer, formula
from autograder.judging.given import dictionary
from autograder.judging.verdict import Finding, Status, Verdict


@dataclass(frozen=True)
class Brief:
    """Properties that a network must have.

    Attributes:
        inputs: the shape of each input, by name, without the batch axis.
        outputs: the shape of each output, by name, without the batch axis.
        most_parameters: how many parameters it may have; None for any number.
        least_parameters: how many it must have.
        ends_with: the activation of some outputs, by name.
        uses: layer classes that must be in it.
        shares: whether some layer must be called more than once.
        by_name: whether the outputs must stand in a dictionary, because cells below go by it.
        ids: of inputs that hold ids, how many there are: an Embedding needs a row for each.
    """

    inputs: Mapping[str, Shape]
    outputs: Mapping[str, Shape]
    most_parameters: int | None = None
    least_parameters: int = 0
    ends_with: Mapping[str, str] = field(default_factory=dict)
    uses: tuple[str, ...] = ()
    shares: bool = False
    by_name: bool = False
    ids: Mapping[str, int] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The brief as JSON data."""
        data = asdict(self)
        for key in ("inputs", "outputs"):
            data[key] = {name: list(shape) for name, shape in data[key].items()}
        return data | {"uses": list(self.uses)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Brief:
        """The brief that `to_json` wrote."""
        return cls(
            inputs={name: tuple(shape) for name, shape in data["inputs"].items()},
            outputs={name: tuple(shape) for name, shape in data["outputs"].items()},
            most_parameters=data.get("most_parameters"),
            least_parameters=data.get("least_parameters", 0),
            ends_with=dict(data.get("ends_with", {})),
            uses=tuple(data.get("uses", ())),
            shares=bool(data.get("shares", False)),
            by_name=bool(data.get("by_name", False)),
            ids=dict(data.get("ids", {})),
        )


def judge_by_brief(graph: Graph, brief: Brief) -> Verdict:
    """Judge a network by a brief: every property that it lacks is a finding."""
    findings = tuple(_findings(graph, brief))
    status = Status.WRONG if findings else Status.PASSED
    return Verdict(status, findings, answer=graph)


def count_parameters(graph: Graph) -> int:
    """All parameters of a network, each set of weights counted once.

    Raises:
        UnknownLayer: if the formula of one of its layers is not known.
    """
    total, seen = 0, set()
    for call in graph.calls:
        if call.weights is None or call.weights in seen:
            continue
        seen.add(call.weights)
        counts = formula(call.op, call.config, call.built_on, call.wrappers)
        total += 0 if counts is None else counts.count
    return total


def _findings(graph: Graph, brief: Brief) -> Iterator[Finding]:
    yield from _interface("input", _inputs(graph), brief.inputs)
    yield from _interface("output", _outputs(graph), brief.outputs)
    yield from _structure(graph, brief)
    yield from _unread(graph)
    yield from _ids(graph, brief)
    yield from _activations(graph, brief)
    yield from _size(graph, brief)
    yield from _layers(graph, brief)


def _inputs(graph: Graph) -> dict[str, Shape]:
    return {call.name: tuple(call.config["shape"]) for call in graph.calls[: len(graph.inputs)]}


def _outputs(graph: Graph) -> dict[str, Shape]:
    return {
        name or f"output {n}": (graph.calls[tensor.call].shape or (None,))[1:]
        for n, (name, tensor) in enumerate(
            zip(graph.output_names, graph.outputs, strict=True), start=1
        )
    }


def _interface(
    what: str, built: Mapping[str, Shape], meant: Mapping[str, Shape]
) -> Iterator[Finding]:
    if set(built) != set(meant):
        yield _other_names(what, built, meant)
        return
    for name, shape in meant.items():
        if tuple(built[name]) != tuple(shape):
            yield Finding(
                f"brief-{what}s",
                f"The {what} {name!r} has another shape than the brief says.",
                (name,),
                expected=shape_text((None, *shape)),
                found=shape_text((None, *built[name])),
                next_step="Compare the shapes, axis by axis; the batch axis is not counted.",
            )


def _structure(graph: Graph, brief: Brief) -> Iterator[Finding]:
    if brief.by_name and graph.outputs_given in {"list", "single"}:
        wanted = dictionary("output", tuple(brief.outputs))
        yield Finding(
            "other-structure",
            "The model returns no dictionary. Cells below take its output by name, and would stop.",
            expected=wanted,
            found="outputs=…, without a dictionary",
            next_step=f"Give keras.Model {wanted}.",
        )


def _ids(graph: Graph, brief: Brief) -> Iterator[Finding]:
    """Embeddings that have no row for some of the ids that come: Keras only stops at the data."""
    for place, name in enumerate(graph.inputs):
        count = brief.ids.get(name, 0)
        for call in graph.calls:
            if call.op != "Embedding" or Tensor(place) not in call.inputs:
                continue
            if (rows := int(call.config["input_dim"])) < count:
                yield Finding(
                    "embedding-too-small",
                    f"Layer {call.name!r} has rows for the ids 0 to {rows - 1}, and {name!r} "
                    f"brings ids up to {count - 1}. The first without a row stops the training.",
                    (call.name,),
                    expected=f"{count} rows, or more",
                    found=str(rows),
                    next_step="The vocabulary comes first in Embedding, then the width.",
                )


def _other_names(what: str, built: Mapping[str, Shape], meant: Mapping[str, Shape]) -> Finding:
    more, missing = sorted(set(built) - set(meant)), sorted(set(meant) - set(built))
    step = f"Name every {what}: name=… in its layer, or a dictionary in keras.Model."
    if not missing:
        step = f"Give keras.Model only the {what}s that the brief names."
    elif not more:
        step = f"Give keras.Model every {what} that the brief names."
    return Finding(
        f"brief-{what}s",
        _names_message(what, more, missing),
        expected=", ".join(sorted(meant)),
        found=", ".join(sorted(built)),
        next_step=step,
    )


def _names_message(what: str, more: list[str], missing: list[str]) -> str:
    """Which names are too many, and which are not there."""
    too_many, not_there = (", ".join(map(repr, names)) for names in (more, missing))
    if not missing:
        count = f"One {what}" if len(more) == 1 else f"{len(more)} {what}s"
        return f"{count} too many: {too_many}."
    if not more:
        return f"{_some(what, missing)} missing: {not_there}."
    if len(more) == len(missing) == 1:
        return f"An {what} is called {too_many}; {not_there} is meant."
    return f"{_some(what, missing)} missing: {not_there}. The brief does not ask for: {too_many}."


def _some(what: str, names: list[str]) -> str:
    return f"An {what} is" if len(names) == 1 else f"{len(names)} {what}s are"


def _unread(graph: Graph) -> Iterator[Finding]:
    read = _reaching_an_output(graph)
    for place, call in enumerate(graph.calls[: len(graph.inputs)]):
        if place not in read:
            yield Finding(
                "unused-input",
                f"Input {call.name!r} reaches no output: the model never looks at it.",
                (call.name,),
                expected="a path from every input to an output",
                found="none from this one",
                next_step="Merge the branch of this input with the others.",
            )


def _reaching_an_output(graph: Graph) -> set[int]:
    reached = {tensor.call for tensor in graph.outputs}
    for place in reversed(range(len(graph.calls))):
        if place in reached:
            reached |= {tensor.call for tensor in graph.calls[place].inputs}
    return reached


def _activations(graph: Graph, brief: Brief) -> Iterator[Finding]:
    for name, tensor in zip(graph.output_names, graph.outputs, strict=True):
        meant, call = brief.ends_with.get(name), graph.calls[tensor.call]
        built = call.config.get("activation") if call.op == "Activation" else None
        if meant is not None and built != meant:
            yield Finding(
                "wrong-activation",
                f"Output {name!r} does not end with the activation that the brief asks for.",
                (call.name,),
                expected=meant,
                found=built or "no activation",
                next_step="Look at the activation of the last layer before this output.",
            )


def _size(graph: Graph, brief: Brief) -> Iterator[Finding]:
    try:
        count = count_parameters(graph)
    except UnknownLayer as error:
        yield Finding("brief-parameters", f"The parameters cannot be counted: {error}")
        return
    most, least = brief.most_parameters, brief.least_parameters
    if most is not None and count > most:
        yield Finding(
            "brief-parameters",
            "The model has more parameters than the brief allows.",
            expected=f"at most {number(most)}",
            found=number(count),
            next_step="Run explain(…) on it: which row is the largest, and by which factor?",
        )
    if count < least:
        yield Finding(
            "brief-parameters",
            "The model has fewer parameters than the brief asks for.",
            expected=f"at least {number(least)}",
            found=number(count),
            next_step="Which layer could be wider?",
        )


def _layers(graph: Graph, brief: Brief) -> Iterator[Finding]:
    there = {call.op for call in graph.calls}
    for op in brief.uses:
        if op not in there:
            yield Finding(
                "missing-layer",
                f"The brief asks for a layer of class {op}, and there is none.",
                expected=op,
                found=", ".join(sorted(there - {"Input", "Activation"})),
                next_step="Where in the model would such a layer help?",
            )
    own = (call for call in graph.calls if call.weights is not None and call.op != WEIGHT)
    calls = Counter(call.weights for call in own)
    if brief.shares and max(calls.values(), default=0) < 2:
        yield Finding(
            "not-shared",
            "The brief asks for a layer that is called more than once, and there is none.",
            expected="one layer, several calls",
            found="one call a layer",
            next_step="Which two parts of the data should be read by the same measure?",
        )
