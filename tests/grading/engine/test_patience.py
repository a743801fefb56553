"""A gradebook that another program holds, and a class that somebody else is grading."""

import sqlite3

import pytest
from holding import GRADEBOOK, holding
from sqlalchemy import create_engine, text

from autograder.grading.engine.one_grader import only_grader
from autograder.grading.engine.patience import Patience, is_held
from autograder.problem import Problem

GRADING = """
import sys, time
from pathlib import Path
from autograder.grading.engine.one_grader import only_grader
with only_grader(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(600)
"""


def ended(process):
    process.kill()
    process.wait()
    process.stdout.close()


@pytest.fixture
def database(tmp_path):
    path = tmp_path / "gradebook.db"
    with sqlite3.connect(path) as made:
        made.execute("create table points (number int)")
    made.close()
    return path


def insertion(url):
    def insert():
        engine = create_engine(url)
        try:
            with engine.begin() as database:
                database.execute(text("insert into points values (1)"))
            return "written"
        finally:
            engine.dispose()

    return insert


def test_what_is_held_for_a_while_is_waited_for_and_told_once(database, capsys):
    patience = Patience(f"sqlite:///{database}", 60)
    holder = holding(GRADEBOOK, database, 7)  # longer than SQLAlchemy waits by itself
    try:
        assert patience(insertion(patience.short_url)) == "written"
    finally:
        ended(holder)
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 1 and said[0].startswith("Another program holds the gradebook; waiting")


def test_what_is_held_for_long_ends_with_one_line_that_says_who_holds_it(database):
    patience = Patience(f"sqlite:///{database}", 2)
    holder = holding(GRADEBOOK, database, 600)
    try:
        with pytest.raises(Problem) as problem:
            patience(insertion(patience.short_url))
    finally:
        ended(holder)
    line = str(problem.value)  # it says that somebody held it, so that was before the 600 s
    assert "\n" not in line and f"process {holder.pid} of " in line and "run this again" in line
    assert patience(insertion(patience.short_url)) == "written"


def test_other_errors_are_not_waited_for(database):
    patience = Patience(f"sqlite:///{database}", 60)

    def fails():
        with create_engine(patience.short_url).connect() as opened:
            opened.execute(text("select * from nowhere"))

    with pytest.raises(Exception, match="no such table") as error:
        patience(fails)
    assert not is_held(error.value)


def test_a_damaged_gradebook_is_told_in_one_line(tmp_path):
    path = tmp_path / "gradebook.db"
    path.write_bytes(b"no database at all" * 100)
    url = f"sqlite:///{path}"
    with pytest.raises(Problem) as told:
        Patience(url)(lambda: create_engine(url).connect().execute(text("select 1 from student")))
    line = f"The gradebook {url} is damaged: file is not a database. Put a copy of it in its place."
    assert str(told.value) == line


def test_a_password_is_not_told():
    patience = Patience("postgresql+psycopg://ada:secret@nowhere.invalid/gradebook")
    assert "secret" not in patience._given_up(700) and "12 minutes" in patience._given_up(700)
    assert "secret" in patience.short_url and "lock_timeout" in patience.short_url


def test_a_second_grader_ends_with_one_line_that_says_who_is_the_first(tmp_path):
    first = holding(GRADING, tmp_path / "own")
    try:
        with pytest.raises(Problem) as problem, only_grader(tmp_path / "own"):
            pytest.fail("two graders at once")
    finally:
        ended(first)  # killed: it cleans nothing up
    line = str(problem.value)
    assert "\n" not in line and f"process {first.pid}, since " in line
    with only_grader(tmp_path / "own"):
        pass


def test_a_file_system_without_locks_is_told(tmp_path, monkeypatch, capsys):
    def refused(file):
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr("autograder.grading.engine.one_grader._lock", refused)
    with only_grader(tmp_path):
        pass
    assert "without locks (Operation not supported)" in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_to_is_told(tmp_path):
    (tmp_path / "own").write_text("a file")
    with pytest.raises(Problem, match="cannot be written to"), only_grader(tmp_path / "own"):
        pass


def test_a_server_that_never_answered_is_told_at_once():
    patience = Patience("postgresql+psycopg://ada:secret@127.0.0.1:1/gradebook", 60)
    insert, attempts = insertion(patience.short_url), []

    def attempt():
        attempts.append(None)
        return insert()

    with pytest.raises(Problem, match=r"cannot be reached: .*refused") as problem:
        patience(attempt)
    assert len(attempts) == 1
    assert "\n" not in str(problem.value) and "secret" not in str(problem.value)


def test_errors_that_go_round_in_a_circle_are_looked_at_once():
    first, second = ValueError("first"), ValueError("second")
    first.__context__, second.__context__ = second, first
    assert not is_held(first)
