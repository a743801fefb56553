"""The demo for people does what it says."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from cluster.network import why_not

TESTS = Path(__file__).parents[1]


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.alone
def test_the_demo_loses_a_worker_and_the_class_completes():
    command = [sys.executable, "-m", "cluster.demo"]
    as_by_make = os.environ | {"PYTHONPATH": str(TESTS)}
    done = subprocess.run(command, env=as_by_make, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert ("Worker three is killed" if why_not() else "cable is pulled out") in done.stdout
    assert "16 graded, 0 kept, 0 not graded" in done.stdout
    assert done.stdout.endswith("Everybody got the marks they deserve.\n")
