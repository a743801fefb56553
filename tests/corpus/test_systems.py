"""The reference systems have the numbers that were published of them."""

import pytest
from corpus.systems import BUILDERS, PARAMETERS, reference

from autograder import compare, explain
from autograder.graphs.weightless import build_weightless


@pytest.mark.parametrize("system", BUILDERS)
def test_parameters(system):
    model = build_weightless(BUILDERS[system])
    assert model.count_params() == PARAMETERS[system]
    assert explain(model).total == PARAMETERS[system]


def test_trainable_parameters_of_two_images():
    explained = explain(reference("A6"))
    assert (explained.trainable, explained.non_trainable) == (20_806_952, 54_528)


@pytest.mark.parametrize("system", BUILDERS)
def test_equal_to_itself_rebuilt(system):
    assert compare(build_weightless(BUILDERS[system]), reference(system)).passed
