"""How long it takes to draw an exercise: `make bench` prints it, by 20 seeds of each.

Times are of the processor, in milliseconds; what Python's collection of garbage takes is told
apart: in a process that holds TensorFlow it is 0.2 s, once in a few hundred exercises.
"""

import gc
import statistics
import sys
import time

from autograder.practising import exercise_of
from autograder.practising.as_code import built
from autograder.practising.drawn_graph import graph_of
from autograder.practising.exercise import KINDS, fits
from autograder.practising.made_wrong import MISTAKES
from autograder.practising.sheet import sheet_of
from autograder.practising.topics import LEVELS, TOPICS

SEEDS = 20
COLUMNS = "{:10} {:7} {:>5} {:>9} {:>7} {:>7} {:>7} {:>14} {:>8}"


class Garbage:
    """Adds up what collecting garbage takes, in seconds."""

    def __init__(self):
        self.seconds, self.began = 0.0, 0.0
        gc.callbacks.append(self)

    def __call__(self, phase, info):
        if phase == "start":
            self.began = time.process_time()
        else:
            self.seconds += time.process_time() - self.began


def milliseconds(topic, level, kind, seed, garbage):
    """What an exercise and its card take, alone, and with collecting garbage; without pictures."""
    graph_of.cache_clear()
    built.cache_clear()
    before, began = garbage.seconds, time.process_time()
    sheet_of(exercise_of(topic, level, kind, seed), "")
    took = time.process_time() - began
    return 1000 * (took - garbage.seconds + before), 1000 * took


def row(topics, level, kind, *, seeds, garbage):
    """The median, the 95th of a hundred, the worst, how many take longer than 50 ms."""
    fitting = [topic for topic in topics if fits(topic, kind)]
    times = {t: [milliseconds(t, level, kind, n, garbage) for n in seeds] for t in fitting}
    alone = sorted(took for each in times.values() for took, _ in each)
    slowest = max(statistics.median(took for took, _ in each) for each in times.values())
    collected = [took for each in times.values() for _, took in each]
    parts = statistics.quantiles(alone, n=20)
    return (
        len(alone),
        *(f"{took:.1f}" for took in (statistics.median(alone), parts[-1], max(alone))),
        f"{slowest:.1f}",
        f"{sum(took > 50 for took in collected)}",
    )


def main():
    """Print a table: a row for each kind of topic, kind of exercise and level."""
    seeds = range(int(sys.argv[1]) if len(sys.argv) > 1 else SEEDS)
    garbage = Garbage()
    for kind in KINDS:
        sheet_of(exercise_of("shared layers", 1, kind, 1), "")
    head = ("topics", "kind", "level", "exercises", "median", "95th", "worst", "slowest topic")
    print(COLUMNS.format(*head, "> 50 ms"))
    for name, topics in (("ideas", TOPICS), ("mistakes", MISTAKES)):
        for kind in KINDS:
            if any(fits(topic, kind) for topic in topics):
                for level in LEVELS:
                    told = row(topics, level, kind, seeds=seeds, garbage=garbage)
                    print(COLUMNS.format(name, kind, level, *told))


if __name__ == "__main__":
    main()
