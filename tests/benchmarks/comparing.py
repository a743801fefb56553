"""How long comparing takes, and what judging the largest model costs: `make bench` prints it.

Times are the processor's, medians over runs in this one process; of building and judging by the
clock, where memory is measured, in processes of its own.
"""

import os
import statistics
import subprocess
import sys
import time

from corpus.right_by_hand import RIGHT
from corpus.systems import PARAMETERS, reference
from corpus.wrong_by_hand import SINGLE
from judging.growing import chain, copies, diamonds
from tensorflow import keras

from autograder import compare
from autograder.by_value import asking
from autograder.graphs import counterparts, read_graph
from autograder.graphs.surgery import with_config
from autograder.graphs.weightless import build_weightless
from autograder.judging.pairing import in_order_of

RUNS = 5

MEMORY = """
import resource, sys, time
sys.path.insert(0, "tests")
from autograder.quiet import import_tensorflow
import_tensorflow()
from corpus.systems import b11
from autograder import compare
from autograder.graphs import read_graph
from autograder.graphs.weightless import build_weightless
from tensorflow import keras
from tensorflow.keras import layers
compare(keras.Sequential([keras.Input((2,)), layers.Dense(2)]), read_graph(build_weightless(b11)))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
began = time.perf_counter()
model = {build}
verdict = compare(model, {reference})
seconds = time.perf_counter() - began
assert verdict.passed
print(seconds, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024)
"""


def milliseconds(work):
    times = []
    for _ in range(RUNS):
        began = time.process_time()
        work()
        times.append(1000 * (time.process_time() - began))
    return statistics.median(times)


def slightly_wrong(graph):
    """The graph with one layer wider than it should be, in the middle of the network."""
    places = [
        place
        for place, call in enumerate(graph.calls)
        if {"units", "filters", "output_dim"} & call.config.keys()
    ]
    place = places[len(places) // 2]
    key = next(k for k in ("units", "filters", "output_dim") if k in graph.calls[place].config)
    same = [p for p in places if graph.calls[p].weights == graph.calls[place].weights]
    return with_config(graph, same, **{key: graph.calls[place].config[key] + 1})


def row(name, model, right, wrong):
    equal = milliseconds(lambda: compare(model, right))
    different = milliseconds(lambda: compare(wrong, right))
    print(f"{name:<16} {len(right.calls):>6} {equal:>10.1f} {different:>12.1f}")
    return equal, different


def by_structure():
    """Comparing without evaluation: `compare` evaluates what is written alike, too."""
    os.environ[asking.SWITCH] = asking.OFF
    print(f"{'system':<16} {'calls':>6} {'equal, ms':>10} {'1 wrong, ms':>12}")
    figures = []
    for system in PARAMETERS:
        right = reference(system)
        figures.append(row(system, right, right, slightly_wrong(right)))
    flat = [figure for pair in figures for figure in pair]
    print(f"seed systems: median {statistics.median(flat):.1f} ms, worst {max(flat):.1f} ms\n")
    for name in ("Xception", "EfficientNetV2L"):
        model = build_weightless(lambda name=name: getattr(keras.applications, name)(weights=None))
        right = read_graph(model)
        row(name, model, right, slightly_wrong(right))
    print("(these two are read from the Keras model each time)\n")
    shapes = {"chain of 500": chain(500), "200 branches": copies(200), "45 diamonds": diamonds(135)}
    for name, graph in shapes.items():
        row(name, graph, graph, slightly_wrong(graph))
    print()
    del os.environ[asking.SWITCH]


def by_value():
    """Evaluating what is written by hand in the corpus, where structure does not settle it."""
    evaluating = asking.Evaluating()
    evaluating.ask(reference("A1"), reference("A1"))
    at_first, said, seconds = most_megabytes(evaluating), [], []
    for case in (*RIGHT, *SINGLE):
        meant = case.reference
        answer = in_order_of(read_graph(build_weightless(case.build)), meant)
        if counterparts(answer, meant) is None:
            opinion = evaluating.ask(answer, meant)
            said.append(str(opinion.said))
            seconds.append(opinion.seconds)
    more = most_megabytes(evaluating) - at_first
    evaluating.end()
    told = ", ".join(f"{said.count(word)} {word}" for word in sorted(set(said)))
    print(f"{len(said)} pairs that are not written alike are evaluated: {told}; median")
    print(
        f"{statistics.median(seconds):.2f} s, worst {max(seconds):.2f} s; the process takes up to"
    )
    print(f"{more:.0f} MB more than the {at_first:.0f} MB that it has when it is ready\n")


def most_megabytes(evaluating):
    """The most memory that the process which evaluates has taken, as Linux tells it."""
    with open(f"/proc/{evaluating._process.pid}/status") as file:
        (peak,) = (line for line in file if line.startswith("VmHWM"))
    return int(peak.split()[1]) / 1024


def main():
    by_structure()
    by_value()
    full_size()


def full_size():
    print("the video model of 169 million parameters, built and judged:")
    figures = {}
    for name, build in (("weightless", "build_weightless(b11)"), ("in full", "b11()")):
        program = MEMORY.format(build=build, reference="read_graph(build_weightless(b11))")
        run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
        seconds, megabytes = map(float, run.stdout.split()[-2:])
        figures[name] = seconds, megabytes
        print(f"  {name:<11} {1000 * seconds:>8.0f} ms {megabytes:>8.0f} MB more")
    (light_s, light_mb), (full_s, full_mb) = figures.values()
    print(f"  ratio       {full_s / light_s:>8.0f} ×  {full_mb / max(light_mb, 1):>8.0f} ×")


if __name__ == "__main__":
    main()
