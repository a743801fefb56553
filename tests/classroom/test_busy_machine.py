"""Other work on the machine changes nobody's grade."""

import os
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest
from classroom.attacks import FULL, NAME, RIGHT, RIGHT_TOWER, answered
from classroom.fort import fort, remarks
from classroom.programs import autograder

from autograder.grading.engine.assignments import ALONE
from autograder.grading.sandbox.bubblewrap import NoSandbox, find_user
from autograder.grading.sandbox.clock import MOST_STRETCH, Clock

BURN = [sys.executable, "-c", "while True: pass"]
BURNERS = 3 * (os.cpu_count() or 1)

try:
    find_user()
    WHY_NOT = ""
except NoSandbox as reason:
    WHY_NOT = f"no sandbox here: {reason}"
sandboxed = pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT)

SHOWS = """
import time
import matplotlib.pyplot as plt
from IPython.display import display
for number in range(60):
    figure = plt.figure(figsize=(6, 4))
    plt.plot(range(number + 2))
    display(figure)
    plt.close(figure)
    print(number, end=" ", flush=True)
    time.sleep(0.01)
"""
TRAINS = """
import numpy as np
tried = build_tower()
tried.compile("adam", "mse")
tried.fit(np.ones((256, 8)), np.ones((256, 1)), epochs=3, batch_size=8)
"""
HONEST = {
    "shows": f"{RIGHT_TOWER}\n{SHOWS}",
    "trains": f"{RIGHT_TOWER}\n{TRAINS}",
    "answers": RIGHT_TOWER,
}
SETTINGS = "\nc.Execute.timeout = 20\n"


@contextmanager
def busy():
    """As if other people worked on all processors, three on each."""
    burners = [subprocess.Popen(BURN) for _ in range(BURNERS)]
    try:
        yield
    finally:
        for burner in burners:
            burner.kill()
            burner.wait()


class TestClock:
    @pytest.mark.slow
    @pytest.mark.alone
    def test_what_has_to_wait_for_a_processor_is_not_charged(self, tmp_path):
        with busy():
            # Burners are what this clock looks at: all of them want a processor all the time.
            clock = Clock(_own_proc(tmp_path))
            spin(3)
            assert clock.spent() < 0.8 * clock.wall()

    def test_sleeping_is_charged(self, tmp_path):
        clock = Clock(_own_proc(tmp_path))
        time.sleep(0.5)
        assert clock.spent() > 0.3

    def test_nothing_gets_more_than_so_many_times_its_seconds(self, tmp_path):
        clock = Clock(_standing(tmp_path, ran=0, waited=0))
        _standing(tmp_path, ran=0, waited=10**12)
        assert clock.wall() / MOST_STRETCH <= clock.spent() < clock.wall()

    def test_many_threads_cannot_wait_for_each_other_for_ever(self, tmp_path):
        clock = Clock(_standing(tmp_path, ran=0, waited=0))
        _standing(tmp_path, ran=10**12, waited=10**12)
        assert clock.spent() >= 1000 / (os.cpu_count() or 1)

    def test_where_nobody_counts_the_load_decides(self, monkeypatch):
        monkeypatch.setattr(os, "getloadavg", lambda: (4.0 * (os.cpu_count() or 1), 0, 0))
        clock = Clock(None)
        time.sleep(0.1)
        before, spent, after = clock.wall(), clock.spent(), clock.wall()
        assert 0.999 * before / 4 <= spent <= 1.001 * after / 4


def _standing(folder, ran, waited):
    """A /proc with one thread in it."""
    thread = folder / "7" / "task" / "7"
    thread.mkdir(parents=True, exist_ok=True)
    (thread / "schedstat").write_text(f"{ran} {waited} 1\n")
    return folder


def _own_proc(folder):
    """A /proc in which there is one process only, as in a sandbox."""
    (folder / str(os.getpid())).symlink_to(f"/proc/{os.getpid()}")
    return folder


def spin(seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pass


@pytest.fixture(scope="module")
def room(released_fort, tmp_path_factory):
    if WHY_NOT:
        pytest.skip(WHY_NOT)
    room = fort(released_fort, tmp_path_factory.mktemp("busy"), SETTINGS)
    (released,) = room.released("fort").values()
    for student, tower in HONEST.items():
        room.submit(student, "fort", {NAME: answered(released, tower, RIGHT[1])})
    return room


def scores(room):
    return {score.student: score.score for score in room.scores("fort")}


@sandboxed
@pytest.mark.slow
@pytest.mark.alone
@pytest.mark.long
def test_an_honest_class_has_the_same_scores_under_load(room):
    with busy():
        run = autograder(room.root, "grade", "--workers", "2")
    assert run.returncode == 0, run.stdout + run.stderr
    assert scores(room) == dict.fromkeys(HONEST, FULL)
    run = autograder(room.root, "grade", "--workers", "2", "--again")
    assert run.returncode == 0, run.stdout + run.stderr
    assert scores(room) == dict.fromkeys(HONEST, FULL)
    assert "stopped" not in run.stdout


@sandboxed
@pytest.mark.slow
@pytest.mark.alone
@pytest.mark.long
def test_what_a_limit_stopped_is_graded_again_alone(released_fort, tmp_path):
    room = fort(released_fort, tmp_path, "\nc.Execute.timeout = 3\n")
    (released,) = room.released("fort").values()
    sleeps = f"{RIGHT_TOWER}\nimport time\ntime.sleep(1000)"
    room.submit("sleeps", "fort", {NAME: answered(released, sleeps, RIGHT[1])})
    room.submit("works", "fort", {NAME: answered(released, *RIGHT)})
    run = autograder(room.root, "grade", "--workers", "1")
    assert run.returncode == 0, run.stdout + run.stderr
    assert ALONE in run.stdout
    lines = remarks(room, "sleeps")
    assert "fort_ex1_answer: It took more than 3 s and was stopped." in lines
    assert remarks(room, "works") == []
    assert scores(room)["works"] == FULL
