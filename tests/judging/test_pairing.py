"""Which output stands for which: a list goes by position, a dictionary by name, for everybody."""

from itertools import permutations, product

import pytest
from tensorflow import keras
from tensorflow.keras import layers

from autograder import compare
from autograder.graphs import read_graph
from autograder.judging.answer_kinds import ModelAnswer
from autograder.judging.evidence import Case, Evidence
from autograder.judging.judge import judge
from autograder.judging.reference_words import in_words_of_reference
from autograder.judging.references import reference_of

NAMES = ("age", "gender", "income")


def heads(form, order=NAMES, names=NAMES):
    """Three heads of different sizes; `names` are those of their layers and in a dictionary."""
    source = keras.Input((4,), name="start")
    ends = {
        role: layers.Dense(size, name=name)(source)
        for size, (role, name) in enumerate(zip(NAMES, names, strict=True), start=1)
    }
    if form is dict:
        return keras.Model(source, dict(zip(names, ends.values(), strict=True)))
    return keras.Model(source, form(ends[role] for role in order))


def ids(verdict):
    return [finding.id for finding in verdict.findings]


def by_check(answer, meant):
    """What `check` says: from evidence, by a reference."""
    reference, evidence = (
        Evidence("x", (Case(ModelAnswer(read_graph(model))),)) for model in (meant, answer)
    )
    (verdict,) = judge(evidence, reference_of(reference)).verdicts
    return verdict


@pytest.mark.parametrize("form", [list, tuple])
def test_two_lists_go_by_position_though_the_names_agree(form):
    verdict = compare(heads(form, order=("gender", "age", "income")), heads(form))
    (finding,) = verdict.findings
    assert finding.id == "outputs-swapped"
    assert finding.where == ("gender", "age")
    assert finding.message.startswith("Outputs 1 and 2 are in each other's place")
    assert "name" not in finding.message


@pytest.mark.parametrize("names", [("a", "b", "c"), ("age", "b", "income"), (None,) * 3])
def test_two_lists_in_one_order_are_the_same_whatever_else_they_are_called(names):
    verdict = compare(heads(list, names=names), heads(list))
    assert verdict.passed and not any("output" in note for note in verdict.notes)


def twins(order):
    source = keras.Input((4,))
    ends = {name: layers.Dense(2, name=name)(source) for name in NAMES}
    return keras.Model(source, [ends[name] for name in order])


def test_heads_that_are_alike_are_told_apart_by_their_names():
    assert compare(twins(NAMES), twins(NAMES)).passed
    verdict = compare(twins(("gender", "age", "income")), twins(NAMES))
    (finding,) = verdict.findings
    assert finding.id == "outputs-swapped"
    assert finding.where == ("gender", "age")
    assert finding.found == "outputs 1 'gender' and 2 'age'"
    assert finding.expected == "outputs 1 'age' and 2 'gender'"
    assert verdict.answer_marks


def test_names_of_others_are_wrong_also_where_the_order_is_right():
    verdict = compare(heads(list, names=("gender", "age", "b")), heads(list))
    assert ids(verdict) == ["outputs-swapped"]


@pytest.mark.parametrize("forms", [(list, dict), (dict, list), (dict, dict)])
def test_a_dictionary_on_either_side_goes_by_name(forms):
    answer, meant = forms
    assert compare(heads(answer, order=NAMES[::-1]), heads(meant)).passed


@pytest.mark.parametrize("order", list(permutations(NAMES))[1:])
def test_a_list_without_the_names_is_one_mistake_in_any_order(order):
    other = ("a", "b", "c")
    verdict = compare(heads(list, order, other), heads(dict))
    assert ids(verdict) == ["outputs-unnamed"]
    assert verdict.findings[0].expected == 'outputs={"age": …, "gender": …, "income": …}'


def test_unnamed_outputs_beside_another_mistake_are_told_with_it():
    source = keras.Input((4,), name="start")
    ends = [layers.Dense(size)(source) for size in (2, 1, 7)]
    assert set(ids(compare(keras.Model(source, ends), heads(dict)))) == {
        "outputs-unnamed",
        "wrong-units",
    }


CASES = [
    (given, meant, order, names)
    for given, meant in product((list, dict), repeat=2)
    for order in (NAMES, ("gender", "age", "income"))
    for names in (NAMES, ("gender", "age", "income"), ("a", "b", "c"))
]


@pytest.mark.parametrize(("given", "meant", "order", "names"), CASES)
def test_check_and_compare_say_the_same(given, meant, order, names):
    answer, reference = heads(given, order, names), heads(meant)
    said = compare(answer, reference)
    assert in_words_of_reference(by_check(answer, reference)).to_json() == said.to_json()
    assert said.passed or said.findings
