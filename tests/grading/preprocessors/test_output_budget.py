"""What is kept of a cell that sends without end."""

import math

import pytest
from nbclient.exceptions import DeadKernelError

from autograder.grading.preprocessors.lost_kernels import why_lost
from autograder.grading.preprocessors.output_budget import Most, OutputBudget, as_text

MOST = Most(text=10, data=20, messages=3, sent=40)


@pytest.mark.parametrize(
    ("sent", "is_used_up", "is_flood"),
    [
        ([("stream", 10), ("display_data", 20)], False, False),
        ([("stream", 11)], True, False),
        ([("display_data", 21)], True, False),
        ([("stream", 1)] * 4, True, False),
        ([("stream", 20), ("display_data", 20)], True, False),
        ([("stream", 20), ("display_data", 21)], True, True),
    ],
)
def test_printed_text_and_pictures_are_counted_apart(sent, is_used_up, is_flood):
    budget = OutputBudget(MOST)
    for kind, size in sent:
        budget.count(kind, size)
    assert (budget.is_used_up, budget.is_flood) == (is_used_up, is_flood)


def test_what_no_file_can_hold_is_no_text():
    nested = []
    for _ in range(100_000):
        nested = [nested]
    assert as_text({"data": nested}) is None and as_text({"data": b"bytes"}) is None
    assert as_text({"text": "\ud800"}) == '{"text": "?"}'
    assert as_text({"number": math.nan}) is not None


def test_why_a_kernel_is_gone_is_one_sentence():
    assert why_lost(DeadKernelError(), "it slept") == "The code was stopped: it slept."
    assert "ended Python itself" in why_lost(DeadKernelError(), None)
    assert why_lost(OSError("lost\nmore"), None).endswith("(OSError: lost).")
