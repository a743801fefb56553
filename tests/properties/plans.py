"""Random networks: a plan of steps, the model that it makes, and plans with a mistake in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

import keras
import numpy as np
from keras import layers
from properties import more_kinds  # noqa: F401  (its kinds are entered)
from properties.kinds import KINDS, Settings, Way

WORDS = 7
"""Size of the vocabulary; word 0 is padding."""

STARTS = {"vector": (4,), "sequence": (4, 3), "text": (4,), "picture": (6, 6, 2)}
"""Shapes of inputs. A text is numbers of words, read by an Embedding that masks padding."""

MOST = 2_000
"""Numbers that one example of a tensor may have."""


@dataclass(frozen=True)
class Step:
    """One step: its kind, the tensors that it reads by number, its settings, whose weights."""

    kind: str
    reads: tuple[int, ...]
    settings: Settings
    owner: int


@dataclass(frozen=True)
class Plan:
    """A network: its inputs, which are the first tensors, and the steps that make the others."""

    inputs: tuple[str, ...]
    steps: tuple[Step, ...]
    outputs: tuple[int, ...]

    def used(self) -> list[int]:
        """The tensors that reach an output, in order."""
        found, stack = set(), list(self.outputs)
        while stack:
            tensor = stack.pop()
            if tensor not in found:
                found.add(tensor)
                if tensor >= len(self.inputs):
                    stack += self.steps[tensor - len(self.inputs)].reads
        return sorted(found)

    def with_step(self, number: int, **changes: Any) -> Plan:
        """The same plan with one step another."""
        steps = list(self.steps)
        steps[number] = replace(steps[number], **changes)
        return replace(self, steps=tuple(steps))


@dataclass
class Written:
    """A plan as a Keras model, and the layers that each owner of weights has made."""

    model: Any
    layers: dict[int, list[Any]] = field(default_factory=dict)
    permuted: dict[int, Callable[[list[Any]], list[Any]]] = field(default_factory=dict)

    def take_weights_of(self, other: Written) -> None:
        """Take the weights of the same plan as the reference is written."""
        for owner, made in other.layers.items():
            if owner not in self.layers:
                continue
            arrays = [np.array(w) for layer in made for w in layer.weights]
            arrays = self.permuted.get(owner, lambda given: given)(arrays)
            mine = [w for layer in self.layers[owner] for w in layer.weights]
            for weight, array in zip(mine, arrays, strict=True):
                weight.assign(array.reshape(weight.shape))


class Writer:
    """Writes a plan, each step in the way that is chosen for it.

    Args:
        plan: the plan.
        ways: for owners of weights, the way in which their steps are written; else the first.
        chance: chooses the order in which steps are written; in the plan's order without it.
    """

    def __init__(self, plan: Plan, ways: dict[int, str], chance: Random | None = None) -> None:
        self.plan, self.ways, self.chance = plan, ways, chance
        self.written = Written(None)
        self.tensors: dict[int, Any] = {}

    def write(self) -> Written:
        """The plan as a Keras model."""
        inputs = {}
        for number, what in enumerate(self.plan.inputs):
            dtype = "int32" if what == "text" else None
            inputs[number] = keras.Input(STARTS[what], dtype=dtype, name=f"start_{number}")
            self.tensors[number] = inputs[number]
        used = self.plan.used()
        waiting = [n for n in used if n >= len(inputs)]
        while waiting:
            ready = [n for n in waiting if all(t in self.tensors for t in self._step(n).reads)]
            number = self.chance.choice(ready) if self.chance else ready[0]
            waiting.remove(number)
            self.tensors[number] = self._called(self._step(number))
        ends = [self.tensors[n] for n in self.plan.outputs]
        starts = [inputs[n] for n in used if n in inputs]
        self.written.model = keras.Model(starts, ends if len(ends) > 1 else ends[0])
        return self.written

    def _step(self, number: int) -> Step:
        return self.plan.steps[number - len(self.plan.inputs)]

    def _called(self, step: Step) -> Any:
        made = self.written.layers.setdefault(step.owner, [])
        before = iter(list(made))
        is_first = not made

        def make(kind: Any, *args: Any, **settings: Any) -> Any:
            if not is_first:
                return next(before)
            name = f"{'mine' if self.chance else 'part'}_{step.owner}_{len(made)}"
            made.append(kind(*args, **settings, name=name))
            return made[-1]

        read = [self.tensors[n] for n in step.reads]
        if step.kind == "embedded":
            return make(layers.Embedding, **step.settings)(read[0])
        way = KINDS[step.kind].ways[self.ways.get(step.owner, "plain")]
        if way.rows is not None:
            rows = way.rows
            self.written.permuted[step.owner] = lambda arrays: rows(arrays, *read)
        return way.write(make, step.settings, *read)


def drawn(chance: Random, most_steps: int = 6, among: Sequence[str] = tuple(STARTS)) -> Plan:
    """A plan by chance; Keras tells the shapes on the way.

    Args:
        chance: draws it.
        most_steps: beside those that look texts up.
        among: what its inputs may be.
    """
    inputs = tuple(chance.choice(among) for _ in range(chance.randint(1, 2)))
    steps: list[Step] = []
    shapes = [None if what == "text" else STARTS[what] for what in inputs]
    for number, what in enumerate(inputs):
        if what == "text":
            settings = {"input_dim": WORDS, "output_dim": 3, "mask_zero": chance.random() < 0.7}
            steps.append(Step("embedded", (number,), settings, len(steps)))
            shapes.append((*STARTS[what], 3))
    wanted = len(steps) + chance.randint(2, most_steps)
    for _ in range(8 * most_steps):
        if len(steps) >= wanted:
            break
        step = _one_more(chance, steps, shapes)
        shape = step and _shape_made(step, [shapes[n] for n in step.reads])
        if shape and 0 < int(np.prod(shape)) <= MOST:
            steps.append(step)
            shapes.append(shape)
    count = len(shapes)
    read = {n for step in steps for n in step.reads}
    ends = [n for n in range(len(inputs), count) if n not in read][-2:] or [count - 1]
    return Plan(inputs, tuple(steps), tuple(ends))


def _one_more(chance: Random, steps: list[Step], shapes: list[Any]) -> Step | None:
    name = chance.choice(list(KINDS))
    kind = KINDS[name]
    fitting = [[n for n, s in enumerate(shapes) if s and len(s) == rank] for rank in kind.reads]
    if not all(fitting):
        return None
    first = chance.choice(fitting[0][-3:])
    reads = [first]
    for places in fitting[1:]:
        alike = [n for n in places if not kind.alike or shapes[n] == shapes[first]]
        # Of three factors two that are one are a square, which is not taken apart again.
        alike = [n for n in alike if len(kind.reads) < 3 or n not in reads]
        if not alike:
            return None
        reads.append(chance.choice(alike))
    settings = kind.settings(chance, *(shapes[n] for n in reads))
    if settings is None:
        return None
    # Sometimes the layer of an earlier step is called once more, with that step's settings.
    again = [s for s in steps if s.kind == name and _alike(s, reads, shapes)]
    if again and chance.random() < 0.7:
        return replace(again[-1], reads=tuple(reads))
    return Step(name, tuple(reads), settings, len(steps))


def _alike(step: Step, reads: list[int], shapes: list[Any]) -> bool:
    return [shapes[n] for n in step.reads] == [shapes[n] for n in reads]


_SHAPES: dict[Any, Any] = {}


def _shape_made(step: Step, shapes: list[Any]) -> Any:
    """The shape that a step makes, by Keras; None where it refuses."""
    key = (step.kind, repr(step.settings), tuple(shapes))
    if key not in _SHAPES:
        try:
            starts = [keras.Input(shape) for shape in shapes]
            write = KINDS[step.kind].ways["plain"].write
            _SHAPES[key] = tuple(write(_new, step.settings, *starts).shape[1:])
        except (ValueError, TypeError):
            _SHAPES[key] = None
    return _SHAPES[key]


def _new(kind: Any, *args: Any, **settings: Any) -> Any:
    return kind(*args, **settings)


def masked(plan: Plan) -> set[int]:
    """The tensors that may carry a mask, or be made where one has been read."""
    found: set[int] = set()
    for number, step in enumerate(plan.steps, start=len(plan.inputs)):
        masks = step.settings.get("mask_zero") or "mask_value" in step.settings
        if masks or found & set(step.reads):
            found.add(number)
    return found


def has_masks_taken_off(plan: Plan) -> bool:
    """Whether a mask is taken off a tensor that somebody else has, too.

    A MultiHeadAttention does that with what it reads, and who comes after it sees none.
    """
    carry, read = masked(plan), Counter(n for step in plan.steps for n in {*step.reads})
    return any(
        carry & {n for n in step.reads if read[n] > 1 or n in plan.outputs}
        for step in plan.steps
        if step.kind in ("attended", "looked_back")
    )


def ways_of(plan: Plan) -> dict[int, list[tuple[str, Way]]]:
    """For owners of weights, the other ways in which their steps can be written."""
    found, barred = {}, where_masks_are(plan)
    for step in plan.steps:
        if step.kind != "embedded":
            others = list(KINDS[step.kind].ways.items())[1:]
            found[step.owner] = [(n, w) for n, w in others if (step.owner, n) not in barred]
    return {owner: ways for owner, ways in found.items() if ways}


def where_masks_are(plan: Plan) -> set[tuple[int, str]]:
    """The ways, by owner and name, that may compute something else because of a mask."""
    carry = masked(plan)
    return {
        (step.owner, name)
        for step in plan.steps
        if step.kind != "embedded" and carry & set(step.reads)
        for name, way in list(KINDS[step.kind].ways.items())[1:]
        if way.loses_mask or way.by_value
    }


def slips(plan: Plan, chance: Random) -> Iterator[Plan]:
    """The plan with a mistake in a step that reaches an output, in any order."""
    used = [n - len(plan.inputs) for n in plan.used() if n >= len(plan.inputs)]
    found = [slip for number in used for slip in _slips_of(plan, number)]
    chance.shuffle(found)
    yield from found


def _slips_of(plan: Plan, number: int) -> Iterator[Plan]:
    step = plan.steps[number]
    if step.kind == "embedded":
        for change in ({"mask_zero": not step.settings["mask_zero"]}, {"input_dim": WORDS + 1}):
            yield plan.with_step(number, settings={**step.settings, **change})
        return
    for settings in KINDS[step.kind].slips(step.settings):
        steps = tuple(
            replace(s, settings=settings) if s.owner == step.owner else s for s in plan.steps
        )
        yield replace(plan, steps=steps)
    here = len(plan.inputs) + number
    for position in range(len(step.reads)):
        for other in range(here):
            if other != step.reads[position]:
                reads = (*step.reads[:position], other, *step.reads[position + 1 :])
                yield plan.with_step(number, reads=reads)
    if len(step.reads) == 2:
        yield plan.with_step(number, reads=step.reads[::-1])
    if any(s.owner == step.owner for n, s in enumerate(plan.steps) if n != number):
        yield plan.with_step(number, owner=len(plan.steps))
    for other in plan.steps[:number]:
        if (other.kind, other.settings) == (step.kind, step.settings) and other.owner < step.owner:
            yield plan.with_step(number, owner=other.owner)
    if here in plan.outputs and len(plan.outputs) == 2:
        yield replace(plan, outputs=plan.outputs[::-1])
    if here not in plan.outputs:
        yield replace(plan, outputs=(*plan.outputs[:-1], here))
    for kind in ("squared", "chances", "turned", "backwards", "scaled"):
        yield _with_one_more(plan, number, kind)


def _with_one_more(plan: Plan, number: int, kind: str) -> Plan:
    """One more step of a kind behind a step, for the first that reads it."""
    here, count = len(plan.inputs) + number, len(plan.inputs) + len(plan.steps)
    settings = {"scale": 2.0, "offset": 0.0} if kind == "scaled" else {}
    more = Step(kind, (here,), settings, len(plan.steps))
    longer = replace(plan, steps=(*plan.steps, more))
    for later in range(number + 1, len(plan.steps)):
        if here in plan.steps[later].reads:
            reads = tuple(count if n == here else n for n in plan.steps[later].reads)
            return longer.with_step(later, reads=reads)
    return replace(longer, outputs=tuple(count if n == here else n for n in plan.outputs))
