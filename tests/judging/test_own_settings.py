"""What somebody's own layer calls its settings, and what they are, is up to them."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from sweeps import one_in

import autograder.judging
from autograder.graphs.layers.facts import OWN
from autograder.judging.diagnosis import diagnose
from autograder.judging.misconceptions.sketch import Sketch
from autograder.judging.misconceptions.widths import WIDTHS

_READ = [
    re.compile(pattern)
    for pattern in (
        r'(?:config|known)(?:\.get\(|\[)"(\w+)"',
        r'"(\w+)" (?:not )?in \w+\.\w*config',
        r'(?:groups_with|hints\.values)\([^"()]*"(\w+)"',
        r'with_other_values\(\s*graph, hints, \("(\w+)"',
    )
]

VALUES = [None, "a", [8, 16], 3, {"a": 1}, 2.5, True, [[1, 2], [3]], 0, [], -1, [8, 24]]


def _read_by_name():
    """The settings that judging reads by their names."""
    sources = Path(autograder.judging.__file__).parent.rglob("*.py")
    texts = [source.read_text(encoding="utf-8") for source in sources]
    found = {key for text in texts for pattern in _READ for key in pattern.findall(text)}
    return sorted(found.union(WIDTHS))


def test_those_that_are_read_are_found():
    known = {"activation", "axis", "kernel_size", "keepdims", "strides", "target_shape", "units"}
    assert known <= set(_read_by_name())


def network(key, *values):
    sketch = Sketch()
    tensor = sketch.input(6)
    for value in values:
        settings = {} if value is None else {key: value}
        tensor = sketch.activation("relu", sketch.layer(f"{OWN}Mine", tensor, **settings))
    return sketch.graph(sketch.layer("Dense", tensor, units=3))


@pytest.mark.parametrize("key", _read_by_name())
@one_in(4)
def test_a_setting_of_ones_own_may_be_anything(key):
    for one, other in pairwise([*VALUES, VALUES[0]]):
        for meant, built in ((one, other), (other, one)):
            for values in ((built, built), (meant, built)):
                found = diagnose(network(key, *values), network(key, meant, meant))
                assert {finding.id for finding in found.findings} == {"wrong-setting"}, (
                    meant,
                    built,
                )
                assert key in found.findings[0].message
