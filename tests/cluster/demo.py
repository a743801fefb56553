"""A class is graded on a cluster, and a worker is lost on the way: `make cluster-demo` plays it.

Scheduler and workers are processes of this machine: each in a network of its own where root may
make one, and with no folder in common.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

import psutil
from cluster.machines import Machines
from cluster.network import Loopback, Network, why_not

from autograder.grading.playing.classroom import Classroom
from autograder.grading.playing.play import step
from autograder.grading.playing.students import CLASS

COURSE = Path(__file__).parents[2]
CHAPTER = min(path.parent.name for path in COURSE.glob("solutions/*/*.ipynb"))
KINDS = [each for each in CLASS if each.hands_in and not each.as_script][:4]
OF_EACH = 4
WORKERS = ("one", "two", "three")
LOST = "three"
IN_THE_MIDDLE = 4
"""How many are graded when a worker is lost."""


def main() -> int:
    """Play it in a temporary folder; return 0 if everybody got the marks they deserve."""
    sys.stdout.reconfigure(line_buffering=True)  # in order with what the grader says
    with tempfile.TemporaryDirectory() as folder:
        room = class_in(Path(folder) / "class")
        with closing(Loopback() if why_not() else Network()) as network:
            print(networks_in_words())
            machines = Machines(Path(folder) / "machines", network)
            with closing(machines):
                failed = grade(room, machines, network)
        wrong = list(what_is_wrong(room))
    print(*wrong, sep="\n", end="\n" if wrong else "")
    if not failed and not wrong:
        print("All that was started is ended. Everybody got the marks they deserve.")
    return 1 if failed or wrong else 0


def class_in(folder: Path) -> Classroom:
    """A class that has handed in the first chapter."""
    print(f"A class of {OF_EACH * len(KINDS)} and its course, in a temporary folder:")
    room = Classroom.copy_of(COURSE, folder, has_exchange=False)
    with step(f"generate {CHAPTER}"):
        room.generate(CHAPTER)
    with step("everybody hands in"):
        released, solution = room.released(CHAPTER), room.solution(CHAPTER)
        for student in KINDS:
            files = {name: student.hands_in(released[name], solution[name]) for name in released}
            for number in range(OF_EACH):
                room.submit(f"{student.first_name}{number}", CHAPTER, files)
    return room


def networks_in_words() -> str:
    """What the machines are."""
    if why_not():
        return (
            "Scheduler and workers are processes that talk over this machine's loopback. (With root"
            f"'s rights on Linux each is in a network of its own; here that fails: {why_not()}.)"
        )
    return (
        "Scheduler, workers and grader are each in a network namespace, with a cable to one switch."
        "\nScheduler and workers see no folder here but one of their own."
    )


def grade(room: Classroom, machines: Machines, network: Network | Loopback) -> int:
    """Grade the class, and take a worker away in the middle; the grader's exit code."""
    print(f"The scheduler is {machines.address}. All show a certificate that was made just now.")
    machines.scheduler()
    for name in WORKERS:
        machines.worker(name)
    names = f"{', '.join(WORKERS[:-1])} and {WORKERS[-1]}"
    print(f"Workers {names} are starting.")
    print(
        "autograder grade --scheduler … runs where the class is, and alone writes the gradebook:\n"
    )
    run = machines.grading(room.root)
    try:
        wait_until_graded(room.root, run, IN_THE_MIDDLE)
        if run.poll() is None:
            print(f"\n{take_away(machines, network)}")
        return run.wait()
    finally:
        if run.poll() is None:
            run.terminate()


def wait_until_graded(folder: Path, run: psutil.Popen, count: int) -> None:
    """Wait until so many submissions are graded, or the grader has ended."""
    graded = folder / "classroom" / "autograded"
    while run.poll() is None and len(list(graded.glob(f"*/{CHAPTER}"))) < count:
        time.sleep(0.1)


def take_away(machines: Machines, network: Network | Loopback) -> str:
    """Lose a worker for good; what happened, in words."""
    if network.can_cut:
        network.cut(LOST)
        return (
            f"Worker {LOST}'s cable is pulled out, and stays out. What it had goes to the others "
            "once it has been silent for half a minute."
        )
    machines.kill(LOST)
    return f"Worker {LOST} is killed. What it had goes to the others."


def what_is_wrong(room: Classroom):
    """A line for everybody who did not get what they deserve."""
    got = {score.student: score for score in room.scores(CHAPTER)}
    for student in KINDS:
        for number in range(OF_EACH):
            name = f"{student.first_name}{number}"
            if name not in got:
                yield f"WRONG: {name} has no score."
            elif not student.deserves(got[name]):
                yield f"WRONG: {name} ({student.story}) got {got[name].score:g}."


if __name__ == "__main__":
    if not shutil.which("openssl"):
        sys.exit("openssl makes the certificate; please install it.")
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("\nStopped; all that was started is ended.")
