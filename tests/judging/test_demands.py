"""What an exercise asks of a network that is right: a green check promises the next cell."""

import json

import pytest
from tensorflow import keras
from tensorflow.keras import layers

from autograder.graphs import read_graph
from autograder.judging.answer_kinds import ModelAnswer
from autograder.judging.demands import Demand, unmet
from autograder.judging.evidence import Case, Evidence
from autograder.judging.judge import judge
from autograder.judging.references import Reference, reference_of


def two(inputs=dict, outputs=dict, names=("main", "news_out"), turned=False):
    start = {name: keras.Input((4,), name=name) for name in ("text", "question")}
    joined = layers.concatenate(list(start.values()))
    ends = {name: layers.Dense(n, name=name)(joined) for n, name in enumerate(names, start=1)}
    if turned:
        ends = dict(reversed(ends.items()))
    given = [
        tensors if form is dict else form(tensors.values())
        for form, tensors in ((inputs, start), (outputs, ends))
    ]
    return keras.Model(*given)


def plain(outputs=None, sequential=False):
    if sequential:
        return keras.Sequential([keras.Input((4,)), layers.Dense(2)])
    start = keras.Input((4,), name="pixels")
    end = layers.Dense(2, name="digit")(start)
    return keras.Model(start, {"digit": end} if outputs is dict else [end] if outputs else end)


def found(answer, meant, *demands):
    """Ids of what is found; the reference and the evidence come as JSON, as in a class."""
    kept, given = (
        Evidence("x", (Case(ModelAnswer(read_graph(model))),)) for model in (meant, answer)
    )
    data = json.loads(json.dumps(reference_of(kept, demands=demands).to_json()))
    evidence = Evidence.from_json(json.loads(json.dumps(given.to_json())))
    (verdict,) = judge(evidence, Reference.from_json("x", data)).verdicts
    assert verdict.passed is (not verdict.findings)
    return [finding.id for finding in verdict.findings]


@pytest.mark.parametrize(
    ("how", "lacks"),
    [
        ({}, []),
        ({"turned": True}, []),
        ({"inputs": list}, ["other-structure"]),
        ({"outputs": list}, ["other-structure"]),
        ({"inputs": list, "outputs": list}, ["other-structure"] * 2),
        ({"names": ("main", "aux_out")}, ["other-names"]),
    ],
)
def test_where_names_are_needed_there_has_to_be_a_dictionary(how, lacks):
    assert found(two(**how), two(), Demand.STRUCTURE) == lacks
    assert found(two(**how), two()) == []


def test_where_a_plain_tensor_is_needed_a_dictionary_is_in_the_way():
    assert found(plain(dict), plain(), Demand.STRUCTURE) == ["other-structure"]
    for answer in (plain(), plain(list), plain(sequential=True)):
        assert found(answer, plain(), Demand.STRUCTURE) == []
    assert found(plain(dict), plain()) == []


def test_a_list_of_layers_is_no_answer_where_tensors_are_taught():
    assert found(plain(sequential=True), plain(), Demand.FUNCTIONAL) == ["not-functional"]
    assert found(plain(sequential=True), plain()) == []
    assert found(plain(), plain(), Demand.FUNCTIONAL) == []


def test_nothing_else_can_be_asked_for():
    from autograder.checking import asks

    with pytest.raises(ValueError, match="wishes"):
        asks("x", "wishes")


def test_what_is_expected_is_written_as_it_is_typed():
    meant, answer = (read_graph(two(**how)) for how in ({}, {"names": ("main", "aux_out")}))
    (finding,) = unmet(answer, meant, [Demand.STRUCTURE])
    assert finding.expected.startswith("outputs={") and finding.found.startswith("outputs={")
    (finding,) = unmet(read_graph(two(inputs=list)), meant, [Demand.STRUCTURE])
    assert finding.expected.startswith("inputs={") and finding.found == "inputs=[…]"
