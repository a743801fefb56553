"""The process that evaluates: warm, bounded, and done without where it cannot say."""

import subprocess
import sys
import time

import pytest

from autograder.by_value import asking
from autograder.by_value.asking import SWITCH, Evaluating
from autograder.by_value.opinion import Said
from autograder.graphs import Call, Graph, Tensor


def graph(*calls):
    """A chain of calls on five numbers."""
    chain = [Call("Input", {"shape": [5]}, dtype="float32")]
    for number, (op, config, weights) in enumerate(calls):
        chain.append(Call(op, config, (Tensor(number),), weights=weights))
    return Graph(tuple(chain), ("",), (Tensor(len(calls)),), ("",))


def dense(activation, units=3):
    return graph(("Dense", {"units": units}, 0), ("Activation", {"activation": activation}, None))


@pytest.fixture(scope="module")
def evaluating():
    process = Evaluating()
    yield process
    process.end()


def test_it_judges(evaluating):
    assert evaluating.ask(dense("relu"), dense("relu")).said is Said.EQUAL
    assert evaluating.ask(dense("relu"), dense("tanh")).said is Said.DIFFERENT


@pytest.mark.parametrize(
    "large",
    [
        dense("relu", units=10**9),
        graph(("RepeatVector", {"n": 10**9}, None)),
        graph(*[("RepeatVector", {"n": 3000}, None), ("Flatten", {}, None)] * 6),
    ],
)
def test_what_is_too_large_is_unknown_and_the_process_lives(evaluating, large):
    assert evaluating.ask(large, large).said is Said.UNKNOWN
    assert evaluating.ask(dense("relu"), dense("relu")).said is Said.EQUAL


@pytest.mark.parametrize(
    "call",
    [
        ("Lambda", {"function": "print"}, None),
        ("TFSMLayer", {"filepath": "/tmp"}, None),
        ("StringLookup", {"vocabulary": "/etc/passwd"}, None),
        ("while_loop", {}, None),
        ("Layer", {}, None),
        ("__init__", {}, None),
        ("Activation", {"activation": "__class__"}, None),
        ("Activation", {"activation": "deserialize"}, None),
        ("RNN", {"cell": {"module": "os", "class_name": "system", "config": "true"}}, 0),
        ("RNN", {"cell": {"module": "keras.layers", "class_name": "Lambda", "config": {}}}, 0),
        ("Dense", {"units": {"module": "os", "class_name": "x", "config": {}}}, 0),
        ("LSTM", {"units": 2, "stateful": True}, 0),
    ],
)
def test_what_runs_code_or_reads_files_is_not_made(evaluating, call):
    found = evaluating.ask(graph(call), graph(call))
    assert found.said is Said.UNKNOWN, found


def test_it_does_not_grow_with_what_it_is_asked(evaluating):
    def asked(times):
        for number in range(times):
            evaluating.ask(dense("relu", units=5 + number), dense("tanh", units=5 + number))
        with open(f"/proc/{evaluating._process.pid}/statm") as file:
            return int(file.read().split()[1]) * 4096

    before = asked(20)
    assert asked(60) - before < 20_000_000


def test_a_process_that_ended_is_started_anew(evaluating):
    evaluating.ask(dense("relu"), dense("relu"))
    evaluating._process.kill()
    evaluating._process.wait()
    assert evaluating.ask(dense("relu"), dense("relu")).said is Said.EQUAL


def test_networks_that_end_it_are_asked_about_no_more_and_others_are(evaluating, monkeypatch):
    fatal, heard = dense("relu", units=7), asking._heard

    def ended(process, seconds):
        if seconds == asking.WAIT:
            process.kill()
        return heard(process, seconds)

    monkeypatch.setattr(asking, "_heard", ended)
    said = [evaluating.ask(fatal, fatal) for _ in range(3)]
    assert [each.said for each in said] == [Said.UNKNOWN] * 3
    assert "over these networks" in said[-1].reason
    monkeypatch.undo()
    assert evaluating.ask(dense("relu"), dense("relu")).said is Said.EQUAL


@pytest.mark.parametrize("kind", ["Conv1D", "Conv2D", "Conv3D"])
@pytest.mark.parametrize("settings", [{}, {"padding": "same", "strides": 2}, {"dilation_rate": 2}])
def test_convolutions_in_groups_need_no_compiler(evaluating, kind, settings):
    rank = int(kind[-2])
    config = {"filters": 8, "kernel_size": [3] * rank, "groups": 2, **settings}
    calls = [Call("Input", {"shape": [9] * rank + [4]}, dtype="float32")]
    calls.append(Call(kind, config, (Tensor(0),), weights=0))
    network = Graph(tuple(calls), ("",), (Tensor(1),), ("",))
    before = evaluating._running().pid
    assert evaluating.ask(network, network).said is Said.EQUAL
    assert evaluating._running().pid == before


def test_one_that_never_starts_is_given_up(monkeypatch):
    monkeypatch.setattr(asking.sys, "executable", "/bin/false")
    process = Evaluating()
    for _ in range(5):
        assert process.ask(dense("relu"), dense("relu")).said is Said.UNKNOWN
    assert process._failures == 3


def test_it_is_switched_off_by_one_line(monkeypatch):
    monkeypatch.setenv(SWITCH, "off")
    monkeypatch.setattr(asking, "_process", None)
    found = asking.by_value(dense("relu"), dense("relu"))
    assert (found.said, found.reason) == (Said.UNKNOWN, "it is switched off")


def test_it_ends_with_the_process_that_started_it():
    code = (
        "from autograder.by_value.asking import Evaluating; p = Evaluating(); p._running();"
        "print(p._process.pid, flush=True); import os; os._exit(0)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    pid = int(run.stdout)
    for _ in range(1200):
        try:
            with open(f"/proc/{pid}/stat") as file:
                if file.read().split()[2] == "Z":
                    return
        except FileNotFoundError:
            return
        time.sleep(0.1)
    raise AssertionError(f"process {pid} is still there")


def test_who_asks_needs_no_tensorflow():
    code = "import sys, autograder.by_value.asking; print({'keras', 'numpy'} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert run.stdout.strip() == "set()", run
