"""Mistakes made in the source of a right answer."""

import ast

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.grading.notebooks.answer_cells import with_answers
from autograder.grading.playing.slips import forgotten_activation, layer_made_anew, twice_the_units
from autograder.grading.playing.students import with_slip

NETWORK = """
def build(width=8):
    start = keras.Input((width,), name="start")
    step = layers.Dense(width, activation="tanh", name="step")
    x = layers.Dense(32, activation="relu")(step(step(start)))
    return keras.Model(start, keras.layers.Dense(1, activation="sigmoid")(x))
"""
SLIPS = (forgotten_activation, twice_the_units, layer_made_anew)


def changed(slip):
    """What stands in the source afterwards in place of what."""
    before = ast.unparse(ast.parse(NETWORK)).splitlines()
    after = slip(NETWORK).splitlines()
    return [pair for pair in zip(before, after, strict=True) if pair[0] != pair[1]]


def test_the_first_activation_is_forgotten_and_no_other():
    assert changed(forgotten_activation) == [
        (
            "    step = layers.Dense(width, activation='tanh', name='step')",
            "    step = layers.Dense(width, name='step')",
        )
    ]


def test_the_first_number_of_units_is_doubled_and_no_other():
    assert changed(twice_the_units) == [
        (
            "    x = layers.Dense(32, activation='relu')(step(step(start)))",
            "    x = layers.Dense(64, activation='relu')(step(step(start)))",
        )
    ]


def test_a_shared_layer_is_made_anew_for_each_call():
    made = "layers.Dense(width, activation='tanh')"
    assert changed(layer_made_anew) == [
        (
            "    x = layers.Dense(32, activation='relu')(step(step(start)))",
            f"    x = layers.Dense(32, activation='relu')({made}({made}(start)))",
        )
    ]


@pytest.mark.parametrize("slip", SLIPS)
@pytest.mark.parametrize(
    "source",
    ["", "parameters = 30", "%matplotlib inline", "x = f(3)(y)", "x = layers.Dense(n)(x)", "def ("],
)
def test_where_a_mistake_cannot_be_made_the_source_stays(slip, source):
    assert slip(source) == source


def notebooks(*answers):
    """A released notebook with these answers to give, and its solution."""
    about = {"schema_version": 3, "solution": True, "grade": False, "locked": False}
    solution, released = new_notebook(), new_notebook()
    for number, source in enumerate(answers):
        nbgrader = {"grade_id": f"a{number}", **about}
        solution.cells.append(new_code_cell(source, metadata={"nbgrader": nbgrader}))
        released.cells.append(new_code_cell("...", metadata={"nbgrader": nbgrader}))
    return released, solution


def test_who_makes_a_mistake_makes_it_in_every_answer_that_allows_it():
    released, solution = notebooks(NETWORK, "x = 3", NETWORK)
    got = [cell.source for cell in with_slip(twice_the_units)(released, solution).cells]
    assert got == [twice_the_units(NETWORK), "x = 3", twice_the_units(NETWORK)]


def test_where_no_answer_allows_it_the_last_is_left_out():
    released, solution = notebooks("x = 3", "y = 4")
    got = with_slip(layer_made_anew)(released, solution)
    assert got == with_answers(released, solution, only=["a0"])
    assert [cell.source for cell in got.cells] == ["x = 3", "..."]
