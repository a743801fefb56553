"""What is worth a look in a student's lines: attacks are named, honest notebooks never."""

import ast
import copy
import re
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.grading.notebooks.answer_cells import with_answers
from autograder.grading.notebooks.grafting import graft, mark_cells
from autograder.grading.worth_a_look.cell_text import LARGEST_CELL
from autograder.grading.worth_a_look.every_rule import RULES
from autograder.grading.worth_a_look.odd_lines import LONGEST_LINE, MOST, remarks_on_lines

ROOT = Path(__file__).parents[3]
CHAPTERS = sorted(path.parent.name for path in ROOT.glob("solutions/*/*.ipynb"))


def skeleton():
    """A chapter's set-up and one exercise, as released."""
    setup = new_code_cell(
        "import numpy as np\nimport keras\nfrom keras import layers\n\nfrom autograder import check"
    )
    answer = new_code_cell("def build():\n    raise NotImplementedError")
    answer.metadata["nbgrader"] = {"grade_id": "x_answer", "solution": True, "grade": False}
    check = new_code_cell('check("x", build)')
    check.metadata["nbgrader"] = {"grade_id": "x_check", "solution": False, "grade": True}
    return new_notebook(cells=[setup, answer, check])


def told(*sources):
    """What is said of a submission: its answer is the first text, the others are extra cells."""
    released = skeleton()
    submitted = copy.deepcopy(released)
    submitted.cells[1].source = sources[0]
    submitted.cells += [new_code_cell(source) for source in sources[1:]]
    return _told(released, submitted)


def _told(released, submitted):
    grafted = graft(released, submitted)
    mark_cells(released, grafted)
    return remarks_on_lines(grafted.notebook)


HONEST = [
    "%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.rcParams['figure.dpi'] = 80",
    "import matplotlib.pyplot as plt\nplt.rcParams.update({'a': 9})\nplt.style.use('ggplot')",
    "get_ipython().run_line_magic('matplotlib', 'inline')\nget_ipython().system('ls')",
    "!pip install -q keras\n%pip install pydot\n!nvidia-smi\n!cat /proc/cpuinfo /proc/meminfo",
    "%%time\nmodel = build()\nmodel.summary()",
    "%%capture out\nimport keras",
    "%load_ext autoreload\n%autoreload 2\n%timeit build()",
    "try:\n    from google.colab import drive\n    drive.mount('/content/drive')\n"
    "except ImportError:\n    pass",
    "import sys\nIN_COLAB = 'google.colab' in sys.modules\nsys.path.append('/content/drive')",
    "import sys\nif 'my_layers' in sys.modules:\n    del sys.modules['my_layers']",
    "on_colab = 'google.colab' in str(get_ipython())\n"
    "in_lab = get_ipython().__class__.__name__ == 'ZMQInteractiveShell'",
    "get_ipython().kernel.do_shutdown(True)",
    "import IPython\nIPython.Application.instance().kernel.do_shutdown(True)",
    "from IPython.core.interactiveshell import InteractiveShell\n"
    "InteractiveShell.ast_node_interactivity = 'all'",
    "from IPython.display import display, HTML, Image, SVG\ndisplay(HTML('<b>x</b>'))",
    "from IPython.display import clear_output\nclear_output(wait=True)",
    "import inspect\nprint(inspect.signature(build), inspect.getsource(build))",
    "import os\nos.environ['KERAS_BACKEND'] = 'tensorflow'\n"
    "os.environ['TF_CPP_MIN_LOG_LEVEL'] = '3'\nos.makedirs('pictures', exist_ok=True)",
    "import warnings\nwarnings.filterwarnings('ignore')\nwarnings.simplefilter('ignore')",
    "import logging\nlogging.getLogger('tensorflow').setLevel(logging.ERROR)",
    "import ssl\nssl._create_default_https_context = ssl._create_unverified_context",
    "import pandas as pd\npd.options.display.max_rows = 10\npd.options.mode.x = None",
    "np.random.seed(0)\nnp.set_printoptions(precision=3)\nnp.bool = bool\nnp.object = object",
    "import random\nrandom.seed(1)\nkeras.utils.set_random_seed(1)",
    "import tensorflow as tf\ntf.config.run_functions_eagerly(True)\ntf.random.set_seed(1)\n"
    "for gpu in tf.config.list_physical_devices('GPU'):\n"
    "    tf.config.experimental.set_memory_growth(gpu, True)\n"
    "tf.get_logger().setLevel('ERROR')\ntf.compat.v1.logging.set_verbosity(40)",
    "keras.backend.clear_session()\nkeras.backend.set_floatx('float32')\n"
    "keras.utils.get_custom_objects()['mine'] = build",
    "import gc\ngc.collect()",
    "import json\nconfig = json.loads(keras.Sequential([layers.Dense(1)]).to_json())\n"
    "print(config['class_name'], [x['config']['name'] for x in config['config']['layers']])",
    "model = build()\nmodel.trainable = False\nfor layer in model.layers[:-1]:\n"
    "    layer.trainable = False\nmodel.layers[0]._name = 'first'",
    "other = keras.Model.from_config(build().get_config())\nkeras.models.clone_model(build())",
    "In = keras.Input((3,))\nOut = layers.Dense(1)(In)\nmodel = keras.Model(In, Out)",
    "collect = []\ncollect.append(3)\nfor draw in range(3):\n    print(draw)",
    "def helper(x):\n    check = x > 3\n    display = 4\n    return check",
    "class Mine(layers.Layer):\n    def __init__(self, units, **kwargs):\n"
    "        super().__init__(**kwargs)\n        self.units = units\n    def call(self, x):\n"
    "        return x * self.units\n    def get_config(self):\n"
    "        return {**super().get_config(), 'units': self.units}",
    "class Point:\n    def __init__(self, x):\n        self.x = x\n    def __eq__(self, other):\n"
    "        return self.x == other.x",
    "class Model(keras.Model):\n    def train_step(self, data):\n"
    "        return super().train_step(data)",
    "import subprocess, sys\nsubprocess.check_call([sys.executable, '-m', 'pip', 'install', 'x'])",
    "import base64\nbase64.b64encode(b'abc')\nbase64.b64decode('YWJj')",
    "print(eval('1 + 1'))\nmodel = build()\nmodel.compile(optimizer='adam', loss='mse')",
    "import time\nstart = time.time()\nprint(f'{time.time() - start:.1f} s')",
    "from autograder import check, compare, draw, explain\ndraw(build())\nexplain(build())",
    "from autograder.teaching.words import pad\nfrom autograder.teaching.data import headlines",
    "import autograder\nautograder.draw(build())\nprint(autograder.__version__)",
    "from autograder import *",
    "with open('/tmp/a.txt', 'w') as file:\n    file.write('x')\nbuild().save('/content/m.keras')",
    "text = '''" + "It was a dark and stormy night; the rain fell in torrents. " * 80 + "'''",
    "numbers = [" + ", ".join(str(n) for n in range(2000)) + "]",
    "from functools import partial\nconv = partial(layers.Conv2D, kernel_size=3, padding='same')",
    "import urllib.request\nurllib.request.urlretrieve('https://example.org/a.csv', 'a.csv')",
    "from tqdm.notebook import tqdm\nfor n in tqdm(range(3)):\n    pass",
    "try:\n    build()\nexcept Exception as e:\n    print(e.__class__.__name__, e.__traceback__)",
    "vars(build())\nbuild().__dict__\nsetattr(build(), 'name', 'x')\ngetattr(layers, 'Dense')",
    "shell = get_ipython()\nshell.run_line_magic('time', '1 + 1')\nshell.magic('ls')",
    "this is no Python (",
    "",
]

ODD = [
    ("keras.Model.count_params = lambda self: 41", "replaces keras.Model.count_params"),
    ("import autograder as a\na.check = print", "line 2 replaces autograder.check: `a.check"),
    ("import autograder.checking as c\nshow = c._display", "imports autograder.checking"),
    ("from autograder import collect", "imports autograder.collect"),
    ("from autograder.judging import judge", "imports autograder.judging.judge"),
    ("import importlib\nc = importlib.import_module('autograder.checking')", "names a module of"),
    ("setattr(keras.Model, 'count_params', 3)", "reaches into keras.Model"),
    ("layers.Dense.__dict__", "reaches into keras.layers.Dense"),
    ("from keras import Model\ndel Model.summary", "replaces keras.Model.summary"),
    (
        "class A(layers.Dense): pass\nD = layers.Dense\nD.call = 3",
        "replaces keras.layers.Dense.call",
    ),
    ("import sys\nm = sys.modules['autograder.checking']", "touches sys.modules"),
    ("import sys\nsys.modules.get('keras')", "touches sys.modules"),
    ("import sys\nsys.modules[name]", "touches sys.modules"),
    ("import sys\nsys.displayhook = print", "replaces sys.displayhook"),
    ("import builtins", "imports builtins"),
    ("__builtins__.print = 3", "reads __builtins__"),
    ("import ctypes", "reaches into Python's memory"),
    ("from gc import get_objects\nget_objects()", "looks through Python's memory (gc.get_objects)"),
    ("import gc\ngc.get_referrers(3)", "gc.get_referrers"),
    ("import inspect\ninspect.stack()", "looks at who called it (inspect.stack)"),
    ("import sys\nsys._getframe(1)", "looks at who called it (sys._getframe)"),
    ("def f(frame):\n    return frame.f_back", "reaches for f_back"),
    ("print(In[-4:])", "line 1 reads In: `print(In[-4:])`"),
    ("_oh", "reads _oh"),
    ("ip = get_ipython()\nip.events.register('post_run_cell', f)", "touches get_ipython().events"),
    ("get_ipython().display_pub.publish = f", "touches get_ipython().display_pub"),
    ("get_ipython().input_transformers_post.append(f)", "input_transformers_post"),
    ("from IPython import get_ipython\nget_ipython().ast_transformers", "ast_transformers"),
    ("get_ipython().user_ns['check'] = f", "touches get_ipython().user_ns"),
    ("get_ipython().run_cell = f", "replaces get_ipython().run_cell"),
    ("get_ipython().kernel.do_execute = f", "replaces get_ipython().kernel.do_execute"),
    ("m = 'application/vnd.autograder.evidence+json'", "the kind of output that evidence has"),
    ("open('references.json')", "names the file of references"),
    ("open('../hidden_references.json')", "names the file of references"),
    ("import os\nos.environ['AUTOGRADER_RECORD'] = '1'", "names a setting of the grader"),
    ("check = print", "gives check another meaning"),
    ("def collect(*a): pass", "gives collect another meaning"),
    ("display = lambda *a: None", "gives display another meaning"),
    ("def f():\n    global check\n    check = 3", "gives check another meaning"),
    ("globals()['check'] = print", "gives check another meaning"),
    ("from mine import check", "gives check another meaning"),
    (
        "class A:\n    def __eq__(self, o): return True",
        "line 2 makes objects that compare",
    ),
    ("class A:\n    __eq__ = lambda s, o: True", "compare with everything"),
    ("class A:\n    __class__ = keras.Model", "pretended class"),
    ("class A:\n    @property\n    def __class__(self): return int", "pretended class"),
    ("import os\nos._exit(0)", "ends Python at once (os._exit)"),
    ("import base64\nexec(base64.b64decode(x))", "runs code that is written as data"),
    (f"exec('{'a' * 300}')", "runs code that is written as data"),
    (f"import zlib\nzlib.decompress(b'{'a' * 300}')", "decodes a long text"),
    (f"bytes.fromhex('{'ab' * 300}')", "decodes a long text"),
    (f"x = '{'a' * 3000}'", "holds 3,000 encoded characters"),
    ("m = keras.Model.from_config({'class_name': 'X', 'config': {}})", "holds a graph"),
    ('keras.models.model_from_json(\'{"class_name": "Functional"}\')', "holds a graph"),
    ("g = {'calls': [], 'outputs': []}", "holds a graph"),
    ("open('/proc/self/fd/5')", "names a place that is the system's"),
    ("import os\nopen(f'/proc/{os.getpid()}/fd')", "names a place that is the system's"),
    ("import glob\nglob.glob('/run/kernel/*')", "names a place that is the system's"),
    ("import subprocess\nsubprocess.Popen('sleep 9', shell=True)", "starts another program"),
    ("import socket\nsocket.socket()", "opens a network connection"),
    ("import os\nos.write(5, b'x')", "writes to open channels"),
    ("display({'a/b': 1}, raw=True)", "sends an output of any kind"),
    ("from unittest.mock import patch\npatch('keras.Model')", "replaces attributes of modules"),
    ("import json\njson.dumps = f", "replaces json.dumps"),
    ("%%time\nkeras.Model.call = 3", "line 2 replaces keras.Model.call"),
    ("\n\n!ls\nkeras.Model.call = 3", "line 4 replaces keras.Model.call: `keras.Model.call = 3`"),
]


@pytest.mark.parametrize("source", HONEST, ids=lambda source: source[:40])
def test_what_honest_notebooks_do_is_never_named(source):
    assert told(source) == []
    assert told("def build():\n    return 3", source) == []


@pytest.mark.parametrize(("source", "says"), ODD, ids=lambda text: text[:40])
def test_what_is_odd_is_named_with_its_line(source, says):
    lines = told(source)
    assert any(says in line for line in lines), lines
    assert all(re.match(r"x_answer, line \d+ ", line) for line in lines)
    assert any(says in line for line in told("def build(): ...", source))


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_the_solutions_of_all_chapters_are_never_named(chapter):
    released = nbformat.read(ROOT / "course" / chapter / f"{chapter}.ipynb", as_version=4)
    solution = nbformat.read(ROOT / "solutions" / chapter / f"{chapter}.ipynb", as_version=4)
    assert _told(released, with_answers(released, solution)) == []
    lines = _told(skeleton(), solution)  # all cells of the chapter as if a student had added them
    ours = r"imports autograder\.(collect|mistakes|brief|graphs\.weightless\.build_weightless): "
    assert [line for line in lines if not re.search(ours, line)] == []


def test_right_answers_of_the_corpus_are_never_named():
    text = (ROOT / "tests" / "corpus" / "right_by_hand.py").read_text()
    functions = [node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]
    assert len(functions) > 20
    for function in functions:
        assert told(ast.get_source_segment(text, function)) == [], function.name


def test_each_rule_is_tried():
    assert {rule.__doc__ is not None for rule in RULES} == {True}
    assert len(ODD) > 3 * len(RULES)


def test_a_stub_and_our_own_cells_are_not_looked_at():
    released = skeleton()
    released.cells[0].source += "\nfrom autograder.judging import judge\nimport ctypes"
    released.cells[1].source = "import ctypes"
    assert _told(released, copy.deepcopy(released)) == []


def test_a_module_that_our_cells_import_may_be_used():
    released = skeleton()
    released.cells[0].source += "\nfrom autograder.graphs.weightless import build_weightless"
    submitted = copy.deepcopy(released)
    submitted.cells[1].source = "from autograder.graphs.weightless import build_weightless as b\nb"
    assert _told(released, submitted) == []


def test_a_line_is_shown_on_one_line_short_and_without_controls():
    (line,) = told(f"x = 'references.json'  # \x1b]0;\u202e{'long ' * 100}")
    assert len(line) < LONGEST_LINE + 100
    assert line.isprintable()


def test_many_lines_are_counted():
    lines = told("\n".join(f"keras.Model.a{n} = 1" for n in range(50)))
    assert len(lines) == MOST + 1
    assert lines[-1] == f"{50 - MOST} more lines like these."


@pytest.mark.parametrize(
    "source",
    [
        "x = " + "(" * 5000 + "1" + ")" * 5000,
        "x = " + "-" * 100_000 + "1",
        "x = 1" + " + 1" * 20_000,
        "\0",
        "x = " + "[" * 150 + "]" * 150,
        "a." + "b." * 30_000 + "c = 1",
    ],
    ids=lambda source: source[:12],
)
def test_no_text_stops_the_scan(source):
    assert isinstance(told(source), list)


def test_what_nobody_types_is_not_parsed_but_told():
    (line,) = told("x = 1\n" * LARGEST_CELL)
    assert "characters; its lines were not looked at" in line


def test_attacks_with_code_against_the_grader_are_named(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "tests" / "classroom"))
    from classroom import attacks

    released = _as_released(attacks.course_notebook())
    named, silent = set(), set()
    for attack in attacks.ATTACKS:
        if attack.name.startswith("right_"):  # a right answer among what does itself harm
            continue
        handed_in = attack.files(released).get(attacks.NAME)
        if not isinstance(handed_in, bytes):
            (named if _told(released, handed_in) else silent).add(attack.name)
    assert len(named) >= 40
    # What is not named touches nothing of the grader's: too much, too long, odd files, odd cells.
    assert silent <= {
        *("skip_tags", "deleted_checks", "double_checks", "retyped_checks", "regraded_cells"),
        *("notebook_is_a_link", "pipe_and_sparse_file", "odd_file_names", "other_notebooks"),
        *("ignored_interrupt", "endless_loop_in_c", "swallowed_interrupts", "leaves_early"),
        *("sixty_megabytes", "slow_and_many_outputs", "zip_bomb", "eight_gigabytes"),
        *("ten_thousand_threads", "shared_memory", "asks_for_input", "imports_own_module"),
        *("local_autograder", "links_in_the_folder", "answer_in_an_extra_cell"),
    }


def _as_released(solution):
    released = copy.deepcopy(solution)
    for cell in released.cells:
        cell.source = re.sub(
            r"(?s)\n*### BEGIN HIDDEN.*?END HIDDEN TESTS|### BEGIN.*?END SOLUTION", "", cell.source
        )
    return released
