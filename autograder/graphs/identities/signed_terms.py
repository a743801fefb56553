"""Sums and products in which some terms are taken away: `a + b − c`, however it is grouped."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any

from autograder.graphs.graph import NO_WRAPPERS, Call, Graph, Shape, Tensor
from autograder.graphs.identities.identity import Instead, Pair, local_identity, reads_alone


@dataclass(frozen=True)
class _Kind:
    """How terms are brought together, and how they are taken away again.

    Attributes:
        together: the operation that brings terms together.
        apart: the operation that takes its second term from its first.
        against: the operation that turns a term into one that is taken away, with its settings.
    """

    together: str
    apart: str
    against: tuple[str, dict[str, float]]

    def turns(self, call: Call) -> bool:
        """Whether a call turns a term into one that is taken away."""
        op, config = self.against
        return call.op == op and dict(call.config) == config and len(call.inputs) == 1

    def may_open(self, call: Call) -> bool:
        """Whether a call may have terms that are taken away in it: most have none."""
        return call.op in (self.apart, self.against[0], "Rescaling")


_SUM = _Kind("Add", "Subtract", ("Rescaling", {"scale": -1.0, "offset": 0.0}))
_PRODUCT = _Kind("Multiply", "TrueDivide", ("Reciprocal", {}))
_KINDS = {op: kind for kind in (_SUM, _PRODUCT) for op in (kind.together, kind.apart)}


def _less(keras: Any) -> Pair:
    a, b, c = (keras.Input((4,)) for _ in range(3))
    return keras.Model([a, b, c], a + (-c + b)), keras.Model([a, b, c], a + b - c)


@local_identity(of=" ".join(_KINDS), example=_less, makes=f"{' '.join(_KINDS)} Rescaling")
def terms_taken_away(graph: Graph, place: int) -> Instead | None:
    """`a + (b − c)` is `(a + b) − c`, `a · (b / c)` is `(a · b) / c`, `a + (−2) · b` is `a − 2b`.

    All that is brought together comes first, and what is taken away is taken away at once.
    """
    call = graph.calls[place]
    kind = _KINDS[call.op]
    if not _is_plain(call) or len(call.inputs) < 2:
        return None
    if not any(kind.may_open(graph.calls[tensor.call]) for tensor in call.inputs):
        return None
    terms, opened, turned = [], False, list[Call]()
    for tensor, stays in _terms(kind, call):
        inner = _inner_terms(graph, kind, tensor)
        if inner is None and (other := _with_the_other_sign(graph, kind, tensor)) is not None:
            turned.append(other)
            inner = [(Tensor(len(graph.calls) + len(turned) - 1), False)]
        opened = opened or inner is not None
        terms += [(one, plus == stays) for one, plus in inner or [(tensor, True)]]
    if not opened or not any(stays for _, stays in terms):
        return None
    return _written(graph, kind, call, terms=terms, steps=turned)


def _is_plain(call: Call) -> bool:
    return not call.arguments and call.wrappers == NO_WRAPPERS


def _terms(kind: _Kind, call: Call) -> list[tuple[Tensor, bool]]:
    """What a call reads, each with whether it stays or is taken away."""
    return [(t, n == 0 or call.op == kind.together) for n, t in enumerate(call.inputs)]


def _inner_terms(graph: Graph, kind: _Kind, tensor: Tensor) -> list[tuple[Tensor, bool]] | None:
    """The terms that a tensor is made of, where some of them are taken away; else None."""
    call = graph.calls[tensor.call]
    is_apart = call.op == kind.apart and len(call.inputs) == 2
    if not (is_apart or kind.turns(call)) or not _is_plain(call) or not reads_alone(graph, tensor):
        return None
    return _terms(kind, call) if is_apart else [(call.inputs[0], False)]


def _with_the_other_sign(graph: Graph, kind: _Kind, tensor: Tensor) -> Call | None:
    """The negative of a term that a factor below zero was written into; None of others."""
    call = graph.calls[tensor.call]
    if kind is not _SUM or call.op != "Rescaling" or not reads_alone(graph, tensor):
        return None
    scale, offset = call.config["scale"], call.config["offset"]
    if not _is_plain(call) or not scale < 0:
        return None
    return replace(call, config={"scale": -scale, "offset": 0.0 - offset})


def _written(
    graph: Graph,
    kind: _Kind,
    call: Call,
    *,
    terms: list[tuple[Tensor, bool]],
    steps: list[Call],
) -> Instead:
    """What is kept brought together, less what is taken away brought together.

    A step that there was keeps its name and its trace.

    Args:
        graph: where the call is.
        kind: how terms are brought together.
        call: what is written anew.
        terms: what it is made of, each with whether it stays or is taken away.
        steps: calls that were made for them; others follow.
    """
    kept = tuple(tensor for tensor, stays in terms if stays)
    taken = tuple(tensor for tensor, stays in terms if not stays)

    def shape_of(tensor: Tensor) -> Shape | None:
        made = tensor.call - len(graph.calls)
        owner = graph.calls[tensor.call] if made < 0 else steps[made]
        return None if tensor.output else owner.shape

    def add(base: Call, op: str, inputs: tuple[Tensor, ...], shape: Shape | None) -> Tensor:
        traces = {step.trace for step in steps}
        trace = "" if base.trace in traces else base.trace
        steps.append(replace(base, op=op, config={}, inputs=inputs, shape=shape, trace=trace))
        return Tensor(len(graph.calls) + len(steps) - 1)

    def together(base: Call, tensors: tuple[Tensor, ...]) -> Tensor:
        if len(tensors) == 1:
            return tensors[0]
        shape = _broadcast([shape_of(tensor) for tensor in tensors])
        return add(base, kind.together, tensors, shape)

    inner = [graph.calls[tensor.call] for tensor in call.inputs]
    before = {op: next((each for each in (call, *inner) if each.op == op), call) for op in _KINDS}
    end = together(before[kind.together], kept)
    if taken:
        less = together(replace(call, trace=""), taken)
        end = add(before[kind.apart], kind.apart, (end, less), call.shape)
    return Instead(tuple(steps), (end,))


def _broadcast(shapes: list[Shape | None]) -> Shape | None:
    """The shape that tensors have together; None where it is not known."""
    known = [shape for shape in shapes if shape is not None]
    if len(known) < len(shapes):
        return None
    axes = zip_longest(*(reversed(shape) for shape in known), fillvalue=1)
    sizes = [{size for size in axis if size != 1} or {1} for axis in axes]
    return tuple(reversed([max(size, key=lambda n: n or 0) for size in sizes]))
