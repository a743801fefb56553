"""A green check is never followed by an error in the cells below it, however the answer is written.

Each answer of the solutions is given in all forms that it can have (`other_forms`). Where its check
takes it, all cells up to the next exercise run; where it does not, it says that they could not.
"""

import shutil
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat.v4 import new_code_cell
from notebooks.other_forms import ENDS, REUSED, VALUES, WHOLES

from autograder.grading.notebooks.answer_cells import as_student_writes, is_answer
from autograder.grading.notebooks.cells import grade_id, is_check
from autograder.judging.references import FILE
from autograder.teaching.bindings import bound

COURSE = Path(__file__).parents[2]
CHAPTERS = sorted(path.parent.name for path in COURSE.glob("solutions/*/*.ipynb"))
FORMS = {"ends": ENDS, "wholes": {**WHOLES, **VALUES}}
RUNS = [(chapter, forms) for chapter in CHAPTERS for forms in FORMS]
"""A chapter with all its forms of one kind takes two to five minutes."""
RUNS_ON, NO_FORM = "the cells below run", "there is no such form"
ASKED = {"other-structure", "other-names", "not-functional", REUSED}
"""What a check may refuse such a form for: the cells below need another one, or these weights."""
BEGIN = f"""
import os, sys
os.environ["AUTOGRADER_RECORD_FILE"] = "off"
sys.path.insert(0, {str(COURSE / "tests")!r})
from notebooks import other_forms
other_forms.train_shortly()
"""

pytestmark = [pytest.mark.long, pytest.mark.slow]


class Desk:
    """A chapter's kernel, in which cells are run one by one."""

    def __init__(self, client):
        self.client = client

    def run(self, *sources):
        """The first error; None where all ran to their end."""
        for source in sources:
            cell = new_code_cell(source)
            self.client.nb.cells = [cell]
            try:
                self.client.execute_cell(cell, 0)
            except CellExecutionError as error:
                return error
        return None


def exercises(cells):
    """For each exercise: its answer, its checks, and what stands below up to the next answer."""
    places = [number for number, cell in enumerate(cells) if is_answer(cell)]
    for place, end in zip(places, [*places[1:], len(cells)], strict=True):
        below = cells[place + 1 : end]
        last = max(number for number, cell in enumerate(below) if is_check(cell))
        yield cells[place], below[: last + 1], below[last + 1 :]


@pytest.mark.parametrize(("chapter", "forms"), RUNS)
def test_no_green_check_is_followed_by_an_error(chapter, forms, tmp_path):
    book = nbformat.read(COURSE / "solutions" / chapter / f"{chapter}.ipynb", as_version=4)
    cells = [cell for cell in book.cells if cell.cell_type == "code"]
    for cell in cells:
        cell.source = as_student_writes(cell.source)
    shutil.copy(COURSE / "course" / chapter / FILE, tmp_path)
    client = NotebookClient(book, timeout=300, resources={"metadata": {"path": str(tmp_path)}})
    told = {}
    with client.setup_kernel():
        desk = Desk(client)
        first = next(number for number, cell in enumerate(cells) if is_answer(cell))
        assert desk.run(BEGIN, *(cell.source for cell in cells[:first])) is None
        for answer, checks, below in exercises(cells):
            own = [answer.source, *(cell.source for cell in [*checks, *below])]
            assert desk.run(*own) is None, grade_id(answer)
            what = {form: what_comes(desk, answer, checks, below, form) for form in FORMS[forms]}
            told[grade_id(answer).removesuffix("_answer")] = what
            if RUNS_ON in what.values():
                assert desk.run(*own) is None, grade_id(answer)
    for name, what in told.items():
        print(name, *(f"{form}: {came}" for form, came in what.items()), sep="\n  ")
    came = [(name, form, each) for name, what in told.items() for form, each in what.items()]
    assert sum(each == RUNS_ON for *_, each in came) > 3
    unexpected = [
        each
        for each in came
        if each[-1] not in (RUNS_ON, NO_FORM) and not set(each[-1].split()) <= ASKED
    ]
    assert not unexpected


def what_comes(desk, answer, checks, below, form):
    """What becomes of an answer in a form; why it is refused, or which error there is."""
    names = sorted(bound(answer.source))
    change = [f"{name} = other_forms.in_form({name}, {form!r})" for name in names]
    error = desk.run(answer.source, *change)
    if error is None:
        error = desk.run(*(cell.source for cell in checks))
        if error is not None and error.ename == "CheckFailed":
            why = desk.run("other_forms.tell_why()")
            return NO_FORM if why.ename == "NoForm" else why.evalue
        error = error or desk.run(*(cell.source for cell in below))
    elif error.ename == "NoForm":
        return NO_FORM
    return RUNS_ON if error is None else f"{error.ename}: {error.evalue}"
