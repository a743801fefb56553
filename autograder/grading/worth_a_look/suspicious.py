"""Lines of a student's that are worth a look, found in their text: nothing is run.

A score never rests on this: it rests on the clean run. A rule here costs nobody a point, so it may
miss what is well hidden; a false alarm costs trust, so what honest notebooks do is never named.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from IPython.core.inputtransformer2 import TransformerManager
from nbformat import NotebookNode

import autograder
from autograder.grading.notebooks.cells import AS_RELEASED, Whose, is_marked, name, whose
from autograder.grading.telling.foreign import one_line, shown

MOST = 12
"""Lines about one notebook."""
LONGEST_LINE = 100
"""Characters of a source line that are shown."""
LARGEST_CELL = 200_000
"""Characters; nobody types that many, and nothing larger is parsed."""
LONG_TEXT = 2000
"""Characters of a text that nobody types."""
ENCODED = 200
"""Characters of a text in one piece that is no word, no path and no address."""

PACKAGE = "autograder"
PUBLIC = frozenset(autograder.__all__) - {"brief", "collect", "mistakes"}
"""What students may use of the package, beside `teaching`."""
SHELL = "get_ipython()"

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
HISTORY = frozenset({"In", "Out", "_ih", "_oh", "__builtins__"})
OUR_NAMES = frozenset({"check", "collect", "display", "get_ipython"})
TRUE_NAMES = frozenset(
    {("autograder", "check"), ("IPython.display", "display"), ("IPython", "display")}
    | {("IPython", "get_ipython"), ("IPython.core.getipython", "get_ipython")}
)
COMPARISONS = frozenset({"__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__"})
PRETENCES = frozenset({"__instancecheck__", "__subclasscheck__", "__class__"})
DECODERS = re.compile(
    r"^(base64\.\w*decode\w*|zlib\.decompress|gzip\.decompress|lzma\.decompress|bz2\.decompress"
    r"|codecs\.decode|binascii\.\w+|marshal\.loads|pickle\.loads|bytes\.fromhex)$"
)

TEXTS = (
    (re.compile(r"vnd\.autograder"), "names the kind of output that evidence has"),
    (re.compile(r"hidden_references|references\.json"), "names the file of references"),
    (re.compile(r"AUTOGRADER_(RECORD|GRADING)"), "names a setting of the grader"),
    (re.compile(r"^autograder\.(?!teaching\b)\w+"), "names a module of the grader"),
    (re.compile(r"gradebook\.db\b"), "names the gradebook"),
    (re.compile(r"profile_default/startup|sitecustomize|usercustomize"), "names a start-up file"),
    (
        re.compile(r"(^|[\s'\"=])/(proc(?!/(cpuinfo|meminfo|version|loadavg)\b)|run/|handed-in)"),
        "names a place that is the system's",
    ),
    (re.compile(r"\{.*[\"'](class_name|inbound_nodes|keras_history)[\"']", re.S), "holds a graph"),
)
"""What a text may not have in it, and what is said then; the first that fits counts."""
GRAPH_KEYS = ({"class_name", "config"}, {"op", "inputs"}, {"calls", "outputs"})
"""Keys of a mapping that is a layer or a graph, as Keras and as we write it."""


@dataclass(frozen=True)
class Text:
    """One cell's text, read.

    Attributes:
        tree: the cell as Python.
        lines: its lines, as the tree's line numbers mean them.
        names: what names stand for, such as `c` for `autograder.checking`.
        bound: all names that the student's cells bind.
        ours: the modules of the package that the assignment's own cells import.
        parents: of each node the one that it is part of.
    """

    tree: ast.Module
    lines: list[str]
    names: Mapping[str, str]
    bound: frozenset[str]
    ours: frozenset[str]
    parents: Mapping[ast.AST, ast.AST]

    def dotted(self, node: ast.AST) -> str:
        """What an expression stands for: `keras.Model.count_params`; "" if that is not known."""
        return _dotted(node, self.names)


def suspicious_lines(notebook: NotebookNode) -> list[str]:
    """What is worth a look in a student's cells, a line each.

    Args:
        notebook: a submission after the graft, which has marked whose each cell is.
    """
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    own = [cell for cell in cells if _is_students(cell)]
    texts = {id(cell): _python(cell.source) for cell in cells}
    trees = [texts[id(cell)][0] for cell in cells]
    names = _names(trees)
    bound = frozenset(_bound(texts[id(cell)][0] for cell in own))
    ours = frozenset(
        module
        for cell in cells
        if not _is_students(cell)
        for module in _modules(texts[id(cell)][0])
    )
    told = [
        line
        for cell in own
        for line in _told(name(cell), cell.source, *texts[id(cell)], names, bound, ours)
    ]
    more = len(told) - MOST
    return told if more <= 0 else [*told[:MOST], f"{more} more lines like these."]


def _is_students(cell: NotebookNode) -> bool:
    kind = whose(cell)
    return kind is Whose.EXTRA or (kind is Whose.ANSWER and not is_marked(cell, AS_RELEASED))


def _told(
    cell: str,
    source: str,
    tree: ast.Module,
    lines: list[str],
    names: Mapping[str, str],
    bound: frozenset[str],
    ours: frozenset[str],
) -> Iterator[str]:
    if len(source) > LARGEST_CELL:
        yield f"{cell} has {len(source):,} characters; its lines were not looked at."
    nodes = list(ast.walk(tree))
    parents = {child: node for node in nodes for child in ast.iter_child_nodes(node)}
    text = Text(tree, lines, names, bound, ours, parents)
    found: dict[str, int] = {}
    for node in sorted(nodes, key=lambda node: getattr(node, "lineno", 0)):
        for rule in RULES:
            if reason := rule(node, text):
                found.setdefault(reason, _line(node, parents))
                break
    for reason, number in sorted(found.items(), key=lambda item: item[1]):
        line = lines[number - 1] if 0 < number <= len(lines) else ""
        text_of_line = shown(one_line(line, LONGEST_LINE))
        yield f"{shown(cell)}, line {number} {shown(reason)}: `{text_of_line}`"


def _line(node: ast.AST, parents: Mapping[ast.AST, ast.AST]) -> int:
    while not hasattr(node, "lineno") and node in parents:
        node = parents[node]
    return getattr(node, "lineno", 0)


# --- rules: each looks at one node, and says what is worth a look, or "" ------------------------


def _imports(node: ast.AST, text: Text) -> str:
    """Modules of the grader; what only serves to reach into Python."""
    if not isinstance(node, (ast.Import, ast.ImportFrom)):
        return ""
    for module in _modules(node):
        if module == "ctypes" or module.startswith("ctypes."):
            return "reaches into Python's memory"
        if _is_internal(module) and module not in text.ours:
            return f"imports {module}"
    if isinstance(node, ast.Import) and any(alias.name == "builtins" for alias in node.names):
        return "imports builtins"
    return ""


def _writes_into_modules(node: ast.AST, text: Text) -> str:
    """`keras.Model.count_params = …`, and the same by `setattr`, `del` or `__dict__`."""
    if isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load):
        target = text.dotted(node)
        if (
            target.startswith(f"{SHELL}.")
            and target.split(".")[1] in SHELL_METHODS | SHELL_INTERNALS
        ):
            return f"replaces {target}"
        if _root(target) in RESTS_ON and not OPTIONS.search(target):
            return f"replaces {target}"
        if target == "sys.displayhook" or target.startswith("sys.modules"):
            return f"replaces {target}"
    if isinstance(node, ast.Attribute) and node.attr == "__dict__":
        owner = text.dotted(node.value)
        return f"reaches into {owner}" if _root(owner) in RESTS_ON else ""
    if isinstance(node, ast.Call) and _name(node.func) in ("setattr", "delattr", "vars"):
        owner = text.dotted(node.args[0]) if node.args else ""
        if _root(owner) in RESTS_ON or owner.startswith(SHELL):
            return f"reaches into {owner}"
    return ""


def _uses_internals(node: ast.AST, text: Text) -> str:
    """`autograder.checking.…`, however the module came to its name."""
    if not isinstance(node, ast.Attribute):
        return ""
    target = text.dotted(node)
    if not target.startswith(f"{PACKAGE}.") or not _is_internal(target):
        return ""
    is_ours = any(target == each or target.startswith(f"{each}.") for each in text.ours)
    return "" if is_ours else f"uses {target}"


def _touches_the_shell(node: ast.AST, text: Text) -> str:
    """What IPython does with cells and their outputs."""
    if not isinstance(node, ast.Attribute) or node.attr not in SHELL_INTERNALS:
        return ""
    if text.dotted(node.value) != SHELL:
        return ""
    around = text.parents.get(node)
    if isinstance(around, ast.Attribute) and around.attr == RESTART:
        return ""
    return f"touches {SHELL}.{node.attr}"


def _touches_modules(node: ast.AST, text: Text) -> str:
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
    if _name(key) == "__name__":
        return ""
    if isinstance(key, ast.Constant) and _root(str(key.value)) not in RESTS_ON | {"__main__"}:
        return ""
    return "touches sys.modules"


def _calls(node: ast.AST, text: Text) -> str:
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


def _sends_raw_outputs(node: ast.AST, text: Text) -> str:
    """Outputs of any kind, which is how evidence travels."""
    if not isinstance(node, ast.Call):
        return ""
    target = text.dotted(node.func) or _name(node.func)
    is_raw = any(
        word.arg == "raw" and isinstance(word.value, ast.Constant) and word.value.value is True
        for word in node.keywords
    )
    if (target.rpartition(".")[2] == "display" and is_raw) or target.endswith(
        "publish_display_data"
    ):
        return "sends an output of any kind"
    return ""


def _looks_at_frames(node: ast.AST, text: Text) -> str:
    """Ways from a function to what is around it."""
    is_one = isinstance(node, ast.Attribute) and node.attr in FRAMES
    if isinstance(node, ast.Attribute) and node.attr in ("__code__", "__defaults__"):
        is_one = not isinstance(node.ctx, ast.Load)
    return f"reaches for {node.attr}" if is_one else ""


def _reads_history(node: ast.AST, text: Text) -> str:
    """`In` and `Out`, unless they are names of the student's own."""
    name_ = _name(node)
    return f"reads {name_}" if name_ in HISTORY and name_ not in text.bound else ""


def _rebinds(node: ast.AST, text: Text) -> str:
    """`check` and its like with another meaning, at the top of a cell."""
    if isinstance(node, ast.Global):
        own = sorted(OUR_NAMES & set(node.names))
        return f"gives {own[0]} another meaning" if own else ""
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
        is_globals = isinstance(node.value, ast.Call) and _name(node.value.func) == "globals"
        key = node.slice.value if isinstance(node.slice, ast.Constant) else None
        return f"gives {key} another meaning" if is_globals and key in OUR_NAMES else ""
    if not _is_at_the_top(node, text):
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


def _pretends(node: ast.AST, text: Text) -> str:
    """Objects that are equal to everything, or say that they are of another class."""
    if isinstance(node, ast.FunctionDef) and isinstance(text.parents.get(node), ast.ClassDef):
        if node.name in COMPARISONS and _returns_constant(node):
            return "makes objects that compare with everything in one way"
        return "makes objects of a pretended class" if node.name in PRETENCES else ""
    if isinstance(node, ast.Assign) and isinstance(text.parents.get(node), ast.ClassDef):
        targets = {_name(target) for target in node.targets}
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


def _decodes(node: ast.AST, text: Text) -> str:
    """Code and data that are written so that nobody reads them."""
    if not isinstance(node, ast.Call):
        return ""
    inside = [each for argument in node.args for each in ast.walk(argument)]
    longest = max((len(n.value) for n in inside if _is_text(n)), default=0)
    decodes = any(
        isinstance(n, ast.Call) and DECODERS.match(text.dotted(n.func) or _written(n.func))
        for n in inside
    )
    if _name(node.func) in ("exec", "eval", "compile") and (decodes or longest > ENCODED):
        return "runs code that is written as data"
    target = text.dotted(node.func) or _written(node.func)
    return "decodes a long text" if DECODERS.match(target) and longest > ENCODED else ""


def _holds_a_graph(node: ast.AST, text: Text) -> str:
    """A graph or a configuration pasted in; anything long that is neither prose nor numbers."""
    if isinstance(node, ast.Dict):
        keys = {key.value for key in node.keys if _is_text(key)}
        return "holds a graph" if any(wanted <= keys for wanted in GRAPH_KEYS) else ""
    if _is_text(node) and len(node.value) > LONG_TEXT:
        words = node.value.split()
        longest = max(map(len, words), default=0)
        return f"holds {len(node.value):,} encoded characters" if longest > ENCODED else ""
    return ""


def _texts(node: ast.AST, text: Text) -> str:
    """Names of files, modules and kinds of data that are the grader's; never in a docstring."""
    if not _is_text(node) or isinstance(text.parents.get(node), ast.Expr):
        return ""
    value = node.value if isinstance(node.value, str) else node.value.decode("latin-1")
    return next((reason for words, reason in TEXTS if words.search(value)), "")


Rule = Callable[[ast.AST, Text], str]
RULES: tuple[Rule, ...] = (
    _imports,
    _writes_into_modules,
    _uses_internals,
    _touches_the_shell,
    _touches_modules,
    _calls,
    _sends_raw_outputs,
    _looks_at_frames,
    _reads_history,
    _rebinds,
    _pretends,
    _decodes,
    _holds_a_graph,
    _texts,
)
"""Of each node the first rule that says something counts."""


# --- what names stand for -----------------------------------------------------------------------


def _python(source: str) -> tuple[ast.Module, list[str]]:
    """A cell as Python with its lines; empty where it is none, for then it does not run."""
    if len(source) > LARGEST_CELL:
        return ast.Module([], []), []
    if source.lstrip().startswith("%%"):  # what stands below %%time or %%capture is Python
        source = re.sub(r"%%", "# ", source, count=1)
    for text in (source, _as_python(source)):
        try:
            return ast.parse(text), text.split("\n")
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
    return ast.Module([], []), []


def _as_python(source: str) -> str:
    """The cell without magics; IPython drops empty lines at its top, which would shift the rest."""
    top = len(source) - len(source.lstrip("\n"))
    try:
        return "\n" * top + TransformerManager().transform_cell(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return source


def _names(trees: list[ast.Module]) -> dict[str, str]:
    """What the names of a notebook stand for, where imports and plain assignments tell.

    A name that is given something else, too, stands for nothing: a student's own `layers`.
    """
    names: dict[str, str] = {"get_ipython": "get_ipython"}
    others: set[str] = set()
    for node in (node for tree in trees for node in ast.walk(tree)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.partition(".")[0]
                names[alias.asname or top] = alias.name if alias.asname else top
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                names[alias.asname or alias.name] = f"{node.module}.{alias.name}"
        elif isinstance(node, ast.arg):
            others.add(node.arg)
    for node in (node for tree in trees for node in ast.walk(tree)):
        if isinstance(node, ast.Assign):
            stands_for = _dotted(node.value, names)
            for target in node.targets:
                if isinstance(target, ast.Name) and stands_for:
                    names.setdefault(target.id, stands_for)
                elif isinstance(target, ast.Name):
                    others.add(target.id)
    return {key: value for key, value in names.items() if key not in others}


def _dotted(node: ast.AST, names: Mapping[str, str]) -> str:
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    is_shell = isinstance(node, ast.Call) and _dotted(node.func, names).endswith("get_ipython")
    if is_shell:
        return ".".join([SHELL, *reversed(parts)])
    first = names.get(_name(node), "")
    return ".".join([first, *reversed(parts)]) if first else ""


def _bound(trees: Iterator[ast.Module]) -> Iterator[str]:
    for node in (node for tree in trees for node in ast.walk(tree)):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def _modules(tree: ast.AST) -> Iterator[str]:
    """The modules that a tree imports, and what it imports from the package, by whole names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            if _root(node.module) == PACKAGE:
                yield from (f"{node.module}.{alias.name}" for alias in node.names)
            else:
                yield node.module


def _is_internal(target: str) -> bool:
    """Whether a whole name is of the package, and not one that students are given."""
    parts = target.split(".")
    if parts[0] != PACKAGE or len(parts) == 1 or parts[1].startswith("__"):
        return False
    return parts[1] != "teaching" and not (len(parts) == 2 and parts[1] in PUBLIC | {"*"})


def _is_at_the_top(node: ast.AST, text: Text) -> bool:
    scopes = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.comprehension)
    around = text.parents.get(node)
    while around is not None and not isinstance(around, scopes):
        around = text.parents.get(around)
    return around is None


def _root(target: str) -> str:
    return target.partition(".")[0]


def _name(node: ast.AST | None) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def _written(node: ast.AST) -> str:
    """A name with dots as it stands there: `bytes.fromhex`."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return f"{node.value.id}.{node.attr}"
    return _name(node)


def _is_text(node: ast.AST | None) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes))
