"""A network in sentences, and the network that sentences tell: each determines the other."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from autograder.practising.drawn_network import Layer, Network, Start, Step

_INPUT = re.compile(r"The input `(\w+)` has the shape (\([\d, ]+\))( and holds whole numbers)?\.")
_NEW = re.compile(r"`(\w+)` is what a new layer `(\w+)`, (\w+)\((.*)\), makes of (.*)\.")
_MODEL = re.compile(r"`(\w+)` is what the model `(\w+)` makes of (.*)\.")
_AGAIN = re.compile(r"`(\w+)` is what the same layer `(\w+)`, called once more, makes of (.*)\.")
_FROZEN = re.compile(r"`(\w+)` is frozen: it does not learn\.")
_RETURNS = re.compile(r"It returns (.*)\.")
_INSIDE = re.compile(r"Inside the model `(\w+)`: (.*)")
_NAME = re.compile(r"`(\w+)`")


def statements(network: Network) -> list[str]:
    """The network in sentences, one an element."""
    return list(_said(network))


def _said(network: Network) -> Iterator[str]:
    for start in network.starts:
        whole = " and holds whole numbers" if start.whole else ""
        yield f"The input `{start.name}` has the shape {start.shape}{whole}."
    called: set[str] = set()
    for step in network.steps:
        layer, name, read = network.layer(step.layer), step.layer, _listed(step.reads)
        if name in called and layer.inner is None:
            text = f"the same layer `{name}`, called once more, makes of {read}."
        elif layer.inner is not None:
            if name not in called:
                yield from (f"Inside the model `{name}`: {line}" for line in _said(layer.inner))
                yield from _frozen(name, layer)
            text = f"the model `{name}` makes of {read}."
        else:
            text = f"a new layer `{name}`, {layer.op}({settings_text(layer)}), makes of {read}."
        yield f"`{step.makes}` is what {text}"
        if layer.inner is None and name not in called:
            yield from _frozen(name, layer)
        called.add(name)
    yield f"It returns {_listed(network.outputs)}."


def _frozen(name: str, layer: Layer) -> Iterator[str]:
    if layer.frozen:
        yield f"`{name}` is frozen: it does not learn."


def settings_text(layer: Layer) -> str:
    """The settings of a layer as they are written in code."""
    return ", ".join(f"{key}={_literal(value)}" for key, value in layer.settings)


def _literal(value: Any) -> str:
    return f'"{value}"' if isinstance(value, str) else repr(value)


def _listed(names: Sequence[str]) -> str:
    quoted = [f"`{name}`" for name in names]
    if len(quoted) == 1:
        return quoted[0]
    return f"{', '.join(quoted[:-1])} and {quoted[-1]}, in this order"


def understood(lines: Iterable[str]) -> Network:
    """The network that sentences tell.

    Raises:
        ValueError: if one of them is none of the forms that `statements` writes.
    """
    starts: list[Start] = []
    layers: dict[str, Layer] = {}
    steps: list[Step] = []
    inside: dict[str, list[str]] = {}
    frozen: set[str] = set()
    outputs: tuple[str, ...] = ()
    for line in lines:
        if found := _INSIDE.fullmatch(line):
            inside.setdefault(found[1], []).append(found[2])
        elif found := _INPUT.fullmatch(line):
            starts.append(Start(found[1], ast.literal_eval(found[2]), bool(found[3])))
        elif found := _NEW.fullmatch(line):
            layers[found[2]] = Layer(found[3], _settings(found[4]))
            steps.append(Step(found[1], found[2], _names(found[5])))
        elif found := _MODEL.fullmatch(line) or _AGAIN.fullmatch(line):
            layers.setdefault(found[2], Layer("Model"))
            steps.append(Step(found[1], found[2], _names(found[3])))
        elif found := _FROZEN.fullmatch(line):
            frozen.add(found[1])
        elif found := _RETURNS.fullmatch(line):
            outputs = _names(found[1])
        else:
            raise ValueError(f"This is no sentence about a network: {line}")
    whole = {
        name: Layer(
            layer.op,
            layer.settings,
            name in frozen,
            understood(inside[name]) if name in inside else None,
        )
        for name, layer in layers.items()
    }
    return Network(tuple(starts), tuple(whole.items()), tuple(steps), outputs)


def _settings(text: str) -> tuple[tuple[str, Any], ...]:
    call = ast.parse(f"f({text})", mode="eval").body
    assert isinstance(call, ast.Call)
    return tuple((str(each.arg), ast.literal_eval(each.value)) for each in call.keywords)


def _names(text: str) -> tuple[str, ...]:
    return tuple(_NAME.findall(text))
