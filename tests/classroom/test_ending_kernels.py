"""A cell that ends its kernel costs itself, and not what stands after it."""

import copy

import nbformat
import pytest
from classroom.standin import room_in, solution_notebook
from nbformat.v4 import new_code_cell
from sweeps import asked_about

from autograder.grading.notebooks.answer_cells import with_answers
from autograder.grading.sandbox.bubblewrap import NoSandbox, find_user

try:
    find_user()
except NoSandbox as reason:
    pytestmark = [pytest.mark.slow, pytest.mark.skip(reason=f"no sandbox here: {reason}")]
else:
    pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("zygote")]

NAME = "standin.ipynb"
FULL, FIRST, SECOND = 5, 2, 3
SETTINGS = """
c.Execute.timeout = 5
c.SandboxProvisioner.memory = 2_000_000_000
"""
NO_TIME = "\nc.SandboxProvisioner.processor = 4\n"
LEAVE = "import os\nos._exit(0)"
TOUCH = """import mmap
held = mmap.mmap(-1, 3_000_000_000)
for at in range(0, 3_000_000_000, 4096):
    held[at] = 1"""
BREAK_SOCKETS = """import os, threading
def write():
    while True:
        for handle in range(3, 60):
            try: os.write(handle, b"x" * 100)
            except OSError: pass
threading.Thread(target=write, daemon=True).start()
threading.Event().wait(1)"""
DEAF = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass"
ENDED = "The code ended Python itself, or ran out of memory."
GOES_ON = "What comes after runs without it."

CASES = {
    # student: (first answer, cells put before the second answer, score, what the instructor reads)
    "leaves": (LEAVE, [], SECOND, f"ex1_answer: {ENDED} {GOES_ON}"),
    "crashes": ("import ctypes; ctypes.string_at(0)", [], SECOND, f"ex1_answer: {ENDED}"),
    "is_killed": ("import os; os.kill(os.getpid(), 9)", [], SECOND, f"ex1_answer: {ENDED}"),
    "leaves_between": (None, [LEAVE], FULL, f"student-3: {ENDED} {GOES_ON}"),
    "leaves_twice": (None, [LEAVE, "x = 1", LEAVE], FULL, f"student-5: {ENDED} {GOES_ON}"),
    "leaves_again_and_again": (
        None,
        [LEAVE] * 3,
        FIRST,
        f"student-5: {ENDED} What came after counts as not done.",
    ),
    "takes_memory": (
        TOUCH,
        [],
        SECOND,
        "ex1_answer: The code was stopped: it took more than 2 GB of memory. What comes",
    ),
    "cannot_be_interrupted": (
        DEAF,
        [],
        SECOND,
        "ex1_answer: The code did not come to its end, and could not be interrupted. What comes",
    ),
    # What becomes of it is chance: which socket breaks first.
    "breaks_sockets": (BREAK_SOCKETS, [], SECOND, "ex1_answer: "),
    "takes_long": ("while True: pass", [], SECOND, "ex1_answer: It took more than 5 s and was"),
    "right_but_slow_on_purpose": (
        None,
        ["import time\ntime.sleep(1000)"],
        FULL,
        "student-3: It took more than 5 s and was stopped.",
    ),
}


ALIKE = {"crashes", "is_killed", "leaves_between", "leaves_twice", "right_but_slow_on_purpose"}
"""Students to whom the same happens as to another: `long`."""
STUDENTS = [pytest.param(name, marks=[pytest.mark.long] * (name in ALIKE)) for name in CASES]


def answered(released, first, between):
    made = with_answers(released, solution_notebook())
    place = next(i for i, c in enumerate(made.cells) if c.id == "ex2-answer")
    if first is not None:
        made.cells[place - 2].source = first
    made.cells[place:place] = [new_code_cell(source) for source in between]
    return made


@pytest.fixture(scope="module")
def room(zygote, request, released, tmp_path_factory):
    """A class of those of whom something is asked in this run."""
    asked = asked_about(request, "student")
    cases = {student: case for student, case in CASES.items() if student in asked}
    return graded(released, tmp_path_factory.mktemp("ending"), cases, SETTINGS)


def graded(released, folder, cases, settings):
    room = room_in(released, folder / "room")
    config = room.root / "nbgrader_config.py"
    config.write_text(config.read_text() + settings)
    notebook = room.released("standin")[NAME]
    for student, (first, between, *_) in cases.items():
        made = answered(copy.deepcopy(notebook), first, between)
        room.submit(student, "standin", {NAME: made})
    room.autograde("standin")
    return room


def notebook(room, student):
    path = room.root / "classroom" / "autograded" / student / "standin" / NAME
    return nbformat.read(path, as_version=4)


@pytest.mark.parametrize("student", STUDENTS)
def test_only_the_cell_that_ended_it_is_lost(room, student):
    assert sum(room.cell_scores(student, "standin").values()) == CASES[student][2]


@pytest.mark.parametrize("student", STUDENTS)
def test_the_instructor_reads_which_cell_it_was(room, student):
    lines = notebook(room, student).metadata.autograder.remarks
    assert [line for line in lines if line.startswith(CASES[student][3])], lines


@pytest.mark.parametrize("student", [s for s in STUDENTS if s.values != ("breaks_sockets",)])
def test_the_student_reads_it_in_the_cell(room, student):
    told = CASES[student][3].partition(": ")[2].split(" What")[0]
    outputs = [o for cell in notebook(room, student).cells for o in cell.get("outputs", [])]
    assert any(told in o.get("evalue", "") for o in outputs)


def test_time_that_is_used_up_is_used_up_in_all_kernels(released, tmp_path):
    busy = "import time, os\nwhile time.process_time() < 3: pass\n"
    cases = {"busy": (busy, [LEAVE])}
    room = graded(
        released, tmp_path, cases, SETTINGS.replace("timeout = 5", "timeout = 30") + NO_TIME
    )
    lines = notebook(room, "busy").metadata.autograder.remarks
    assert any("4 seconds of processor time. What came after counts as" in x for x in lines), lines
    assert room.cell_scores("busy", "standin")["ex2_check"] == 0
