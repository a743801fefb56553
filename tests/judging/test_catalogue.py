"""Every misconception of the catalogue: its example is refused, and named."""

import pytest

from autograder.judging.comparing import compare
from autograder.judging.misconceptions import CATALOGUE


@pytest.mark.parametrize("id", CATALOGUE)
def test_the_example_is_named(id):
    reference, answer = CATALOGUE[id].example()
    assert compare(reference, reference).passed
    verdict = compare(answer, reference)
    assert [finding.id for finding in verdict.findings] == [id]


@pytest.mark.parametrize("id", CATALOGUE)
def test_the_words_are_whole(id):
    reference, answer = CATALOGUE[id].example()
    (finding,) = compare(answer, reference).findings
    assert finding.message and finding.next_step
    assert "{" not in finding.message + finding.next_step
    assert finding.expected and finding.found
    named = {call.name for call in answer.calls}
    assert all(name.split(" (call")[0] in named for name in finding.where)
