"""One test over many cases: of each kind some are always tested, the others are `long`.

Which those are is a rule, and nobody's choice: of each kind the first, and then every so many.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

import pytest

SWEEP = "sweep"
Case = TypeVar("Case")


def one_in(
    number: int, kind: Callable[[Mapping[str, Any]], Hashable] = lambda parameters: ()
) -> pytest.MarkDecorator:
    """A mark for a test with parameters, of whose cases only some are always tested.

    Args:
        number: of each kind the first case is always tested, and then every so many.
        kind: what kind a case is of, by the values of its parameters; without it all are of one.
    """
    return getattr(pytest.mark, SWEEP)(number, kind)


def some_of_each(
    cases: Sequence[Case], number: int, kind: Callable[[Case], Hashable]
) -> list[Case]:
    """Of each kind the first case, and then every so many."""
    seen: Counter[Hashable] = Counter()
    found = []
    for case in cases:
        if seen[kind(case)] % number == 0:
            found.append(case)
        seen[kind(case)] += 1
    return found


def mark_the_rest_long(items: Iterable[pytest.Item]) -> None:
    """Mark the cases of sweeps that a long run alone has."""
    sweeps: dict[str, list[pytest.Item]] = {}
    for item in items:
        if item.get_closest_marker(SWEEP) and not item.get_closest_marker("long"):
            sweeps.setdefault(item.nodeid.partition("[")[0], []).append(item)
    for cases in sweeps.values():
        number, kind = cases[0].get_closest_marker(SWEEP).args
        always = some_of_each(cases, number, lambda item, kind=kind: kind(item.callspec.params))
        for item in cases:
            if item not in always:
                item.add_marker("long")


def to_run(request: pytest.FixtureRequest) -> list[pytest.Item]:
    """The tests of this file that are to run."""
    return [item for item in request.session.items if item.path == request.path]


def asked_about(request: pytest.FixtureRequest, parameter: str) -> list[Any]:
    """The values of a parameter in the tests of this file that are to run, each once."""
    found: list[Any] = []  # not a set: some are of what cannot be hashed
    for item in to_run(request):
        parameters = item.callspec.params if hasattr(item, "callspec") else {}
        if parameter in parameters and parameters[parameter] not in found:
            found.append(parameters[parameter])
    return found
