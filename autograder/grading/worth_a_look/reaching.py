"""Rules: lines that reach into the grader, into Python, or into the machine."""

from __future__ import annotations

import ast
import re

import autograder
from autograder.grading.worth_a_look.cell_text import (
    PACKAGE,
    SHELL,
    Text,
    modules_in,
    name_of,
    root,
)

PUBLIC = frozenset(autograder.__all__) - {"brief", "collect", "mistakes", "varies"}
"""What students may use of the package, beside `teaching`."""
RESTS_ON = frozenset(
    {PACKAGE, "keras", "tensorflow", "numpy", "IPython", "ipykernel", "jupyter_client"}
    | {"nbgrader", "nbclient", "zmq", "builtins", "json", "types", "inspect"}
)
"""Packages that no honest line writes into. Options of pandas or pictures are another matter."""
OPTIONS = re.compile(r"\.ast_node_interactivity$|^numpy\.(bool|int|float|object|str|complex)$")
"""Attributes of those that honest notebooks do set: show all results; names NumPy has dropped."""
SHELL_INTERNALS = frozenset(
    {"ast_transformers", "display_formatter", "display_pub", "displayhook", "events", "hooks"}
    | {"history_manager", "input_transformer_manager", "input_transformers_cleanup"}
    | {"input_transformers_post", "kernel", "user_module", "user_ns"}
)
SHELL_METHODS = frozenset({"run_cell", "run_code", "run_ast_nodes", "showtraceback", "compile"})
"""Methods that may be called, and not replaced."""
RESTART = "do_shutdown"
"""What follows on `kernel` in the usual lines that restart a notebook after an installation."""
CALLS = {
    "gc.get_objects": "looks through Python's memory",
    "gc.get_referrers": "looks through Python's memory",
    "gc.get_referents": "looks through Python's memory",
    "inspect.stack": "looks at who called it",
    "inspect.currentframe": "looks at who called it",
    "inspect.getouterframes": "looks at who called it",
    "sys._getframe": "looks at who called it",
    "sys._current_frames": "looks at who called it",
    "sys.settrace": "watches or changes each line that runs",
    "sys.setprofile": "watches or changes each line that runs",
    "sys.addaudithook": "watches or changes each line that runs",
    "threading.settrace": "watches or changes each line that runs",
    "os._exit": "ends Python at once",
    "os.abort": "ends Python at once",
    "os.kill": "signals to other processes",
    "os.fork": "starts another process",
    "os.write": "writes to open channels",
    "os.fdopen": "writes to open channels",
    "os.dup2": "writes to open channels",
    "socket.socket": "opens a network connection",
    "socket.create_connection": "opens a network connection",
    "socket.create_server": "opens a network connection",
    "unittest.mock.patch": "replaces attributes of modules",
    "unittest.mock.patch.object": "replaces attributes of modules",
}
COMMANDS = ("subprocess.", "os.exec", "os.spawn", "pty.")
INSTALLERS = re.compile(r"\b(pip3?|conda|mamba|apt(-get)?|git|wget|curl|unzip|tar|nvidia-smi)\b")
"""Commands that honest notebooks run."""
FRAMES = frozenset(
    {"f_back", "f_globals", "f_locals", "tb_frame", "gi_frame", "cell_contents", "__closure__"}
    | {"__globals__", "__subclasses__", "__builtins__"}
)


def imports(node: ast.AST, text: Text) -> str:
    """Modules of the grader; what only serves to reach into Python."""
    if not isinstance(node, (ast.Import, ast.ImportFrom)):
        return ""
    for module in modules_in(node):
        if module == "ctypes" or module.startswith("ctypes."):
            return "reaches into Python's memory"
        if _is_internal(module) and module not in text.known.ours:
            return f"imports {module}"
    if isinstance(node, ast.Import) and any(alias.name == "builtins" for alias in node.names):
        return "imports builtins"
    return ""


def writes_into_modules(node: ast.AST, text: Text) -> str:
    """`keras.Model.count_params = …`, and the same by `setattr`, `del` or `__dict__`."""
    if isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load):
        target = text.dotted(node)
        if (
            target.startswith(f"{SHELL}.")
            and target.split(".")[1] in SHELL_METHODS | SHELL_INTERNALS
        ):
            return f"replaces {target}"
        if root(target) in RESTS_ON and not OPTIONS.search(target):
            return f"replaces {target}"
        if target == "sys.displayhook" or target.startswith("sys.modules"):
            return f"replaces {target}"
    if isinstance(node, ast.Attribute) and node.attr == "__dict__":
        owner = text.dotted(node.value)
        return f"reaches into {owner}" if root(owner) in RESTS_ON else ""
    if isinstance(node, ast.Call) and name_of(node.func) in ("setattr", "delattr", "vars"):
        owner = text.dotted(node.args[0]) if node.args else ""
        if root(owner) in RESTS_ON or owner.startswith(SHELL):
            return f"reaches into {owner}"
    return ""


def uses_internals(node: ast.AST, text: Text) -> str:
    """`autograder.checking.…`, however the module came to its name."""
    if not isinstance(node, ast.Attribute):
        return ""
    target = text.dotted(node)
    if not target.startswith(f"{PACKAGE}.") or not _is_internal(target):
        return ""
    is_ours = any(target == each or target.startswith(f"{each}.") for each in text.known.ours)
    return "" if is_ours else f"uses {target}"


def touches_the_shell(node: ast.AST, text: Text) -> str:
    """What IPython does with cells and their outputs."""
    if not isinstance(node, ast.Attribute) or node.attr not in SHELL_INTERNALS:
        return ""
    if text.dotted(node.value) != SHELL:
        return ""
    around = text.parents.get(node)
    if isinstance(around, ast.Attribute) and around.attr == RESTART:
        return ""
    return f"touches {SHELL}.{node.attr}"


def touches_modules(node: ast.AST, text: Text) -> str:
    """`sys.modules`, but for asking whether a module is there, such as Colab's."""
    if not isinstance(node, ast.Attribute) or text.dotted(node) != "sys.modules":
        return ""
    around = text.parents.get(node)
    if isinstance(around, ast.Compare):
        return ""
    key: ast.AST | None = around.slice if isinstance(around, ast.Subscript) else None
    if isinstance(around, ast.Attribute) and around.attr in ("get", "pop"):
        call = text.parents.get(around)
        key = call.args[0] if isinstance(call, ast.Call) and call.args else None
    if name_of(key) == "__name__":
        return ""
    if isinstance(key, ast.Constant) and root(str(key.value)) not in RESTS_ON | {"__main__"}:
        return ""
    return "touches sys.modules"


def calls(node: ast.AST, text: Text) -> str:
    """Calls that no answer needs."""
    if not isinstance(node, ast.Attribute | ast.Name) or isinstance(node.ctx, ast.Store):
        return ""
    target = text.dotted(node)
    if target in CALLS:
        return f"{CALLS[target]} ({target})"
    call = text.parents.get(node)
    if target.startswith(COMMANDS) and isinstance(call, ast.Call) and call.func is node:
        words = [n.value for n in ast.walk(call) if isinstance(n, ast.Constant)]
        if not any(INSTALLERS.search(str(word)) for word in words):
            return f"starts another program ({target})"
    return ""


def looks_at_frames(node: ast.AST, text: Text) -> str:
    """Ways from a function to what is around it."""
    is_one = isinstance(node, ast.Attribute) and node.attr in FRAMES
    if isinstance(node, ast.Attribute) and node.attr in ("__code__", "__defaults__"):
        is_one = not isinstance(node.ctx, ast.Load)
    return f"reaches for {node.attr}" if is_one else ""


def _is_internal(target: str) -> bool:
    """Whether a whole name is of the package, and not one that students are given."""
    parts = target.split(".")
    if parts[0] != PACKAGE or len(parts) == 1 or parts[1].startswith("__"):
        return False
    return parts[1] != "teaching" and not (len(parts) == 2 and parts[1] in PUBLIC | {"*"})
