"""`make test` and `make test-long` run all of what they run, and fail if any of it fails.

What is compiled is kept: thousands of processes of the tests import the same modules.
"""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]
PARTS = {"test": 1, "test-long": 3}
PROGRAM = """#!/bin/sh
[ "$1 $2" = "-m pytest" ] || exit 0
echo "$* ${{PYTHONDONTWRITEBYTECODE-kept}}" >> {said}
[ "$(wc -l < {said})" -ne {failing} ]
"""

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="there is no make here")


def made(folder, target, failing):
    """Run a target with stand-ins for all programs; what was run, and how it ended."""
    said = folder / "said"
    said.touch()
    for name in ("python", "ruff", "check-jsonschema"):
        program = folder / name
        program.write_text(PROGRAM.format(said=said, failing=failing))
        program.chmod(0o755)
    ready = [f"--assume-old={name}" for name in ("ready", "browser", "database", "network")]
    command = ["make", *ready, target, f"BIN={folder}", "READY=ready"]
    variables = {name: text for name, text in os.environ.items() if not name.startswith("MAKE")}
    run = subprocess.run(
        command,
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        env=variables | {"PYTHONDONTWRITEBYTECODE": "1"},
    )
    return said.read_text().splitlines(), run.returncode


@pytest.mark.parametrize(
    ("target", "failing"), [(t, n) for t, parts in PARTS.items() for n in range(parts + 1)]
)
def test_a_part_that_fails_hides_no_other(tmp_path, target, failing):
    ran, code = made(tmp_path, target, failing)
    assert len(ran) == PARTS[target]
    assert (code == 0) == (failing == 0)
    assert all(line.endswith(" kept") for line in ran)
