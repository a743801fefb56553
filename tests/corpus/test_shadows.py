"""What stands in for a comparison because it is quicker says nothing that the comparison denies."""

import pytest
from corpus.invented import Invented
from corpus.right import rewritten
from corpus.systems import PARAMETERS, reference
from sweeps import one_in

from autograder.graphs import normal_form, read_graph
from autograder.graphs.identities.rules import is_in_one_spelling
from autograder.graphs.surgery import needed
from autograder.graphs.weightless import build_weightless
from autograder.judging.edits import finished, traced
from autograder.judging.misconceptions import CATALOGUE
from autograder.judging.nearness import Nearness, distance, pieces

SYSTEMS = [name for name in PARAMETERS if name != "A6"]


def test_only_what_has_more_than_sixty_calls_is_left_out():
    assert [name for name in PARAMETERS if len(reference(name).calls) <= 60] == SYSTEMS


@one_in(3)
@pytest.mark.parametrize("system", SYSTEMS)
def test_what_is_in_one_spelling_is_not_written_anew(system):
    graph = traced(reference(system))
    told = 0
    for entry in CATALOGUE.values():
        for edit in entry.make(graph, Invented(graph)):
            kept = needed(edit.graph)
            if is_in_one_spelling(edit.graph, kept):
                after = finished(edit.graph)
                told += 1
                assert after is None or len(after.calls) == len(kept)
    assert told > 20


@one_in(3, kind=lambda params: params["goal"])
@pytest.mark.parametrize("goal", ["A3", "B4"])
@pytest.mark.parametrize("system", SYSTEMS)
def test_how_far_an_edit_leads_is_told_from_what_it_changed(system, goal):
    graph, wanted = traced(reference(system)), pieces(reference(goal))
    nearness = Nearness(graph, wanted)
    assert nearness.distance == distance(pieces(graph), wanted)
    told = 0
    for entry in CATALOGUE.values():
        for edit in entry.make(graph, Invented(graph)):
            after, change = finished(edit.graph), nearness.after(edit.graph)
            if after is None:
                continue
            is_plain = is_in_one_spelling(edit.graph, change.kept)
            assert is_plain == is_in_one_spelling(edit.graph, change.kept, change.near), entry.id
            if is_plain:
                told += 1
                assert change.kept == needed(edit.graph), entry.id
                assert change.distance == distance(pieces(after), wanted), entry.id
    assert told > 20


@one_in(3)
@pytest.mark.parametrize("system", SYSTEMS)
def test_what_is_the_same_consists_of_the_same_pieces(system):
    right = reference(system)
    for case in rewritten(system):
        graph = read_graph(build_weightless(case.build))
        if normal_form(graph).key == normal_form(right).key:
            assert pieces(graph) == pieces(right), case.note


@pytest.mark.parametrize("system", SYSTEMS)
def test_an_edit_speaks_of_calls_by_their_traces(system):
    graph = traced(reference(system))
    before = {call.trace for call in graph.calls}
    for entry in CATALOGUE.values():
        for edit in entry.make(graph, Invented(graph)):
            assert set(edit.origin) <= before, entry.id
            after = {call.trace for call in edit.graph.calls}
            assert set(edit.roles.values()) <= before | after, entry.id
