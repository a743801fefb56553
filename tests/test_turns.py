"""The order of tests, and what workers wait for."""

import threading
from pathlib import Path
from types import SimpleNamespace

import pytest
from turns import ALONE, BETWEEN, FIRST, Turns, in_turn

TESTS = Path("/tests")
pytest.importorskip("fcntl", reason="workers have nothing in common here")


def item(name, *marks):
    """A test in a file, as pytest has it."""
    return SimpleNamespace(path=TESTS / name, get_closest_marker=lambda mark: mark in marks or None)


def test_what_takes_long_is_begun_first_and_what_fills_the_machine_after_the_slow():
    chapter, quick, slow = item("ch01.ipynb"), item("test_a.py"), item("test_a.py", "slow")
    longest, alone = item(FIRST[0], "slow"), item(ALONE[0], "slow", "alone")
    other, computes = item("graphs/test_b.py"), item(BETWEEN[0])
    given = [other, alone, quick, slow, computes, longest, chapter]
    assert in_turn(given, TESTS) == [chapter, longest, quick, slow, computes, alone, other]


def run(turns, test, following):
    """What a worker does with a test, up to its end."""
    protocol = turns.pytest_runtest_protocol(test, following)
    next(protocol)
    with pytest.raises(StopIteration):
        protocol.send(True)


SLOW, FILLS, QUICK = item("a.py", "slow"), item("b.py", "slow", "alone"), item("c.py")
ENDS = {
    "it has run its slow file": lambda turns: run(turns, SLOW, QUICK),
    "it stops at a failure": lambda turns: turns.pytest_sessionfinish(),
}


@pytest.mark.parametrize("end", ENDS)
def test_what_fills_the_machine_waits_until_no_worker_has_a_slow_file(tmp_path, end):
    first, second = Turns(tmp_path / "lock"), Turns(tmp_path / "lock")
    for turns in (first, second):
        turns.pytest_collection_finish(SimpleNamespace(items=[SLOW, FILLS, QUICK]))
    run(first, SLOW, SLOW)  # it has another one
    run(second, QUICK, FILLS)
    waiting = threading.Thread(target=run, args=(second, FILLS, None), daemon=True)
    waiting.start()
    waiting.join(0.1)
    assert waiting.is_alive()
    ENDS[end](first)
    waiting.join(60)
    assert not waiting.is_alive()
