"""Rules: texts and data that nobody types for an answer."""

from __future__ import annotations

import ast
import re

from autograder.grading.worth_a_look.cell_text import Text, as_written, is_text, name_of

LONG_TEXT = 2000
"""Characters of a text that nobody types."""
ENCODED = 200
"""Characters of a text in one piece that is no word, no path and no address."""
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


def decodes(node: ast.AST, text: Text) -> str:
    """Code and data that are written so that nobody reads them."""
    if not isinstance(node, ast.Call):
        return ""
    inside = [each for argument in node.args for each in ast.walk(argument)]
    longest = max((len(n.value) for n in inside if is_text(n)), default=0)
    decodes = any(
        isinstance(n, ast.Call) and DECODERS.match(text.dotted(n.func) or as_written(n.func))
        for n in inside
    )
    if name_of(node.func) in ("exec", "eval", "compile") and (decodes or longest > ENCODED):
        return "runs code that is written as data"
    target = text.dotted(node.func) or as_written(node.func)
    return "decodes a long text" if DECODERS.match(target) and longest > ENCODED else ""


def holds_a_graph(node: ast.AST, text: Text) -> str:
    """A graph or a configuration pasted in; anything long that is neither prose nor numbers."""
    if isinstance(node, ast.Dict):
        keys = {key.value for key in node.keys if is_text(key)}
        return "holds a graph" if any(wanted <= keys for wanted in GRAPH_KEYS) else ""
    if is_text(node) and len(node.value) > LONG_TEXT:
        words = node.value.split()
        longest = max(map(len, words), default=0)
        return f"holds {len(node.value):,} encoded characters" if longest > ENCODED else ""
    return ""


def names_of_the_grader(node: ast.AST, text: Text) -> str:
    """Names of files, modules and kinds of data that are the grader's; never in a docstring."""
    if not is_text(node) or isinstance(text.parents.get(node), ast.Expr):
        return ""
    value = node.value if isinstance(node.value, str) else node.value.decode("latin-1")
    return next((reason for words, reason in TEXTS if words.search(value)), "")
