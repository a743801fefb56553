"""Do two networks compute the same function of the same weights? Both are evaluated, to see.

They are the same where outputs agree on every test, with weights that all differ, under a matching
of the weights. Which matching it is, need not be right at once: a wrong one never makes networks
equal that are not. That they differ is said where outputs differ while all weights of a kind hold
the same numbers, which every matching has in common, or where no matching fits.
"""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.by_value.agreement import difference
from autograder.by_value.matching import (
    Colours,
    Matching,
    NoMatching,
    Pair,
    Refinement,
    matched,
    one_colour,
    values,
)
from autograder.by_value.network import Kind, Made, Network, OutOfTime, TooLarge, Values
from autograder.by_value.noise import is_noise
from autograder.by_value.numbers import numbers
from autograder.by_value.opinion import Opinion, Said
from autograder.by_value.probes import LENGTHS, SCALES, Probe, numbers_in
from autograder.by_value.smaller import smaller
from autograder.graphs import Call, Graph, Palette, normal_form
from autograder.graphs.rebuild import NotEvaluable

SECONDS = 8.0
"""Processor time that a comparison may take. What is evaluated is bounded by its sizes, and takes
two seconds; this is for a machine so busy that they take several times as long."""

MOST_UNITS = 20_000
"""Units of which it is told which stands for which."""

_ROOM = 4
"""How much larger networks may be where it is made sure that they are the same."""

MOST_TRIED = 16
"""Matchings that are tested."""

MOST_INPUT = 100_000
"""Numbers in the inputs of one example."""

_JOINS = frozenset(
    {"Concatenate", "Dstack", "Flip", "GetItem", "Hstack", "Permute", "Reshape", "Roll", "Split"}
    | {"Stack", "Swapaxes", "Take", "Transpose", "Vstack"}
)
"""Calls after which features may stand in another order."""

_MAY_CANCEL = frozenset({"beta", "bias"})
_SHOWS = 1e-6


class _Settled(Exception):
    """The comparison has come to an end."""

    def __init__(self, said: Said, reason: str) -> None:
        super().__init__(reason)
        self.said, self.reason, self.tried, self.is_in_doubt = said, reason, 0, False

    def noted(self, more: str) -> _Settled:
        """The same with more said of it."""
        self.reason += more
        return self


Maker = Callable[[Graph, float], Network]


def by_value(
    answer: Graph, reference: Graph, seconds: float = SECONDS, make: Maker = Network
) -> Opinion:
    """Judge a network by another one, by evaluating both.

    Args:
        answer: what is judged; inputs and outputs stand in the order of the reference's.
        reference: what it should be.
        seconds: processor time that it may take.
        make: makes what is evaluated of a graph, which has to end by a time of the processor.

    Returns:
        A judgement, whatever the graphs are: this never raises.
    """
    began = time.process_time()
    end = _Settled(Said.UNKNOWN, "it is too large")
    try:
        for number, attempt in enumerate(smaller(answer, reference)):
            found = _settled(_Comparison(attempt.graphs, began + seconds, make), seconds)
            if found is not None and found.is_in_doubt and number:
                larger = attempt.larger or attempt.graphs
                again = _Comparison(larger, began + seconds, make, room=_ROOM)
                found = _settled(again, seconds) or _Settled(Said.UNKNOWN, "it is too large")
                if found.is_in_doubt:
                    found = _Settled(Said.UNKNOWN, "in small, nothing is left of an axis")
            if found is not None:
                end = found.noted(", in smaller sizes" if number else "")
            if end.said is not Said.UNKNOWN or (found is not None and not number):
                break
        else:
            # Its own sizes, where they are not much too large, for what no smaller ones settle.
            roomy = _Comparison((answer, reference), began + seconds, make, room=_ROOM)
            end = _settled(roomy, seconds) or end
    except Exception as error:  # a graph of a student's process can be anything
        text = " ".join(str(error).split())[:200]
        end = _Settled(Said.UNKNOWN, f"{type(error).__name__}: {text}")
    return Opinion(end.said, end.reason, time.process_time() - began, end.tried)


def _settled(comparison: _Comparison, seconds: float) -> _Settled | None:
    """What a comparison comes to; None where the networks are too large for it."""
    try:
        comparison.run()
    except _Settled as end:
        end.tried = comparison.tried
        end.is_in_doubt = end.said is Said.EQUAL and comparison.is_shrunk
        return end
    except OutOfTime:
        return _Settled(Said.UNKNOWN, f"it takes more than {seconds:g} seconds")
    except NotEvaluable as error:
        return _Settled(Said.UNKNOWN, str(error))
    except MemoryError:
        return _Settled(Said.UNKNOWN, "it takes too much memory")
    except TooLarge:
        return None
    raise AssertionError("a comparison ends with what it found")


@dataclass(frozen=True)
class _Test:
    """What an equal answer reproduces: the reference's outputs for certain weights and inputs."""

    size: float
    data: list[np.ndarray]
    training: bool | None
    wanted: Made


class _Comparison:
    def __init__(
        self, graphs: tuple[Graph, Graph], ends: float, make: Maker, room: int = 1
    ) -> None:
        self.graphs, self.ends, self.make, self.room = graphs, ends, make, room
        self.tried = 0

    def run(self) -> None:
        """Compare, and raise `_Settled` with what was found."""
        said = unlike(*self.graphs)
        if said:
            raise _Settled(Said.DIFFERENT, said)
        self.probe = Probe.of(*self.graphs)
        if numbers_in(self.probe, LENGTHS[0]) > MOST_INPUT:
            raise TooLarge
        self._begin()
        self._build()
        cut = self._cut_where_features_join()
        self._require_same_kinds()
        reason = self._compared()
        many = cut is False and "whichever" not in reason
        raise _Settled(Said.UNKNOWN if many else Said.DIFFERENT, reason)

    @property
    def is_shrunk(self) -> bool:
        """Whether nothing is left of an axis, in these sizes."""
        return self.answer.is_shrunk or self.reference.is_shrunk

    # Making both networks

    def _begin(self) -> None:
        self.answer, self.reference = (self.make(graph, self.ends) for graph in self.graphs)
        for network in (self.answer, self.reference):
            network.room = self.room

    def _build(self) -> None:
        refusal: Exception | None = None
        for lengths in LENGTHS if self.probe.is_open else LENGTHS[:1]:
            self.lengths = lengths
            try:
                for network in (self.reference, self.answer):
                    network.build(self._data(2, 0))
                return
            except NotEvaluable as error:
                refusal = error
                self._begin()
        assert refusal is not None
        raise refusal

    def _cut_where_features_join(self) -> bool | None:
        """Take kernels apart where the order of features may differ; False if that is too much."""
        if not any(call.op in _JOINS for graph in self.graphs for call in graph.calls):
            return None
        networks = (self.answer, self.reference)
        for network in networks:
            network.cut_into_units(True)
        if all(sum(network.kinds.values()) <= MOST_UNITS for network in networks):
            return True
        for network in networks:
            network.cut_into_units(False)
        return False

    def _require_same_kinds(self) -> None:
        networks = (self.answer, self.reference)
        if self.answer.kinds == self.reference.kinds:
            return
        for network in networks:
            network.drop_unread(self._data(6, 1))
        if self.answer.kinds != self.reference.kinds:
            raise _Settled(
                Said.DIFFERENT, "other sets of weights, by size, role or whether they are frozen"
            )

    def _data(self, batch: int, seed: int, scales: tuple[float, ...] = (1.0,)) -> list[np.ndarray]:
        return self.probe.data(batch, seed, scales, self.lengths)

    # Comparing them

    def _compared(self) -> str:
        """Why no matching of the units makes the networks equal."""
        self.spread = self._spread()
        by_structure = self._by_structure()
        if by_structure is not None:
            self._make_tests()
            if self._agrees(by_structure):
                raise _Settled(Said.EQUAL, "weights matched as the structure has them")
        said = self._differs_whichever()
        if said:
            return f"{said}, whichever weights are matched"
        if by_structure is None:
            self._make_tests()
        if self._agrees(Pair(*(_in_order(n) for n in (self.answer, self.reference))).matching()):
            raise _Settled(Said.EQUAL, "weights matched in order")
        probes = [self._data(6, seed) for seed in (1, 2)]
        refinement = Refinement(self.answer, self.reference, probes, self.spread)
        for matching in _matchings(refinement, refinement.start()):
            if self._agrees(matching):
                raise _Settled(Said.EQUAL, "weights matched by what they do")
            if self.tried >= MOST_TRIED:
                raise _Settled(Said.UNKNOWN, "too many matchings are possible")
        return "no matching of the weights makes equal outputs"

    def _spread(self) -> dict[Kind, float]:
        """So that signals neither die nor saturate: kernels by how many numbers they sum over."""
        found = {}
        for network in (self.answer, self.reference):
            for slot in network.slots:
                shape = slot.variable.shape
                if slot.name == "embeddings":
                    found[slot.kind] = 0.6
                elif len(shape) > 1:
                    found[slot.kind] = max(0.05, 1.3 / math.sqrt(math.prod(shape[:-1])))
                else:
                    found[slot.kind] = 0.25
        return found

    def _differs_whichever(self) -> str:
        data, colours = self._data(6, 1), one_colour(self.reference)
        given = values(colours, self.spread)
        wanted = self.reference.run(given, data)
        found = self.answer.run(values(one_colour(self.answer), self.spread), data)
        said, _ = difference(
            found.outputs, wanted.outputs, lambda: self._rounded(given, data, None).outputs
        )
        return said

    def _make_tests(self) -> None:
        own = {
            kind: numbers((count, kind.size), "own", kind, positive=kind.positive)
            * (1 if kind.positive else self.spread[kind])
            for kind, count in self.reference.kinds.items()
        }
        self.own: Values = own
        self.tests = [
            self._test(1, self._data(12, 10, SCALES), None),
            self._test(0.01, self._data(1, 11, (0.01,)), None),
        ]
        if any(_heeds_training(call) for graph in self.graphs for call in graph.calls):
            self.tests.append(self._test(1, self._data(4, 12), True))
        self._require_that_weights_show()

    def _test(self, size: float, data: list[np.ndarray], training: bool | None) -> _Test:
        wanted = self.reference.run(self._sized(size), data, training)
        outputs = [o for o in wanted.outputs if o.dtype.kind == "f"]
        if outputs and not any(np.isfinite(output).any() for output in outputs):
            raise _Settled(Said.UNKNOWN, "no output is a finite number")
        return _Test(size, data, training, wanted)

    def _sized(self, size: float) -> Values:
        """The reference's weights, smaller: those that are no variances."""
        return {k: v if k.positive else v * size for k, v in self.own.items()}

    def _require_that_weights_show(self) -> None:
        """Where outputs do not answer to a weight, an error could hide behind it."""
        shows: dict[int, float] = {}
        blind: list[str] = []
        for test in self.tests[:2]:
            given = self._sized(test.size)
            answers = self.reference.answers(given, test.data, 1)
            floats = [o for o in test.wanted.outputs if o.dtype.kind == "f"]
            scale = max((float(np.nan_to_num(np.abs(o)).max(initial=0)) for o in floats), default=1)
            for number, slot in enumerate(self.reference.slots):
                if not slot.is_read:
                    continue
                place = slice(slot.start, slot.start + slot.count)
                size = np.abs(given[slot.kind][place]).max()
                seen = float(answers[slot.kind][place, -1].max(initial=0)) * size / (scale or 1)
                shows[number] = max(shows.get(number, 0.0), seen)
            blind = [
                self.reference.slots[number].variable.path
                for number, seen in shows.items()
                if seen < _SHOWS and self.reference.slots[number].name not in _MAY_CANCEL
            ]
            if not blind:
                break
        blind += self.reference.unseen
        if blind:
            raise _Settled(Said.UNKNOWN, f"no output shows what {blind[0]} does")
        if not shows and all(np.ptp(o) == 0 for o in self.tests[0].wanted.outputs if o.size):
            raise _Settled(Said.UNKNOWN, "no output shows what the input does")

    def _rounded(self, given: Values, data: list[np.ndarray], training: bool | None) -> Made:
        near = {k: v * (1 + 1e-8 * numbers(v.shape, "near", k)) for k, v in given.items()}
        inputs = [
            x if whole else x * (1 + 1e-8 * numbers(x.shape, "near", n))
            for n, (x, whole) in enumerate(zip(data, self.probe.whole, strict=True))
        ]
        return self.reference.run(near, inputs, training)

    # Matchings

    def _by_structure(self) -> Matching | None:
        """The matching of two graphs with the same normal form."""
        palette = Palette()
        mine, theirs = (normal_form(graph, palette) for graph in self.graphs)
        if mine.key != theirs.key:
            return None
        pairs = {
            self.graphs[0].calls[a].weights: self.graphs[1].calls[r].weights
            for a, r in zip(mine.order, theirs.order, strict=True)
        }
        places = {}
        for slot, owner, nth in _owned(self.reference):
            places[owner, nth] = slot
        found = {k: np.full(count, -1) for k, count in self.reference.kinds.items()}
        for slot, owner, nth in _owned(self.answer):
            other = places.get((pairs.get(owner), nth))
            if other is None or other.kind != slot.kind:
                return None
            rows = np.arange(slot.count)
            found[slot.kind][slot.start + rows] = other.start + rows
        complete = all((np.sort(own) == np.arange(len(own))).all() for own in found.values())
        return found if complete else None

    def _agrees(self, matching: Matching) -> bool:
        """Whether the answer passes all tests with the reference's weights, matched so."""
        self.tried += 1
        if not self._rows_stay_together(matching):
            return False
        for test in self.tests:
            if not self._passes(test, matching):
                return False
        self._require_same_limits(matching)
        return True

    def _passes(self, test: _Test, matching: Matching) -> bool:
        own = self._sized(test.size)
        found = self.answer.run(matched(own, matching), test.data, test.training)
        if found.noise != test.wanted.noise:
            return False
        outputs, wanted = list(found.outputs), list(test.wanted.outputs)
        if test.training:
            outputs += [found.state[kind] for kind in matching]
            wanted += [test.wanted.state[kind][places] for kind, places in matching.items()]

        def rounded() -> list[np.ndarray]:
            made = self._rounded(own, test.data, test.training)
            states = [made.state[k][p] for k, p in matching.items()] if test.training else []
            return [*made.outputs, *states]

        said, _ = difference(outputs, wanted, rounded)
        return not said

    def _rows_stay_together(self, matching: Matching) -> bool:
        """Whether all rows of a variable go with rows of one other variable."""
        if not self.answer.cut:
            return True
        owners = {}
        for number, slot in enumerate(self.reference.slots):
            if slot.is_read:
                for row in range(slot.start, slot.start + slot.count):
                    owners[slot.kind, row] = number
        return all(
            len({owners[slot.kind, int(row)] for row in _places(matching, slot)}) == 1
            for slot in self.answer.slots
            if slot.is_read
        )

    def _require_same_limits(self, matching: Matching) -> None:
        """Limits that no number reached yet: reach them, or have the same ones on both sides."""
        networks = (self.answer, self.reference)
        for size in (8.0, 60.0):
            if not any(network.reached.missed() for network in networks):
                return
            test = self._test(size, self._data(8, 14, (1.0, 100.0)), None)
            if not self._passes(test, matching):
                raise _Settled(Said.DIFFERENT, "outputs differ where a limit is reached")
        mine, theirs = (network.reached.missed() for network in networks)
        if mine != theirs:
            raise _Settled(Said.UNKNOWN, "a limit that no number reached is another one")


def unlike(answer: Graph, reference: Graph) -> str:
    """What differs that no value shows, in a sentence; "" where nothing does."""
    if len(answer.inputs) != len(reference.inputs):
        return "another number of inputs"
    if len(answer.outputs) != len(reference.outputs):
        return "another number of outputs"
    for mine, theirs in zip(answer.calls, reference.calls[: len(reference.inputs)], strict=False):
        if list(mine.config["shape"]) != list(theirs.config["shape"]):
            return "an input has another shape"
    if _unseen(answer) != _unseen(reference):
        return "dropout inside a layer, or a change by chance, differs"
    if _told_to_train(answer) != _told_to_train(reference):
        return "a call is told otherwise whether it trains"  # Keras overrules it wherever it trains
    return ""


def _told_to_train(graph: Graph) -> Counter[Any]:
    """The calls that are given a `training` of their own."""
    told = ((call.op, call.arguments.get("training")) for call in graph.calls)
    return Counter(pair for pair in told if pair[1] is not None)


def _unseen(graph: Graph) -> Counter[Any]:
    """What is left out of evaluation, and belongs to no weights."""
    return Counter(
        (call.op, str(call.config.get("dropout")))
        for call in graph.calls
        if call.weights is None and (call.config.get("dropout") or call.op == "RandomCrop")
    )


def _heeds_training(call: Call) -> bool:
    """Whether a call may compute otherwise in training."""
    return is_noise(call.op) or "momentum" in call.config or "dropout" in call.config


def _matchings(refinement: Refinement, pair: Pair) -> Iterator[Matching]:
    """Matchings that keep what fingerprints tell, the likeliest first."""
    try:
        pair = refinement.refined(pair)
    except NoMatching:
        return
    yield pair.matching()
    if pair.ties:
        for split in refinement.individualised(pair):
            yield from _matchings(refinement, split)


def _in_order(network: Network) -> Colours:
    """Units numbered by their variables' names, then as they come."""
    found = {kind: np.zeros(count, int) for kind, count in network.kinds.items()}
    named = [slot for slot in network.slots if slot.is_read]
    ranks = sorted(range(len(named)), key=lambda n: (named[n].name, n))
    number = 0
    for rank in ranks:
        slot = named[rank]
        found[slot.kind][slot.start : slot.start + slot.count] = number + np.arange(slot.count)
        number += slot.count
    return found


def _owned(network: Network) -> Iterator[tuple[Any, int, int]]:
    """Each slot that is read, with its layer's number and its own among the layer's."""
    owners = {}
    for number, layer in network.rebuilt.layers.items():
        for nth, variable in enumerate(layer.weights):
            owners[id(variable)] = (number, nth)
    for slot in network.slots:
        if slot.is_read:
            yield (slot, *owners[id(slot.variable)])


def _places(matching: Matching, slot: Any) -> np.ndarray:
    return matching[slot.kind][slot.start : slot.start + slot.count]
