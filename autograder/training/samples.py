"""Samples of the data that a model is trained on, whatever form they come in."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import keras
import numpy as np
import tensorflow as tf

MOST, _FEWEST = 512, 24
"""Samples that are looked at, and how many of those that are as large as films."""

ENOUGH = 20
"""Samples of which it is said that all are the same."""

_MOST_NUMBERS = 16_000_000
"""Numbers in the samples that are looked at, where they are more than the fewest."""

_MOST_COMPARED, _COMPARED_NUMBERS = 20_000, 4_000_000
"""Samples of which it is asked whether they are in the validation data, too, and their numbers."""


@dataclass(frozen=True)
class Samples:
    """Some samples.

    Attributes:
        x: the inputs, in the form that they were given.
        y: the labels, likewise; None without.
        count: how many samples there are here.
        all: how many there are in the data; None if not known.
        batch: how many a batch has, of data that come in batches.
        whole: all inputs, where they are at hand.
        whole_y: all labels, likewise.
    """

    x: Any
    y: Any
    count: int
    all: int | None = None
    batch: int | None = None
    whole: Any = field(default=None, repr=False)
    whole_y: Any = field(default=None, repr=False)

    def spread(self, count: int) -> Samples:
        """Some of them, from all over: data may be sorted."""
        rows = places(self.count, count)
        x, y = (_each(part, lambda array: array[rows]) for part in (self.x, self.y))
        return Samples(x, y, len(rows), self.all, self.batch)

    @property
    def size(self) -> int:
        """Numbers in the inputs of one sample."""
        return sum(array.size for array in leaves(self.x)) // max(self.count, 1)


class NotData(ValueError):
    """Data of a form that nothing is known of; the message says what is taken."""


def samples(data: Any) -> Samples:
    """Some samples of data, from all over.

    Args:
        data: `(x, y)`, each an array, a list or a dictionary of arrays; a `tf.data.Dataset` or a
            `PyDataset`. Of arrays or batches alone there are no labels.

    Raises:
        NotData: if it is none of these.
    """
    if isinstance(data, Samples):
        return data
    with _same_chance():
        if isinstance(data, keras.utils.PyDataset):
            return _of_batches(_batches_of(data))
        if hasattr(data, "element_spec"):
            return _of_batches(data)
    if isinstance(data, Mapping) or hasattr(data, "shape"):
        data = (data, None)
    if not isinstance(data, tuple | list) or len(data) not in (2, 3):
        raise NotData("The data must be (x, y), a tf.data.Dataset of batches or a PyDataset.")
    x, y = _arrays(data[0]), _arrays(data[1])
    sizes = {len(rows) if rows.ndim else 0 for rows in (*leaves(x), *leaves(y))}
    if len(sizes) != 1:
        told = ", ".join(map(str, sorted(sizes)))
        raise NotData(f"Inputs and labels must have equally many samples; here are {told}.")
    count = sizes.pop()
    if not count:
        raise NotData("There are no samples in the data.")
    rows = places(count, _most(x, y, count))
    x_some, y_some = (_each(part, lambda array: array[rows]) for part in (x, y))
    return Samples(x_some, y_some, len(rows), count, whole=x, whole_y=y)


def _most(x: Any, y: Any, count: int) -> int:
    """How many samples are looked at, of `count` that are as large as these."""
    size = sum(array.size for array in (*leaves(x), *leaves(y))) // count
    return max(_FEWEST, min(MOST, _MOST_NUMBERS // max(size, 1)))


def places(count: int, most: int) -> np.ndarray:
    """The places of some of so many things, from all over: no step that a pattern could have."""
    return np.unique(np.linspace(0, count - 1, min(count, most)).astype(int))


def is_read_once(data: Any) -> bool:
    """Whether data give each batch once: what is read of them here, `fit` does not get."""
    return isinstance(data, Iterator)


@contextmanager
def _same_chance() -> Iterator[None]:
    """Draw what batches are changed by at random, so that `fit` draws the same afterwards."""
    ours, of_numpy = random.getstate(), np.random.get_state()
    try:
        yield
    finally:
        random.setstate(ours)
        np.random.set_state(of_numpy)


def _batches_of(data: keras.utils.PyDataset) -> Iterator[Any]:
    """Batches by their numbers, from all over, as many as are looked at; of data without end, the
    first ones."""
    count = data.num_batches
    if count == 0:
        return
    first = _as_tuple(data[0])
    yield first
    rows = leaves(_arrays(first[0]))
    most = -(-MOST // max([1, *(len(each) for each in rows if each.ndim)]))
    numbers = range(most) if count is None else places(count, most)
    yield from (_as_tuple(data[int(number)]) for number in numbers[1:])


def _as_tuple(batch: Any) -> Any:
    """What a `PyDataset` gives: `fit` takes a list there for a tuple."""
    return tuple(batch) if isinstance(batch, tuple | list) else (batch,)


def _of_batches(data: Iterable[Any]) -> Samples:
    xs: list[Any] = []
    ys: list[Any] = []
    count, seen, batch, most = 0, 0, None, MOST
    shapes: list[tuple[int, ...]] = []
    for element in islice(iter(data), MOST):
        x, y = map(_arrays, (*element, None)[:2] if isinstance(element, tuple) else (element, None))
        sizes = {len(rows) if rows.ndim else 0 for rows in (*leaves(x), *leaves(y))}
        size = max(sizes, default=0)
        if len(sizes) != 1 or not size:
            raise NotData("The dataset must give batches: call .batch(…) on it.")
        batch = batch or size
        most = min(most, _most(x, y, size))
        of_one = [rows.shape[1:] for rows in (*leaves(x), *leaves(y))]
        shapes = shapes if xs else of_one
        if of_one == shapes:  # others are as long as their own longest sample
            some = places(size, most)
            xs.append(_each(x, lambda array, some=some: array[some]))
            ys.append(_each(y, lambda array, some=some: array[some]))
            count += len(some)
        seen += size
        if seen >= most:
            break
    if not xs:
        raise NotData("There are no samples in the data.")
    return Samples(_joined(xs), _joined(ys), count, None, batch)


def _joined(parts: list[Any]) -> Any:
    first = parts[0]
    if first is None:
        return None
    if isinstance(first, Mapping):
        return {key: _joined([part[key] for part in parts]) for key in first}
    if isinstance(first, list):
        return [_joined([part[i] for part in parts]) for i in range(len(first))]
    return np.concatenate(parts)


def _arrays(given: Any) -> Any:
    if given is None:
        return None
    if isinstance(given, Mapping):
        return {key: _arrays(each) for key, each in given.items()}
    if isinstance(given, tuple) or (
        isinstance(given, list) and given and hasattr(given[0], "shape")
    ):
        return [_arrays(each) for each in given]
    return np.asarray(_dense(given))


def _dense(given: Any) -> Any:
    """An array; of a sparse one, such as scipy's, with its zeros written out."""
    if isinstance(given, tf.SparseTensor):
        return tf.sparse.to_dense(given)
    if not hasattr(given, "toarray"):
        return given
    if math.prod(given.shape) > _MOST_NUMBERS:
        raise NotData("A sparse matrix of this size is not looked at. Give some of its rows.")
    return given.toarray()


def are_whole(numbers: np.ndarray) -> bool:
    """Whether all of some numbers are whole."""
    return bool((numbers == np.round(numbers)).all())


def leaves(given: Any) -> list[np.ndarray]:
    """All arrays of inputs or labels."""
    if given is None:
        return []
    if isinstance(given, Mapping):
        return [array for each in given.values() for array in leaves(each)]
    if isinstance(given, list):
        return [array for each in given for array in leaves(each)]
    return [given]


def by_name(given: Any, names: Sequence[str], others: Sequence[str] = ()) -> dict[str, np.ndarray]:
    """Each array by the name of the input or output that it is for.

    Args:
        given: an array, a list, or a dictionary of them.
        names: in order.
        others: other names for the same, in the same order.
    """
    if isinstance(given, Mapping):
        other = dict(zip(others, names, strict=False))
        return {
            name: array
            for key, array in given.items()
            if (name := key if key in names else other.get(key)) and isinstance(array, np.ndarray)
        }
    return dict(zip(names, leaves(given), strict=False))


def _each(given: Any, change: Any) -> Any:
    if given is None:
        return None
    if isinstance(given, Mapping):
        return {key: _each(each, change) for key, each in given.items()}
    if isinstance(given, list):
        return [_each(each, change) for each in given]
    return change(given)


def repeated(training: Samples, validation: Samples) -> float:
    """Which share of the validation samples is among the training samples, from 0 to 1.

    Samples that are few words or numbers repeat by chance; where the training samples repeat
    themselves, nothing is said.
    """
    of_training = training.whole if training.whole is not None else training.x
    count = min(len(leaves(of_training)[0]), _MOST_COMPARED)
    known = _rows(of_training, _COMPARED_NUMBERS // count)
    if len(set(known)) < 0.9 * len(known):
        return 0.0
    asked, known_rows = _rows(validation.x, _COMPARED_NUMBERS // count), set(known)
    return sum(row in known_rows for row in asked) / max(len(asked), 1)


def _rows(x: Any, most: int) -> list[tuple[int, ...]]:
    """A number for each of a sample's arrays, by which samples are known again.

    Args:
        x: the inputs.
        most: numbers of a sample that are looked at.
    """
    known = (_known_by(array[:_MOST_COMPARED], most) for array in leaves(x))
    return list(zip(*known, strict=True))


def _known_by(rows: np.ndarray, most: int) -> list[int]:
    if rows.dtype.kind not in "biuf":
        return [hash(str(row)) for row in rows]
    flat = rows.reshape(len(rows), -1)
    some = flat[:, :: max(1, -(-flat.shape[1] // most))]
    return [hash(row.tobytes()) for row in np.ascontiguousarray(some, "float32")]
