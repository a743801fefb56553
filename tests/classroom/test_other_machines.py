"""A scheduler and workers as on machines of their own, disturbed; the gradebook is as undisturbed.

Network namespaces where the machine allows them, else processes of their own.
"""

import shutil
import subprocess
import time

import pytest
from classroom.programs import autograder
from classroom.standin import class_in, everything
from cluster.machines import Machines
from cluster.network import Loopback, Network, why_not

from autograder.grading.processes.fingerprint import PACKAGE

pytestmark = [pytest.mark.slow, pytest.mark.alone]
with_cables = pytest.mark.skipif(bool(why_not()), reason=f"no network namespaces: {why_not()}")
LONGEST = 900
"""Seconds for a run that is disturbed, however busy the machine is."""
SAID = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}


@pytest.fixture(scope="module")
def handed_in(released, tmp_path_factory):
    """A class that has handed in."""
    # Enough that a fast machine has not done all before it is disturbed.
    return class_in(released, tmp_path_factory.mktemp("handed_in") / "class", copies=10)


@pytest.fixture(scope="module")
def undisturbed(handed_in, tmp_path_factory):
    """What its gradebook says when nothing happens on the way."""
    folder = shutil.copytree(handed_in, tmp_path_factory.mktemp("undisturbed") / "class")
    assert autograder(folder, "grade", "--workers", "2").returncode == 0
    return everything(folder)


@pytest.fixture
def folder(handed_in, tmp_path):
    return shutil.copytree(handed_in, tmp_path / "class")


@pytest.fixture
def network(request):
    made = getattr(request, "param", Loopback if why_not() else Network)()
    yield made
    made.close()


@pytest.fixture
def machines(network, tmp_path):
    made = Machines(tmp_path / "machines", network)
    made.scheduler()
    yield made
    made.close()


def until(folder, run, count):
    """Wait until so many submissions are graded."""
    while len(graded(folder)) < count:
        assert run.poll() is None, run.stdout.read()
        time.sleep(0.1)


def graded(folder):
    return list((folder / "classroom" / "autograded").glob("*/standin"))


def completed(run, seconds=LONGEST):
    """What a run has said that graded everybody."""
    said, _ = run.communicate(timeout=seconds)
    assert run.returncode == 0, said
    assert "30 graded" in said, said
    assert "NOT GRADED" not in said and "Future" not in said and "Traceback" not in said, said
    return said


def interrupt(machines, network, name, seconds):
    """A connection is silent for a while: its cable is out, or who should speak is stopped."""
    act, undo = (network.cut, network.mend) if network.can_cut else (machines.freeze, machines.thaw)
    act(name)
    time.sleep(seconds)
    undo(name)


@pytest.mark.long
def test_workers_and_scheduler_are_killed_and_the_class_completes(
    folder, machines, network, undisturbed
):
    for name in ("one", "two", "three"):
        machines.worker(name)
    run = machines.grading(folder, **SAID)
    until(folder, run, 1)
    machines.kill("one")
    until(folder, run, 3)
    interrupt(machines, network, "two", 3)
    machines.kill("scheduler")
    time.sleep(3)
    machines.scheduler()
    machines.kill("two")
    machines.kill("three")
    machines.worker("one")
    machines.worker("two")
    said = completed(run)
    assert "is lost" in said and "is back" in said
    assert everything(folder) == undisturbed


@pytest.mark.long
def test_a_worker_without_a_sandbox_is_refused_unless_allowed(folder, machines, undisturbed):
    programs = machines.folder("bare") / "programs"
    programs.mkdir()
    machines.worker("bare", PATH=str(programs))
    run = machines.grading(folder, **SAID)
    said, _ = run.communicate(timeout=LONGEST)
    assert run.returncode == 1
    assert "Worker bare (tls://" in said and "it has no sandbox" in said
    assert graded(folder) == []

    said = completed(machines.grading(folder, "--allow-unfenced", **SAID))
    assert "is not used" not in said
    assert everything(folder) == undisturbed


@pytest.mark.long
@with_cables
def test_a_machine_that_is_cut_off_for_good_is_done_without(folder, machines, network, undisturbed):
    for name in ("one", "two", "three"):
        machines.worker(name)
    run = machines.grading(folder, **SAID)
    until(folder, run, 1)
    network.cut("three")
    interrupt(machines, network, "two", 5)
    interrupt(machines, network, "office", 3)
    completed(run)
    assert everything(folder) == undisturbed


@pytest.mark.long
@with_cables
def test_a_tenth_of_a_second_away_the_class_completes(folder, network, tmp_path, undisturbed):
    machines = Machines(tmp_path / "machines", network, delay=0.1)
    try:
        machines.scheduler()
        machines.worker("one")
        machines.worker("two")
        completed(machines.grading(folder, **SAID))
    finally:
        machines.close()
    assert everything(folder) == undisturbed


@pytest.mark.long
def test_a_worker_of_another_version_is_refused_and_named(folder, machines, undisturbed):
    other = shutil.copytree(
        PACKAGE,
        machines.folder("other") / "autograder",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    with (other / "quiet.py").open("a") as file:
        file.write("# another\n")
    machines.worker("other", PYTHONPATH=str(other.parent))
    run = machines.grading(folder, **SAID)
    said, _ = run.communicate(timeout=LONGEST)
    assert run.returncode == 1
    assert "Worker other (tls://" in said and "another autograder package there" in said
    assert "no worker that may grade" in said and "Traceback" not in said, said
    assert graded(folder) == []

    machines.worker("alike")
    said = completed(machines.grading(folder, **SAID))
    assert said.count("Worker other (tls://") == 1
    assert everything(folder) == undisturbed


@pytest.mark.long
@pytest.mark.parametrize("network", [Loopback], indirect=True)
def test_a_lost_scheduler_says_how_much_is_kept(folder, machines):
    machines.worker("one")
    run = machines.grading(folder, returning=3, **SAID)
    until(folder, run, 2)
    machines.kill("scheduler")
    said, _ = run.communicate(timeout=LONGEST)
    assert run.returncode == 1
    assert (
        f"did not come back. Start it. Then run it again: {len(graded(folder))} are kept." in said
    )
    assert "Future" not in said and "Traceback" not in said, said
