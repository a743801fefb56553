"""Do two networks compute the same function of the same weights? Both are evaluated, to see.

They are the same where outputs agree on every test, with weights that all differ, under a matching
of the weights. Which matching it is, need not be right at once: a wrong one never makes networks
equal that are not. That they differ is said where outputs differ while all weights of a kind hold
the same numbers, which every matching has in common, or where no matching fits.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np

from autograder.by_value.agreement import difference
from autograder.by_value.at_limits import data_at_limits, takes
from autograder.by_value.hidden import written_out
from autograder.by_value.likely_matchings import by_structure, in_order
from autograder.by_value.matching import (
    Matching,
    Refinement,
    matchings,
    one_colour,
    values,
)
from autograder.by_value.network import Network, OutOfTime, TooLarge
from autograder.by_value.opinion import Opinion, Said, Settled
from autograder.by_value.probes import LENGTHS, OTHER_LENGTHS, Probe, numbers_in
from autograder.by_value.smaller import ROOM, Attempt, smaller
from autograder.by_value.trials import Trials, heeds_training, spread_of
from autograder.by_value.turned import turned
from autograder.by_value.units import Cut, Kind
from autograder.by_value.unlike import unlike
from autograder.graphs import Graph, counterparts
from autograder.graphs.rebuilding.makers import NotEvaluable
from autograder.graphs.rebuilding.stand_ins import is_unknown
from autograder.graphs.sizes import reach

SECONDS = 8.0
"""Processor time that a comparison may take. What is evaluated is bounded by its sizes, and takes
two seconds; this is for a machine so busy that they take several times as long."""

SECONDS_BY_NUMBERS = 1.6
"""Processor time to look for a matching of single numbers in."""

MOST_UNITS = 20_000
"""Units of which it is told which stands for which."""

MOST_STEPS_LONGER = 48
"""Steps that recurrent layers make where an axis without a length is longer than at first."""

MOST_TRIED = 16
"""Matchings that are tested."""

MOST_INPUT = 100_000
"""Numbers in the inputs of one example."""

_JOINS = frozenset(
    {"Concatenate", "Dstack", "Flip", "GetItem", "Hstack", "Permute", "Reshape", "Roll", "Split"}
    | {"Stack", "Swapaxes", "Take", "Transpose", "Vstack"}
)
"""Calls after which features may stand in another order."""


Maker = Callable[[Graph, float], Network]


def by_value(
    answer: Graph,
    reference: Graph,
    seconds: float = SECONDS,
    make: Maker = Network,
    *,
    fits: Callable[[Attempt], bool] = lambda attempt: True,
) -> Opinion:
    """Judge a network by another one, by evaluating both.

    Args:
        answer: what is judged; inputs and outputs stand in the order of the reference's.
        reference: what it should be.
        seconds: processor time that it may take.
        make: makes what is evaluated of a graph, which has to end by a time of the processor.
        fits: whether both are evaluated in certain sizes; if not, they are too large.

    Returns:
        A judgement, whatever the graphs are: this never raises.
    """
    began = time.process_time()
    end = _found(answer, reference, began + seconds, make=make, fits=fits)
    if end.said is Said.DIFFERENT:
        mine, theirs = written_out(answer), written_out(reference)
        if mine is not answer or theirs is not reference:
            again = _found(mine, theirs, began + seconds, make=make, fits=fits)
            end = again if again.said is Said.EQUAL else end
    return Opinion(end.said, end.reason, time.process_time() - began, end.tried)


def _found(
    answer: Graph,
    reference: Graph,
    ends: float,
    *,
    make: Maker,
    fits: Callable[[Attempt], bool],
) -> Settled:
    """What comparing two networks comes to, in the first of several sizes that tells it."""
    end = Settled(Said.UNKNOWN, "it is too large")
    try:
        for attempt in smaller(answer, reference):
            if not fits(attempt):
                continue
            comparison = _Comparison(
                attempt.graphs, ends, make, attempt.room, is_smaller=attempt.is_smaller
            )
            found = _settled(comparison)
            if found is not None and found.is_in_doubt and attempt.is_smaller:
                again = _Comparison(attempt.doubtless, ends, make, ROOM)
                found = _settled(again) or Settled(Said.UNKNOWN, "it is too large")
                if found.is_in_doubt:
                    found = Settled(Said.UNKNOWN, "in small, nothing is left of an axis")
            if found is not None:
                end = found.noted(", in smaller sizes" if attempt.is_smaller else "")
            if end.said is not Said.UNKNOWN or (found is not None and not attempt.is_smaller):
                break
    except Exception as error:  # a graph of a student's process can be anything
        text = " ".join(str(error).split())[:200]
        end = Settled(Said.UNKNOWN, f"{type(error).__name__}: {text}")
    return end


def _settled(comparison: _Comparison) -> Settled | None:
    """What a comparison comes to; None where the networks are too large for it."""
    try:
        comparison.run()
    except Settled as end:
        end.tried = comparison.tried
        end.is_in_doubt = end.said is Said.EQUAL and comparison.is_shrunk
        if end.said is Said.DIFFERENT and comparison.has_stand_ins:
            end.said = Said.UNKNOWN  # the true functions may not differ where these do
            return end.noted(", with something that is not run here")
        return end
    except OutOfTime:
        return Settled(Said.UNKNOWN, "it takes too much time")
    except NotEvaluable as error:
        return Settled(Said.UNKNOWN, str(error))
    except MemoryError:
        return Settled(Said.UNKNOWN, "it takes too much memory")
    except TooLarge:
        return None
    raise AssertionError("a comparison ends with what it found")


class _Comparison:
    def __init__(
        self,
        graphs: tuple[Graph, Graph],
        ends: float,
        make: Maker,
        room: int,
        *,
        is_smaller: bool = True,
    ) -> None:
        self.graphs, self.ends, self.make, self.room = graphs, ends, make, room
        self.is_smaller = is_smaller
        self.tried = 0

    def run(self) -> None:
        """Compare, and raise `Settled` with what was found."""
        said = unlike(*self.graphs)
        if said:
            raise Settled(Said.DIFFERENT, said)
        self.probe = Probe.of(*self.graphs)
        if numbers_in(self.probe, LENGTHS[0]) > MOST_INPUT:
            raise TooLarge
        self._begin()
        self._build()
        self.counterpart = counterparts(*self.graphs)
        self.answer.turned = turned(
            *self.graphs,
            self.counterpart,
            sizes=self.answer.features,
            sizes_meant=self.reference.features,
        )
        try:
            self._compare()
        except Settled as end:
            if end.said is Said.DIFFERENT:
                self._compare_by_numbers()
            raise

    def _compare(self) -> None:
        cut = self._cut_where_features_join()
        self._require_same_kinds()
        reason = self._compared()
        many = cut is False and "whichever" not in reason
        raise Settled(Said.UNKNOWN if many else Said.DIFFERENT, reason)

    def _compare_by_numbers(self) -> None:
        """The same with each number a unit: a kernel may have another shape, such as that of all
        places of a window in a row, or what it makes another order that is added to itself.

        Raises:
            Settled: if the networks are equal so.
        """
        networks = (self.answer, self.reference)
        ends = min(self.ends, time.process_time() + SECONDS_BY_NUMBERS)
        self.answer.turned = {}  # the numbers of what is turned are matched themselves
        for network in networks:
            network.ends = ends
            network.reached.forget()
            network.cut_into_units(Cut.NUMBERS)
        kinds = self.answer.kinds
        if kinds != self.reference.kinds or sum(kinds.values()) > MOST_UNITS:
            return
        try:
            self._compared()
        except OutOfTime:
            return
        except Settled as end:
            if end.said is Said.EQUAL:
                raise

    @property
    def is_shrunk(self) -> bool:
        """Whether nothing is left of an axis, in these sizes."""
        return self.answer.is_shrunk or self.reference.is_shrunk

    @cached_property
    def _stops(self) -> bool:
        """Whether either stops a gradient."""
        return any(call.op == "StopGradient" for graph in self.graphs for call in graph.calls)

    @cached_property
    def has_stand_ins(self) -> bool:
        """Whether some function stands in for one that is not run."""
        return any(is_unknown(call) for graph in self.graphs for call in graph.calls)

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
            network.cut_into_units(Cut.ROWS)
        if all(sum(network.kinds.values()) <= MOST_UNITS for network in networks):
            return True
        for network in networks:
            network.cut_into_units(Cut.WHOLE)
        return False

    def _require_same_kinds(self) -> None:
        networks = (self.answer, self.reference)
        if self.answer.kinds == self.reference.kinds:
            return
        for network in networks if not self._stops else ():  # what is stopped is read
            network.drop_unread(self._data(6, 1))
        if self.answer.kinds != self.reference.kinds:
            raise Settled(
                Said.DIFFERENT, "other sets of weights, by size, role or whether they are frozen"
            )

    def _data(self, batch: int, seed: int, scales: tuple[float, ...] = (1.0,)) -> list[np.ndarray]:
        return self.probe.data(batch, seed, scales, self.lengths)

    # Comparing them

    def _compared(self) -> str:
        """Why no matching of the units makes the networks equal."""
        networks = (self.answer, self.reference)
        spread = spread_of(*networks)
        self.trials = Trials(
            self.reference,
            self._data,
            whole=self.probe.whole,
            spread=spread,
            other_sizes=self.is_smaller or self.probe.is_open,
        )
        in_training = any(heeds_training(call) for graph in self.graphs for call in graph.calls)
        structural = by_structure(*networks, self.counterpart)
        if structural is not None:
            self.trials.make(in_training=in_training)
            if self._agrees(structural):
                raise Settled(Said.EQUAL, "weights matched as the structure has them")
        said = self._differs_whichever(spread)
        if said:
            return f"{said}, whichever weights are matched"
        if structural is None:
            self.trials.make(in_training=in_training)
        if self._agrees(in_order(*networks)):
            raise Settled(Said.EQUAL, "weights matched in order")
        probes = [self._data(6, seed) for seed in (1, 2)]
        refinement = Refinement(*networks, probes, spread)
        complete = self.answer.cut is Cut.NUMBERS
        begun = refinement.begun()
        for matching in matchings(refinement, begun, complete=complete) if begun else ():
            if self._agrees(matching):
                raise Settled(Said.EQUAL, "weights matched by what they do")
            if self.tried >= MOST_TRIED:
                raise Settled(Said.UNKNOWN, "too many matchings are possible")
        return "no matching of the weights makes equal outputs"

    def _differs_whichever(self, spread: dict[Kind, float]) -> str:
        data = self._data(6, 1)
        given, own = (values(one_colour(n), spread) for n in (self.reference, self.answer))
        wanted = self.reference.run(given, data)
        found = self.answer.run(own, data)
        said, _ = difference(
            found.outputs, wanted.outputs, lambda: self.trials.rounded(given, data).outputs
        )
        return said

    def _agrees(self, matching: Matching) -> bool:
        """Whether the answer passes all trials with the reference's weights, matched so."""
        self.tried += 1
        self.answer.reached.forget()
        if not self._rows_stay_together(matching):
            return False
        if not self.trials.passed_by(self.answer, matching):
            return False
        if not self._is_passed_in_other_lengths(matching):
            return False
        if self._stops and not self.trials.gradients_are_those_of(self.answer, matching):
            return False
        self._require_same_limits(matching)
        if self.trials.other_masks:  # no number shows it: how it is written decides
            raise Settled(Said.UNKNOWN, "the mask of an output is another one")
        return True

    def _is_passed_in_other_lengths(self, matching: Matching) -> bool:
        """Whether it also passes where axes without a length are longer, if they may be."""
        if not self.probe.is_open:
            return True
        far = max(map(reach, self.graphs))
        longer = [OTHER_LENGTHS, *([(far + 3, far + 5)] if far >= OTHER_LENGTHS[0] else [])]
        calls = [call for graph in self.graphs for call in graph.calls]
        has_steps = any("return_sequences" in call.config for call in calls)
        for lengths in longer:
            too_many = has_steps and max(lengths) > MOST_STEPS_LONGER
            if too_many or numbers_in(self.probe, lengths) > MOST_INPUT:
                raise Settled(Said.UNKNOWN, "a length at which they may differ is too large")
            data = self.probe.data(3, 16, (1.0,), lengths)
            if takes((self.answer, self.reference), data) and not self.trials.passed_with(
                data, self.answer, matching
            ):
                return False
        return True

    def _rows_stay_together(self, matching: Matching) -> bool:
        """Whether all rows of a variable go with rows of one other variable."""
        if self.answer.cut is Cut.WHOLE:
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
        for data, size in data_at_limits(networks, self.probe, self.lengths):
            if not self.trials.passed_with(data, self.answer, matching, size):
                raise Settled(Said.DIFFERENT, "outputs differ where a limit is reached")
        mine, theirs = (network.reached.missed() for network in networks)
        if mine != theirs:
            raise Settled(Said.UNKNOWN, "a limit that no number reached is another one")


def _places(matching: Matching, slot: Any) -> np.ndarray:
    return matching[slot.kind][slot.start : slot.start + slot.count]
