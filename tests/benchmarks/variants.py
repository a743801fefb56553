"""What students' own sizes cost: a class graded with and without them: `make bench` prints it.

Processor time of `autograder grade`, its workers among it, of the same submissions, in turns, so
that what else the machine does falls on both. The environment's variables STUDENTS (4) and ROUNDS
(2) make it smaller or larger.
"""

from __future__ import annotations

import os
import resource
import tempfile
from pathlib import Path
from statistics import median

from benchmarks.grading import COURSE, FIRST

from autograder.grading.notebooks.answer_cells import with_answers
from autograder.grading.playing.classroom import Classroom
from autograder.grading.variants.class_variants import turn_off, turn_on
from autograder.grading.variants.handing_out import Chapter

STUDENTS = int(os.environ.get("STUDENTS", "4"))
ROUNDS = int(os.environ.get("ROUNDS", "2"))


def seconds_of(room: Classroom) -> float:
    """Processor time of grading everybody, in seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = room.autograder("grade", FIRST, "--again", "--workers", "1")
    if done.has_failed:
        raise SystemExit(done.said)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return sum(after[:2]) - sum(before[:2])


def main() -> None:
    """Print a line for each way of grading, and what one is of the other."""
    with tempfile.TemporaryDirectory(prefix="variants-") as folder:
        room = Classroom.copy_of(COURSE, Path(folder) / "room", has_exchange=False)
        room.generate(FIRST)
        name = f"{FIRST}.ipynb"
        answers = with_answers(room.released(FIRST)[name], room.solution(FIRST)[name])
        for number in range(STUDENTS):
            room.submit(f"student-{number}", FIRST, {name: answers})
        own = room.course.own_folder
        may_vary = Chapter(room.course, FIRST).may_vary()
        times: dict[str, list[float]] = {"everybody's": [], "their own": []}
        for way in [*times] * ROUNDS:
            if way == "their own":
                turn_on(own, FIRST, may_vary)
            else:
                turn_off(own, FIRST)
            seconds_of(room)  # the reference solution is graded, too, once something changed
            times[way].append(seconds_of(room))
        found = {way: median(each) / STUDENTS for way, each in times.items()}
        for way, each in found.items():
            print(f"{way:12} {each:6.2f} s of processor time a submission")
        ratio = found["their own"] / found["everybody's"]
        print(f"{', '.join(may_vary)} of {FIRST}: {ratio:.2f} times the time, {STUDENTS} students")


if __name__ == "__main__":
    main()
