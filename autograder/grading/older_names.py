"""Names by which configuration files of older classes know parts of this package.

Such a file holds them as texts, and nbgrader imports them: nothing of ours runs before that and
could put other names there. So they can be imported still. There is no second module behind one,
only the class or function that it stands for now.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import Any

_OURS = "autograder.grading"
TODAY = {
    f"{_OURS}.{older}": f"{_OURS}.{now}"
    for older, now in (
        ("exam.WithholdReferences", "course.exam.WithholdReferences"),
        ("execute.ExecuteSubmission", "preprocessors.execute.ExecuteSubmission"),
        ("feedback.FeedbackExporter", "pages.feedback_page.FeedbackExporter"),
        ("formgrader.guarded", "pages.formgrader.guarded"),
        ("grades_csv.SafeCsv", "harmless.grades_csv.SafeCsv"),
        ("graft.Graft", "preprocessors.graft.Graft"),
        ("harmless.notebook.Harmless", "preprocessors.disarm.Harmless"),
        ("judge.Cards", "preprocessors.cards.Cards"),
        ("judge.Judge", "preprocessors.scoring.Judge"),
        ("links.CollectWithoutLinks", "submissions.links.CollectWithoutLinks"),
        ("links.set_links_aside", "submissions.links.set_links_aside"),
        ("logs.HarmlessFormatter", "telling.log_lines.HarmlessFormatter"),
        ("own_cells.OwnCells", "preprocessors.own_cells.OwnCells"),
        ("restore.RestoreCells", "preprocessors.restore.RestoreCells"),
        ("sources.SourceExporter", "course.sources.SourceExporter"),
        ("unreadable.SubmissionExporter", "submissions.unreadable.SubmissionExporter"),
    )
}
"""What each older name stands for."""


class _Older(ModuleType):
    """Where a module was: nothing but the names that were in it."""

    def __getattr__(self, name: str) -> Any:
        now = TODAY.get(f"{self.__name__}.{name}")
        if now is None:
            raise AttributeError(f"There is no {self.__name__}.{name}.")
        module, _, name = now.rpartition(".")
        return getattr(import_module(module), name)


def keep_importable() -> None:
    """Have Python find the older names."""
    for name in TODAY:
        module = name.rpartition(".")[0]
        sys.modules.setdefault(module, _Older(module))
