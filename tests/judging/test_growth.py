"""Judging takes a time that is polynomial in what is judged, whatever that is."""

import json
import time

import pytest
from judging import growing
from judging.growing import SHAPES, exponent, lines, nested
from sweeps import one_in

from autograder.graphs import NotReadable, normal_form, read_config
from autograder.graphs.bounds import MOST_CALLS, require_bounded
from autograder.graphs.draw import draw
from autograder.graphs.identities.rules import rewrite
from autograder.graphs.layers.formulas import UnknownLayer, formula
from autograder.graphs.stored import graph_from_json, graph_to_json
from autograder.judging.answer_kinds import Kind
from autograder.judging.briefs import Brief, judge_by_brief
from autograder.judging.comparing import compare
from autograder.judging.evidence import Case
from autograder.judging.judgement import JudgedCase, Judgement
from autograder.judging.reports import Report
from autograder.judging.verdict import Status
from autograder.teaching.explain import explain

SIZES = (100, 400)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_a_normal_form_takes_little_more_than_a_step_a_call(shape):
    graphs = {size: shape(size) for size in SIZES}
    assert exponent(lambda size: normal_form(graphs[size]), SIZES) < 1.2


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_reading_and_rewriting_take_little_more_than_a_step_a_call(shape):
    data = {size: graph_to_json(shape(size)) for size in SIZES}
    work = exponent(lambda size: rewrite(require_bounded(graph_from_json(data[size]))), SIZES)
    assert work < 1.2


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_an_answer_of_any_size_costs_what_its_reference_allows(shape):
    """Beyond a multiple of the reference, only the calls are counted."""
    reference, answers = growing.chain(4), {size: shape(size) for size in (400, 1600)}

    def work(size):
        verdict = compare(answers[size], reference)
        assert not verdict.passed
        Report(Judgement("ex", (JudgedCase(verdict),))).html()

    assert exponent(work, (400, 1600)) < 1.2


@one_in(6)
@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_a_picture_of_any_graph_is_no_larger_than_people_read(shape, monkeypatch):
    monkeypatch.setattr("shutil.which", lambda name: None)
    graphs = {size: shape(size) for size in (400, 1600)}
    assert exponent(lambda size: draw(graphs[size]), (400, 1600)) < 1.2
    assert draw(graphs[1600]).text.count("\n") <= 401


def test_a_table_grows_as_its_graph_does():
    graphs = {size: growing.chain(size) for size in (400, 1600)}
    assert exponent(lambda size: repr(explain(graphs[size])), (400, 1600)) < 1.2


def test_forty_five_dropouts_that_read_twice_are_judged_at_once():
    hostile = growing.doubled(45)
    assert lines(lambda: compare(hostile, growing.chain(3))) < 2_000_000


@pytest.mark.parametrize("most", [10_000, pytest.param(MOST_CALLS, marks=pytest.mark.long)])
def test_a_model_that_calls_a_model_twice_thirty_times_over_is_refused(most, monkeypatch):
    monkeypatch.setattr("autograder.graphs.reading.walk.MOST_CALLS", most)
    data = nested(30)
    assert len(json.dumps(data)) < 30_000
    with pytest.raises(NotReadable, match="more than 200,000 calls"):
        read_config(data)


def test_models_in_models_are_read_up_to_a_depth_and_refused_below_it():
    assert len(read_config(nested(20, twice=False)).calls) == 2
    for depth in (60, 200):
        with pytest.raises(NotReadable, match="nested too deeply"):
            read_config(nested(depth, twice=False))


def test_layers_around_layers_are_not_counted_twice_each():
    layer = {"class_name": "LSTM", "config": {"units": 4}}
    for _ in range(25):
        layer = {"class_name": "Bidirectional", "config": {"layer": layer}}
    count = lines(lambda: formula("Bidirectional", layer["config"], [(None, None, 3)]))
    assert count < 20_000


def test_more_weights_than_a_computer_holds_have_no_formula():
    with pytest.raises(UnknownLayer, match="more weights than any computer"):
        formula("Dense", {"units": 10**18}, [(None, 10**18)])


@pytest.mark.parametrize(
    "config",
    [
        {"units": 10**400},
        {"units": [-(2**63)]},
        {"text": "x" * 10**6},
        json.loads('{"a":' * 200 + "1" + "}" * 200),
    ],
    ids=["digits", "negative", "text", "depth"],
)
def test_settings_beyond_any_computer_are_refused(config):
    data = graph_to_json(growing.chain(2))
    data["calls"][1]["config"] = config
    with pytest.raises(ValueError, match=r"has (a number|a text|settings)"):
        Case.from_json({"kind": "model", "arguments": {}, "answer": data})


@pytest.mark.parametrize("answer", [10**400, [1] * 1000, [10**400], 2**63])
def test_numbers_beyond_any_computer_are_no_evidence(answer):
    kind = Kind.SHAPE if isinstance(answer, list) else Kind.NUMBER
    with pytest.raises(ValueError, match="damaged"):
        Case.from_json({"kind": str(kind), "arguments": {}, "answer": answer})


def test_a_large_model_of_ones_own_design_is_reported_without_a_picture():
    brief = Brief({"x0": (8,)}, {"output 1": (3,)})
    verdict = judge_by_brief(growing.chain(100), brief)
    assert verdict.status is Status.WRONG
    report = Report(Judgement("ex", (JudgedCase(verdict),)))
    assert "another shape" in report.text() and "another shape" in report.html()


@pytest.mark.slow
@pytest.mark.long  # how many steps a call takes is counted above
def test_a_hundred_thousand_calls_are_judged_in_seconds():
    for shape in SHAPES:
        answer = shape(100_000)
        began = time.process_time()
        verdict = compare(answer, growing.chain(5))
        assert verdict.status is Status.WRONG
        assert time.process_time() - began < 10
