"""Answers are judged in a process that may be killed; past its limits, that is told."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from judging import growing
from nbformat.v4 import new_code_cell, new_output

from autograder.by_value.asking import SWITCH
from autograder.grading.preprocessors.judging_process import JudgingProcess, NotJudged
from autograder.grading.preprocessors.scoring import Card, Judged, judged, remarks_on
from autograder.graphs import Call, Graph, Tensor, normal_form
from autograder.judging.answer_kinds import ModelAnswer
from autograder.judging.evidence import MIME_TYPE, Case, Evidence
from autograder.judging.references import ExpectedGraph, Reference
from autograder.judging.requests import graded

MEMORY = 1_000_000_000


def reference(graph):
    return Reference("ex", (ExpectedGraph(graph),))


def evidence(graph):
    return Evidence("ex", (Case(ModelAnswer(graph), {}),)).to_json()


RIGHT = reference(growing.chain(3))


@pytest.fixture
def start():
    """Starts processes, and ends them with the test."""
    started = []

    def one(seconds=10.0, memory=MEMORY):
        started.append(JudgingProcess(seconds, memory))
        return started[-1]

    yield one
    for process in started:
        process.end()


def test_it_says_what_would_be_said_in_this_process(start):
    asked = [evidence(growing.chain(4))]
    here = graded({"recorded": asked, "error": "", "points": 2}, RIGHT, None)
    there = start().ask(asked, "", 2, RIGHT)
    assert there == here
    assert not there["right"]
    assert "data:image/svg" in there["html"] or "1." in there["html"]


def test_a_right_answer_has_its_points_and_so_has_the_next(start):
    judging = start()
    for _ in range(2):
        assert judging.ask([evidence(growing.chain(3))], "", 2, RIGHT)["score"] == 2
    process = judging._process
    assert "tensorflow" not in Path(f"/proc/{process.pid}/maps").read_text()


def written_otherwise():
    """x + x, for the reference's 2·x: what no structure tells."""
    start = Call("Input", {"shape": [4]}, dtype="float32")
    dense = Call("Dense", {"units": 3}, (Tensor(0),), weights=0)
    twice = Call("Multiply", {}, (Tensor(1),), arguments={"args": ["#", 2.0]})
    added = Call("Add", {}, (Tensor(1), Tensor(1)))
    return tuple(Graph((start, dense, last), ("",), (Tensor(2),), ("",)) for last in (added, twice))


def test_what_is_written_otherwise_is_right_and_told_to_the_instructor(start, monkeypatch):
    answer, meant = written_otherwise()
    refused = start().ask([evidence(answer)], "", 2, reference(meant))
    monkeypatch.delenv(SWITCH)
    taken = start().ask([evidence(answer)], "", 2, reference(meant))
    assert (refused["score"], refused["remarks"], taken["score"]) == (0, [], 2)
    cell = new_code_cell("check()")
    cell.metadata.nbgrader = {"grade_id": "ex", "points": 2}
    found = Judged(Card("", "", 2), 1, False, False, remarks=tuple(taken["remarks"]))
    assert "written another way" in next(remarks_on(cell, found))


def slow():
    """An honest comparison that takes many seconds: a wide reference, and another wide answer."""
    return [evidence(growing.diamonds(10_000))], "", 2, reference(growing.towers(10_000))


def test_what_takes_too_long_is_given_up_and_the_next_is_judged(start):
    judging = start(seconds=1.0)
    with pytest.raises(NotJudged, match="longer than 1 seconds"):
        judging.ask(*slow())
    assert judging.ask([evidence(growing.chain(3))], "", 2, RIGHT)["score"] == 2


def test_what_takes_too_much_memory_is_given_up_and_the_next_is_judged(start):
    judging = start(memory=250_000_000)
    with pytest.raises(NotJudged, match="250,000,000 bytes"):
        judging.ask([[[0]] * 3_500_000], "", 2, RIGHT)
    assert judging.ask([evidence(growing.chain(3))], "", 2, RIGHT)["score"] == 2


def test_what_is_far_too_large_is_not_even_sent(start):
    with pytest.raises(NotJudged, match="far too large"):
        start().ask(["x" * 30_000_000], "", 2, RIGHT)


def test_a_killed_process_is_started_anew(start):
    judging = start()
    judging.ask([], "", 2, RIGHT)
    os.kill(judging._process.pid, signal.SIGKILL)
    judging._process.wait()
    assert judging.ask([evidence(growing.chain(3))], "", 2, RIGHT)["score"] == 2


def test_seven_kilobytes_that_stopped_a_class_are_judged_wrong(start):
    asked = [evidence(growing.doubled(45))]
    assert start(seconds=5.0).ask(asked, "", 2, RIGHT)["score"] == 0


def test_what_was_given_up_is_told_and_remarked(start):
    asked, _, _, meant = slow()
    cell = new_code_cell("check()", metadata={"nbgrader": {"grade_id": "ex_check", "points": 2}})
    cell.outputs = [new_output("display_data", {MIME_TYPE: asked[0]})]
    found = judged(cell, meant, None, start(seconds=1.0))
    assert found.card.score == 0
    assert found.card.text.startswith("? ex: cannot be checked, 0 of 2 points")
    assert "longer than 1 seconds" in found.card.html
    [line] = remarks_on(cell, found)
    assert line.startswith("ex_check was not judged: ") and "look at it yourself" in line


PARENT = """
import os, signal, sys
sys.path.insert(0, "tests")
from grading.preprocessors.test_judging_process import JudgingProcess, RIGHT, slow
judging = JudgingProcess(60.0, 10**9)
judging.ask([], "", 2, RIGHT)
print(judging._process.pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.slow
def test_it_ends_with_the_process_that_started_it():
    run = subprocess.run([sys.executable, "-c", PARENT], capture_output=True, text=True)
    process = Path(f"/proc/{int(run.stdout)}/cmdline")
    deadline = time.monotonic() + 120
    while process.exists() and b"autograder.judging" in process.read_bytes():
        assert time.monotonic() < deadline
        time.sleep(0.1)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 10**30) | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)


@st.composite
def forged(draw):
    """Evidence whose graph has a hostile shape, with some of its parts exchanged for anything."""
    shape, size = draw(st.sampled_from(growing.SHAPES)), draw(st.integers(7, 120))
    data = evidence(shape(size))
    graph = data["cases"][0]["answer"]
    for _ in range(draw(st.integers(0, 3))):
        call = draw(st.sampled_from(graph["calls"]))
        part = draw(st.sampled_from(sorted(call)))
        call[part] = draw(JSON)
    if draw(st.booleans()):
        graph[draw(st.sampled_from(sorted(graph)))] = draw(JSON)
    return data


@pytest.fixture(scope="module")
def fuzzed():
    judging = JudgingProcess(10.0, MEMORY)
    yield judging
    judging.end()


@pytest.mark.slow
@settings(max_examples=int(os.environ.get("FORGED", "40")), deadline=None)
@given(forged())
def test_whatever_is_recorded_is_judged_in_time_and_wins_nothing(fuzzed, data):
    answer = fuzzed.ask([data], "", 2, RIGHT)
    assert answer["text"] and answer["html"]
    assert answer["right"] == (normal_form_of(data) == normal_form(growing.chain(3)).key)


def normal_form_of(data):
    try:
        return normal_form(Evidence.from_json(data).cases[0].answer).key
    except Exception:
        return None
