"""What comes next follows from what was answered: by the record of this desk."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from time import process_time

import pytest

from autograder.checking import desk_record
from autograder.checking.checks import CheckFailed
from autograder.checking.desk_record import Result, read_record
from autograder.commands import run
from autograder.judging.verdict import Status
from autograder.practising import Practice
from autograder.practising.exercise import KINDS, asks_the_same
from autograder.practising.next_exercise import Wanted, ago, next_of
from autograder.practising.practised import Practised
from autograder.practising.recalled import LATEST, Answer, answers_in, recalled
from autograder.practising.topics import TOPICS

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
SHARED = ("shared layers", "count")


@pytest.fixture
def file(tmp_path, monkeypatch):
    path = tmp_path / "results.jsonl"
    monkeypatch.setenv(desk_record.SWITCH, str(path))
    return path


def answer(pair, right, **before):
    return Answer(pair, right, (NOW - timedelta(**before)).timestamp())


def chosen(answers, wanted=None, just=None, seed=1):
    return next_of(recalled(answers, NOW), wanted or Wanted(), just, now=NOW, chance=Random(seed))


def test_what_was_wrong_comes_again_and_says_why():
    choice = chosen([answer(SHARED, True, days=9), answer(SHARED, False, hours=2)])
    assert (choice.topic, choice.kind) == SHARED
    assert "2 hours ago, was wrong" in choice.why and "1 of 2 were right" in choice.why


@pytest.mark.parametrize("seed", range(20))
def test_never_what_was_just_seen(seed):
    answers = [answer(SHARED, False, hours=2)]
    choice = chosen(answers, just=SHARED, seed=seed)
    assert (choice.topic, choice.kind) != SHARED and "not practised" in choice.why
    # Where there is nothing else, it is all that can be asked.
    only = Wanted("shared layers", ["count"])
    assert (chosen(answers, only, SHARED).topic, chosen(answers, only, SHARED).kind) == SHARED


def test_what_is_known_waits_longer_each_time():
    days = [90, 87, 75]
    rightly = [answer(SHARED, True, days=n) for n in days]
    waits = [recalled(rightly[: n + 1], NOW)[SHARED] for n in range(3)]
    apart = [(known.due - known.last) for known in waits]
    assert apart[0] < apart[1] < apart[2]
    wrong = recalled([*rightly, answer(SHARED, False, minutes=30)], NOW)[SHARED]
    assert wrong.due - wrong.last < timedelta(hours=1)


def test_the_weakest_is_asked_first():
    kinds = [("shared layers", kind) for kind in KINDS]
    answers = [answer(pair, True, days=40 + n) for n, pair in enumerate(kinds)]
    choice = chosen(answers, Wanted("shared layers"))
    assert (choice.topic, choice.kind) == kinds[-1] and "due again" in choice.why


def test_where_nothing_is_due_what_would_be_forgotten_first():
    kinds = [("shared layers", kind) for kind in KINDS]
    answers = [answer(pair, True, seconds=5) for pair in kinds]
    assert "Nothing is due" in chosen(answers, Wanted("shared layers")).why


def test_a_check_of_a_chapter_is_an_answer_to_its_idea():
    wrong = Result("ch05_ex2", Status.WRONG, 5.0, ("not-shared", "different-graph"))
    passed = Result("ch01_ex1", Status.PASSED, 4.0)
    nothing = Result("ch01_ex2", Status.NOT_ATTEMPTED, 3.0)
    other = Result("own_exercise", Status.PASSED, 2.0)
    found = answers_in([wrong, passed, nothing, other])
    assert [(each.pair, each.right) for each in found] == [
        (("stacks of layers", "build"), True),
        (("shared layers", "build"), False),
        (("not-shared", "mend"), False),
    ]
    choice = chosen([replace(each, when=NOW.timestamp() - 9999) for each in found])
    assert (choice.topic, choice.kind) in {("shared layers", "build"), ("not-shared", "mend")}


def test_a_mistake_comes_up_once_it_was_made_and_in_that_kind():
    free = Wanted().pairs(recalled([answer(("not-shared", "mend"), False, days=1)], NOW))
    assert ("not-shared", "mend") in free and ("not-shared", "draw") not in free
    assert {topic for topic, _ in Wanted().pairs({})} == set(TOPICS)


@pytest.mark.parametrize("when", [-1e9, 0.0, 1e12, 1e300, float("nan"), float("inf")])
def test_a_clock_that_went_wrong_stops_nothing(when):
    results = [Result("x", Status.WRONG, when, topic=SHARED[0], kind=SHARED[1])] * 2
    for known in recalled(answers_in(results), NOW).values():
        assert known.last <= NOW and 0 <= known.chance <= 1


@pytest.mark.parametrize(("topic", "kind"), [("gone", "count"), ("not-shared", "count"), SHARED])
def test_of_a_record_what_there_is_no_more_does_not_count(topic, kind):
    results = [Result("x", Status.PASSED, 1.0, topic=topic, kind=kind)]
    assert bool(answers_in(results)) is ((topic, kind) == SHARED)


def test_one_record_of_checks_and_practice(file, capsys):
    practice = Practice()
    practice("shared layers", 1, "count", 8)
    with pytest.raises(CheckFailed):
        practice.check({"in all": 1})
    with pytest.raises(CheckFailed):
        practice.check(None)  # no answer: nothing to remember
    (kept,) = read_record().results
    assert (kept.topic, kept.kind, kept.status) == (*SHARED, Status.WRONG)
    # Another notebook, and a shell, know it.
    assert "0 of 1 answers were right" in repr(Practice().progress())
    assert run(["practice", "--progress"]) == 0
    assert "0 of 1" in capsys.readouterr().out


def test_no_exercise_that_was_just_seen(file, monkeypatch):
    """Two seeds may draw the same; here one comes twice."""
    monkeypatch.setattr("secrets.randbelow", lambda below: 8)
    practice = Practice()
    first, second = (practice("shared layers", 1, "count").exercise for _ in range(2))
    assert not asks_the_same(first, second) and second.seed == 9
    # Who names a seed is given it, as often as that.
    again = [practice("shared layers", 1, "count", 9).exercise for _ in range(2)]
    assert again == [second, second]


@pytest.mark.parametrize("seed", range(4))
def test_a_shell_that_starts_anew_asks_nothing_that_was_just_answered(file, seed):
    desk_record.record(Result("x", Status.WRONG, 5.0, topic=SHARED[0], kind="count"))  # due
    assert Practice()("shared layers", seed=seed).exercise.kind != "count"


def test_what_others_wrote_into_the_record_stops_nothing(file):
    desk_record.record(Result("x", Status.WRONG, 5.0, topic=SHARED[0], kind=SHARED[1]))
    foreign = {"exercise": f"ch{'9' * 5000}_ex1", "status": "passed", "when": 1, "findings": []}
    later = {**foreign, "exercise": "ch01_ex1", "status": "partly", "half": 0.5}
    other = {**foreign, "exercise": "ch77_ex1", "topic": "poems", "kind": "sing"}
    with file.open("a") as end:
        end.writelines(f"{json.dumps(line)}\n" for line in (foreign, later, other))
        end.write("{not JSON")
    practice = Practice()
    assert "0 of 1 answers were right" in practice.progress().summary
    practice("shared layers", 1, "count", 8)
    with pytest.raises(CheckFailed):
        practice.check({})
    assert "0 of 2" in Practice().progress().summary


def test_where_nothing_can_be_written_the_notebook_remembers(file):
    file.mkdir()
    practice = Practice()
    practice("shared layers", 1, "count", 8)
    with pytest.raises(CheckFailed):
        practice.check({})
    assert "0 of 1" in practice.progress().summary


def test_without_a_record_the_notebook_remembers(monkeypatch):
    monkeypatch.setenv(desk_record.SWITCH, desk_record.OFF)
    practice = Practice()
    practice("shared layers", 1, "count", 8)
    with pytest.raises(CheckFailed):
        practice.check({})
    assert "0/1" in repr(practice.progress())
    assert practice().exercise.topic in TOPICS


def test_the_picture_says_in_words_what_it_shows():
    known = recalled(
        [answer(SHARED, True, days=30), answer(("not-shared", "mend"), False, days=1)], NOW
    )
    picture = Practised(known, NOW)
    text, html = repr(picture), picture._repr_mimebundle_()["text/html"]
    assert all(word in text and word in html for word in ("1/1 !", "0/1 !", "not-shared", *TOPICS))
    assert "1 of 2 answers were right. Due again now: 2." in text
    assert "transparent 100%" in html and "transparent 0%" in html
    assert "Begin by: practice()" in repr(Practised({}, NOW))


def test_a_long_record_is_read_in_a_moment():
    results = [
        Result("x", Status.PASSED if when % 3 else Status.WRONG, when, topic=topic, kind=kind)
        for when in range(400)
        for topic in TOPICS
        for kind in KINDS
    ]
    begin = process_time()
    known = recalled(answers_in(results), NOW)
    assert process_time() - begin < 3  # seconds; less than one, alone on the machine
    assert len(known) == len(TOPICS) * len(KINDS)
    assert sum(each.answers for each in known.values()) == LATEST < len(results)


def test_in_a_shell(file, capsys):
    assert run(["practice", "--progress"]) == 0
    assert "Nothing was practised yet" in capsys.readouterr().out


def test_ages_in_words():
    times = [timedelta(seconds=5), timedelta(minutes=1), timedelta(hours=3), timedelta(days=2)]
    said = [ago(NOW - each, NOW) for each in times]
    assert said == ["a moment ago", "1 minute ago", "3 hours ago", "2 days ago"]
