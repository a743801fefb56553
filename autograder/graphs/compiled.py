"""What a model was compiled with, as plain data: losses, weights and metrics by outputs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from autograder.graphs.bounds import LONGEST_NAME

MOST = 1000
"""Outputs, metrics of one, or keys, that are taken from data that anybody may have written."""

EXACT = "Accuracy"
"""The metric of this class, by its class: given as text, Keras takes a fitting one in its place."""


@dataclass(frozen=True)
class Loss:
    """A loss as it was given.

    Attributes:
        name: as Keras' functions are called; "" where there is none, "own" of any other.
        from_logits: what it was told.
        ignores: whether it leaves one class out.
        others: its other settings that are not Keras' own, such as "label_smoothing=0.1".
        given: what `keras.losses.get` takes; it stays in the process that read it.
    """

    name: str = ""
    from_logits: bool = False
    ignores: bool = False
    others: tuple[str, ...] = ()
    given: Any = field(default=None, repr=False, compare=False)


@dataclass(frozen=True)
class Compiled:
    """What `compile` was given, by outputs.

    Attributes:
        names: of the outputs, in the order in which Keras reads lists.
        losses: one for each output.
        weights: of the losses.
        metrics: names, for each output, with settings that are not Keras' own; weighted ones, too.
        unknown: keys that name no output, by argument.
        entries: how many entries each argument has that was given; 1 of what is no collection.
        listed: the arguments that were lists, where there are several outputs.
        optimizer: its class.
        rate: its learning rate; None of a schedule, or if not known. This and weights may be NaN.
        prepared: whether the optimizer is made for what is trainable now; None before `fit`.
        whole: whether all arguments could be read, and not the losses alone.
    """

    names: tuple[str, ...]
    losses: tuple[Loss, ...]
    weights: tuple[float, ...]
    metrics: tuple[tuple[str, ...], ...]
    unknown: Mapping[str, tuple[str, ...]]
    entries: Mapping[str, float]
    listed: tuple[str, ...] = ()
    optimizer: str = ""
    rate: float | None = None
    prepared: bool | None = None
    whole: bool = field(default=True, compare=False)

    def to_json(self) -> dict[str, Any]:
        """The same as JSON data."""
        losses = [[each.name, each.from_logits, each.ignores, *each.others] for each in self.losses]
        return {
            "names": list(self.names),
            "losses": losses,
            "weights": [_as_json(weight) for weight in self.weights],
            "metrics": [list(names) for names in self.metrics],
            "unknown": {key: list(names) for key, names in self.unknown.items()},
            "entries": dict(self.entries),
            "listed": list(self.listed),
            "optimizer": self.optimizer,
            "rate": None if self.rate is None else _as_json(self.rate),
            "prepared": self.prepared,
            **({} if self.whole else {"whole": False}),
        }

    @classmethod
    def from_json(cls, data: Any) -> Compiled:
        """What `to_json` wrote: anybody can write that, so nothing is taken on trust.

        Raises:
            ValueError: if the data is no such thing.
        """
        try:
            found = cls(
                names=_texts(data["names"]),
                losses=tuple(_loss(each) for each in _few(data["losses"])),
                weights=tuple(_number(each) for each in _few(data["weights"])),
                metrics=tuple(_texts(each) for each in _few(data["metrics"])),
                unknown={key: _texts(data["unknown"][key]) for key in _texts(data["unknown"])},
                entries={
                    key: int(_number(data["entries"][key])) for key in _texts(data["entries"])
                },
                listed=_texts(data["listed"]),
                optimizer=_text(data["optimizer"]),
                rate=None if data["rate"] is None else _number(data["rate"]),
                prepared=None if data["prepared"] is None else bool(data["prepared"]),
                whole=bool(data.get("whole", True)),
            )
        except (KeyError, TypeError, ValueError, IndexError, OverflowError):
            raise ValueError("This evidence is damaged: nothing compiles with that.") from None
        if len({len(found.names), len(found.losses), len(found.weights), len(found.metrics)}) != 1:
            raise ValueError("This evidence is damaged: what was compiled is not by outputs.")
        return found


def with_settings(metric: str, settings: Sequence[str]) -> str:
    """A metric's name, and in brackets the settings that are not Keras' own."""
    return (f"{metric}({', '.join(settings)})" if settings else metric)[:LONGEST_NAME]


def without_settings(metric: str) -> str:
    """The bare name of a metric."""
    return metric.partition("(")[0]


def _loss(data: Any) -> Loss:
    name, from_logits, ignores, *others = _few(data)
    return Loss(_text(name), bool(from_logits), bool(ignores), _texts(others))


def _few(data: Any) -> Any:
    if not isinstance(data, (list, tuple, Mapping)) or len(data) > MOST:
        raise TypeError("list")
    return data


def _texts(data: Any) -> tuple[str, ...]:
    return tuple(_text(each) for each in _few(data))


def _text(data: Any) -> str:
    if not isinstance(data, str) or len(data) > LONGEST_NAME:
        raise TypeError("name")
    return data


def _as_json(number: float) -> float | str:
    """A number, or the word for what is none: JSON has no NaN and no infinity."""
    return number if math.isfinite(number) else str(number)


def _number(data: Any) -> float:
    if data in ("nan", "inf", "-inf"):
        return float(data)
    if isinstance(data, bool) or not isinstance(data, (int, float)):
        raise TypeError("number")
    return float(data)
