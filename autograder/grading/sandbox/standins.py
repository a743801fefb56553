"""Stand-ins for what a notebook has where it is written, and not where it is graded.

Colab's module, somebody who answers `input()`, a network, a graphics processor, the magics of other
worlds: none of them is here. A line that needs one says so and is passed over, and the rest of the
cell runs. None of it can be worth a point: what an answer is worth is judged by what it makes.
"""

from __future__ import annotations

import builtins
import errno
import getpass
import os
import re
import socket
import sys
import urllib.error
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

from traitlets.config import Application

from autograder.grading.sandbox import colab, passing_over

Tell = Callable[[int | None, str], None]
"""Called with a line of the cell that runs, if it is known, and a sentence about it."""

TOLD_MIME_TYPE = "application/vnd.autograder.told+json"
"""Of what a kernel's stand-in says: "line" and "sentence"."""
IS_ANSWER = "autograder_is_answer"
"""In the metadata of a request to run a cell: whether a student has written it."""
MOST_ANSWERS = 100
"""How often a cell is given an empty answer; whoever asks until there is one asks for ever."""
INSTALLERS = frozenset({"conda", "mamba", "micromamba", "pip", "uv"})
ABOUT_THE_MACHINE = frozenset(
    {"alias", "autoreload", "config", "env", "gui", "load_ext", "matplotlib", "pylab"}
    | {"reload_ext", "set_env", "unload_ext"}
)
"""Line magics that make nothing an answer is judged by: where one fails, the rest runs."""
DRAWN_IN_THE_PAGE = frozenset({"inline", "agg"})
NO_NETWORK = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ECONNREFUSED})
DEVICE = re.compile(r"gpu|tpu|cuda|accelerator|memory_growth|_device", re.IGNORECASE)


class Standins:
    """The stand-ins in one shell: a kernel's, or one without a kernel."""

    def __init__(self, shell: Any, tell: Tell) -> None:
        """Put them in place.

        Args:
            shell: IPython's shell, in which cells will run.
            tell: hears of each line that needed one.
        """
        self._shell = shell
        self._tell = tell
        self._told: set[tuple[int | None, str]] = set()
        self._asked = 0
        self.is_running = False
        """Whether a cell runs."""
        colab.install(self._is_students, self.tell)
        self._line_magic, shell.run_line_magic = shell.run_line_magic, self.run_line_magic
        self._cell_magic, shell.run_cell_magic = shell.run_cell_magic, self.run_cell_magic
        shell.ask_exit = lambda: self.tell("exit() ends nothing when grading.")
        self._statements = passing_over.Statements(self._why_passed_over)
        shell.ast_transformers.append(self._statements)
        passing_over.AT_HAND[0] = self._statements
        shell.events.register("post_run_cell", self._explain)

    def begin(self, is_answer: bool) -> None:
        """A cell begins; in an answer, statements that need another world are passed over."""
        self._told.clear()
        self._asked = 0
        self.is_running = True
        self._statements.begin(is_answer)
        builtins.input, getpass.getpass = self.ask, self.ask

    def end(self) -> None:
        """The cell has ended."""
        self.is_running = False

    def _explain(self, result: Any) -> None:
        """Say so if what a cell ended with is the other world's doing."""
        error = result.error_in_exec
        if error is not None and (why := self._why(error)):
            self._tell(self._line_of(error), f"The cell stopped here: {why}")

    def tell(self, sentence: str) -> None:
        """Say something about the line that runs, once."""
        about = self._line_that_runs(), sentence
        if about not in self._told:
            self._told.add(about)
            self._tell(*about)

    def ask(self, prompt: object = "", *_: Any, **__: Any) -> str:
        """What `input` and `getpass` answer: nothing.

        Raises:
            EOFError: if a cell asks again and again.
        """
        print(prompt, end="\n" if prompt else "")
        self.tell("Nobody answers input() when grading: the answer is empty.")
        self._asked += 1
        if self._asked > MOST_ANSWERS:
            raise EOFError("Nobody answers input() when grading.")
        return ""

    def run_line_magic(self, name: str, line: str, _stack_depth: int = 1) -> Any:
        """Run a line magic; one that this world does not have is passed over."""
        if name in INSTALLERS:  # else each waits, and tries again, for a network that is not there
            self.tell(f"%{name} installs nothing when grading: there is no network.")
            return None
        words = line.split()
        if name == "matplotlib" and words and words[0] not in {*DRAWN_IN_THE_PAGE, "--list", "-l"}:
            self.tell(f"%matplotlib {words[0]} draws into the page when grading, as inline does.")
            line = "inline"
        try:
            return self._line_magic(name, line, _stack_depth + 1)
        except Exception as error:
            known = self._shell.find_line_magic(name) is not None
            if known and name not in ABOUT_THE_MACHINE:
                raise
            self.tell(f"%{name} does not work when grading: {_short(error)}")
            return None

    def run_cell_magic(self, name: str, line: str, cell: str) -> Any:
        """Run a cell magic; the cell below one that this world does not have runs without it."""
        if self._shell.find_cell_magic(name) is not None:
            return self._cell_magic(name, line, cell)
        self.tell(f"There is no %%{name} when grading: the cell runs without it.")
        self._shell.run_cell(cell, store_history=False).raise_error()
        return None

    # --- whose fault an error is ------------------------------------------------------------------

    def _why_passed_over(self, error: BaseException) -> str | None:
        if why := self._why(error):
            self._tell(self._line_of(error), f"This was passed over: {why}")
        return why

    def _why(self, error: BaseException) -> str | None:
        """What is not here that an error comes from; None if it has another reason."""
        for one in _chain(error):
            if isinstance(one, ModuleNotFoundError):
                return f"there is no module {_short(one.name)} when grading."
            if isinstance(one, ImportError) and "headless" in _short(one):
                return "there is no screen when grading."
            if isinstance(one, (socket.gaierror, urllib.error.URLError)) or (
                isinstance(one, OSError) and one.errno in NO_NETWORK
            ):
                return "there is no network when grading."
            if "URL fetch failure" in _short(one):
                return "there is no network when grading."
            if isinstance(one, FileNotFoundError):
                return f"there is no file {_short(one.filename)} when grading."
            if (
                isinstance(one, AttributeError)
                and one.name == "kernel"
                and self._has_kernel(one.obj)
            ):
                return "there is no kernel that it could end."
            if isinstance(one, NameError) and one.name in self._statements.lost:
                where = self._statements.lost[one.name]
                return f"{_short(one.name)} was to come from {where}, which was passed over."
        return self._why_by_its_line(error)

    def _has_kernel(self, what: object) -> bool:
        return what is self._shell or isinstance(what, Application)

    def _why_by_its_line(self, error: BaseException) -> str | None:
        text = self._source_of(error)
        if DEVICE.search(text):
            return "there is no such device when grading."
        if self._asked and "input(" in text:
            return "nobody answers input() when grading."
        return None

    # --- which line it is -------------------------------------------------------------------------

    def _is_students(self, frame: FrameType) -> bool:
        if frame.f_globals is self._shell.user_ns:
            return True
        file = os.path.abspath(frame.f_code.co_filename)
        return file.startswith(os.getcwd() + os.sep)

    def _line_that_runs(self) -> int | None:
        """The line of the cell, however deep in functions of its own what runs now is."""
        found = None
        frame = sys._getframe()
        while frame is not None:
            if frame.f_globals is self._shell.user_ns:
                found = frame.f_lineno
            frame = frame.f_back
        return found

    def _line_of(self, error: BaseException) -> int | None:
        return next((number for number, _ in self._frames(error)), None)

    def _source_of(self, error: BaseException) -> str:
        lines = [
            passing_over.source_line(frame.f_code.co_filename, number)
            for number, frame in self._frames(error)
        ]
        return lines[-1] if lines else ""

    def _frames(self, error: BaseException) -> Iterator[tuple[int, FrameType]]:
        trace = error.__traceback__
        while trace is not None:
            if trace.tb_frame.f_globals is self._shell.user_ns:
                yield trace.tb_lineno, trace.tb_frame
            trace = trace.tb_next


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An error and what it was raised from, as far as anybody would read."""
    for _ in range(20):
        yield error
        error = error.__cause__ or error.__context__
        if error is None:
            return


def _short(what: object) -> str:
    try:
        text = str(what)
    except Exception:  # it is the student's code that makes an error's text
        return type(what).__name__
    return text.strip().partition("\n")[0][:120]
