"""What an equal answer reproduces: the reference's outputs for certain weights and inputs."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from autograder.by_value.agreement import difference, far_from_zero
from autograder.by_value.matching import NEAR, WAYS, Matching, matched
from autograder.by_value.network import Made, Network
from autograder.by_value.noise import is_noise
from autograder.by_value.numbers import numbers
from autograder.by_value.opinion import Said, Settled
from autograder.by_value.probes import SCALES
from autograder.by_value.units import Kind, Values
from autograder.graphs import Call
from autograder.graphs.black_boxes import runs_own_code

_MAY_CANCEL = frozenset({"beta", "bias"})
_SHOWS = 1e-6

Data = Callable[..., list[np.ndarray]]
"""Makes inputs: of so many examples, from a seed, in some scales."""


@dataclass(frozen=True)
class _Trial:
    """Outputs of the reference for certain weights and inputs."""

    size: float
    data: list[np.ndarray]
    training: bool | None
    wanted: Made


class Trials:
    """The trials that an answer has to pass.

    Args:
        reference: what is evaluated for them.
        data: makes inputs.
        whole: which inputs are whole numbers.
        spread: by kind of weights, how large they are.
        other_sizes: whether networks may be called in other sizes than they are here: in those a
            place of a kernel may count to which no number comes here.

    Attributes:
        other_masks: whether an answer that passes trials hands out other masks with its outputs.
    """

    def __init__(
        self,
        reference: Network,
        data: Data,
        *,
        whole: tuple[bool, ...],
        spread: Mapping[Kind, float],
        other_sizes: bool,
    ) -> None:
        self.reference, self._data, self._whole = reference, data, whole
        self._other_sizes = other_sizes
        self._trials: list[_Trial] = []
        self.other_masks = False
        self._own: Values = {
            kind: numbers((count, kind.size), "own", kind, positive=kind.positive)
            * (1 if kind.positive else spread[kind])
            for kind, count in reference.kinds.items()
        }

    def make(self, *, in_training: bool) -> None:
        """Evaluate the reference, in training, too, where that may be something else.

        Raises:
            Settled: if its outputs tell too little for a trial.
        """
        self._trials = [
            self._trial(1, self._data(12, 10, SCALES), None),
            self._trial(0.01, self._data(2, 11, (0.01,)), None),
        ]
        if in_training:
            self._trials.append(self._trial(1, self._data(4, 12), True))
        self._require_that_weights_show()

    def passed_by(self, answer: Network, matching: Matching) -> bool:
        """Whether an answer reproduces all of them with the reference's weights, matched so."""
        self.other_masks = False
        return all(self._is_passed(trial, answer, matching) for trial in self._trials)

    def passed_with(
        self, data: list[np.ndarray], answer: Network, matching: Matching, size: float = 1
    ) -> bool:
        """The same for certain inputs, and weights of a certain size."""
        return self._is_passed(self._trial(size, data, None), answer, matching)

    def gradients_are_those_of(self, answer: Network, matching: Matching) -> bool:
        """Whether an answer's outputs answer alike to each weight: where a gradient is stopped, or
        is one of somebody's own, shows there alone."""
        own, data = self._sized(1), self._data(6, 1)
        wanted = self.reference.answers(own, data, WAYS)
        found = answer.answers(matched(own, matching), data, WAYS)
        size = max((np.abs(each).max(initial=0) for each in wanted.values()), default=0)
        return all(
            np.allclose(found[kind], wanted[kind][places], rtol=NEAR, atol=NEAR * NEAR * size)
            for kind, places in matching.items()
        )

    def rounded(self, given: Values, data: list[np.ndarray], training: bool | None = None) -> Made:
        """What the reference makes of numbers that are next to those given."""
        near = {k: v * (1 + 1e-8 * numbers(v.shape, "near", k)) for k, v in given.items()}
        inputs = [
            x if whole else x * (1 + 1e-8 * numbers(x.shape, "near", n))
            for n, (x, whole) in enumerate(zip(data, self._whole, strict=True))
        ]
        return self.reference.run(near, inputs, training)

    def _trial(self, size: float, data: list[np.ndarray], training: bool | None) -> _Trial:
        wanted = self.reference.run(self._sized(size), data, training)
        outputs = [o for o in wanted.outputs if o.dtype.kind == "f"]
        if outputs and not any(np.isfinite(output).any() for output in outputs):
            raise Settled(Said.UNKNOWN, "no output is a finite number")
        return _Trial(size, data, training, wanted)

    def _sized(self, size: float) -> Values:
        """The reference's weights, smaller: those that are no variances."""
        return {k: v if k.positive else v * size for k, v in self._own.items()}

    def _require_that_weights_show(self) -> None:
        """Where outputs do not answer to a weight, an error could hide behind it."""
        shows: dict[int, float] = {}
        blind: list[str] = []
        for trial in self._trials[:2]:
            given = self._sized(trial.size)
            answers = self.reference.answers(given, trial.data, 1)
            floats = [o for o in trial.wanted.outputs if o.dtype.kind == "f"]
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
        blind += self.reference.unseen if self._other_sizes else []
        if blind:
            raise Settled(Said.UNKNOWN, f"no output shows what {blind[0]} does")
        if not shows and all(np.ptp(o) == 0 for o in self._trials[0].wanted.outputs if o.size):
            raise Settled(Said.UNKNOWN, "no output shows what the input does")

    def _is_passed(self, trial: _Trial, answer: Network, matching: Matching) -> bool:
        own = self._sized(trial.size)
        found = answer.run(matched(own, matching), trial.data, trial.training)
        if found.noise != trial.wanted.noise:
            return False
        outputs, wanted = list(found.outputs), list(trial.wanted.outputs)
        if trial.training:
            outputs += [found.state[kind] for kind in matching]
            wanted += [trial.wanted.state[kind][places] for kind, places in matching.items()]

        def rounded() -> list[np.ndarray]:
            made = self.rounded(own, trial.data, trial.training)
            states = [made.state[k][p] for k, p in matching.items()] if trial.training else []
            return [*made.outputs, *states]

        large = far_from_zero(trial.data, self._whole)
        said, _ = difference(outputs, wanted, rounded, overflowing=large)
        self.other_masks |= not said and found.masks != trial.wanted.masks
        return not said


def spread_of(*networks: Network) -> dict[Kind, float]:
    """By kind of weights how large they are, so that signals neither die nor saturate."""
    found = {}
    for network in networks:
        for slot in network.slots:
            shape = slot.variable.shape
            if slot.name == "embeddings":
                found[slot.kind] = 0.6
            elif len(shape) > 1:
                found[slot.kind] = max(0.05, 1.3 / math.sqrt(math.prod(shape[:-1])))
            else:
                found[slot.kind] = 0.25
    return found


def heeds_training(call: Call) -> bool:
    """Whether a call may compute otherwise in training."""
    keeps_or_drops = "momentum" in call.config or "dropout" in call.config
    return is_noise(call.op) or keeps_or_drops or runs_own_code(call)
