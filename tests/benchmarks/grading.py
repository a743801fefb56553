"""Stock nbgrader against `autograder grade`, the same class side by side: `make bench` prints it.

Arguments: what to measure (`same`, `ten`, `workers`, `thousand`, `writing`; all by default). The
environment's variables STUDENTS (10), CHAPTERS (the first and the heaviest), ROUNDS (3) and MANY
(1000) make it smaller.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median

import nbformat
import psutil
from nbformat.v4 import new_code_cell, new_notebook
from tqdm import tqdm

from autograder.grading.building.chapters import build_chapter
from autograder.grading.engine.grades import STAMP
from autograder.grading.notebooks.answer_cells import answer_ids, with_answers
from autograder.grading.playing.classroom import Classroom
from autograder.grading.settings import FILE

SMALL_ANSWER = """def build(units=4):
    ### BEGIN SOLUTION
    inputs = keras.Input((8,))
    return keras.Model(inputs, keras.layers.Dense(units)(inputs))
    ### END SOLUTION"""
SMALL_CHECK = """check("ex1", build)
### BEGIN HIDDEN TESTS
from autograder import collect
collect("ex1", build, {"units": 7})
### END HIDDEN TESTS"""

COURSE = Path(__file__).parents[2]
CHAPTERS = sorted(path.parent.name for path in COURSE.glob("solutions/*/*.ipynb"))
FIRST, HEAVIEST = CHAPTERS[0], CHAPTERS[-1]
STUDENTS = int(os.environ.get("STUDENTS", "10"))
ROUNDS = int(os.environ.get("ROUNDS", "3"))
MANY = int(os.environ.get("MANY", "1000"))

OURS = "configure(c, COURSE)\n"
"""The line of a class's configuration by which grading is ours."""
STOCK = """
import os
c.Execute.timeout = 600
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
"""
"""Where things are, as ours; but nbgrader's own kernels and preprocessors. The three settings are
there to its good: without them it times out in training, and takes points for log lines."""


def stock_twin(room: Classroom, folder: Path, extra: str = "") -> Classroom:
    """The same class with nbgrader's own way of grading."""
    shutil.copytree(room.root, folder)
    before, ours, after = (folder / FILE).read_text().rpartition(OURS)
    if not ours:
        raise SystemExit(f"{FILE} has no line {OURS!r}: what would be stock is not.")
    (folder / FILE).write_text(before + after + STOCK + extra)
    return Classroom(folder, has_exchange=False)


def hand_in(room: Classroom, chapter: str, students: dict[str, str]) -> None:
    """A submission for each student, of the kind that they are mapped to."""
    name = f"{chapter}.ipynb"
    released, solution = room.released(chapter)[name], room.solution(chapter)[name]
    ids = answer_ids(released)
    kinds = {
        "right": with_answers(released, solution),
        "half": with_answers(released, solution, only=ids[: len(ids) // 2]),
        "blank": released,
    }
    beside = {
        path.name: path.read_bytes()
        for path in (room.root / "course" / chapter).iterdir()
        if path.suffix != ".ipynb"
    }
    for student, kind in students.items():
        room.submit(student, chapter, {name: kinds[kind], **beside})


def grade(folder: Path, workers: int, *assignments: str) -> tuple[float, float, float]:
    """Run `autograder grade`: its seconds; its own process's megabytes and processor seconds."""
    return grade_by(folder, "--workers", str(workers), *assignments)


def grade_by(folder: Path, *arguments: str) -> tuple[float, float, float]:
    """As grade, by whichever workers."""
    command = [sys.executable, "-m", "autograder", "grade", *arguments]
    began = time.perf_counter()
    with tempfile.TemporaryFile() as said:
        run = psutil.Popen(command, cwd=folder, stdout=said)
        most = spent = 0.0
        while run.poll() is None:
            try:
                most = max(most, run.memory_info().rss / 2**20)
                spent = sum(run.cpu_times()[:2])
            except psutil.Error:
                break
            time.sleep(0.2)
        if run.wait() != 0:
            said.seek(0)
            raise SystemExit(said.read().decode())
    return time.perf_counter() - began, most, spent


def seconds_of(act) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def scores(room: Classroom, chapter: str) -> dict[str, float]:
    return {score.student: score.score for score in room.scores(chapter)}


def same(folder: Path) -> None:
    """The same scores from both, for each chapter's solution, half of it, and the blank release."""
    room = Classroom.copy_of(COURSE, folder / "ours", has_exchange=False)
    for chapter in CHAPTERS:
        room.generate(chapter)
        hand_in(room, chapter, {kind: kind for kind in ("right", "half", "blank")})
    skips = 'c.Execute.skip_cells_with_tag = "skip-when-grading"\n'
    stock = stock_twin(room, folder / "stock", skips)
    grade(room.root, 2)
    print(f"{'chapter':<32} {'right':>12} {'half':>12} {'blank':>12}   (stock / ours)")
    for chapter in CHAPTERS:
        stock.autograde(chapter)
        theirs, ours = scores(stock, chapter), scores(room, chapter)
        row = [f"{theirs[kind]:g} / {ours[kind]:g}" for kind in ("right", "half", "blank")]
        print(f"{chapter:<32} {row[0]:>12} {row[1]:>12} {row[2]:>12}", flush=True)


def ten(folder: Path) -> None:
    """Ten students in the first and in the heaviest chapter."""
    print(f"\n{f'{STUDENTS} students, seconds':<32} {'stock':>8} {'1 worker':>9} {'2 workers':>10}"
          f" {'stock/2':>8} {'1/2':>6}")  # fmt: skip
    for chapter in os.environ.get("CHAPTERS", f"{FIRST} {HEAVIEST}").split():
        place = folder / chapter
        room = Classroom.copy_of(COURSE, place / "one", has_exchange=False)
        room.generate(chapter)
        kinds = ["blank", "half"] + ["right"] * (STUDENTS - 2)
        hand_in(room, chapter, {f"s{n:02}": kind for n, kind in enumerate(kinds)})
        stock = stock_twin(room, place / "stock")
        two = Classroom(shutil.copytree(room.root, place / "two"), has_exchange=False)
        one_worker, _, _ = grade(room.root, 1, chapter)
        two_workers, _, _ = grade(two.root, 2, chapter)
        theirs = seconds_of(lambda room=stock, chapter=chapter: room.autograde(chapter))
        assert scores(two, chapter) == scores(room, chapter) == scores(stock, chapter)
        print(
            f"{chapter:<32} {theirs:>8.1f} {one_worker:>9.1f} {two_workers:>10.1f}"
            f" {theirs / two_workers:>7.1f}x {one_worker / two_workers:>5.2f}x",
            flush=True,
        )


def workers(folder: Path) -> None:
    """One worker against two, in turn: the whole run, and the pace once all of them are busy."""
    room = Classroom.copy_of(COURSE, folder / "class", has_exchange=False)
    room.generate(FIRST)
    hand_in(room, FIRST, {f"s{n:02}": "right" for n in range(4 * STUDENTS)})
    print(f"\n{4 * STUDENTS} students in {FIRST}: one worker, two, and what two gain")
    gains = []
    for number in range(ROUNDS):
        seconds, paces, works = [], [], []
        for count in (1, 2):
            works.append(seconds_of(lambda count=count: _work(count)))
            twin = Classroom(shutil.copytree(room.root, folder / f"{number}-{count}"), False)
            seconds.append(grade(twin.root, count, FIRST)[0])
            paces.append(_a_minute(twin, count))
        gains.append((seconds[0] / seconds[1], paces[1] / paces[0], 2 * works[0] / works[1]))
        print(
            f"  in all {seconds[0]:.1f} s, {seconds[1]:.1f} s: {gains[-1][0]:.2f}x;"
            f"  once all are busy {paces[0]:.1f}, {paces[1]:.1f} a minute: {gains[-1][1]:.2f}x;"
            f"  the machine itself: {gains[-1][2]:.2f}x",
            flush=True,
        )
    whole, busy, machine = map(median, zip(*gains, strict=True))
    print(
        f"  medians: in all {whole:.2f}x, all busy {busy:.2f}x, the machine itself {machine:.2f}x"
    )


def _work(count: int) -> None:
    """The same work that needs nothing of others, in `count` processes at once."""
    work = [sys.executable, "-c", "for number in range(100_000_000): pass"]
    for run in [subprocess.Popen(work) for _ in range(count)]:
        run.wait()


def _a_minute(room: Classroom, count: int) -> float:
    """Submissions that were finished in a minute after each of `count` workers had finished one."""
    stamps = (room.root / "classroom" / "autograded").glob(f"*/*/{STAMP}")
    times = sorted(stamp.stat().st_mtime for stamp in stamps)
    return 60 * (len(times) - count) / (times[-1] - times[count - 1])


def thousand(folder: Path) -> None:
    """Many submissions that have next to nothing to run: what is left is ours."""
    room = Classroom.copy_of(small_course(folder / "small"), folder / "many", has_exchange=False)
    room.generate("small")
    for number in tqdm(range(MANY), desc="handing in", unit="submission"):
        hand_in(room, "small", {f"s{number:05}": "right"})
    seconds, megabytes, spent = grade(room.root, 2)
    assert set(scores(room, "small").values()) == {2.0}
    again, _, _ = grade(room.root, 2)
    each, written = 2 * seconds / MANY, spent / MANY
    print(f"\n{MANY} small submissions, two workers:")
    print(f"  in all:                      {seconds:.0f} s, {MANY / seconds:.1f} a second")
    print(f"  a worker, for each:          {each:.2f} s")
    print(f"  writing and scheduling:      {written:.3f} s for each, {megabytes:.0f} MB at most")
    print(f"  once more, nothing to grade: {again:.0f} s")
    print("From this, 10,000 submissions on 100 machines of two such workers:")
    print(f"  the workers {10_000 * each / 200:.0f} s, and 50 s for each second of students' code")


def writing(folder: Path) -> None:
    """What one more submission costs the process that writes, on a cluster as in a faculty."""
    few, many = MANY // 40, MANY // 5
    spent = []
    with cluster() as address:
        for number in (few, many):
            course = small_course(folder / f"small-{number}")
            room = Classroom.copy_of(course, folder / f"{number}", has_exchange=False)
            room.generate("small")
            hand_in(room, "small", {f"s{n:05}": "right" for n in range(number)})
            _, _, seconds = grade_by(room.root, "--scheduler", address, "--trusted-network")
            spent.append(seconds)
    each = (spent[1] - spent[0]) / (many - few)
    print(f"\nThe process that writes, on a cluster with a scheduler of its own: {each:.4f} s for")
    print(f"each submission; for 10,000, while they are graded elsewhere: {10_000 * each:.0f} s")


@contextmanager
def cluster() -> Iterator[str]:
    """A scheduler and two workers, each a process of its own: the scheduler's address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    host, port = address.removeprefix("tcp://").split(":")
    scheduler = ["dask_scheduler", "--host", host, "--port", port, "--no-dashboard"]
    worker = ["dask_worker", address, "--nthreads", "1", "--no-dashboard"]
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        for name, *options in (scheduler, worker, worker):
            command = [sys.executable, "-m", f"distributed.cli.{name}", *options]
            run = subprocess.Popen(command, cwd=folder, stderr=subprocess.DEVNULL)
            stack.callback(run.wait)
            stack.callback(run.terminate)
        yield address


def small_course(folder: Path) -> Path:
    """A course whose one network is a single layer, checked in all the ways that ours are."""
    chapter = folder / "solutions" / "small"
    chapter.mkdir(parents=True)
    shutil.copy(COURSE / FILE, folder)
    nbformat.write(small_notebook(), chapter / "small.ipynb")
    build_chapter(chapter / "small.ipynb")
    return folder


def small_notebook() -> nbformat.NotebookNode:
    def cell(grade_id: str, source: str, **marks) -> nbformat.NotebookNode:
        fixed = {"schema_version": 3, "task": False, "solution": False, "grade": False}
        data = {**fixed, "grade_id": grade_id, "locked": "solution" not in marks, **marks}
        return new_code_cell(source, metadata={"nbgrader": data}, id=grade_id.replace("_", "-"))

    kernel = {"name": "python3", "language": "python", "display_name": "Python"}
    return new_notebook(
        cells=[
            cell("setup", "import keras\n\nfrom autograder import check"),
            cell("ex1_answer", SMALL_ANSWER, solution=True),
            cell("ex1_check", SMALL_CHECK, grade=True, points=2),
        ],
        metadata={"kernelspec": kernel},
    )


def main() -> None:
    parts = {"same": same, "ten": ten, "workers": workers, "thousand": thousand, "writing": writing}
    for wanted in sys.argv[1:] or parts:
        with tempfile.TemporaryDirectory() as folder:
            parts[wanted](Path(folder))


if __name__ == "__main__":
    main()
