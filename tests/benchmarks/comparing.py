"""How long comparing takes, and what judging the largest model costs: `make bench` prints it.

Times are medians over runs in this one process; memory is measured in processes of its own.
"""

import statistics
import subprocess
import sys
import time

from corpus.systems import PARAMETERS, reference
from tensorflow import keras

from autograder import compare
from autograder.graphs import read_graph
from autograder.graphs.surgery import with_config
from autograder.graphs.weightless import build_weightless

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
        began = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - began))
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


def main():
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
