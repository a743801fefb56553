"""How inputs and outputs are given: noted where it differs, and never a mistake by itself."""

import json
from dataclasses import replace

import pytest
from tensorflow import keras
from tensorflow.keras import layers

from autograder.graphs import read_config, read_graph
from autograder.graphs.stored import graph_from_json, graph_to_json
from autograder.judging.answer_kinds import ModelAnswer
from autograder.judging.evidence import Case, Evidence
from autograder.judging.judge import judge
from autograder.judging.references import read_references, reference_of, write_hidden_references


def heads(inputs=dict, outputs=dict, turned=False, dtype="float32", size=3):
    """Two inputs and two outputs in the order the question tells them, which is not that of abc."""
    start = {name: keras.Input((4,), name=name, dtype=dtype) for name in ("small", "large")}
    joined = layers.concatenate(list(start.values()))
    ends = {
        "yes": layers.Dense(1, name="yes")(joined),
        "no": layers.Dense(size, name="no")(joined),
    }
    if turned:
        ends = dict(reversed(ends.items()))
    return keras.Model(_given(inputs, start), _given(outputs, ends))


def one(outputs=dict):
    start = keras.Input((4,), name="start")
    end = layers.Dense(1)(start)
    return keras.Model(start, {"even": end} if outputs is dict else [end] if outputs else end)


def _given(form, tensors):
    return tensors if form is dict else form(tensors.values())


def verdict_on(answer, meant):
    """What is said of an answer that came as evidence, by the reference of another."""
    reference = reference_of(_evidence(meant))
    data = json.loads(json.dumps(_evidence(answer).to_json()))
    (verdict,) = judge(Evidence.from_json(data), reference).verdicts
    return verdict


def _evidence(model):
    return Evidence("x", (Case(ModelAnswer(read_graph(model))),))


@pytest.mark.parametrize("form", [list, tuple])
def test_a_list_in_place_of_a_dictionary_passes_with_a_note(form):
    verdict = verdict_on(heads(outputs=form, turned=True), heads())
    assert verdict.passed
    (note,) = verdict.notes
    assert note == (
        "Your outputs are a list. Cells below that go by name may stop: give "
        'outputs={"yes": …, "no": …}.'
    )


def test_inputs_in_a_list_pass_with_a_note():
    (note,) = verdict_on(heads(inputs=list), heads()).notes
    assert note.startswith("Your inputs are a list.")
    assert 'inputs={"large": …, "small": …}' in note


def test_a_bare_output_passes_with_one_note():
    for form in (list, None):
        verdict = verdict_on(one(form), one())
        assert verdict.passed
        assert verdict.notes == (
            "Your output has no dictionary. Cells below that go by name may stop: give "
            'outputs={"even": …}.',
        )


@pytest.mark.parametrize("form", [list, dict])
def test_no_note_where_the_reference_has_none(form):
    assert verdict_on(heads(), heads()).notes == ()
    answer, meant = heads(form, form, turned=form is list), heads(list, list, turned=True)
    assert verdict_on(answer, meant).notes == ()
    assert verdict_on(one(None), one(None)).notes == ()


def test_a_list_in_the_order_of_the_dictionary_passes_and_no_other_one():
    """Its order is the one that the question tells, and not that of abc, in which Keras counts."""
    start = keras.Input((4,), name="start")
    ends = [layers.Dense(n)(start) for n in (1, 3)]
    meant = keras.Model(start, {"yes": ends[0], "no": ends[1]})
    assert verdict_on(keras.Model(start, ends), meant).passed
    verdict = verdict_on(keras.Model(start, ends[::-1]), meant)
    (finding,) = verdict.findings
    assert finding.id == "outputs-unnamed"
    assert "nothing says which is which" in finding.message
    assert finding.expected == 'outputs={"yes": …, "no": …}'


def test_outputs_whose_layers_have_the_names_of_others_are_told_so():
    start = keras.Input((4,), name="start")
    yes, no = layers.Dense(1, name="no")(start), layers.Dense(3, name="yes")(start)
    meant = keras.Model(start, {"yes": yes, "no": no})
    verdict = verdict_on(keras.Model(start, [yes, no]), meant)
    assert [finding.id for finding in verdict.findings] == ["outputs-swapped"]
    assert verdict.notes and "Your outputs are a list." in verdict.notes[0]


def test_beside_another_mistake_the_missing_names_are_a_note():
    verdict = verdict_on(heads(outputs=list, turned=True, size=4), heads())
    assert not verdict.passed and "wrong-units" in [f.id for f in verdict.findings]
    assert any("Your outputs are a list." in note for note in verdict.notes)


def test_whole_numbers_where_others_are_meant_are_noted():
    (note, other) = verdict_on(heads(dtype="int32"), heads()).notes
    assert note == "Input 'large' takes int32, that is whole numbers; float32 is meant."
    assert "'small'" in other
    assert verdict_on(heads(), heads(dtype="int32")).notes == ()


def test_a_reference_from_before_says_nothing(tmp_path):
    reference = reference_of(_evidence(heads()))
    write_hidden_references(tmp_path / "references.json", [reference], "")
    data = json.loads((tmp_path / "references.json").read_text())
    graph = data["exercises"]["x"]["cases"][0]["graph"]
    assert graph.pop("inputs_given") == graph.pop("outputs_given") == "dict"
    assert [call.pop("dtype", "") for call in graph["calls"]][:2] == ["float32", "float32"]
    (tmp_path / "references.json").write_text(json.dumps(data))
    old = read_references(tmp_path / "references.json")["x"]
    (verdict,) = judge(_evidence(heads(list, list, turned=True, dtype="int32")), old).verdicts
    assert verdict.passed and verdict.notes == ()


def test_how_it_was_given_is_the_same_in_every_way_to_read_it():
    for model, given in (
        (heads(), ("dict", "dict")),
        (heads(list, tuple), ("list", "list")),
        (one(None), ("single", "single")),
        (keras.Sequential([keras.Input((4,)), layers.Dense(1)]), ("sequential", "single")),
    ):
        graph = read_graph(model)
        again = graph_from_json(json.loads(json.dumps(graph_to_json(graph))))
        for each in (graph, again, read_config(json.loads(model.to_json()))):
            assert (each.inputs_given, each.outputs_given) == given
            assert each.calls[0].dtype == "float32"


@pytest.mark.parametrize("forged", [3, None, [], {}, "x" * 1000])
def test_what_nobody_can_have_given_is_not_known(forged):
    data = graph_to_json(read_graph(heads()))
    data |= {"inputs_given": forged, "outputs_given": forged}
    data["calls"][0]["dtype"] = forged
    graph = graph_from_json(data)
    assert (graph.inputs_given, graph.outputs_given) == ("", "")
    assert len(graph.calls[0].dtype) <= 20
    assert verdict_on(graph, heads()).passed
    assert not verdict_on(replace(graph, outputs=graph.outputs[:1] * 2), heads()).passed
