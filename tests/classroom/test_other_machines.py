"""A scheduler and workers as processes of their own, with TLS and no shared files, disturbed."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest
from classroom.programs import autograder
from classroom.standin import class_in, everything

from autograder.grading.fingerprint import PACKAGE

pytestmark = [pytest.mark.slow, pytest.mark.alone]
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


def _free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


@dataclass
class Machines:
    """A scheduler and workers, each with folders of its own; ended by `end`."""

    root: Path
    port: int = field(default_factory=_free_port)
    running: dict[str, psutil.Popen] = field(default_factory=dict)

    def __post_init__(self):
        self.root.mkdir()
        # As docs/instructors.md says.
        command = "openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=grading"
        files = ["-keyout", "key.pem", "-out", "cert.pem"]
        subprocess.run([*command.split(), *files], cwd=self.root, check=True, **QUIET)

    @property
    def address(self):
        return f"tls://127.0.0.1:{self.port}"

    @property
    def credentials(self):
        cert, key = str(self.root / "cert.pem"), str(self.root / "key.pem")
        return ["--tls-ca", cert, "--tls-cert", cert, "--tls-key", key]

    def asked(self):
        return ["--scheduler", self.address, *self.credentials]

    def scheduler(self):
        self._start(
            "scheduler", "dask_scheduler", "--host", "127.0.0.1", "--protocol", "tls",
            "--port", str(self.port), "--no-dashboard", "--no-show",
        )  # fmt: skip

    def worker(self, name, **environment):
        self._start(
            name, "dask_worker", self.address, "--name", name, "--nthreads", "1", "--no-dashboard",
            "--no-nanny", "--death-timeout", "60", **environment,
        )  # fmt: skip

    def _start(self, name, program, *arguments, **environment):
        place = self.root / name
        place.mkdir(exist_ok=True)
        credentials = [part.replace("--tls-ca", "--tls-ca-file") for part in self.credentials]
        self.running[name] = psutil.Popen(
            [sys.executable, "-m", f"distributed.cli.{program}", *arguments, *credentials],
            cwd=place,
            env=os.environ | {"TMPDIR": str(place)} | environment,
            start_new_session=True,
            **QUIET,
        )

    def kill(self, name):
        run = self.running.pop(name)
        everyone = [*run.children(recursive=True), run]
        for process in everyone:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(everyone, timeout=20)
        run.wait(20)

    def end(self):
        for name in list(self.running):
            if self.running[name].poll() is None:
                self.kill(name)


@pytest.fixture
def machines(tmp_path):
    made = Machines(tmp_path / "machines")
    made.scheduler()
    yield made
    made.end()


@pytest.fixture
def folder(course, tmp_path):
    return class_in(course, tmp_path / "class")


def grading(folder, machines, *more):
    return psutil.Popen(
        [sys.executable, "-m", "autograder", "grade", *machines.asked(), *more],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def until(folder, run, count):
    """Wait until so many submissions are graded."""
    graded = folder / "classroom" / "autograded"
    while len(list(graded.glob("*/standin"))) < count:
        assert run.poll() is None, run.stdout.read()
        time.sleep(0.1)


def test_workers_and_scheduler_are_killed_and_the_class_completes(folder, machines, tmp_path):
    undisturbed = shutil.copytree(folder, tmp_path / "undisturbed")
    assert autograder(undisturbed, "grade", "--workers", "2").returncode == 0
    for name in ("one", "two", "three"):
        machines.worker(name)
    run = grading(folder, machines)
    until(folder, run, 1)
    machines.kill("one")
    until(folder, run, 3)
    machines.running["two"].send_signal(signal.SIGSTOP)  # a connection that is silent for a while
    time.sleep(3)
    machines.running["two"].send_signal(signal.SIGCONT)
    machines.kill("scheduler")
    time.sleep(3)
    machines.scheduler()
    for name in ("two", "three", "one"):
        if name in machines.running:
            machines.kill(name)
        machines.worker(name)
    said, _ = run.communicate(timeout=300)
    assert run.returncode == 0, said
    assert "is lost" in said and "is back" in said
    assert "NOT GRADED" not in said and "Future" not in said and "Traceback" not in said, said
    assert everything(folder) == everything(undisturbed)


def test_a_worker_of_another_version_is_refused_and_named(folder, machines):
    other = shutil.copytree(PACKAGE, machines.root / "other" / "autograder")
    with (other / "checking.py").open("a") as file:
        file.write("# another\n")
    machines.worker("other", PYTHONPATH=str(other.parent))
    run = grading(folder, machines)
    said, _ = run.communicate(timeout=200)
    assert run.returncode == 1
    assert "Worker other (tls://" in said and "another autograder package there" in said
    assert "no worker that may grade" in said and "Traceback" not in said, said
    assert not list((folder / "classroom" / "autograded").glob("*/standin"))

    machines.worker("alike")
    said, _ = grading(folder, machines).communicate(timeout=300)
    assert said.count("Worker other (tls://") == 1
    assert "12 graded" in said


def test_a_worker_without_a_sandbox_is_refused_unless_allowed(folder, machines):
    programs = machines.root / "programs"
    programs.mkdir()
    machines.worker("bare", PATH=str(programs))
    said, _ = grading(folder, machines).communicate(timeout=200)
    assert "Worker bare (tls://" in said and "it has no sandbox" in said
    assert not list((folder / "classroom" / "autograded").glob("*/standin"))


def test_a_lost_scheduler_says_how_much_is_kept(folder, machines, monkeypatch):
    machines.worker("one")
    code = (
        "import sys; from autograder.grading.engine import cluster; cluster.RETURNING = 3\n"
        "from autograder.__main__ import main; sys.exit(main(sys.argv[1:]))"
    )
    run = psutil.Popen(
        [sys.executable, "-c", code, "grade", *machines.asked()],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    until(folder, run, 2)
    machines.kill("scheduler")
    said, _ = run.communicate(timeout=200)
    assert run.returncode == 1
    kept = len(list((folder / "classroom" / "autograded").glob("*/standin")))
    assert f"did not come back. Start it. Then run it again: {kept} are kept." in said
    assert "Future" not in said and "Traceback" not in said, said
