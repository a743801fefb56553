"""One test over many cases: of each kind some are always tested, the others are `long`.

Which those are is a rule, and nobody's choice: of each kind the first, and then every so many.
"""

from collections import Counter
from collections.abc import Hashable, Iterable

import pytest

SWEEP = "sweep"


def one_in(number: int, kind=lambda params: ()) -> pytest.MarkDecorator:
    """A mark for a test with parameters, of whose cases only some are always tested.

    Args:
        number: of each kind the first case is always tested, and then every so many.
        kind: what kind a case is of, by the values of its parameters; without it all are of one.
    """
    return getattr(pytest.mark, SWEEP)(number, kind)


def mark_the_rest_long(items: Iterable[pytest.Item]) -> None:
    """Mark the cases of sweeps that a long run alone has."""
    seen: Counter[Hashable] = Counter()
    for item in items:
        mark = item.get_closest_marker(SWEEP)
        if mark is None or item.get_closest_marker("long"):
            continue
        number, kind = mark.args
        of = (item.nodeid.partition("[")[0], kind(item.callspec.params))
        if seen[of] % number:
            item.add_marker("long")
        seen[of] += 1
