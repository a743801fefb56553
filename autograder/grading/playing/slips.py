"""Mistakes that students make in any chapter, made in the source of a right answer."""

from __future__ import annotations

import ast
import copy
from collections import Counter
from collections.abc import Callable

Slip = Callable[[str], str]
"""The source of a right answer → the same with one mistake in it; or as it was, if none can be."""


def forgotten_activation(source: str) -> str:
    """The first activation is left out."""
    tree = _parsed(source)
    for call in _calls(tree):
        if given := [each for each in call.keywords if each.arg == "activation"]:
            call.keywords.remove(given[0])
            return ast.unparse(tree)
    return source


def twice_the_units(source: str) -> str:
    """The first layer that has a number of units has twice as many."""
    tree = _parsed(source)
    for call in _calls(tree):
        units = call.args[0] if call.args else None
        if _is_layer(call) and isinstance(units, ast.Constant) and type(units.value) is int:
            units.value *= 2
            return ast.unparse(tree)
    return source


def layer_made_anew(source: str) -> str:
    """A layer that is called several times is made anew for each call, instead of shared."""
    tree = _parsed(source)
    made = {
        target.id: each.value
        for each in ast.walk(tree)
        if isinstance(each, ast.Assign) and isinstance(each.value, ast.Call)
        for target in each.targets
        if isinstance(target, ast.Name) and _is_layer(each.value)
    }
    called = [each for each in _calls(tree) if isinstance(each.func, ast.Name)]
    times = Counter(call.func.id for call in called)
    shared = [call for call in called if call.func.id in made and times[call.func.id] > 1]
    for call in shared:
        call.func = copy.deepcopy(made[call.func.id])
        # Two layers of one name are no network.
        call.func.keywords = [each for each in call.func.keywords if each.arg != "name"]
    return ast.unparse(tree) if shared else source


def _parsed(source: str) -> ast.Module:
    """The source as a tree; an empty one if it is no Python, such as a magic of IPython's."""
    try:
        return ast.parse(source)
    except SyntaxError:
        return ast.Module([], [])


def _calls(tree: ast.Module) -> list[ast.Call]:
    """All calls, as they stand in the source."""
    found = [each for each in ast.walk(tree) if isinstance(each, ast.Call)]
    return sorted(found, key=lambda call: (call.lineno, call.col_offset))


def _is_layer(call: ast.Call) -> bool:
    """Whether a call makes a layer: `layers.Dense(…)`, `keras.layers.Dense(…)`."""
    made = call.func
    if not isinstance(made, ast.Attribute):
        return False
    owner = made.value
    return "layers" in (getattr(owner, "id", ""), getattr(owner, "attr", ""))
