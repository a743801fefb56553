"""Whether two networks count as one."""

from autograder import compare
from autograder.judging.verdict import Status


def same(answer, reference):
    """Whether both count as one network; that they cannot be read is no answer."""
    verdict = compare(answer, reference)
    assert verdict.status in {Status.PASSED, Status.WRONG}, verdict.findings
    return verdict.passed
