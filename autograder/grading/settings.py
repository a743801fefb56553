"""What nbgrader is told for every class: all that must hold, whatever else a class sets.

`nbgrader_config.py` calls `configure`; a class's own settings come after it. So a class that was
made long ago has what holds today.
"""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from traitlets.config import Config, LazyConfigValue

from autograder import import_path, quiet
from autograder.grading.older_names import TODAY

NOT_DONE = "Exercise not done yet: replace this line with your answer."
FILE = "nbgrader_config.py"
LAST_LINE = "from autograder.grading.settings import configure; configure(c, COURSE)"
"""What brings an older file up to date, as its last line."""


def configure(c: Config, course: Path) -> None:
    """Set what holds for every class.

    Args:
        c: nbgrader's configuration; what it has already is kept where nothing here concerns it.
        course: the folder with `nbgrader_config.py`.
    """
    import_path.only_installed(course)
    if wrong := import_path.wrong_package():
        sys.exit(f"{course / FILE}: {wrong}")
    _releasing(c)
    _running(c, course)
    _grading(c)
    _giving_back(c)
    # What is foreign in log lines (ids, names of files) does nothing to the terminal.
    harmless = {"class": "autograder.grading.telling.log_lines.HarmlessFormatter"}
    c.NbGrader.logging_config = {"formatters": {"console": harmless}}
    # nbgrader 0.9.6 with SQLAlchemy 2.1: three warnings for each new student, about nothing.
    warnings.filterwarnings("ignore", message="Object of type <Submitted.*> not in session")


def _releasing(c: Config) -> None:
    # Copied neither to students nor beside their code while it is graded; nbgrader's own four
    # first.
    c.CourseDirectory.ignore = [
        ".ipynb_checkpoints",
        "*.pyc",
        "__pycache__",
        "feedback",
        ".*",
        "hidden_*",
    ]
    # What students see in an exercise they have not done.
    c.ClearSolutions.code_stub = {"python": f'raise NotImplementedError("{NOT_DONE}")'}
    # A notebook that cannot be released is found before the release that is there is removed.
    c.GenerateAssignment.exporter_class = "autograder.grading.course.sources.SourceExporter"
    # Of an exam (`"autograder": {"exam": true}` in the metadata of the solution's notebook) no
    # reference is released: checks only record what students answer.
    # Where the course has a public address, a chapter begins with a badge for Colab, and a cell
    # that installs the package where it is missing.
    c.GenerateAssignment.preprocessors.prepend(
        [
            "autograder.grading.course.exam.WithholdReferences",
            "autograder.grading.course.first_cells.FirstCells",
            "autograder.grading.course.folded_answers.FoldedAnswers",
        ]
    )


def _running(c: Config, course: Path) -> None:
    quiet.set_variables()
    c.Execute.timeout = 600  # seconds a cell; the default of 30 is too short for training
    c.Execute.shutdown_kernel = "immediate"
    c.Execute.skip_cells_with_tag = "skip-when-grading"  # they train or draw, and feed no check
    c.KernelManager.transport_encryption = "auto"  # else every kernel warns that it is not
    # Submissions run in a sandbox, in a kernel that has TensorFlow loaded already; where there is
    # no bubblewrap they run with all of your rights, and a loud line says so.
    ours = Path(import_path.PACKAGE) / "grading" / "jupyter"
    paths = [str(ours), *os.environ.get("JUPYTER_PATH", "").split(os.pathsep)]
    os.environ["JUPYTER_PATH"] = os.pathsep.join(dict.fromkeys(filter(None, paths)))
    c.Execute.kernel_name = "autograder-sandbox"
    c.SandboxProvisioner.hidden = [str(course)]


def _grading(c: Config) -> None:
    # Links in a submission are never followed: neither when it is collected nor when it is graded.
    c.ExchangeFactory.collect = "autograder.grading.submissions.links.CollectWithoutLinks"
    c.Autograde.pre_convert_hook = "autograder.grading.submissions.links.set_links_aside"
    # The released notebook with the student's answers in it: nothing else of a submission is run.
    # nbgrader's ClearOutput is not here: cells that are skipped keep what the student saw.
    c.Autograde.sanitize_preprocessors = [
        "autograder.grading.preprocessors.graft.Graft",
        "nbgrader.preprocessors.DeduplicateIds",
        "nbgrader.preprocessors.OverwriteKernelspec",
        "autograder.grading.preprocessors.restore.RestoreCells",
        "nbgrader.preprocessors.CheckCellMetadata",
    ]
    # A submission that is not a notebook, or has no answer cell in it: one clear line in the log,
    # and a feedback page that says so. And before the first: the reference solution is graded once.
    c.Autograde.exporter_class = "autograder.grading.engine.reference_first.ReferenceFirst"
    # What a check cell recorded is judged in the grader's process; what it claims counts for
    # nothing.
    c.Autograde.autograde_preprocessors = [
        "autograder.grading.preprocessors.execute.ExecuteSubmission",
        # Where a cell of ours fails by itself, nothing is scored.
        "autograder.grading.preprocessors.own_cells.OwnCells",
        "autograder.grading.preprocessors.scoring.Judge",
        "autograder.grading.preprocessors.disarm.Harmless",  # no browser runs what a student wrote
        "nbconvert.preprocessors.CoalesceStreamsPreprocessor",  # a progress bar is one line
        "nbgrader.preprocessors.IgnorePattern",
        "nbconvert.preprocessors.ClearMetadataPreprocessor",
        "nbgrader.preprocessors.LimitOutput",
        "nbgrader.preprocessors.SaveAutoGrades",
        # The score is read: what people see is the card.
        "autograder.grading.preprocessors.cards.Cards",
        "nbgrader.preprocessors.AssignLatePenalties",
        "nbgrader.preprocessors.CheckCellMetadata",
    ]


def _giving_back(c: Config) -> None:
    # No cell is a formula.
    c.ExportApp.plugin_class = "autograder.grading.harmless.grades_csv.SafeCsv"
    # Always anew: nbgrader goes by the time of handing in, which stays the same where a person
    # gives points, where a due date moves, or where files come without a time.
    c.GenerateFeedback.force = True
    # Feedback pages without the hidden cases: stock nbgrader shows them. And with a policy by which
    # a browser runs nothing in them but MathJax.
    c.GenerateFeedback.exporter_class = "autograder.grading.pages.feedback_page.FeedbackExporter"
    c.GenerateFeedback.preprocessors = [
        "nbgrader.preprocessors.GetGrades",
        "nbgrader.preprocessors.ClearHiddenTests",
        "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
    ]
    # The formgrader's page of a submission, nbgrader's own, with such a policy, too.
    c.HTMLExporter.template_name = "guarded"
    c.HTMLExporter.template_file = "guarded.html.j2"
    c.HTMLExporter.filters = {"guarded": "autograder.grading.pages.formgrader.guarded"}
    c.FeedbackExporter.template_name = "feedback"
    c.FeedbackExporter.template_file = "index.html.j2"


# --- what a class's file lacks --------------------------------------------------------------------

SAFETY = {
    "CourseDirectory": ("ignore",),
    "GenerateAssignment": ("exporter_class", "preprocessors"),
    "Execute": ("kernel_name",),
    "ExchangeFactory": ("collect",),
    "Autograde": (
        "pre_convert_hook",
        "sanitize_preprocessors",
        "exporter_class",
        "autograde_preprocessors",
    ),
    "ExportApp": ("plugin_class",),
    "GenerateFeedback": ("exporter_class", "preprocessors"),
    "HTMLExporter": ("template_file", "filters"),
    "NbGrader": ("logging_config",),
}
"""Settings without which grading gives away more, or holds less; of others a class may differ."""


def lacking(config: Config, course: Path) -> str:
    """One line that says what a class's file does not set, and what to do; "" if it is complete."""
    whole = Config()
    configure(whole, course)
    missing = [
        f"{section}.{name} ({', '.join(without)})"
        for section, names in SAFETY.items()
        for name in names
        if (without := list(_lacking(config[section].get(name), whole[section][name])))
    ]
    older = [_last(word) for word in _words([config[each] for each in SAFETY]) if word in TODAY]
    if not missing and not older:
        return ""
    weaker = ", so grading is weaker than it should be" if missing else ""
    lacks = f" It lacks {'; '.join(missing)}." if missing else ""
    older_names = f" It has older names for {', '.join(older)}." if older else ""
    return (
        f"{course / FILE} is of another version than this package{weaker}.{lacks}{older_names} "
        "Take the file of this version and put your own settings at its end, or add as its last "
        f"line: {LAST_LINE}"
    )


def _lacking(given: Any, wanted: Any) -> Iterator[str]:
    there = {TODAY.get(word, word) for word in _words(given)}
    for word in _words(wanted):
        if word not in there:
            yield _last(word) if word.count(".") > 1 else word


def _last(name: str) -> str:
    return name.rpartition(".")[2]


def _words(value: Any) -> Iterator[str]:
    """All texts in a setting's value; of a class its full name."""
    if isinstance(value, LazyConfigValue):
        value = value.to_dict()
    if isinstance(value, str):
        yield value
    elif isinstance(value, type):
        yield f"{value.__module__}.{value.__qualname__}"
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _words(one)
    elif isinstance(value, (list, tuple, set)):
        for one in value:
            yield from _words(one)
