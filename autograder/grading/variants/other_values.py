"""A solution's answer with other values: in the lines that bind what varies, nowhere else."""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping

from autograder.judging.varied import Choice, Own, Varied


def bound_values(source: str, names: Collection[str]) -> dict[str, ast.expr]:
    """What a source binds each of these names to, of those that it binds by `name = value`.

    Raises:
        ValueError: if it binds one of them twice, or is no Python.
    """
    found: dict[str, ast.expr] = {}
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Assign) or len(node.targets) != 1:
            continue
        target = node.targets[0]
        if isinstance(target, ast.Name) and target.id in names:
            if target.id in found:
                raise ValueError(f"{target.id} is bound twice")
            found[target.id] = node.value
    return found


def with_values(source: str, own: Own) -> str:
    """The source with these values.

    Raises:
        ValueError: if it binds one of the names twice, or is no Python.
    """
    places = bound_values(source, own)
    lines = source.encode().split(b"\n")  # Python counts columns in bytes
    for name, node in sorted(
        places.items(), key=lambda item: (item[1].lineno, item[1].col_offset), reverse=True
    ):
        first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
        before, after = lines[first][: node.col_offset], lines[last][node.end_col_offset :]
        # Only a line's own brackets let an expression go over several: they go with it.
        lines[first : last + 1] = [before + own[name].code.encode() + after]
    return b"\n".join(lines).decode()


def values_of(sources: Collection[str], names: Collection[str]) -> dict[str, ast.expr]:
    """What the sources bind each of these names to.

    Raises:
        ValueError: if they do not bind each of them once, or one is no Python.
    """
    nodes: dict[str, ast.expr] = {}
    for source in sources:
        found = bound_values(source, names)
        if both := set(found) & set(nodes):
            raise ValueError(f"{min(both)} is bound twice")
        nodes |= found
    if missing := set(names) - set(nodes):
        raise ValueError(f"no line `{min(missing)} = …`")
    return nodes


def solutions_own(sources: Collection[str], varied: Varied) -> dict[str, Choice]:
    """What the solution itself has: the sizes of everybody who has none of their own.

    Args:
        sources: those of the exercise's answer cells.
        varied: what varies.

    Raises:
        ValueError: if they do not bind each name once.
    """
    nodes = values_of(sources, varied.choices)
    return {name: _choice(node, varied.choices[name]) for name, node in nodes.items()}


def _choice(node: ast.expr, choices: Collection[Choice]) -> Choice:
    """The choice that a value in the solution is; one of its own where it is none of them."""
    code = ast.unparse(node)
    for choice in choices:
        if ast.unparse(ast.parse(choice.code, mode="eval").body) == code:
            return choice
    value = ast.literal_eval(node) if isinstance(node, ast.Constant) else code
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return Choice(value, f"{value:,}") if is_number else Choice(code, f"`{code}`")


def in_words(own: Own, unlike: Mapping[str, Choice] | None = None) -> str:
    """Sizes in words, all or those that are not as others."""
    return ", ".join(
        f"`{name}` is {choice.words}"
        for name, choice in own.items()
        if unlike is None or choice != unlike[name]
    )
