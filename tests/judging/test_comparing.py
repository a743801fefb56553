"""Comparing two graphs: what passes, what is found, and what it must not need."""

import subprocess
import sys

from autograder.graphs import Call, Graph, Tensor
from autograder.judging.comparing import compare
from autograder.judging.verdict import Status


def _dense(*widths, inputs=("",), size=8):
    calls = [Call("Input", {"shape": [size]}, name="start")]
    for number, width in enumerate(widths):
        source = (Tensor(number),)
        calls.append(Call("Dense", {"units": width}, source, number, f"dense_{number}"))
    return Graph(tuple(calls), inputs, (Tensor(len(widths)),), ("",))


def test_equal_graphs_pass_whatever_the_names():
    answer = _dense(4, 2)
    renamed = Graph(
        tuple(Call(c.op, c.config, c.inputs, c.weights, "x") for c in answer.calls),
        ("numbers",),
        answer.outputs,
        ("out",),
    )
    verdict = compare(renamed, answer)
    assert verdict.passed
    assert verdict.findings == ()


def test_a_finding_speaks_of_the_students_own_layer():
    (finding,) = compare(_dense(4, 3), _dense(4, 2)).findings
    assert finding.id == "wrong-units"
    assert finding.where == ("dense_1",)
    assert (finding.expected, finding.found) == ("2 units", "3 units")
    assert "'dense_1'" in finding.message


def test_a_mistake_made_everywhere_is_one_mistake():
    (finding,) = compare(_dense(5, 5, 5, 2), _dense(4, 4, 4, 2)).findings
    assert finding.id == "wrong-units"
    assert finding.where == ("dense_0", "dense_1", "dense_2")


def test_what_no_mistake_explains_is_still_told():
    verdict = compare(_dense(9, 8, 7, 6, 5), _dense(1, 2))
    assert verdict.status is Status.WRONG
    assert verdict.findings[0].id == "different-graph"
    assert verdict.findings[0].message and verdict.findings[0].next_step


def test_a_reference_that_cannot_be_read_is_said_to_be_so():
    verdict = compare(_dense(4), None)
    assert verdict.status is Status.NOT_CHECKABLE
    assert "reference" in verdict.findings[0].message


def test_judging_needs_neither_tensorflow_nor_keras():
    program = (
        "import pkgutil, importlib, sys, autograder.judging as room\n"
        "for module in pkgutil.walk_packages(room.__path__, 'autograder.judging.'):\n"
        "    importlib.import_module(module.name)\n"
        "assert not {'tensorflow', 'keras'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_an_answer_far_too_large_is_not_searched_for_a_mistake():
    (finding,) = compare(_dense(*[4] * 2_000), _dense(4, 2)).findings
    assert finding.id == "far-too-large"
    assert finding.message == "Your model calls layers 2,001 times; about 3 calls are meant."
