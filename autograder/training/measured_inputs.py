"""Measure the inputs: their numbers, and the Embeddings that read them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import numpy as np

from autograder.graphs import Graph
from autograder.training import structure
from autograder.training.observed import Entry, Table
from autograder.training.samples import ENOUGH, Samples, are_whole, by_name


def entries_of(graph: Graph | None, some: Samples | None) -> Iterator[Entry]:
    """What is known of each input that is given numbers.

    Whole numbers beside another input are the same for all samples on purpose: a state that begins
    at zero, a mask, places.
    """
    numbers = [each for each in _given(graph, some) if each[-1].dtype.kind in "biuf"]
    is_alike = {name: _is_alike(array) for _, name, array in numbers}
    for place, name, array in numbers:
        least, most = float(array.min()), float(array.max())
        finite = math.isfinite(least) and math.isfinite(most)
        yield Entry(
            name=name,
            finite=finite,
            least=least,
            most=most,
            deviation=float(array.std(dtype="float64")) if finite else 0.0,
            constant=is_alike[name] and (all(is_alike.values()) or not are_whole(array)),
            scaled=graph is None or structure.is_scaled(graph, place),
        )


def _is_alike(array: np.ndarray) -> bool:
    return len(array) >= ENOUGH and bool((array == array[:1]).all())


def tables_of(graph: Graph | None, some: Samples | None) -> Iterator[Table]:
    """What is known of each Embedding that reads an input."""
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


def _padded(array: np.ndarray) -> float:
    """The share of places that are zeros at a sample's end; 0 where all end alike."""
    if array.ndim != 2:
        return 0.0
    lengths = array.shape[1] - np.argmax(array[:, ::-1] != 0, axis=1)
    lengths[(array == 0).all(axis=1)] = 0
    return float(1 - lengths.mean() / array.shape[1]) if len(np.unique(lengths)) > 1 else 0.0
