"""Notebooks that were handed in under another name, or not at all.

nbgrader looks at nothing but files that have the released notebook's name, and passes over a
student who has none without a word.
"""

from __future__ import annotations

import glob
from collections.abc import Collection, Iterator, Sequence
from fnmatch import fnmatch
from pathlib import Path

from nbformat import NotebookNode
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory

from autograder.grading.notebooks.answer_cells import is_answer
from autograder.grading.notebooks.grafting import graft
from autograder.grading.submissions.handed_in import is_student
from autograder.grading.submissions.plain_files import is_plain
from autograder.grading.submissions.readable import BadSubmission, read_submission
from autograder.grading.telling.foreign import shown

MOST = 8
"""Files of a submission that are looked into."""
SHOWN = 3
"""Files that a message names."""


class AutogradeEverybody(Autograde):
    """nbgrader's command, which gives up if none of the students it looks at has a notebook."""

    def init_notebooks(self) -> None:
        """List what is to be graded."""
        self.assignments, self.notebooks = {}, []
        include_missing(self)
        if not self.assignments:
            super().init_notebooks()


def include_missing(converter: Autograde) -> None:
    """Let nbgrader convert every released notebook of all who submitted, whether it is there."""
    course = converter.coursedir
    _leave_out_strays(converter)
    names = released_names(course, course.assignment_id)
    wanted = [name for name in names if fnmatch(name, f"{course.notebook_id}.ipynb")]
    submitted = course.submitted_directory
    for folder in glob.glob(course.format_path(submitted, course.student_id, course.assignment_id)):
        found = glob.glob(str(Path(glob.escape(folder), f"{course.notebook_id}.ipynb")))
        everything = {*found, *(str(Path(folder, name)) for name in wanted)}
        if everything and is_student(Path(folder).parent) and Path(folder).is_dir():
            converter.assignments[folder] = sorted(everything)


def _leave_out_strays(converter: Autograde) -> None:
    """Take out what nbgrader found where no student's folder is: one would stop the whole class."""
    for folder in list(converter.assignments):
        if not is_student(Path(folder).parent):
            del converter.assignments[folder]
            converter.log.error("%s is in no student's folder; it is left out.", shown(folder))


def released_names(course: CourseDirectory, assignment: str) -> list[str]:
    """What the notebooks of an assignment are called."""
    folder = Path(course.format_path(course.release_directory, ".", assignment))
    return sorted(path.name for path in folder.glob("*.ipynb"))


def found_elsewhere(
    expected: Path, released: NotebookNode, names: Collection[str]
) -> tuple[Path, NotebookNode]:
    """The file that a student must have meant to hand in as the `expected` notebook.

    Args:
        expected: where it should be.
        released: that notebook as students got it.
        names: what the assignment's notebooks are called: none of them stands in for another.

    Raises:
        BadSubmission: if there is no such file, or more than one; the text names what there is.
    """
    folder = expected.parent
    files = [path for path in _visible(folder) if path.parent != folder or path.name not in names]
    fitting: dict[Path, NotebookNode] = {}
    for path in [path for path in files if ".ipynb" in path.name.lower()][:MOST]:
        try:
            fitting[path] = read_submission(path, released)
        except BadSubmission:
            continue
    answers = {path: answers_in(released, notebook) for path, notebook in fitting.items()}
    untouched = answers_of(released)
    answered = [path for path, given in answers.items() if given != untouched] or list(answers)
    if len({answers[path] for path in answered}) == 1:
        return answered[0], fitting[answered[0]]
    raise BadSubmission(_what_there_is(expected, files, answered))


def _visible(folder: Path) -> Iterator[Path]:
    """The files of a submission, without those that programs hide."""
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if is_plain(path) and not any(part.startswith(".") for part in parts):
            yield path


def answers_in(released: NotebookNode, notebook: NotebookNode) -> tuple[str, ...]:
    """The texts of the answer cells, as a submitted notebook has them."""
    return answers_of(graft(released, notebook).notebook)


def answers_of(released: NotebookNode) -> tuple[str, ...]:
    """The texts of the answer cells of a notebook that is as it was released, or grafted."""
    return tuple(cell.source.strip() for cell in released.cells if is_answer(cell))


def _what_there_is(expected: Path, files: Sequence[Path], answered: Sequence[Path]) -> str:
    name = expected.name
    if answered:
        found = _listed(expected, answered)
        return f"There is no {name}, but {found} differ. Rename the one that counts to {name}."
    given = [path for path in files if path.name != "timestamp.txt"]
    found = f"only {_listed(expected, given)}" if given else "and no other file"
    return f"There is no {name}, {found}. Ask for {name}."


def _listed(expected: Path, files: Sequence[Path]) -> str:
    names = [repr(path.relative_to(expected.parent).as_posix()) for path in files]
    more = [f"{len(names) - SHOWN} more"] if len(names) > SHOWN else []
    return " and ".join(filter(None, [", ".join(names[:SHOWN]), *more]))
