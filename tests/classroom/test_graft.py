import copy

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output, new_raw_cell

from autograder.grading.notebooks.cells import AS_RELEASED, EXTRA, is_marked
from autograder.grading.notebooks.grafting import answers_elsewhere, graft, mark_cells

STUB = "raise NotImplementedError()"


@pytest.fixture
def skeleton(solution):
    """The tiny course as released, with a teaching cell of ours that bears no marks."""
    released = copy.deepcopy(solution)
    released.cells.insert(1, new_code_cell("import math", id="teaching"))
    sources = {"ex1_answer": f"def double(x):\n    {STUB}", "ex2_answer": "square = ..."}
    for cell in released.cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        cell.source = sources.get(grade_id, cell.source)
    return released


@pytest.fixture
def submitted(skeleton):
    book = copy.deepcopy(skeleton)
    find(book, "ex1_answer").source = "def double(x):\n    return x + x"
    find(book, "ex2_answer").source = "square = lambda x: x * x"
    return book


def find(book, grade_id):
    (found,) = [
        cell for cell in book.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == grade_id
    ]
    return found


def sources(book):
    return [cell.source for cell in book.cells]


def without_marks(book, ids=False):
    for number, cell in enumerate(book.cells):
        cell.metadata = nbformat.NotebookNode()
        if not ids:
            cell["id"] = f"new{number}"
    return book


def test_answers_go_in_and_nothing_is_remarked(skeleton, submitted):
    grafted = graft(skeleton, submitted)
    assert grafted.notebook == submitted
    assert (grafted.answered, grafted.remarks) == (2, [])


def test_the_notebooks_given_are_left_alone(skeleton, submitted):
    before = copy.deepcopy((skeleton, submitted))
    graft(skeleton, submitted)
    assert (skeleton, submitted) == before


def test_blank_is_as_released(skeleton):
    assert graft(skeleton, copy.deepcopy(skeleton)).notebook == skeleton


@pytest.mark.parametrize("ids", [True, False])
def test_without_any_metadata_the_answers_are_found(skeleton, submitted, ids):
    grafted = graft(skeleton, without_marks(copy.deepcopy(submitted), ids))
    assert sources(grafted.notebook) == sources(submitted)
    assert grafted.answered == 2
    assert [line for line in grafted.remarks if "ex1_answer" in line] == [
        "The answer ex1_answer was recognised without nbgrader's marks."
    ]


def test_a_comment_or_an_import_above_the_answer_does_not_hide_it(skeleton, submitted):
    find(submitted, "ex1_answer").source = "# mine\nimport os\ndef double(x):\n    return 2 * x"
    find(submitted, "ex2_answer").source = "two = 2\nsquare = lambda x: x**two"
    grafted = graft(skeleton, without_marks(submitted))
    assert find(grafted.notebook, "ex1_answer").source.endswith("return 2 * x")
    assert find(grafted.notebook, "ex2_answer").source.endswith("x**two")


def test_a_call_or_a_comparison_is_no_definition(skeleton):
    book = nbformat.v4.new_notebook(
        cells=[
            new_code_cell("double(2)"),
            new_code_cell("square == 3"),
            new_code_cell("  double = 1"),
        ]
    )
    assert graft(skeleton, book).answered == 0


def test_extra_cells_stay_in_place_without_metadata(skeleton, submitted):
    extra = new_code_cell("y = 3", metadata={"tags": ["skip-when-grading"], "nbgrader": {"x": 1}})
    submitted.cells.insert(3, extra)
    submitted.cells.insert(0, new_markdown_cell("my notes"))
    grafted = graft(skeleton, submitted).notebook
    assert sources(grafted) == sources(submitted)
    assert grafted.cells[4].metadata == grafted.cells[0].metadata == {}
    assert len({cell.id for cell in grafted.cells}) == len(grafted.cells)


@pytest.mark.parametrize("fence", ["```", "~~~~"])
@pytest.mark.parametrize("make", [new_code_cell, new_markdown_cell])
def test_an_answer_in_markdowns_fences_is_taken_out_of_them(skeleton, submitted, fence, make):
    answer = find(submitted, "ex1_answer")
    code = answer.source
    fenced = make(f"\n{fence}python\n{code}\n{fence}\n", metadata=answer.metadata)
    submitted.cells[submitted.cells.index(answer)] = fenced
    grafted = graft(skeleton, submitted)
    assert find(grafted.notebook, "ex1_answer").source == code
    line = "The answer ex1_answer stood in Markdown's fences (```); it is taken out of them."
    assert line in grafted.remarks


@pytest.mark.parametrize(
    "source", ["```python\nx", "x = '''\n```\n'''", "```\nx\n```\ntext\n```\ny\n```"]
)
def test_what_is_no_single_fenced_block_is_left_alone(skeleton, submitted, source):
    find(submitted, "ex1_answer").source = source
    assert find(graft(skeleton, submitted).notebook, "ex1_answer").source == source


def test_it_is_marked_which_cells_are_extra_and_which_answers_as_released(skeleton, submitted):
    find(submitted, "ex2_answer").source = find(skeleton, "ex2_answer").source
    submitted.cells.append(new_code_cell("square = lambda x: x * x"))
    grafted = graft(skeleton, submitted)
    mark_cells(skeleton, grafted)
    cells = grafted.notebook.cells
    assert [cell for cell in cells if is_marked(cell, EXTRA)] == [cells[-1]]
    assert [cell for cell in cells if is_marked(cell, AS_RELEASED)] == [
        find(grafted.notebook, "ex2_answer")
    ]
    assert list(answers_elsewhere(grafted)) == [
        "The answer ex2_answer is as released, so it is not attempted; an extra cell of the "
        "student's defines `square`."
    ]


def test_our_cells_come_from_the_release(skeleton, submitted):
    find(submitted, "ex1_check").source = "pass"
    submitted.cells[1].source = "import os"
    grafted = graft(skeleton, submitted)
    assert grafted.notebook.cells[1].source == "import math"
    assert find(grafted.notebook, "ex1_check") == find(skeleton, "ex1_check")
    assert grafted.remarks == ["The locked cell ex1_check was changed; it is back as released."]


def test_missing_cells_are_back(skeleton, submitted):
    submitted.cells = [find(submitted, "ex2_answer")]
    grafted = graft(skeleton, submitted)
    assert len(grafted.notebook.cells) == len(skeleton.cells)
    assert find(grafted.notebook, "ex1_answer").source.endswith(STUB)
    assert "The cell ex1_check was missing; it is back as released." in grafted.remarks


def test_order_does_not_matter(skeleton, submitted):
    expected = graft(skeleton, submitted).notebook
    submitted.cells.reverse()
    assert sources(graft(skeleton, submitted).notebook) == sources(expected)


def test_of_several_answers_the_last_counts_that_is_not_as_released(skeleton, submitted):
    answer = find(submitted, "ex2_answer")
    second, stub = copy.deepcopy(answer), copy.deepcopy(answer)
    second.source, stub.source = "square = lambda x: x**2", "square = ..."
    submitted.cells += [second, stub]
    grafted = graft(skeleton, submitted)
    assert find(grafted.notebook, "ex2_answer").source == "square = lambda x: x**2"
    assert grafted.remarks == ["The cell ex2_answer was there 3 times."]


@pytest.mark.parametrize("make", [new_markdown_cell, new_raw_cell])
def test_an_answer_of_another_type_is_taken_as_code(skeleton, submitted, make):
    index = submitted.cells.index(find(submitted, "ex2_answer"))
    old = submitted.cells[index]
    submitted.cells[index] = make(old.source, metadata=old.metadata, id=old.id)
    grafted = graft(skeleton, submitted)
    assert find(grafted.notebook, "ex2_answer").cell_type == "code"
    assert find(grafted.notebook, "ex2_answer").source == old.source
    assert "was not a code cell" in grafted.remarks[0]


def test_tags_and_marks_of_the_submission_do_not_matter(skeleton, submitted):
    expected = graft(skeleton, submitted).notebook
    for cell in submitted.cells:
        cell.metadata["tags"] = ["skip-execution"]
        if "nbgrader" in cell.metadata:
            cell.metadata.nbgrader.update(points=100, grade=False, solution=True, locked=False)
    assert graft(skeleton, submitted).notebook == expected


@pytest.mark.parametrize("marks", [None, 7, "x", [], {"grade_id": None}, {"grade_id": ["x"]}])
def test_broken_marks_are_no_marks(skeleton, submitted, marks):
    for cell in submitted.cells:
        cell.metadata["nbgrader"] = marks
    assert graft(skeleton, submitted).answered == 2


def test_half_a_character_is_replaced(skeleton, submitted):
    find(submitted, "ex2_answer").source = "square = '\ud800'"
    submitted.cells.append(new_code_cell("'\udfff'"))
    nbformat.writes(graft(skeleton, submitted).notebook).encode()


class TestOutputsOfSkippedCells:
    """Cells that only train or draw are not run again: the page shows what the student saw."""

    TAG = "skip-when-grading"

    @pytest.fixture
    def drawing(self, skeleton, submitted):
        for book in (skeleton, submitted):
            cell = new_code_cell("draw()", id="drawing", metadata={"tags": [self.TAG]})
            book.cells.insert(2, cell)
        submitted.cells[2].outputs = [new_output("stream", text="my curve")]
        return skeleton, submitted

    def of_drawing(self, skeleton, submitted):
        grafted = graft(skeleton, submitted, self.TAG).notebook
        (cell,) = [cell for cell in grafted.cells if cell.source == "draw()"]
        return cell.outputs

    def test_they_stay(self, drawing):
        assert [output.text for output in self.of_drawing(*drawing)] == ["my curve"]

    def test_not_without_the_tag_in_the_release(self, drawing):
        skeleton, submitted = drawing
        skeleton.cells[2].metadata.tags = []
        assert self.of_drawing(skeleton, submitted) == []

    def test_not_of_a_changed_cell(self, drawing):
        skeleton, submitted = drawing
        submitted.cells[2].source = "draw_something_else()"
        assert self.of_drawing(skeleton, submitted) == []

    def test_never_of_a_check(self, drawing):
        skeleton, submitted = drawing
        for book in drawing:
            find(book, "ex1_check").metadata.tags = [self.TAG]
        find(submitted, "ex1_check").outputs = [new_output("stream", text="2.0")]
        grafted = graft(skeleton, submitted, self.TAG).notebook
        assert find(grafted, "ex1_check").outputs == []

    @pytest.mark.parametrize(
        "outputs", [None, 7, ["x"], [{"output_type": "nonsense"}], [{"text": "x" * 3_000_000}]]
    )
    def test_what_is_no_output_is_left_out(self, drawing, outputs):
        skeleton, submitted = drawing
        submitted.cells[2]["outputs"] = outputs
        assert self.of_drawing(skeleton, submitted) == []
