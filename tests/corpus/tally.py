"""Counts what the judge, and the two checks of other courses, say of the corpus."""

import statistics
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from corpus.as_keras import as_keras
from corpus.baselines import BASELINES
from corpus.case import Case
from corpus.sentences import faults, parameters_of
from corpus.systems import BUILDERS
from versions import built_if_allowed

from autograder.graphs import read_graph
from autograder.graphs.weightless import build_weightless
from autograder.judging.comparing import judge_network
from autograder.judging.verdict import Verdict

OURS = "this judge"


class Tally:
    """What was said so far; `faults` is what is wrong with the words of the last verdict."""

    def __init__(self) -> None:
        self.refused: Counter[tuple[str, str]] = Counter()
        self.total: Counter[str] = Counter()
        self.named: Counter[str] = Counter()
        self.confusions: Counter[tuple[str, str]] = Counter()
        self.times: list[float] = []
        self.worst: tuple[float, str] = (0.0, "")
        self.faults: list[str] = []
        self._meant: dict[tuple[str, bool], Any] = {}

    def judge(self, kind: str, case: Case, flat: bool = False) -> Verdict:
        """Judge a model by all checks, and keep count.

        Args:
            kind: "right", or "one" or "two" mistakes, "by hand" or "made" by the edits that are
                looked for.
            case: the model.
            flat: whether it is written layer by layer; the layer table's reference then is, too.
        """
        model = built_if_allowed(lambda: build_weightless(case.build))
        graph, meant = read_graph(model), case.reference
        start = time.perf_counter()
        verdict = judge_network(graph, meant, thorough=True)
        seconds = time.perf_counter() - start
        self.times.append(seconds)
        self.worst = max(self.worst, (seconds, f"{case.system}: {case.expected} ({case.note})"))
        self.total[kind] += 1
        self.refused[kind, OURS] += not verdict.passed
        for name, check in BASELINES.items():
            self.refused[kind, name] += check(model) != check(self._model(case, flat))
        self.faults = faults(verdict, parameters_of(model)) if not verdict.passed else []
        found = [finding.id for finding in verdict.findings]
        if case.is_named(found):
            self.named[kind] += 1
        else:
            self.confusions[case.expected, " + ".join(found) or "passed"] += 1
        return verdict

    def _model(self, case: Case, flat: bool) -> Any:
        key = (case.system, flat)
        if case.meant is not None:
            return build_weightless(case.meant)
        if key not in self._meant:
            make: Callable[[], Any] = BUILDERS[case.system]
            self._meant[key] = as_keras(case.reference) if flat else build_weightless(make)
        return self._meant[key]

    def lines(self) -> list[str]:
        """The tables."""
        if not self.total:
            return []
        kinds = list(self.total)
        rows = [["check", *(f"{kind}: refused" for kind in kinds)]]
        for name in (OURS, *BASELINES):
            rows.append([name, *(f"{self.refused[k, name]} of {self.total[k]}" for k in kinds)])
        rows.append(["", *("" for _ in kinds)])
        rows.append(["named right", *(f"{self.named[k]} of {self.total[k]}" for k in kinds)])
        middle, (most, where) = statistics.median(self.times), self.worst
        return [
            "",
            "The corpus",
            *_aligned(rows),
            f"compare: median {middle * 1000:.1f} ms, at most {most * 1000:.0f} ms for {where}",
            "",
            "Named otherwise than expected",
            *_aligned([["expected", "named", "models"], *self._confused()]),
        ]

    def _confused(self) -> list[list[str]]:
        ranked = sorted(self.confusions.items(), key=lambda item: (-item[1], item[0]))
        return [[expected, found, str(count)] for (expected, found), count in ranked]


def _aligned(rows: list[list[str]]) -> list[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


TALLY = Tally()
