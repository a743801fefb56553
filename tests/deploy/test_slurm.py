"""What is in deploy/slurm/ is what dask-jobqueue and Dask take, without Slurm."""

import json
import os
import shlex
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml
from cluster.machines import make_credentials
from distributed.cli import dask_scheduler, dask_worker
from jsonschema import Draft202012Validator

from autograder.grading.sandbox.limits import Limits

FOLDER = Path(__file__).parents[2] / "deploy" / "slurm"
SETTINGS = yaml.safe_load((FOLDER / "jobqueue.yaml").read_text())
PRINTED = """
import sys; sys.path.insert(0, sys.argv[1])
from cluster import cluster
with cluster() as made:
    print(made.job_script())
"""


def shipped(package, file):
    return yaml.safe_load(Path(find_spec(package).origin).with_name(file).read_text())


@pytest.fixture
def place(tmp_path):
    """Where somebody starts the cluster: their folder, with the credentials."""
    make_credentials(tmp_path)
    return tmp_path


def worker(arguments):
    return dask_worker.main.make_context("worker", list(arguments)).params


def test_dask_jobqueue_knows_each_setting():
    known = shipped("dask_jobqueue", "jobqueue.yaml")["jobqueue"]["slurm"]
    assert set(SETTINGS) == {"jobqueue", "distributed"} and set(SETTINGS["jobqueue"]) == {"slurm"}
    assert set(SETTINGS["jobqueue"]["slurm"]) <= set(known)


def test_dask_knows_each_setting():
    schema = shipped("distributed", "distributed-schema.yaml")
    checked = Draft202012Validator(schema)
    assert [error.message for error in checked.iter_errors(SETTINGS)] == []
    known = schema["properties"]["distributed"]["properties"]["comm"]["properties"]
    assert set(SETTINGS["distributed"]["comm"]) <= set(known)
    tls = known["tls"]["properties"]
    for role, files in SETTINGS["distributed"]["comm"]["tls"].items():
        assert role in tls and (role == "ca-file" or set(files) <= set(tls[role]["properties"]))


def test_a_job_is_a_worker_with_tls_and_the_memory_that_a_submission_may_take(place, monkeypatch):
    script = subprocess.run(
        [sys.executable, "-c", PRINTED, str(FOLDER)],
        cwd=place, env=os.environ | {"DASK_CONFIG": str(FOLDER)}, check=True,
        stdout=subprocess.PIPE, text=True,
    ).stdout  # fmt: skip
    assert "#SBATCH --mem=8G" in script and Limits().memory < 8 * 10**9
    (line,) = [line for line in script.splitlines() if "dask_worker" in line]
    program, _, arguments = line.partition("-m distributed.cli.dask_worker ")
    assert program.strip() == sys.executable
    monkeypatch.chdir(place)
    taken = worker(shlex.split(arguments))
    assert taken["scheduler"].startswith("tls://") and taken["nthreads"] == 1
    assert taken["memory_limit"] == "0" and taken["dashboard"] is False
    assert taken["tls_ca_file"] == taken["tls_cert"] == str(place / "cert.pem")
    assert taken["tls_key"] == str(place / "key.pem")


def program(folder, name, text):
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{text}\n")
    (folder / name).chmod(0o755)


def test_without_dask_jobqueue_scheduler_and_workers_find_each_other(place, monkeypatch):
    programs = place / "programs"
    record = f"{sys.executable} -c 'import json, sys; print(json.dumps(sys.argv[1:]))' \"$@\""
    until = f"[ $1 = worker ] && until [ -s {place}/told-scheduler ]; do sleep 0.1; done"
    program(programs, "dask", f"{record} >> {place}/told-$1\n{until} || exec sleep 60")
    program(programs, "srun", 'echo "$1" > tasks; shift; exec "$@"')
    path = os.pathsep.join([str(programs), os.environ["PATH"]])
    subprocess.run(
        ["bash", FOLDER / "grading.sbatch"],
        cwd=place, env=os.environ | {"PATH": path, "SLURM_NTASKS": "21"}, check=True,
        capture_output=True,
    )  # fmt: skip
    assert (place / "tasks").read_text() == "--ntasks=20\n"
    monkeypatch.chdir(place)
    [scheduler], [graded_by] = (
        [json.loads(line)[1:] for line in (place / f"told-{kind}").read_text().splitlines()]
        for kind in ("scheduler", "worker")
    )
    listens = dask_scheduler.main.make_context("scheduler", scheduler).params
    taken = worker(graded_by)
    assert listens["protocol"] == "tls" and listens["port"] == "8786"
    assert taken["scheduler"].startswith("tls://") and taken["scheduler"].endswith(":8786")
    for part in (listens, taken):
        assert part["tls_ca_file"] == part["tls_cert"] == str(place / "cert.pem")
        assert part["tls_key"] == str(place / "key.pem") and part["dashboard"] is False
    assert taken["nthreads"] == 1
