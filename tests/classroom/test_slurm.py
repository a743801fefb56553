"""The jobs of deploy/slurm/ grade a class; Slurm's own programs are replaced by short scripts."""

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from classroom.programs import activated, autograder
from classroom.standin import class_in, everything
from cluster.machines import make_credentials

pytestmark = [pytest.mark.long, pytest.mark.slow, pytest.mark.alone]
FOLDER = Path(__file__).parents[2] / "deploy" / "slurm"
SBATCH = """#!/bin/sh
setsid sh $1 >/dev/null 2>&1 &
echo $! >> jobs
echo job $!
"""
SCANCEL = """#!/bin/sh
for job in "$@"; do kill -- -$job; done
"""


@pytest.fixture
def slurm(tmp_path):
    """A folder of programs that are called as Slurm's are."""
    folder = tmp_path / "programs"
    folder.mkdir()
    for name, text in {"sbatch": SBATCH, "scancel": SCANCEL}.items():
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)
    return folder


def test_its_jobs_grade_a_class(released, slurm, tmp_path):
    folder = class_in(released, tmp_path / "class")
    undisturbed = shutil.copytree(folder, tmp_path / "undisturbed")
    assert autograder(undisturbed, "grade", "--workers", "2").returncode == 0
    make_credentials(tmp_path)
    (tmp_path / "logs").mkdir()
    run = subprocess.Popen(
        [sys.executable, FOLDER / "cluster.py", "2"],
        cwd=tmp_path,
        env=activated(slurm) | {"DASK_CONFIG": str(FOLDER)},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        *told, address = run.stdout.readline().split()
        assert told == ["autograder", "grade", "--scheduler"]
        cert, key = str(tmp_path / "cert.pem"), str(tmp_path / "key.pem")
        credentials = ["--tls-ca", cert, "--tls-cert", cert, "--tls-key", key]
        done = autograder(folder, *told[1:], address, *credentials)
        assert done.returncode == 0, done.stderr
        assert "12 graded" in done.stdout
        assert everything(folder) == everything(undisturbed)
    finally:
        run.send_signal(signal.SIGINT)
        run.wait(30)
    jobs = (tmp_path / "jobs").read_text().split()
    assert len(jobs) == 2
    running = [process for process in psutil.process_iter() if str(process.pid) in jobs]
    assert psutil.wait_procs(running, timeout=120)[1] == []
