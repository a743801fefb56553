"""`check(exercise, answer)`: judge an answer, show what was found, and stop where it is wrong."""

from __future__ import annotations

import dis
import os
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from numbers import Integral, Real
from pathlib import Path
from typing import Any

from autograder.graphs import NotReadable, read_graph
from autograder.graphs.bounds import LARGEST_NUMBER
from autograder.graphs.weightless import build_weightless
from autograder.judging.briefs import Brief
from autograder.judging.evidence import (
    FLOATS,
    MIME_TYPE,
    NOTHING,
    Case,
    Evidence,
    Kind,
    Problem,
    is_shape,
)
from autograder.judging.judge import Judgement, judge, recorded
from autograder.judging.references import (
    FILE,
    RELEASED,
    NoReferences,
    Reference,
    UnknownExercise,
    find_reference,
    read_references,
    reference_of,
)
from autograder.judging.reports import Report
from autograder.teaching.errors import message

RECORDING = "AUTOGRADER_RECORD"
"""Environment variable: set while the solutions are executed to record their references."""

GRADING = "AUTOGRADER_GRADING"
"""Environment variable: set in a kernel that runs a submission for people to look at. Its answers
are recorded and judged elsewhere, so no reference lies there, and `check` has nothing to do."""

_BEGAN_IN = Path.cwd()
"""Where Python was when this was first imported: a notebook's own folder, before any `%cd`."""
_SESSION = os.environ.get("JPY_SESSION_NAME", "")
"""The notebook's path, where Jupyter tells it."""

MISTAKES_MIME_TYPE = "application/vnd.autograder.mistakes+json"
BRIEF_MIME_TYPE = "application/vnd.autograder.brief+json"


class CheckError(Exception):
    """An error that a notebook shows as its message alone, without a stack trace."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


class CheckFailed(CheckError):
    """The answer is not right yet; `report` says why."""

    def __init__(self, report: Report, shown: bool) -> None:
        super().__init__(report.headline if shown else report.text())
        self.report = report


class WrongCheck(CheckError):
    """The check itself is called wrongly; the message says how to mend it."""


def check(exercise: str, answer: Any, *cases: Mapping[str, Any]) -> None:
    """Judge an answer and show the verdict; in an exam only show what was recorded.

    Args:
        exercise: the exercise's id, such as "ch01_ex2".
        answer: a Keras model, a number, a shape, a choice (text), or a function that returns one.
        cases: arguments to call such a function with, one mapping a case; none calls it once
            without arguments.

    Raises:
        CheckFailed: if the answer is not right yet. In a notebook it shows as one line below the
            report; elsewhere its message is the report.
        WrongCheck: if there is no such exercise, or no references beside the notebook.
    """
    if os.environ.get(GRADING):
        _show(Report(recorded(exercise)))
        return
    evidence = evidence_of(exercise, answer, cases, hidden=False)
    report = Report(_with_notes_on(answer, _judge(evidence)))
    shown = _show(report, evidence)
    if not (report.judgement.passed or report.judgement.is_recorded):
        raise CheckFailed(report, shown)
    if not shown:
        print(report.text())


def collect(exercise: str, answer: Any, *cases: Mapping[str, Any]) -> None:
    """Record more cases of an answer without judging them: that is done elsewhere.

    Args:
        exercise: as for `check`.
        answer: as for `check`.
        cases: as for `check`.
    """
    evidence = evidence_of(exercise, answer, cases, hidden=True)
    _display({MIME_TYPE: evidence.to_json(), "text/plain": f"More cases of {exercise} recorded."})


def mistakes(exercise: str, messages: Mapping[Any, str]) -> None:
    """Tell which wrong values of an exercise have a known reason; noted when references are made.

    Args:
        exercise: the exercise's id.
        messages: for each wrong value what to tell the student.
    """
    pairs = [[value, text] for value, text in messages.items()]
    note = {"exercise": exercise, "mistakes": pairs}
    _display({MISTAKES_MIME_TYPE: note, "text/plain": f"Known mistakes of {exercise} noted."})


def brief(exercise: str, **properties: Any) -> None:
    """Judge an exercise's models by properties instead of one graph; noted as `mistakes` is.

    Args:
        exercise: the exercise's id.
        properties: the attributes of `autograder.judging.briefs.Brief`.
    """
    note = {"exercise": exercise, "brief": Brief(**properties).to_json()}
    _display({BRIEF_MIME_TYPE: note, "text/plain": f"Brief of {exercise} noted."})


def _judge(evidence: Evidence) -> Judgement:
    try:
        if os.environ.get(RECORDING):
            return judge(evidence, reference_of(evidence))
        return judge(evidence, _reference(evidence.exercise))
    except (NoReferences, UnknownExercise, ValueError) as error:
        raise WrongCheck(str(error)) from None


def _with_notes_on(answer: Any, judgement: Judgement) -> Judgement:
    """Tell of a function that is right with these arguments, and cannot be with others."""
    unused = _unused_arguments(answer) if _is_function(answer) and judgement.passed else []
    notes = tuple(
        f"Your function never uses its argument {name}. Is a number written out where {name} "
        "belongs? Other values may be tried when you hand it in."
        for name in unused
    )
    first, *others = judgement.verdicts or (None,)
    if first is None or not notes:
        return judgement
    return replace(judgement, verdicts=(replace(first, notes=first.notes + notes), *others))


def _unused_arguments(function: Callable[..., Any]) -> list[str]:
    """The arguments that a function's own lines never read."""
    code = getattr(function, "__code__", None)
    if code is None or "locals" in code.co_names:
        return []
    read = set(code.co_cellvars)
    for step in dis.get_instructions(code):
        if "LOAD_" in step.opname:  # some instructions store one name and load another
            read |= set(step.argval if isinstance(step.argval, tuple) else (step.argval,))
    arguments = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    return [name for name in arguments if name not in read and not name.startswith("_")]


def _reference(exercise: str) -> Reference:
    path = _notebook_folder() / FILE
    if path.exists():
        return find_reference(_references(path, path.stat().st_mtime_ns), exercise)
    for installed in sorted(RELEASED.glob("*.json")):  # the notebook stands alone
        if exercise in (found := _references(installed, 0)):
            return found[exercise]
    return find_reference(_references(path, 0), exercise)


def _notebook_folder() -> Path:
    """The notebook's folder, wherever its code has gone since; else the working directory."""
    shell = _shell()
    told = shell.user_ns.get("__vsc_ipynb_file__") if shell is not None else None
    folders = [Path(str(path)).parent for path in (told, _SESSION) if path]
    folders.append(_BEGAN_IN)
    found = (folder for folder in folders if folder.is_absolute() and (folder / FILE).exists())
    return next(found, Path.cwd())


@cache
def _references(path: Path, modified: int) -> dict[str, Reference]:
    """The references of a file; `modified` makes an edited file be read again."""
    return read_references(path)


def evidence_of(
    exercise: str, answer: Any, cases: tuple[Mapping[str, Any], ...], hidden: bool
) -> Evidence:
    """Record an answer case by case; arguments as for `check`."""
    recorded = tuple(_case(answer, arguments) for arguments in cases or ({},))
    return Evidence(exercise, recorded, hidden)


def _case(answer: Any, arguments: Mapping[str, Any]) -> Case:
    """Record an answer, or what a function answers for certain arguments."""
    if _is_function(answer):
        try:
            answer = build_weightless(lambda: answer(**arguments))
        except NotImplementedError:
            text = "There is no answer yet: the function still holds the line to replace."
            return Case(Kind.PROBLEM, text, arguments, Problem.NOT_ATTEMPTED)
        except Exception as error:
            return Case(Kind.PROBLEM, _raised(answer, error), arguments, Problem.RAISED)
        if answer is None:
            return _model(answer, arguments, NOTHING)
    return _recorded(answer, arguments)


def _is_function(answer: Any) -> bool:
    return callable(answer) and not hasattr(answer, "get_config")


def _recorded(answer: Any, arguments: Mapping[str, Any]) -> Case:
    if answer is Ellipsis:
        text = "There is no answer yet: put yours in place of the three dots."
        return Case(Kind.PROBLEM, text, arguments, Problem.NOT_ATTEMPTED)
    if isinstance(answer, str):
        return Case(Kind.CHOICE, answer, arguments)
    if isinstance(answer, Integral) and not isinstance(answer, bool):
        if abs(int(answer)) >= LARGEST_NUMBER:
            text = "Your answer is a number with far too many digits."
            return Case(Kind.PROBLEM, text, arguments, Problem.NOT_READABLE)
        return Case(Kind.NUMBER, int(answer), arguments)
    if isinstance(answer, Real) and not isinstance(answer, bool):
        return Case(Kind.NUMBER, float(answer), arguments)
    if isinstance(answer, (tuple, list)) and all(_is_size(item) for item in answer):
        sizes = tuple(None if size is None else int(size) for size in answer)
        if not is_shape(sizes):
            text = "Your answer has far too many sizes, or one with far too many digits."
            return Case(Kind.PROBLEM, text, arguments, Problem.NOT_READABLE)
        return Case(Kind.SHAPE, sizes, arguments)
    if isinstance(answer, (tuple, list)) and all(_is_number(item) for item in answer):
        return _model(answer, arguments, FLOATS, _numbers_text(answer))
    if isinstance(answer, bool):
        return _model(answer, arguments, "bool", str(answer))
    return _model(answer, arguments, type(answer).__name__)


def _model(answer: Any, arguments: Mapping[str, Any], found: str, shown: str = "") -> Case:
    """Record a model, or why the answer is none, and what it is instead."""
    try:
        return Case(Kind.MODEL, read_graph(answer), arguments)
    except NotReadable as error:
        problem = Problem.NOT_READABLE
        return Case(Kind.PROBLEM, str(error), arguments, problem, found[:80], shown[:80])


def _is_number(item: Any) -> bool:
    return _is_size(item) or (isinstance(item, Real) and not isinstance(item, bool))


def _numbers_text(items: Sequence[Any]) -> str:
    """A few numbers as they are written in Python, whatever library made them; else ""."""
    if len(items) > 6:
        return ""
    plain = [
        item if item is None else int(item) if _is_size(item) else float(item) for item in items
    ]
    return str(tuple(plain))


def _is_size(item: Any) -> bool:
    return item is None or (isinstance(item, Integral) and not isinstance(item, bool))


def _raised(function: Callable[..., Any], error: BaseException) -> str:
    """What a student's function raised, and in which of the notebook's lines."""
    file = getattr(getattr(function, "__code__", None), "co_filename", None)
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename == file or "ipykernel_" in frame.filename
    ]
    if not frames:
        return f"Your function raised an error:\n{message(error)}"
    last = frames[-1]
    return f"Your function raised an error in {last.name}(), at `{last.line}`:\n{message(error)}"


def _show(report: Report, evidence: Evidence | None = None) -> bool:
    """Show the report and leave evidence beside it, if there is; False outside a notebook."""
    bundle: dict[str, Any] = {"text/html": report.html(), "text/plain": report.text()}
    if evidence is not None:
        bundle[MIME_TYPE] = evidence.to_json()
    return _display(bundle)


def _display(bundle: dict[str, Any]) -> bool:
    if not hasattr(_shell(), "kernel"):
        return False
    from IPython.display import display

    display(bundle, raw=True)
    return True


def _shell() -> Any:
    """The IPython that this runs in, if it runs in one."""
    try:
        from IPython import get_ipython
    except ImportError:
        return None
    return get_ipython()
