"""Rules: lines that pretend to be what they are not."""

from __future__ import annotations

import ast

from autograder.grading.worth_a_look.cell_text import Text, is_at_the_top, name_of

HISTORY = frozenset({"In", "Out", "_ih", "_oh", "__builtins__"})
OUR_NAMES = frozenset({"check", "collect", "display", "get_ipython"})
TRUE_NAMES = frozenset(
    {("autograder", "check"), ("IPython.display", "display"), ("IPython", "display")}
    | {("IPython", "get_ipython"), ("IPython.core.getipython", "get_ipython")}
)
COMPARISONS = frozenset({"__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__"})
PRETENCES = frozenset({"__instancecheck__", "__subclasscheck__", "__class__"})


def sends_raw_outputs(node: ast.AST, text: Text) -> str:
    """Outputs of any kind, which is how evidence travels."""
    if not isinstance(node, ast.Call):
        return ""
    target = text.dotted(node.func) or name_of(node.func)
    is_raw = any(
        word.arg == "raw" and isinstance(word.value, ast.Constant) and word.value.value is True
        for word in node.keywords
    )
    if (target.rpartition(".")[2] == "display" and is_raw) or target.endswith(
        "publish_display_data"
    ):
        return "sends an output of any kind"
    return ""


def reads_history(node: ast.AST, text: Text) -> str:
    """`In` and `Out`, unless they are names of the student's own."""
    name_ = name_of(node)
    return f"reads {name_}" if name_ in HISTORY and name_ not in text.known.bound else ""


def rebinds(node: ast.AST, text: Text) -> str:
    """`check` and its like with another meaning, at the top of a cell."""
    if isinstance(node, ast.Global):
        own = sorted(OUR_NAMES & set(node.names))
        return f"gives {own[0]} another meaning" if own else ""
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
        is_globals = isinstance(node.value, ast.Call) and name_of(node.value.func) == "globals"
        key = node.slice.value if isinstance(node.slice, ast.Constant) else None
        return f"gives {key} another meaning" if is_globals and key in OUR_NAMES else ""
    if not is_at_the_top(node, text):
        return ""
    if isinstance(node, ast.ImportFrom):
        for alias in node.names:
            bound_to = alias.asname or alias.name
            if bound_to in OUR_NAMES and (node.module, alias.name) not in TRUE_NAMES:
                return f"gives {bound_to} another meaning"
    own_name = ""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        own_name = node.name
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        own_name = node.id if node.id == "check" or _is_called_later(node, text) else ""
    return f"gives {own_name} another meaning" if own_name in OUR_NAMES else ""


def _is_called_later(node: ast.Name, text: Text) -> bool:
    """Whether a name is given a function: a list that is called `collect` is just a list."""
    around = text.parents.get(node)
    value = getattr(around, "value", None)
    return isinstance(around, ast.Assign) and isinstance(
        value, (ast.Lambda, ast.Name, ast.Attribute)
    )


def pretends(node: ast.AST, text: Text) -> str:
    """Objects that are equal to everything, or say that they are of another class."""
    if isinstance(node, ast.FunctionDef) and isinstance(text.parents.get(node), ast.ClassDef):
        if node.name in COMPARISONS and _returns_constant(node):
            return "makes objects that compare with everything in one way"
        return "makes objects of a pretended class" if node.name in PRETENCES else ""
    if isinstance(node, ast.Assign) and isinstance(text.parents.get(node), ast.ClassDef):
        targets = {name_of(target) for target in node.targets}
        if targets & COMPARISONS and isinstance(node.value, ast.Lambda):
            is_constant = isinstance(node.value.body, ast.Constant)
            return "makes objects that compare with everything in one way" if is_constant else ""
        return "makes objects of a pretended class" if targets & PRETENCES else ""
    if isinstance(node, ast.Attribute) and node.attr == "__class__":
        is_set = not isinstance(node.ctx, ast.Load)
        return "makes objects of a pretended class" if is_set else ""
    return ""


def _returns_constant(function: ast.FunctionDef) -> bool:
    returned = [n.value for n in ast.walk(function) if isinstance(n, ast.Return)]
    return (
        len(returned) == 1
        and isinstance(returned[0], ast.Constant)
        and returned[0].value
        in (
            True,
            False,
        )
    )
