"""Lines that only the grader's world lacks cost nobody a point, and bring nobody one."""

import pytest
from classroom.attacks import FULL, NAME, RIGHT, RIGHT_TOWER, WRONG_NUMBER, WRONG_TOWER, answered
from classroom.fort import fort, remarks
from sweeps import asked_about, one_in

from autograder.grading.sandbox.bubblewrap import NoSandbox, find_user

try:
    find_user()
except NoSandbox as reason:
    pytestmark = [pytest.mark.slow, pytest.mark.skip(reason=f"no sandbox here: {reason}")]
else:
    pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("zygote")]

HERE = "fort_ex1_answer, line"
LINES = {
    # what stands in front of a right answer: the remark
    "from google.colab import drive\ndrive.mount('/content/drive')": [
        f"{HERE} 1: google.colab is only in Colab",
        f"{HERE} 2: drive.mount() does nothing when grading",
    ],
    "from google.colab import files\nmy = files.upload()['data.csv']": [
        f"{HERE} 2: files.upload()"
    ],
    "import google.colab\nimport google.protobuf\ngoogle.colab.output.clear()": [
        f"{HERE} 3: output"
    ],
    "name = input('Your name?')": [f"{HERE} 1: Nobody answers input()"],
    "import getpass\nkey = getpass.getpass()": [f"{HERE} 2: Nobody answers input()"],
    "count = int(input())": [f"{HERE} 1: This was passed over: nobody answers input()"],
    "while input('Ready?') != 'yes': pass": [f"{HERE} 1: Nobody answers input()"],
    "%matplotlib widget": [f"{HERE} 1: %matplotlib widget draws into the page"],
    "%matplotlib notebook": [f"{HERE} 1: %matplotlib notebook"],
    "%matplotlib qt": [f"{HERE} 1: %matplotlib qt"],
    "%pip install -q wandb": [f"{HERE} 1: %pip installs nothing"],
    "!pip install -q wandb": [],
    "%conda install wandb": [f"{HERE} 1: %conda installs nothing"],
    "!apt-get install graphviz\n!wget http://example.com/x\n!git clone http://example.com/x": [],
    "%tensorflow_version 2.x": [f"{HERE} 1: %tensorflow_version does not work"],
    "%load_ext nobody_has_this": [f"{HERE} 1: %load_ext does not work"],
    "%load_ext autoreload\n%autoreload 2": [],
    "%%nobody_has_this\nx = 1": [f"{HERE} 1: There is no %%nobody_has_this"],
    "import wandb\nwandb.init()": [f"{HERE} 1: This was passed over: there is no module wandb"],
    "import urllib.request\nurllib.request.urlopen('http://example.com')": [
        f"{HERE} 2: This was passed over: there is no network"
    ],
    "keras.utils.get_file('x.csv', 'https://example.com/x.csv')": [
        f"{HERE} 1: This was passed over: there is no network"
    ],
    "(x, y), _ = keras.datasets.mnist.load_data()\nx = x / 255": [
        f"{HERE} 1: This was passed over: there is no network",
        f"{HERE} 2: This was passed over: x was to come from line 1",
    ],
    "rows = open('/content/drive/MyDrive/x.csv').read()": [
        f"{HERE} 1: This was passed over: there is no file /content/drive/MyDrive/x.csv"
    ],
    "import os\nos.chdir('/content')": [
        f"{HERE} 2: This was passed over: there is no file /content"
    ],
    "import tensorflow as tf\ngpus = tf.config.list_physical_devices('GPU')\n"
    "tf.config.experimental.set_memory_growth(gpus[0], True)": [
        f"{HERE} 3: This was passed over: there is no such device"
    ],
    "import tensorflow as tf\nstrategy = tf.distribute.MirroredStrategy()": [],
    "exit()": [f"{HERE} 1: exit() ends nothing"],
    "get_ipython().kernel.do_shutdown(True)": [f"{HERE} 1: Python is not restarted"],
    "from IPython import Application\nApplication.instance().kernel.do_shutdown(True)": [
        f"{HERE} 2: Python is not restarted"
    ],
    "import webbrowser\nwebbrowser.open('http://example.com')": [],
    "from IPython.display import IFrame, YouTubeVideo, display\ndisplay(YouTubeVideo('x'))": [],
    "from ipympl_of_nobody import interact\n@interact\ndef draw(n): pass": [
        f"{HERE} 1: This was passed over: there is no module ipympl_of_nobody"
    ],
}
"""Each is the beginning of a right answer."""
IN_COLAB = """
try:
    import google.colab
    IN_COLAB = True
except ImportError:
    IN_COLAB = False
assert not IN_COLAB
"""
RIGHT_ONLY = {"asks_where_it_is": IN_COLAB}
GAINS = {
    # wrong answers that would be worth something if a stand-in or a passed-over line were
    "raises_in_the_check": "def build_tower(features=8, units=4):\n    import nobody_has_this",
    "passes_itself_over": f"{WRONG_TOWER}\nimport nobody_has_this",
    "returns_a_stand_in": (
        "from google.colab import tower\ndef build_tower(features=8, units=4):\n"
        "    return tower.build(features, units)"
    ),
    "says_it_was_passed_over": (
        "import sys\nover = sys.modules['autograder.grading.sandbox.passing_over']\n"
        "over.AT_HAND[0].is_passed_over"
        f" = lambda number: True\n{WRONG_TOWER}"
    ),
}


@pytest.fixture(scope="module")
def room(zygote, request, released_fort, tmp_path_factory):
    room = fort(released_fort, tmp_path_factory.mktemp("worlds"))
    (released,) = room.released("fort").values()
    beginnings = list(LINES)
    for number in asked_about(request, "number"):
        made = answered(released, f"{beginnings[number]}\n{RIGHT_TOWER}", RIGHT[1])
        room.submit(f"s{number}", "fort", {NAME: made})
    for student, lines in RIGHT_ONLY.items():
        made = answered(released, f"{lines}\n{RIGHT_TOWER}", RIGHT[1])
        room.submit(student, "fort", {NAME: made})
    for student, tower in GAINS.items():
        room.submit(student, "fort", {NAME: answered(released, tower, WRONG_NUMBER)})
    room.autograde("fort")
    return room


@pytest.fixture(scope="module")
def scores(room):
    return {score.student: score.score for score in room.scores("fort")}


@one_in(3)
@pytest.mark.parametrize("number", range(len(LINES)), ids=[x.split("\n")[0] for x in LINES])
def test_the_rest_of_the_cell_runs(room, scores, number):
    assert scores[f"s{number}"] == FULL, remarks(room, f"s{number}")


@one_in(3)
@pytest.mark.parametrize("number", range(len(LINES)), ids=[x.split("\n")[0] for x in LINES])
def test_the_instructor_reads_cell_and_line(room, number):
    lines = remarks(room, f"s{number}")
    for told in list(LINES.values())[number]:
        assert any(line.startswith(told) for line in lines), lines


@pytest.mark.parametrize("student", RIGHT_ONLY)
def test_code_that_asks_where_it_is_hears_the_truth(scores, student):
    assert scores[student] == FULL


@pytest.mark.parametrize("student", GAINS)
def test_nobody_gains_by_it(scores, student):
    assert scores[student] == 0
