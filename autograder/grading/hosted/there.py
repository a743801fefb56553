"""What runs on the other system's machine: grade what was handed in, and write what it reads.

`python -m` this with the system's name and its folder, or with `prove` and the assignment's. What
is printed, the instructor alone reads. Where no results are written, nobody has lost a point.
"""

from __future__ import annotations

import json
import math
import os
import sys
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from autograder.grading.engine.grade_one import grade_one
from autograder.grading.engine.proof import demand_full_points
from autograder.grading.engine.reference_solution import graded_as
from autograder.grading.engine.result import NotGraded
from autograder.grading.hosted import carried
from autograder.grading.hosted.carried import Carried
from autograder.grading.hosted.handed_over import Unfit, submission
from autograder.grading.hosted.outcome import Outcome, outcome_of
from autograder.grading.hosted.system import System
from autograder.grading.hosted.systems import SYSTEMS
from autograder.grading.sandbox import apart
from autograder.grading.sandbox.bubblewrap import NoSandbox, find_user
from autograder.grading.telling.foreign import one_line, shown
from autograder.grading.telling.printing import always_printable
from autograder.import_path import programs_first
from autograder.problem import Problem

PROVE = "prove"
STUDENT = "student"
"""As whose submission it is graded: whose it is, the system knows."""
SPARE = 45
"""Seconds before the system's limit at which grading gives up: some count a time-out as 0. A slow
machine needs half of them before it has begun."""

LEAST_MEMORY = 1_200_000_000
"""Bytes; chapters 1 and 7 took 0.6 and 0.8 GB where it was measured, 0.8 and 0.9 without a sandbox.
With less, the system would end a student's process, which looks as if its code had."""
MEMORY_LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")
"""Where a container reads how much memory it has, in either kind of control groups."""

TOO_SMALL = (
    "Nobody is graded here: this machine has {there:.1f} GB of memory, and grading may take "
    "{least:.1f} GB. Choose a larger container in the system's settings."
)
NO_SANDBOX = "NO SANDBOX HERE ({why}). Students' code runs {as_whom}"
AS_ANOTHER = (
    "as an account without rights: it reaches neither references nor results. It does reach the "
    "network, if there is one, and may take all of this machine's memory and processes."
)
AS_GRADER = (
    "WITH ALL RIGHTS OF THE GRADER: it can read the hidden references and write its own results. "
    "Let the container start as root, with an assignment folder that it may close, or allow user "
    "namespaces in it."
)
UNPROVED = (
    "The reference solution did not get full points on this machine, so nobody is graded. Look at "
    "the end of what setup.sh printed, and make the image anew."
)
TOO_LONG = (
    "Not graded: it was not done after {seconds:g} seconds. Give it more time or a larger machine "
    "in the system's settings and in `autograder bundle`, or look whether an answer does not end."
)


def main(arguments: Sequence[str]) -> int:
    """Grade; return 0 if results were written, or the reference solution has full points."""
    try:
        what, folder = arguments
        if what == PROVE:
            _prove(Path(folder))
        else:
            _grade(SYSTEMS[what], Path(folder))
    except Problem as problem:
        print(shown(problem))
        return 1
    except Exception as error:  # the system's instructor reads a line, and no student loses points
        print(shown(f"Not graded: {type(error).__name__}: {one_line(str(error))}"))
        return 1
    return 0


def settle() -> None:
    """Set this process' variables: nbgrader finds its programs, and kernels what they are told.

    Those of the account without rights read a file that is theirs, in a folder of ours.
    """
    os.environ["PATH"] = programs_first(os.environ.get("PATH", os.defpath))
    folder = tempfile.mkdtemp(prefix="kernels-")
    os.chmod(folder, 0o711)
    os.environ["JUPYTER_RUNTIME_DIR"] = folder


def _prove(folder: Path) -> None:
    """Grade the reference solution, and note that it has full points.

    Raises:
        Problem: if it has not.
    """
    given = _given(folder)
    result = grade_one(given.bundle, graded_as(given.bundle), given.reference)
    demand_full_points(given.bundle.assignment, result)
    carried.note_proof(folder)
    print(f"{given.bundle.assignment}: the reference solution has full points here.")


def _grade(system: System, root: Path) -> None:
    """Grade what was handed in.

    Raises:
        Problem: if that cannot be done, whoever's fault it is not.
    """
    place = root / system.results
    _clear(place)
    given = _given(root / system.assignment)
    if system.is_proved_there and not carried.is_proved(root / system.assignment):
        raise Problem(UNPROVED)
    left_to = _without_a_sandbox(carried.is_closed(root / system.assignment))
    seconds = given.seconds - SPARE
    timer = threading.Timer(seconds, _give_up, [seconds, place, left_to])
    timer.daemon = True
    timer.start()
    try:
        outcome = _outcome(given, root / system.submission)
    finally:
        timer.cancel()
        _end_submission(place, left_to)
    for line in filter(None, (outcome.problem, *outcome.remarks)):
        print(shown(line))
    _write(place, json.dumps(system.says(outcome)))


def _end_submission(place: Path, left_to: int | None) -> None:
    """End what a submission left running, and take away what it may have written as results."""
    if left_to is not None:
        apart.end_processes(left_to)
    _clear(place)


def _clear(place: Path) -> None:
    for path in (place, _fresh(place)):
        path.unlink(missing_ok=True)


def _given(folder: Path) -> Carried:
    """What is to be graded by, once it is known that this machine can.

    Raises:
        Problem: if it cannot.
    """
    if (there := _memory()) < LEAST_MEMORY:
        raise Problem(TOO_SMALL.format(there=there / 1e9, least=LEAST_MEMORY / 1e9))
    carried.close(folder)
    given = carried.read(folder)
    carried.demand_the_same(given)
    return given


def _memory() -> float:
    """Bytes of memory that this container may take, as far as it is told."""
    told = [text for text in map(_text, MEMORY_LIMITS) if text.isdecimal()]
    return min(map(int, told), default=math.inf)


def _text(path: str) -> str:
    try:
        return Path(path).read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return ""


def _outcome(given: Carried, folder: Path) -> Outcome:
    try:
        handed_in = submission(folder, given.bundle.release)
    except Unfit as why:
        return Outcome((), problem=str(why))
    result = grade_one(given.bundle, STUDENT, handed_in.packed)
    if isinstance(result, NotGraded):
        raise Problem(f"Not graded: {result.reason}.")
    return outcome_of(result, handed_in.told)


def _without_a_sandbox(is_closed: bool) -> int | None:
    """Say so if there is no sandbox here; the account that submissions run as then, if it is not
    the grader's own.
    """
    try:
        find_user()
    except NoSandbox as why:
        user = apart.account()
        whom = AS_GRADER if user is None or not is_closed else AS_ANOTHER
        print(shown(NO_SANDBOX.format(why=why, as_whom=whom)))
        return user
    return None


def _give_up(seconds: float, place: Path, left_to: int | None) -> NoReturn:
    print(TOO_LONG.format(seconds=seconds), flush=True)
    try:
        _end_submission(place, left_to)
    finally:
        os._exit(1)


def _write(place: Path, text: str) -> None:
    """Write the results in one step: half of them would be none."""
    place.parent.mkdir(parents=True, exist_ok=True)
    fresh = _fresh(place)
    fresh.write_text(text, encoding="ascii")
    fresh.replace(place)


def _fresh(place: Path) -> Path:
    return place.with_name(f".{place.name}.new")


if __name__ == "__main__":
    settle()
    with always_printable():
        sys.exit(main(sys.argv[1:]))
