"""Two networks in smaller sizes, alike on both sides: what is too large is evaluated in small.

A size becomes the same size wherever it stands, and different sizes stay different. Lengths keep
what is left when they are halved again and again, because padding and pooling depend on that. Where
they are shortened so far that an axis of 1 is left, which is longer in truth, what is the same may
be so because of that: it has to be the same in larger sizes, in which none is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from autograder.graphs import Graph
from autograder.graphs.sizes import NotResizable, lengths, resized, steps, widths, words

_ATTEMPTS = (
    # fewest steps in time, shortest length, divisor of widths; None leaves all lengths as they are
    (None, None, 1),
    (32, 32, 1),
    (8, 32, 1),
    (4, 32, 1),
    (32, 32, 4),
    (8, 32, 4),
    (4, 32, 4),
    (4, 32, 8),
    (4, 64, 8),
    (4, 32, 16),
)
_FEWEST_WORDS = 40

MOST_WEIGHTS = 500_000
"""Numbers in all weights of a network: 4 MB, of which there are a few copies."""

MOST_WORK = 3_000_000
"""Multiplications for one example; a comparison takes some 150 times that."""

ROOM = 4
"""How much larger networks may be where that settles what smaller ones do not."""

_Pair = tuple[Graph, Graph]


@dataclass(frozen=True)
class Attempt:
    """An answer and its reference, in some sizes.

    Attributes:
        graphs: both.
        larger: both with lengths of one period more, where lengths are not the real ones.
        is_smaller: whether these are other sizes than their own.
        has_its_shapes: whether tensors have the shapes that their graphs say.
        room: how much larger than others they may be.
    """

    graphs: _Pair
    larger: _Pair | None = None
    is_smaller: bool = True
    has_its_shapes: bool = False
    room: int = 1

    @property
    def doubtless(self) -> _Pair:
        """Both in sizes in which something is left of each axis."""
        return self.larger or self.graphs


def smaller(answer: Graph, reference: Graph) -> Iterator[Attempt]:
    """Both as they are, then in smaller and smaller sizes, last as they are with more room."""
    graphs = (answer, reference)
    yield Attempt(graphs, is_smaller=False, has_its_shapes=True)
    seen: list[dict[int, int]] = [{}]
    for fewest, shortest, divisor in _ATTEMPTS:
        sizes = _sizes(graphs, fewest, shortest, divisor)
        if sizes is None or sizes in seen:
            continue
        seen.append(sizes)
        larger = _sizes(graphs, fewest, shortest, divisor, periods=1)
        is_shorter = larger is not None and larger != sizes
        try:
            yield Attempt(
                (resized(answer, sizes), resized(reference, sizes)),
                (resized(answer, larger), resized(reference, larger)) if is_shorter else None,
                has_its_shapes=fewest is None and divisor == 1,  # fewer words alone
            )
        except NotResizable:
            continue
    yield Attempt(graphs, is_smaller=False, room=ROOM)


def _sizes(
    graphs: _Pair,
    fewest: int | None,
    shortest: int | None,
    divisor: int,
    *,
    periods: int = 0,
) -> dict[int, int] | None:
    """What becomes of each size; None where different sizes would become one."""
    times, long, ids, wide = (
        set().union(*(sizes(graph) for graph in graphs))
        for sizes in (steps, lengths, words, widths)
    )
    ids -= times | long
    wide -= times | long | ids
    groups = [{size: size for size in group} for group in (times, long)]
    if fewest is not None and shortest is not None:
        groups = [_shorter(times, fewest, periods), _shorter(long - times, shortest, periods)]
    groups.append(_fewer(ids))
    groups.append(
        {n: n // divisor if n % divisor == 0 and n >= 4 * divisor else n for n in sorted(wide)}
    )
    if any(len(set(group.values())) < len(group) for group in groups):
        return None
    return {size: other for group in groups for size, other in group.items() if size != other}


def _shorter(long: set[int], shortest: int, periods: int) -> dict[int, int]:
    found, last = {}, 0
    for size in sorted(long):
        least = max(last + 1, min(size, shortest))
        last = min(size, least + (size - least) % shortest)
        found[size] = min(size, last + periods * shortest)
    return found


def _fewer(ids: set[int]) -> dict[int, int]:
    """Numbers of words: only that they are as many on both sides makes a difference."""
    found, last = {}, 0
    for size in sorted(ids):
        last = max(last + 1, min(size, _FEWEST_WORDS + 3 * len(found)))
        found[size] = min(last, size)
    return found
