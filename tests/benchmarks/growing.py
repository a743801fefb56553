"""How judging grows with what is judged: `make bench` prints it.

Steps are lines of Python run, the same on any machine; seconds are processor time of one run.
"""

import shutil
import time
from math import log10

from judging.growing import SHAPES, chain, lines

from autograder.grading.preprocessors.judging_process import JudgingProcess
from autograder.graphs import normal_form
from autograder.graphs.draw import draw
from autograder.graphs.stored import graph_from_json, graph_to_json
from autograder.judging.answer_kinds import ModelAnswer
from autograder.judging.evidence import Case, Evidence
from autograder.judging.references import ExpectedGraph, Reference
from autograder.judging.requests import graded

SIZES = (100, 1000)
LARGE = 100_000
RUNS = 50


FIVE = Reference("ex", (ExpectedGraph(chain(5)),))


def evidence(graph):
    return Evidence("ex", (Case(ModelAnswer(graph), {}),)).to_json()


def exponent(work, graphs):
    """The slope of steps over size, both as logarithms to the base of ten."""
    small, large = (lines(lambda size=size: work(graphs[size])) for size in SIZES)
    return log10(large / small)


def seconds(work):
    began = time.process_time()
    work()
    return time.process_time() - began


def main():
    shutil.which = lambda name: None  # what is measured is ours: the text of a drawing
    print(f"growth from {SIZES[0]} to {SIZES[1]} calls (1 is linear), and seconds at {LARGE:,}")
    print(f"{'shape':<12} {'normal form':>11} {'read':>6} {'drawn':>6} {'judged, s':>10}")
    for shape in SHAPES:
        graphs = {size: shape(size) for size in SIZES}
        data = {size: graph_to_json(graph) for size, graph in graphs.items()}
        forms = exponent(normal_form, graphs)
        read = exponent(graph_from_json, data)
        drawn = exponent(draw, graphs)
        request = {"recorded": [evidence(shape(LARGE))], "error": "", "points": 1}
        judged = seconds(lambda request=request: graded(request, FIVE, None))
        print(f"{shape.__name__:<12} {forms:>11.2f} {read:>6.2f} {drawn:>6.2f} {judged:>10.2f}")
    price()


def price():
    """What it costs an ordinary check cell to be judged in another process."""
    reference = Reference("ex", (ExpectedGraph(chain(20)),))
    recorded = [evidence(chain(20))]
    judging = JudgingProcess(10.0, 10**9)
    arguments = recorded, "", 2, reference
    began = time.perf_counter()
    judging.ask(*arguments)
    start = time.perf_counter() - began
    request = {"recorded": recorded, "error": "", "points": 2}
    times = {}
    for name, work in {
        "in this process": lambda: graded(request, reference, None),
        "in its own": lambda: judging.ask(*arguments),
    }.items():
        began = time.perf_counter()
        for _ in range(RUNS):
            work()
        times[name] = 1000 * (time.perf_counter() - began) / RUNS
    judging.end()
    print(f"\nthe process that judges: started once in {start:.2f} s; a check cell takes")
    print(", ".join(f"{value:.2f} ms {name}" for name, value in times.items()))


if __name__ == "__main__":
    main()
