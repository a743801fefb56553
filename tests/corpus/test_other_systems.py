"""Mistakes in networks that no chapter has are refused, and named."""

import pytest
from corpus.composed_systems import SLIPS
from corpus.sentences import faults, parameters_of
from versions import built_if_allowed

from autograder import compare
from autograder.graphs import read_graph
from autograder.graphs.weightless import build_weightless

RUN: set[str] = set()
NAMED: dict[str, bool] = {}


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: f"{slip.system}: {slip.slip}")
def test_it_is_refused(slip):
    case = slip.case
    RUN.add(case.note)
    answer = built_if_allowed(lambda: build_weightless(case.build))
    verdict = compare(read_graph(answer), case.reference)
    assert not verdict.passed
    assert faults(verdict, parameters_of(answer)) == []
    found = [finding.id for finding in verdict.findings]
    NAMED[case.note] = case.is_named(found)
    if not NAMED[case.note]:
        print(f"{case.note}: expected {case.expected}, said {found}")


@pytest.mark.parametrize(
    "build", dict.fromkeys(slip.build for slip in SLIPS), ids=lambda build: build.__name__
)
def test_the_network_itself_passes(build):
    meant, again = (read_graph(build_weightless(lambda: build(""))) for _ in range(2))
    assert compare(meant, again).passed


def test_nearly_all_are_named_and_none_wrongly():
    if len(RUN) < len(SLIPS):
        pytest.skip("only some of the slips were run")
    unnamed = [note for note, named in NAMED.items() if not named]
    assert len(unnamed) <= 0.03 * len(SLIPS), unnamed
