"""Graphs become Keras models and come back the same."""

import pytest
from corpus.as_keras import as_keras
from corpus.systems import BUILDERS, reference

from autograder import compare


@pytest.mark.parametrize("system", BUILDERS)
def test_there_and_back(system):
    assert compare(as_keras(reference(system)), reference(system)).passed
