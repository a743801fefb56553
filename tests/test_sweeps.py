"""Of each kind of case some are in every run, by a rule."""

from types import SimpleNamespace

from sweeps import mark_the_rest_long, one_in

A_CASE_IN_TWO = one_in(2, lambda params: params["kind"]).mark


class Case:
    """A case of a sweep, as pytest has it."""

    def __init__(self, test, kind, *marks):
        self.nodeid, self.kind = f"file.py::{test}[{kind}]", kind
        self.callspec = SimpleNamespace(params={"kind": kind})
        self.marks = dict.fromkeys(marks) | {"sweep": A_CASE_IN_TWO}

    def get_closest_marker(self, name):
        return self.marks.get(name, None) if name == "sweep" else name in self.marks or None

    def add_marker(self, name):
        self.marks[name] = None


def always(*cases):
    mark_the_rest_long(cases)
    return [number for number, case in enumerate(cases) if "long" not in case.marks]


def test_of_each_kind_the_first_and_then_every_so_many():
    assert always(*(Case("test_a", kind) for kind in "aabaabb")) == [0, 2, 3, 6]


def test_each_test_has_its_own_and_what_is_long_already_does_not_count():
    cases = (
        Case("test_a", "a"),
        Case("test_b", "a"),
        Case("test_a", "b", "long"),
        Case("test_a", "b"),
    )
    assert always(*cases) == [0, 1, 3]
