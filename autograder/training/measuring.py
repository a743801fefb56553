"""Measure what rules look at: of a Keras model, its data and its history."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import keras
import numpy as np

from autograder.graphs import Graph
from autograder.graphs.compiled import Compiled, Loss
from autograder.graphs.errors import NotReadable
from autograder.graphs.reading.compile_arguments import compiled, output_names
from autograder.graphs.reading.models import read_to_show
from autograder.training import structure
from autograder.training.arguments import arguments
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
from autograder.training.gradients import Forward, Step, forward, ran_before, seen_of
from autograder.training.neighbours import told_by_neighbours
from autograder.training.observed import (
    Entry,
    Fixed,
    Head,
    Labels,
    Observed,
    Part,
    Run,
    Table,
    Unit,
)
from autograder.training.samples import Samples, by_name, leaves, places, repeated, samples

_END = 0.02
"""How near its ends a sigmoid or tanh is saturated."""

_BEYOND = 1e-3
"""How far beyond 0 and 1 a number is no probability, however it was rounded."""

_ENOUGH = 20
"""Samples of which it is said that all are the same."""

_FEWEST_OTHERS = 8
"""Labels of other classes among samples of which it is said that all get one answer."""

_MOST_LABELS, _MOST_SORTED = 4_000_000, 50_000
"""Numbers in the labels that are looked at, and that are told apart: pictures of pictures are more.
"""

_BATCH = 32
"""Samples in a step where nobody says it."""

_BOUNDED = {"sigmoid": (0.0, 1.0), "tanh": (-1.0, 1.0)}


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
        data: `(x, y)` or a `tf.data.Dataset`; None where only the model is looked at.
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
    some = samples(data) if data is not None else None
    effort = _effort(model, some, planned, closely=closely) if some is not None else None
    few, seen = None, Forward()
    if some is not None and effort is not None:
        few, watched = seen_of(some, effort), _watched(model, graph, layers)
        seen = forward(model, few, names, watched=watched, effort=effort)
    run = as_run(history)
    given = _Given(some, few, seen, in_doubt=run.in_doubt)
    heads = tuple(_heads(graph, told, (names, layers), given))
    strange = _unknown_labels(some, [*names, *layers])
    return Observed(
        heads=heads,
        arguments=arguments(model, len(names)),
        unknown_names={**told.unknown, **strange} if _has_names(model) else {},
        entries=tuple(_entries(graph, some)),
        tables=tuple(_tables(graph, some)),
        parts=tuple(_parts(model, layers, seen, has_run=bool(run.loss))),
        units=tuple(_units(graph, seen)),
        fixed=tuple(_fixed(graph)),
        compares=graph is not None and structure.compares(graph),
        optimizer=told.optimizer,
        rate=told.rate,
        batch=batch_size or (some.batch if some else None),
        repeated=_repeated(some, validation_data),
        run=run,
        too_large=some is not None and planned is None and effort is None,
        cannot_run=seen.cannot_run,
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


@dataclass(frozen=True)
class _Given:
    """The samples looked at, those of them that ran through the network, and what it gave.

    Whether inputs and labels belong together is asked where learning leaves that in doubt.
    """

    some: Samples | None
    few: Samples | None
    seen: Forward
    in_doubt: bool


def _heads(
    graph: Graph | None, told: Compiled, named: tuple[list[str], list[str]], given: _Given
) -> Iterator[Head]:
    names, layers = named
    some, few = given.some, given.few
    labels = by_name(some.y, names, layers) if some else {}
    few_labels = by_name(few.y, names, layers) if few else {}
    all_labels = by_name(some.whole_y, names, layers) if some else {}
    for place, (name, layer) in enumerate(zip(names, layers, strict=True)):
        loss, made = told.losses[place], given.seen.outputs.get(name)
        call = _call_of(graph, layer)
        seen_activation = "" if graph is not None or made is None else _seen_activation(made)
        shape = tuple(made.shape[1:]) if made is not None else _shape(graph, call)
        truth = labels.get(name)
        measured = None
        if truth is not None and some is not None and truth.dtype.kind in "biuf":
            pairs = truth, some.x if given.in_doubt else None
            measured = _labels(all_labels.get(name, truth), loss, pairs)
        yield Head(
            name=name,
            layer=layer,
            shape=shape,
            activation=_activation(graph, call, loss) or seen_activation,
            below="" if call is None else structure.activation_below(graph, call),
            loss=loss.name,
            from_logits=loss.from_logits,
            ignores=loss.ignores,
            weight=told.weights[place],
            metrics=told.metrics[place],
            labels=measured,
            first_loss=_first_loss(loss, few_labels.get(name), made),
            dropout_after="" if call is None else structure.dropout_after(graph, call),
            summed_towers="" if call is None else structure.summed_towers(graph, call),
            one_answer=_is_one_answer(made, few_labels.get(name), loss),
        )


def _activation(graph: Graph | None, call: int | None, loss: Loss) -> str:
    """The last activation; not known where the loss is told an axis of its own."""
    if call is None or any(setting.startswith("axis=") for setting in loss.others):
        return ""
    return structure.last_activation(graph, call)


def _seen_activation(made: np.ndarray) -> str:
    """Of a network that cannot be read, what its numbers say; "" where they leave it open."""
    if made.ndim < 2 or made.dtype.kind != "f" or not np.isfinite(made).all():
        return ""
    if made.min() < -_BEYOND or made.max() > 1 + _BEYOND:
        return "linear"
    is_shares = made.shape[-1] > 1 and np.abs(made.sum(axis=-1) - 1).max() < _BEYOND
    return "softmax" if is_shares else ""


def _call_of(graph: Graph | None, layer: str) -> int | None:
    """The place of the call that makes an output."""
    if graph is None:
        return None
    if len(graph.outputs) == 1:
        return graph.outputs[0].call
    made_by = [t.call for t in graph.outputs if graph.calls[t.call].name == layer]
    return made_by[0] if len(made_by) == 1 else None


def _shape(graph: Graph | None, call: int | None) -> tuple[int | None, ...]:
    shape = graph.calls[call].shape if graph is not None and call is not None else None
    return tuple(shape[1:]) if shape else (None,)


def _thinned(labels: np.ndarray, most: int) -> np.ndarray:
    """Labels of samples from all over, so many that they are no more than that many numbers."""
    of_one = max(1, labels.size // max(len(labels), 1))
    return labels if labels.size <= most else labels[places(len(labels), max(1, most // of_one))]


def _labels(truth: np.ndarray, loss: Loss, few: tuple[np.ndarray, Any]) -> Labels:
    """What there is to know of all labels, and of a few with their inputs."""
    some, x = few
    many = _thinned(truth, _MOST_LABELS)
    least, most = float(many.min()), float(many.max())
    finite = math.isfinite(least) and math.isfinite(most)  # NaN is the least and the most of all
    numbers = _thinned(many, _MOST_SORTED).astype("float64", copy=False)
    values, counts = np.unique(_classes(numbers, loss), return_counts=True)
    sums = numbers.sum(axis=-1) if numbers.ndim > 1 else numbers
    whole = finite and bool((numbers == np.round(numbers)).all())
    is_class = loss.name.endswith("crossentropy") and whole
    shares = counts / counts.sum() if len(truth) >= _ENOUGH else np.zeros(1)
    return Labels(
        shape=tuple(truth.shape[1:]),
        whole=whole,
        finite=finite,
        least=least,
        most=most,
        kinds=len(values),
        zero_one=least >= 0 and most <= 1 and whole,
        sums=(float(sums.min()), float(sums.max())),
        baseline=_baseline(numbers, counts, loss) if finite else None,
        majority=float(shares.max()) if is_class or len(values) == 1 else 0.0,
        told_by_neighbours=told_by_neighbours(
            x, _classes(some.astype("float64"), loss), is_class=is_class
        )
        if finite and x is not None
        else None,
    )


def _classes(numbers: np.ndarray, loss: Loss) -> np.ndarray:
    """One number a sample where labels are rows of 0 and 1, and all numbers else."""
    is_rows = loss.name.startswith("categorical") and numbers.ndim > 1 and numbers.shape[-1] > 1
    return numbers.argmax(axis=-1) if is_rows else numbers


def _baseline(numbers: np.ndarray, counts: np.ndarray, loss: Loss) -> float | None:
    """The loss of the best constant answer; not known of one with settings of its own."""
    if loss.others:
        return None
    shares = counts / counts.sum()
    if loss.name in {"categorical_crossentropy", "sparse_categorical_crossentropy"}:
        return float(-(shares * np.log(shares)).sum())
    if loss.name == "binary_crossentropy" and numbers[0].size == 1:
        mean = float(np.clip(numbers.mean(), 1e-7, 1 - 1e-7))
        return -mean * math.log(mean) - (1 - mean) * math.log(1 - mean)
    if loss.name == "mean_squared_error":
        return float(numbers.var(axis=0).mean())
    if loss.name == "mean_absolute_error":
        return float(np.abs(numbers - np.median(numbers, axis=0)).mean())
    return None


def _first_loss(loss: Loss, truth: np.ndarray | None, made: np.ndarray | None) -> float | None:
    if not loss.name or loss.name == "own" or truth is None or made is None:
        return None
    try:
        size = float(np.mean(np.asarray(keras.losses.get(loss.given)(truth, made))))
    except Exception:  # labels that do not fit the loss are told by rules
        return None
    return size if math.isfinite(size) else None


def _is_one_answer(made: np.ndarray | None, truth: np.ndarray | None, loss: Loss) -> bool:
    """Whether samples get one and the same class, of which enough have another."""
    if made is None or not loss.name.endswith("crossentropy") or made.ndim < 2:
        return False
    if truth is None or truth.dtype.kind not in "biuf" or not _is_whole(truth):
        return False  # shares, as of grey in a picture, are no classes
    _, counts = np.unique(_classes(truth, loss), return_counts=True)
    if counts.sum() - counts.max() < _FEWEST_OTHERS:
        return False
    if loss.name.startswith("binary") and made.shape[-1] > 1:
        return False  # several labels, each of them rare: no to all of them is no class
    edge = 0.0 if loss.from_logits else 0.5
    answers = made > edge if made.shape[-1] == 1 else made.argmax(axis=-1)
    return bool((answers == answers[:1]).all())


def _is_whole(numbers: np.ndarray) -> bool:
    return bool((numbers == np.round(numbers)).all())


def _unknown_labels(some: Samples | None, known: list[str]) -> dict[str, tuple[str, ...]]:
    if some is None or not isinstance(some.y, Mapping) or not known:
        return {}
    strange = tuple(str(key) for key in some.y if key not in known)
    return {"y": strange} if strange else {}


def _given(graph: Graph | None, some: Samples | None) -> Iterator[tuple[int, str, np.ndarray]]:
    """The inputs with what is given for them."""
    if some is None:
        return
    if graph is None:
        arrays = by_name(some.x, ["input"]) if not isinstance(some.x, Mapping) else some.x
        yield from ((-1, name, array) for name, array in arrays.items())
        return
    names = [name or graph.calls[i].name for i, name in enumerate(graph.inputs)]
    arrays = by_name(some.x, names)
    yield from ((i, name, arrays[name]) for i, name in enumerate(names) if name in arrays)


def _entries(graph: Graph | None, some: Samples | None) -> Iterator[Entry]:
    for place, name, array in _given(graph, some):
        if array.dtype.kind not in "biuf":
            continue
        least, most = float(array.min()), float(array.max())
        finite = math.isfinite(least) and math.isfinite(most)
        yield Entry(
            name=name,
            finite=finite,
            least=least,
            most=most,
            deviation=float(array.std(dtype="float64")) if finite else 0.0,
            constant=len(array) >= _ENOUGH and bool((array == array[:1]).all()),
            scaled=graph is None or structure.is_scaled(graph, place),
        )


def _tables(graph: Graph | None, some: Samples | None) -> Iterator[Table]:
    if graph is None:
        return
    given = {place: (name, array) for place, name, array in _given(graph, some)}
    for call, place, recurrent in structure.embeddings(graph):
        if place not in given:
            continue
        name, array = given[place]
        yield Table(
            name=call.name,
            entry=name,
            words=int(call.config.get("input_dim", 0)),
            least=float(array.min()),
            most=float(array.max()),
            masked=bool(call.config.get("mask_zero")),
            padded=_padded(array),
            recurrent=recurrent,
        )


def _padded(array: np.ndarray) -> float:
    """The share of places that are zeros at a sample's end; 0 where all end alike."""
    if array.ndim != 2:
        return 0.0
    lengths = array.shape[1] - np.argmax(array[:, ::-1] != 0, axis=1)
    lengths[(array == 0).all(axis=1)] = 0
    return float(1 - lengths.mean() / array.shape[1]) if len(np.unique(lengths)) > 1 else 0.0


def _parts(model: Any, last: list[str], seen: Forward, *, has_run: bool) -> Iterator[Part]:
    for layer in layers_with_weights(model):
        arrays = [np.asarray(weight) for weight in layer.weights]
        step = seen.gradients.get(layer.name)
        yield Part(
            name=layer.name,
            kind=type(layer).__name__,
            trainable=bool(layer.trainable_variables),
            untouched=_is_untouched(layer),
            equal=_has_equal_units(layer) and not _is_begun_at_zero(layer, step, has_run=has_run),
            begun=bool(step and step.apart) and _is_zero(layer),
            apart=step.apart if step else None,
            finite=all(bool(np.isfinite(a).all()) for a in arrays if a.dtype.kind == "f"),
            is_last=layer.name in last,
            gradient=step.ratio if step else None,
            connected=step.connected if step else None,
        )


def _is_untouched(layer: Any) -> bool:
    """Whether biases are the zeros that Keras starts with; False where nothing tells."""
    bias = getattr(layer, "bias", None)
    kernel = getattr(layer, "kernel", None)
    if bias is None or kernel is None or not hasattr(bias, "shape"):
        return False
    return bool((np.asarray(bias) == 0).all()) and math.prod(bias.shape) > 1


def _has_equal_units(layer: Any) -> bool:
    kernel = getattr(layer, "kernel", None)
    if kernel is None or len(getattr(kernel, "shape", ())) < 2 or kernel.shape[-1] < 2:
        return False
    if type(layer).__name__.startswith(("Depthwise", "Separable")):
        return False
    rows = np.asarray(kernel).reshape(-1, kernel.shape[-1])
    return bool((rows == rows[:, :1]).all())


def _is_begun_at_zero(layer: Any, step: Step | None, *, has_run: bool) -> bool:
    """Whether a layer starts at zero, as the last one of a block does, and need not stay so."""
    return _is_zero(layer) and (step.apart if step is not None else not has_run)


def _is_zero(layer: Any) -> bool:
    kernel = getattr(layer, "kernel", None)
    return hasattr(kernel, "shape") and not np.asarray(kernel).any()


def _watched(model: Any, graph: Graph | None, last: list[str]) -> list[str]:
    """The hidden layers whose activations are looked at."""
    if graph is None:
        return []
    watched = {"relu", *_BOUNDED}
    calls = [call.name for call in graph.calls if structure.activation_of(call) in watched]
    there = {layer.name for layer in model.layers} - set(last)
    return [name for name in dict.fromkeys(calls) if name in there]


def _units(graph: Graph | None, seen: Forward) -> Iterator[Unit]:
    if graph is None:
        return
    kinds = {call.name: structure.activation_of(call) for call in graph.calls}
    for name, numbers in seen.activations.items():
        flat = numbers.reshape(-1, numbers.shape[-1])
        low, high = _BOUNDED.get(kinds[name], (0.0, 0.0))
        near = (flat < low + _END) | (flat > high - _END)
        yield Unit(
            name=name,
            activation=kinds[name],
            silent=float((flat == 0).all(axis=0).mean()) if kinds[name] == "relu" else 0.0,
            saturated=float(near.mean()) if kinds[name] in _BOUNDED else 0.0,
        )


def _fixed(graph: Graph | None) -> Iterator[Fixed]:
    if graph is not None:
        for call, value in structure.fixed_calls(graph):
            trainable = call.trainable if call.weights is not None else True
            yield Fixed(call.name, call.op, value, trainable)


def _repeated(some: Samples | None, validation_data: Any) -> float:
    if some is None or validation_data is None:
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
