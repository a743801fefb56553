"""`kill -9` of the grader, of a worker, of a zygote, at random moments: nothing is lost by it."""

import random
import shutil
import time

import psutil
import pytest
from classroom.programs import WORKERS, autograder, below, kill_all, started
from classroom.standin import class_in, everything
from classroom.told import TOLD
from patience import PATIENCE

LONGEST = 10.0
KILLS = 50
"""Seconds from a run's start within which something in it is killed."""
MOST_IN_A_RUN = 5

pytestmark = pytest.mark.slow


VICTIMS = {
    "grader": lambda run: [run],
    "worker": lambda run: below(run, WORKERS),
    "zygote": lambda run: below(run, "sandbox.zygote"),
}


def kill(run, kind, chance):
    """Kill one process of a kind; whether there was one."""
    if run.poll() is not None or not (found := VICTIMS[kind](run)):
        return False
    return bool(kill_all([chance.choice(found)]))


def disturb(folder, chance):
    """Run the grader and kill parts of it at random moments; how many kills that was."""
    run = started(folder)
    kills, everyone, began = 0, [], time.monotonic()
    for moment in sorted(chance.uniform(2, LONGEST) for _ in range(MOST_IN_A_RUN)):
        time.sleep(max(0, began + moment - time.monotonic()))
        if run.poll() is None:
            everyone = [*run.children(recursive=True), run]
        kills += kill(run, chance.choice(["worker", "zygote"]), chance)
    if chance.random() < 0.5:
        kills += kill(run, "grader", chance)
    run.wait()
    _, left = psutil.wait_procs(everyone, timeout=PATIENCE)
    assert left == []
    return kills


@pytest.mark.long
def test_killed_at_random_moments_it_completes_to_the_same_gradebook(released, tmp_path):
    folder = class_in(released, tmp_path / "killed")
    undisturbed = shutil.copytree(folder, tmp_path / "undisturbed")
    assert autograder(undisturbed, "grade", "--workers", "2").returncode == 0

    chance = random.Random(1)
    kills = runs = 0
    graded = folder / "classroom" / "autograded"
    while kills < KILLS:
        for done in graded.glob("*/standin"):  # else soon there would be nothing to disturb
            if chance.random() < 0.7:
                shutil.rmtree(done)
        kills += disturb(folder, chance)
        runs += 1
    last = autograder(folder, "grade", "--workers", "2")
    TOLD.append(f"{kills} kills in {runs} runs")
    assert last.returncode == 0, last.stdout + last.stderr
    assert everything(folder) == everything(undisturbed)
    assert not list(graded.glob("*/.*.new"))
    assert {p.parent.name for p in graded.glob("*/standin")} == {
        p.parent.name for p in (undisturbed / "classroom" / "autograded").glob("*/standin")
    }
