"""Measure what rules look at: of a Keras model, its data and its history."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import keras

from autograder.graphs import Graph
from autograder.graphs.compiled import Loss
from autograder.graphs.errors import NotReadable
from autograder.graphs.reading.compile_arguments import compiled, output_names
from autograder.graphs.reading.models import read_to_show
from autograder.training import structure
from autograder.training.arguments import (
    arguments,
    leaves_of,
    left_out,
    steps_as_keras,
    trains_as_keras,
)
from autograder.training.effort import (
    Effort,
    Planned,
    Size,
    as_wanted,
    by_itself,
    layers_with_weights,
    size_of,
    within,
)
from autograder.training.gradients import (
    Forward,
    forward,
    may_add_loss,
    may_be_run,
    ran_before,
    seen_of,
)
from autograder.training.measured_inputs import entries_of, tables_of
from autograder.training.measured_layers import (
    fixed_of,
    parts_of,
    penalty_of,
    units_of,
    watched_in,
)
from autograder.training.measured_outputs import Given, heads_of
from autograder.training.observed import Observed, Run
from autograder.training.samples import (
    NotData,
    Samples,
    is_read_once,
    leaves,
    repeated,
    samples,
)

_BATCH = 32
"""Samples in a step where nobody says it."""


def observe(
    model: Any,
    data: Any = None,
    *,
    history: Any = None,
    validation_data: Any = None,
    batch_size: int | None = None,
    planned: Planned | None = None,
    closely: bool = True,
) -> Observed:
    """Measure a model, and what it is trained on.

    Args:
        model: a compiled Keras model.
        data: `(x, y)`, a `tf.data.Dataset` or a `PyDataset`, or samples of these; None where only
            the model is looked at. What gives each batch once is left alone.
        history: what `fit` returned, or its dictionary.
        validation_data: in the same form as the data.
        batch_size: how many samples a step sees; of a dataset it is known.
        planned: how long the training is, of which the look may take a small part alone; None of
            a look by itself.
        closely: whether gradients and activations are looked at.

    Raises:
        NotData: if the data are of no such form.
    """
    graph = _graph(model)
    names, layers = output_names(model)
    told = compiled(model, names, layers, with_optimizer=False)
    if _computes_its_own_loss(model):
        told = replace(told, losses=tuple(Loss("own") for _ in told.losses))
    given_to = arguments(model, len(names) if _has_names(model) else None)
    is_left_alone = is_read_once(data)
    some = samples(data) if data is not None and not is_left_alone else None
    if some is not None and some.y is None and _compares_with_labels(model):
        raise NotData("The data must have labels: (x, y), or batches of both.")
    effort = _effort(model, some, planned, closely=closely) if some is not None else None
    if effort is not None and any(argument.stops_fit(len(names)) for argument in given_to):
        effort = replace(effort, step=0)
    few, seen = None, Forward()
    if some is not None and effort is not None and may_be_run(model):
        few, watched = seen_of(some, effort), watched_in(model, graph, layers)
        seen = forward(model, few, names, watched=watched, effort=effort)
    run = as_run(history)
    given = Given(some, few, seen, in_doubt=run.in_doubt)
    none = left_out(model, names)
    heads = tuple(
        replace(head, left_out=head.name in none)
        for head in heads_of(graph, told, (names, layers), given)
    )
    strange = _unknown_labels(some, [*names, *layers])
    return Observed(
        heads=heads,
        arguments=given_to,
        unknown_names={**told.unknown, **strange} if _has_names(model) else {},
        entries=tuple(entries_of(graph, some)),
        tables=tuple(tables_of(graph, some)),
        parts=tuple(parts_of(model, layers, seen, has_run=bool(run.loss))),
        units=tuple(units_of(graph, seen)),
        fixed=tuple(fixed_of(graph)),
        compares=graph is not None and structure.compares(graph),
        optimizer=told.optimizer,
        rate=told.rate,
        batch=batch_size or (some.batch if some else None),
        repeated=_repeated(some, validation_data),
        run=run,
        left_alone=is_left_alone,
        too_large=some is not None and planned is None and effort is None,
        cannot_run=seen.cannot_run if steps_as_keras(model) else "",
        no_loss=not run.loss and _has_no_loss(model, seen),
        penalty=penalty_of(model) if run.loss else 0.0,
    )


def _effort(model: Any, some: Samples, planned: Planned | None, *, closely: bool) -> Effort | None:
    """How closely the model may be looked at."""
    longest = (rows.shape[1] for rows in leaves(some.x) if rows.ndim > 1)
    size = size_of(layers_with_weights(model), max(longest, default=1))
    if planned is None:
        found = by_itself(size)
    else:
        work = _work(size, some, planned)
        found = within(size, work, closely=closely, is_first=not ran_before())
    return found and as_wanted(model, found, some.count)


def _work(size: Size, some: Samples, planned: Planned) -> float:
    """The work of a training of so many epochs."""
    batch, epochs = some.batch or _BATCH, planned.epochs
    of_epoch = planned.steps or -(-(some.all or some.count) // batch)
    return size.training(epochs, epochs * of_epoch, epochs * (some.all or of_epoch * batch))


def _compares_with_labels(model: Any) -> bool:
    """Whether Keras itself computes the loss of labels and predictions."""
    return trains_as_keras(model) and getattr(model, "loss", None) is not None


def _has_no_loss(model: Any, seen: Forward) -> bool:
    """Whether nothing was compiled that is made smaller, and no layer adds anything."""
    has_any = any(leaf is not None for leaf in leaves_of(getattr(model, "loss", None)))
    if has_any or seen.adds_loss or seen.cannot_run or not trains_as_keras(model):
        return False
    return seen.adds_loss is False or not may_add_loss(model)


def _computes_its_own_loss(model: Any) -> bool:
    """Whether the loss that was compiled need not be the one that is learned."""
    return type(model).compute_loss is not keras.Model.compute_loss


def _has_names(model: Any) -> bool:
    """Whether the outputs have names that are known: those of a class of one's own have not."""
    return isinstance(model, keras.Sequential) or bool(getattr(model, "output_names", None))


def _graph(model: Any) -> Graph | None:
    try:
        return read_to_show(model)
    except NotReadable:
        return None


def _unknown_labels(some: Samples | None, known: list[str]) -> dict[str, tuple[str, ...]]:
    if some is None or not isinstance(some.y, Mapping) or not known:
        return {}
    strange = tuple(str(key) for key in some.y if key not in known)
    return {"y": strange} if strange else {}


def _repeated(some: Samples | None, validation_data: Any) -> float:
    if some is None or validation_data is None or is_read_once(validation_data):
        return 0.0
    return repeated(some, samples(validation_data))


def as_run(history: Any) -> Run:
    """What a history says; of what is none, nothing."""
    figures = getattr(history, "history", history) or {}
    if not isinstance(figures, Mapping):
        return Run()
    found = Counter(key.removeprefix("val_") for key in figures if key.endswith("accuracy"))
    accuracy = next(iter(found), "accuracy")

    def of(key: str) -> tuple[float, ...]:
        given = figures.get(key, ())
        return tuple(map(float, given)) if isinstance(given, list | tuple) else ()

    return Run(of("loss"), of("val_loss"), of(accuracy), of(f"val_{accuracy}"))
