"""The clean run, from inside: run cells one after the other, and record what checks look at.

This is no Jupyter kernel: nothing that the cells print is kept, and nobody talks to them. With the
grader it exchanges lines of JSON: it is told the cells, tells of each that it begins and has ended,
and what a check recorded; then it says that all cells have run, and only then is it told the hidden
cases. What it tells, the student's code could tell as well: the grader takes it as that.

It comes as a fork of the zygote or by `inside`; without a sandbox as a program of its own.
"""

from __future__ import annotations

import ast
import contextlib
import json
import os
import signal
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

import autograder
from autograder import checking
from autograder.grading.sandbox.clock import Clock
from autograder.grading.sandbox.standins import Standins
from autograder.teaching.error_text import message

PROC = Path("/proc")
"""In a sandbox, that of its own processes."""
LONGEST_ERROR = 2000
"""Characters of an error's text."""


class TooLong(BaseException):
    """A cell took more time than it may."""


def serve(asked: int, told: int) -> NoReturn:
    """Run what the grader asks for, and end.

    Args:
        asked: the file descriptor that the grader's lines come from.
        told: the one for the lines to the grader.
    """
    with os.fdopen(asked, "rb") as lines, os.fdopen(told, "wb") as answers:
        Recorder(lines, answers).run()
        answers.flush()
        # Not sys.exit: neither threads nor exit handlers of the student's go on.
        os._exit(0)


class Recorder:
    """Runs cells in a namespace, and records the cases of checks."""

    def __init__(self, asked: BinaryIO, told: BinaryIO) -> None:
        """Get ready, before any of the student's code runs.

        Args:
            asked: the lines from the grader.
            told: takes the lines to the grader.
        """
        self._asked, self._told = asked, told
        # It takes halves of characters as well, as a notebook does.
        sys.stdout = sys.stderr = open(os.devnull, "w", encoding="utf-8", errors="replace")  # noqa: SIM115
        self._shell = _shell()
        self._standins = Standins(self._shell, lambda line, sentence: None)  # the shown run tells
        self._names: dict[str, Any] = self._shell.user_ns
        self._variables = dict(os.environ)
        self._folder = os.getcwd()
        self._kept: dict[str, Any] = {}
        self._ours: dict[str, Any] = {}
        self._package = sys.modules[autograder.__name__]
        self._real = {name: getattr(checking, name) for name in ("check", "collect")}
        self._stand_ins = {"check": self._check, "collect": self._collect}
        self._evidence_of = checking.evidence_of
        self._at: int | None = None
        self._value = ""
        self._hidden = False

    def run(self) -> None:
        """Run the cells that the grader names, then the hidden cases that it names after that."""
        plan = self._receive()
        self._seconds, self._token = plan["seconds"], plan["token"]
        before = {}
        for number, cell in enumerate(plan["cells"]):
            self._put_names_back()
            self._put_world_back()
            before[number] = dict(self._names)
            self._tell({"begin": number})
            self._tell({"end": number, "error": self._told_of(self._run_cell(number, cell))})
        self._tell({"all": "cells"})
        for number, source in self._receive()["hidden"]:
            self._hidden = True
            self._names.clear()
            self._names.update(before[number])
            self._put_world_back()
            self._tell({"begin": number})
            error = self._run_check(number, source)
            self._tell({"end": number, "error": self._told_of(error), "value": self._value})
        self._tell({"all": "cases"})

    def _run_cell(self, number: int, cell: Mapping[str, Any]) -> BaseException | None:
        before = dict(self._names)
        if cell["check"]:
            error = self._run_check(number, cell["source"])
        else:
            self._standins.begin(is_answer=not cell["ours"])
            with self._limited():
                error = self._run(cell["source"])
            self._standins.end()
        if cell["ours"]:  # what our own cells delete is meant to be gone
            for name in before.keys() - self._names.keys():
                self._kept.pop(name, None)
        self._kept.update(self._names)
        for name in cell["names"]:
            if name in self._kept:
                self._ours[name] = self._stood_in_for(self._kept[name])
        return error

    def _stood_in_for(self, value: Any) -> Any:
        for name, real in self._real.items():
            if value is real:
                return self._stand_ins[name]
        return value

    def _put_names_back(self) -> None:
        """Put back the names that a student's cell took away."""
        for name, value in self._kept.items():
            self._names.setdefault(name, value)

    def _put_world_back(self) -> None:
        """Put back the variables and the folder that a student's cell took away."""
        for name, value in self._variables.items():
            os.environ.setdefault(name, value)
        with contextlib.suppress(OSError):
            os.chdir(self._folder)

    def _run_check(self, number: int, source: str) -> BaseException | None:
        """Run a check cell; what it takes from the package is ours, whatever was put there."""
        sys.modules[autograder.__name__] = self._package
        vars(self._package).update(self._stand_ins)
        self._names.update(self._ours)
        self._at, self._value = number, ""
        try:
            with self._limited():
                return self._execute(source, number)
        finally:
            self._at = None

    def _execute(self, source: str, number: int) -> BaseException | None:
        """Run our own code without anything that a student may have told IPython to do with it."""
        try:
            file = self._shell.compile.cache(source, number)
            body = ast.parse(source).body
            last = [ast.Expression(body.pop().value)] if _ends_with_a_value(body) else []
            code = compile(ast.Module(body, []), file, "exec")
            value = [compile(each, file, "eval") for each in last]
        except SyntaxError:  # it has a magic in it
            return self._run(source)
        try:
            exec(code, self._names)
            for each in value:
                result = eval(each, self._names)
                self._value = "" if result is None else repr(result)
        except BaseException as error:
            return error
        return None

    def _run(self, source: str) -> BaseException | None:
        try:
            result = self._shell.run_cell(source, store_history=False)
            return result.error_before_exec or result.error_in_exec
        except BaseException as error:
            return error

    def _check(self, exercise: str, answer: Any, *cases: Mapping[str, Any]) -> None:
        """Stands in for `check`: records the cases, and judges nothing."""
        if self._at is not None and not self._hidden:
            self._record(exercise, answer, cases)

    def _collect(self, exercise: str, answer: Any, *cases: Mapping[str, Any]) -> None:
        """Stands in for `collect`."""
        if self._at is not None and self._hidden:
            self._record(exercise, answer, cases)

    def _record(self, exercise: str, answer: Any, cases: tuple[Mapping[str, Any], ...]) -> None:
        recorded = self._evidence_of(exercise, answer, cases, self._hidden)
        self._tell({"evidence": self._at, "data": recorded.to_json()})

    @contextlib.contextmanager
    def _limited(self) -> Iterator[None]:
        """Interrupt what takes too long, and again each second if it goes on."""
        if not hasattr(signal, "setitimer"):  # on Windows the grader ends the process
            yield
            return
        self._clock = Clock(PROC if PROC.is_dir() else None)
        signal.signal(signal.SIGALRM, self._stop)
        signal.setitimer(signal.ITIMER_REAL, self._seconds, 1)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)

    def _stop(self, *_: Any) -> None:
        if self._clock.has_spent(self._seconds):
            raise TooLong(f"It took more than {self._seconds:g} s.")

    @staticmethod
    def _told_of(error: BaseException | None) -> dict[str, str] | None:
        if error is None:
            return None
        try:
            text = message(error)
        except Exception:  # its text is the student's code
            text = type(error).__name__
        return {"type": type(error).__name__, "text": text[:LONGEST_ERROR]}

    def _receive(self) -> Any:
        return json.loads(self._asked.readline())

    def _tell(self, data: dict[str, Any]) -> None:
        line = json.dumps({**data, "token": self._token}, default=str)
        self._told.write(line.encode() + b"\n")
        self._told.flush()


class Nobody:
    """Stands where a kernel would: whatever is asked of it, it does nothing."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        """Do nothing."""
        return self


def _ends_with_a_value(body: list[ast.stmt]) -> bool:
    return bool(body) and isinstance(body[-1], ast.Expr)


def _shell() -> Any:
    """IPython, so that magics work; without history, and without anybody to show an error to."""
    from ipykernel.compiler import XCachingCompiler
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    class Shell(InteractiveShell):
        compiler_class = XCachingCompiler  # by its files' names `check` knows the notebook's lines
        kernel = Nobody()  # what a notebook may ask to restart, or to show something

        def enable_gui(self, gui: str | None = None) -> None:
            """There is nothing to be seen."""

        @contextlib.contextmanager
        def _tee(self, channel: str) -> Iterator[None]:
            # IPython keeps what is printed; for a million lines that takes longer than they do.
            yield

        def showtraceback(self, *args: Any, **options: Any) -> None:
            """Nobody looks, and formatting takes time."""

        def showsyntaxerror(self, *args: Any, **options: Any) -> None:
            """As showtraceback."""

    return Shell.instance(config=Config(HistoryManager={"enabled": False}))


if __name__ == "__main__":
    channel = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    sys.path.append(os.getcwd())
    serve(*channel)
