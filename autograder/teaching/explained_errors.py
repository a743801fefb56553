"""Under an error in a notebook, what it means and what to try; the error's own message stays.

Of an error that `keras_errors` knows: which line, which shapes. Of a name that Python does not
know: the cell above that makes it. `%explain_errors off` turns it off, `%explain_errors on` on
again.
"""

from __future__ import annotations

import html
import linecache
import sys
from dataclasses import dataclass
from typing import Any

from autograder.judging.keras_errors import Explained, explained
from autograder.teaching.cells_not_run import cell_to_run
from autograder.teaching.error_text import message
from autograder.teaching.open_notebook import code_cells

MAGIC = "explain_errors"
_LONGEST_LINE = 80


@dataclass(frozen=True)
class Line:
    """A line of code in a cell, and its number there, from 1."""

    number: int
    code: str


@dataclass(frozen=True)
class Note:
    """What is shown under an error.

    Attributes:
        line: of the notebook, through which the error came; None where that says nothing.
        error: what it means, and what to try.
    """

    line: Line | None
    error: Explained

    def text(self) -> str:
        """The note in plain text: what is wrong in one line, what to try in the next."""
        where = f"Line {self.line.number}, `{_short(self.line.code)}`: " if self.line else ""
        return f"{where}{self.error.says}\nTry: {self.error.step}"

    def html(self) -> str:
        """The same for a notebook; legible on light and dark backgrounds."""
        where = ""
        if self.line:
            code = html.escape(_short(self.line.code))
            where = f"Line {self.line.number}, <code>{code}</code>: "
        return (
            "<div role='note' style='border-left:6px solid #4338ca;padding:4px 12px;"
            "margin:4px 0;max-width:60em'>"
            f"<div>{where}{html.escape(self.error.says)}</div>"
            f"<div><b>Try:</b> {html.escape(self.error.step)}</div></div>"
        )


class _UnderErrors:
    """What a shell calls after each cell, and by the magic `%explain_errors`."""

    def __init__(self, shell: Any) -> None:
        self.shell = shell
        self.on = True

    def after_cell(self, result: Any) -> None:
        """Show a note under an error of which something is known.

        Args:
            result: IPython's, of the cell that has run.
        """
        error = result.error_in_exec
        if not self.on or error is None:
            return
        names = self.shell.user_ns
        note = note_on(error, names)
        if isinstance(error, NameError) and error.name:
            known = cell_to_run(error.name, result.info.raw_cell, code_cells(names), names)
            note = Note(None, known) if known else note
        if note is not None:
            from IPython.display import display

            display({"text/plain": note.text(), "text/html": note.html()}, raw=True)

    def switch(self, words: str) -> None:
        """Notes under errors: `on` or `off`."""
        self.on = words.strip().lower() != "off"


def note_on(error: BaseException, namespace: dict[str, Any]) -> Note | None:
    """What to say under an error; None of one that no row of `keras_errors` is about.

    Args:
        error: what a cell raised.
        namespace: the notebook's own names, by which its lines are told from a library's.
    """
    line = _line_of(error, namespace)
    known = explained(message(error), line.code if line else "")
    return Note(line, known) if known else None


def _line_of(error: BaseException, namespace: dict[str, Any]) -> Line | None:
    """The innermost line of the notebook that an error came through."""
    found, trace = None, error.__traceback__
    while trace is not None:
        frame = trace.tb_frame
        if frame.f_globals is namespace:
            found = frame.f_code.co_filename, trace.tb_lineno
        trace = trace.tb_next
    if found is None:
        return None
    code = linecache.getline(*found).strip()
    return Line(found[1], code) if code else None


def _short(code: str) -> str:
    return code if len(code) <= _LONGEST_LINE else f"{code[:_LONGEST_LINE]}…"


def show_under_errors() -> None:
    """Have the shell that this runs in show notes; nothing without one, or a second time."""
    if "IPython" not in sys.modules:
        return
    from IPython import get_ipython

    shell = get_ipython()
    if shell is None or MAGIC in shell.magics_manager.magics["line"]:
        return
    notes = _UnderErrors(shell)
    shell.events.register("post_run_cell", notes.after_cell)
    shell.register_magic_function(notes.switch, "line", MAGIC)
