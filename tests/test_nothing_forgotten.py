"""What stands in a file of its room is known to the room: nothing is forgotten in a list."""

import importlib
import re
from pathlib import Path

import turns

from autograder import graphs, judging
from autograder.graphs.identities.identity import Identity
from autograder.graphs.identities.rules import IDENTITIES
from autograder.graphs.layers.formulas import known_layers
from autograder.judging.keras_errors import KINDS
from autograder.judging.misconceptions import CATALOGUE

GRAPHS, JUDGING = (Path(room.__file__).parent for room in (graphs, judging))


def written(room, pattern):
    return {
        name for path in room.glob("*.py") for name in re.findall(pattern, path.read_text(), re.M)
    }


def modules(room):
    package = room.relative_to(GRAPHS.parents[1]).as_posix().replace("/", ".")
    return [importlib.import_module(f"{package}.{path.stem}") for path in room.glob("[a-z]*.py")]


def test_every_misconception_is_in_the_catalogue():
    assert written(JUDGING / "misconceptions", r'^@misconception\(\s*"([\w-]+)"') == set(CATALOGUE)


def test_every_identity_is_tried():
    made = [
        value
        for module in modules(GRAPHS / "identities")
        for value in vars(module).values()
        if isinstance(value, Identity)
    ]
    assert made and all(any(each is one for one in IDENTITIES) for each in made)


def test_every_rule_of_weights_is_known():
    lines = written(GRAPHS / "layers" / "formulas", r"^@formula_for\(([^)]*)\)")
    layers = {name for line in lines for name in re.findall(r'"(\w+)"', line)}
    assert len(layers) > 40 and layers <= known_layers()


def test_every_kind_of_error_is_tried():
    rows = [
        kind
        for module in modules(JUDGING / "keras_errors")
        for kind in getattr(module, "KINDS", ())
    ]
    assert {id(kind) for kind in rows} == {id(kind) for kind in KINDS}


def test_every_file_that_has_its_turn_is_there():
    tests, named = Path(__file__).parent, (*turns.FIRST, *turns.BETWEEN, *turns.ALONE)
    assert [name for name in named if not (tests / name).is_file()] == []
    assert len(set(named)) == len(named)
    quick = [(tests / name).read_text(encoding="utf-8") for name in turns.BETWEEN]
    assert not any("mark.slow" in text or "mark.alone" in text for text in quick)
