"""What `watch()` costs beside the training that it watches: `make bench` prints it.

Arguments: chapters ("ch05", …) whose trainings are watched, or "others" for those of the tests;
all without any. Each `fit` runs once, watched with its data; what the watching takes is measured
apart from the rest of the same `fit`, in processor time, so that other work does not matter.
"""

import contextlib
import io
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import keras
from training.healthy_kinds import KINDS
from training.more_kinds import KINDS as MORE

from autograder.training.watching import Watch

SOLUTIONS = Path(__file__).parents[2] / "solutions"
_FIT = keras.Model.fit


class Timed(Watch):
    """A watch that knows what it takes."""

    def __init__(self, *given):
        super().__init__(*given)
        self.first, self.all = 0.0, 0.0

    def _timed(self, do, *given):
        start = time.process_time()
        do(*given)
        self.all += time.process_time() - start

    def on_train_begin(self, logs=None):
        start = time.perf_counter()
        self._timed(super().on_train_begin, logs)
        self.first = time.perf_counter() - start

    def on_epoch_end(self, epoch, logs=None):
        self._timed(super().on_epoch_end, epoch, logs)

    def on_train_end(self, logs=None):
        self._timed(super().on_train_end, logs)


def measured(run):
    """Seconds of training, of watching with and without data, and before the first step."""
    figures = []

    def fit(model, x=None, y=None, *given, callbacks=(), **more):
        others = [each for each in callbacks if not isinstance(each, Watch)]
        timed, plain = Timed(x if y is None else (x, y), more.get("validation_data")), Timed()
        start = time.process_time()
        history = _FIT(model, x, y, *given, callbacks=[*others, timed, plain], **more)
        took = time.process_time() - start - timed.all - plain.all
        figures.append((took, timed.all, plain.all, timed.first))
        return history

    keras.Model.fit = fit
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            run()
    finally:
        keras.Model.fit = _FIT
    return figures


def chapter(name):
    """What runs all code of a chapter's solution."""
    (path,) = SOLUTIONS.glob(f"{name}_*/*.ipynb")
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]

    def run():
        os.chdir(path.parent)
        names = {"__name__": "__main__"}
        for source in code:
            exec(compile(source, name, "exec"), names)

    return run


def others():
    for make in [*KINDS, *MORE]:
        make(3)


def main(*asked):
    if len(asked) == 1:
        row(*asked)
        return
    chapters = sorted(path.parent.name[:4] for path in SOLUTIONS.glob("ch*/ch*.ipynb"))
    print(
        "trainings of   number   training s   watched with data   without   longest before it",
        flush=True,
    )
    for name in asked or (*chapters, "others"):  # each as in a kernel of its own
        subprocess.run([sys.executable, "-m", "benchmarks.watching", name], check=True)


def row(name):
    figures = measured(others if name == "others" else chapter(name))
    took, with_data, without = (sum(each[n] for each in figures) for n in range(3))
    print(
        f"{name:<14} {len(figures):>6}   {took:>10.1f}   {with_data / took:>17.1%}"
        f"   {without / took:>7.1%}   {max(each[3] for each in figures):>13.2f} s"
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
