"""Gradescope's autograder: what is in its zip, and the results that it reads.

After gradescope/autograder_samples, docs/specs.md and docs/submission_metadata.md.
"""

from __future__ import annotations

from typing import Any

from autograder.grading.hosted.installing import HERE, PROGRAM, Installation
from autograder.grading.hosted.outcome import Exercise, Outcome
from autograder.grading.hosted.system import System

ROOT = "/autograder"
ASSIGNMENT = "source/assignment"
NOT_GRADED = "Nothing could be graded, so there are 0 points. {} Then it counts anew."

SETUP = """\
#!/bin/sh
# Runs once, when Gradescope makes the image: Python, this package, and all versions as where the
# bundle was made. Then the reference solution is graded: without full points nobody is graded.
set -eu
cd {root}/source
chmod -R go-rwx assignment
export DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install -y --no-install-recommends bubblewrap graphviz ca-certificates python3-venv
python3 -m venv /opt/uv
/opt/uv/bin/pip install --no-cache-dir uv
export UV_PYTHON_INSTALL_DIR=/opt/python
/opt/uv/bin/uv venv --python {python} {here}
/opt/uv/bin/uv pip install --no-cache --python {here}/bin/python --constraint constraints.txt \\
    "{package}[grading] @ file://$PWD/{wheel}"
{program} prove {root}/{assignment}
"""

RUN = """\
#!/bin/sh
# Runs for each submission. Without results, Gradescope says that the autograder failed: whatever is
# not the student's fault ends so.
exec {program} gradescope {root}
"""


def files(assignment: dict[str, bytes], installation: Installation) -> dict[str, bytes]:
    """What the zip holds, by name.

    Args:
        assignment: what grading needs.
        installation: this package, and the versions of all others.
    """
    names = {
        "root": ROOT,
        "here": HERE,
        "program": PROGRAM,
        "assignment": ASSIGNMENT,
        "python": installation.python,
        "package": installation.package,
        "wheel": installation.wheel_name,
    }
    return {
        "setup.sh": SETUP.format(**names).encode(),
        "run_autograder": RUN.format(**names).encode(),
        **installation.files(),
        **{f"assignment/{name}": content for name, content in assignment.items()},
    }


def results(outcome: Outcome) -> dict[str, Any]:
    """What results.json says; what is not said is Gradescope's default.

    The instructor's lines go to standard output, which students do not see: a hidden test would
    hide the total from them.
    """
    said: dict[str, Any] = {
        "score": outcome.points,
        "output": "\n".join(outcome.told),
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": [_test(exercise) for exercise in outcome.exercises],
    }
    if outcome.problem:
        said["output"] = NOT_GRADED.format(outcome.problem)
    return said


def _test(exercise: Exercise) -> dict[str, Any]:
    return {
        "name": exercise.name,
        "name_format": "text",
        "score": exercise.points,
        "max_score": exercise.most,
        "status": "passed" if exercise.points >= exercise.most else "failed",
        "output": exercise.text,
        "output_format": "text",
    }


GRADESCOPE = System(
    name="Gradescope",
    assignment=ASSIGNMENT,
    submission="submission",
    results="results/results.json",
    most_minutes=40,
    is_proved_there=True,
    says=results,
)
