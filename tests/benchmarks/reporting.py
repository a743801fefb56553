"""What a report of a class costs: `make bench` prints it.

Arguments: how many students (1000), and in how many exercises (8). The class is made by hand; what
is measured is a process of its own from its start to its end.
"""

import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from grading.class_report.made_class import MadeClass


def main(students="1000", exercises="8"):
    print(f"a report of {students} students in {exercises} exercises")
    with tempfile.TemporaryDirectory() as folder:
        made = MadeClass(Path(folder) / "class", int(students), int(exercises))
        for options in ([], ["--anonymous"]):
            seconds, megabytes = cost([f"--course={made.root}", *options])
            print(f"{' '.join(options) or 'with names':<12} {seconds:5.1f} s  {megabytes:4.0f} MB")


def cost(options):
    """Seconds of processor time, and the most memory that any child so far has had, in MB."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "autograder", "report", *options]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = sum(getattr(after, at) - getattr(before, at) for at in ("ru_utime", "ru_stime"))
    return seconds, after.ru_maxrss / 1000


if __name__ == "__main__":
    main(*sys.argv[1:])
