import nbformat
import pytest

from autograder.grading.notebooks.answer_cells import answer_ids, as_student_writes, with_answers


@pytest.fixture
def released(solution):
    """The solution notebook as students get it."""
    copy = nbformat.from_dict(solution)
    for cell in copy.cells:
        if cell.get("metadata", {}).get("nbgrader", {}).get("solution"):
            cell.source = "raise NotImplementedError()"
    return copy


def source(notebook, grade_id):
    (found,) = [
        cell.source
        for cell in notebook.cells
        if cell.metadata.get("nbgrader", {}).get("grade_id") == grade_id
    ]
    return found


def test_answer_ids_come_in_the_notebooks_order(solution):
    assert answer_ids(solution) == ["ex1_answer", "ex2_answer"]


def test_all_answers_are_filled_in_without_markers(released, solution):
    filled = with_answers(released, solution)
    assert source(filled, "ex1_answer") == "def double(x):\n    return 2 * x"
    assert source(filled, "ex2_answer") == "square = lambda x: x * x"


def test_only_the_chosen_answers_are_filled_in(released, solution):
    filled = with_answers(released, solution, only={"ex2_answer"})
    assert source(filled, "ex1_answer") == "raise NotImplementedError()"
    assert source(filled, "ex2_answer") == "square = lambda x: x * x"


def test_no_answers_at_all_is_the_released_notebook(released, solution):
    assert with_answers(released, solution, only=set()) == released


def test_everything_else_stays_as_released(released, solution):
    released.cells[2].source = "assert double(2) == 4"
    filled = with_answers(released, solution)
    assert source(filled, "ex1_check") == "assert double(2) == 4"
    assert "BEGIN" not in nbformat.writes(filled)


def test_the_notebooks_given_are_left_alone(released, solution):
    before = nbformat.writes(released), nbformat.writes(solution)
    with_answers(released, solution)
    assert (nbformat.writes(released), nbformat.writes(solution)) == before


def test_an_unknown_answer_is_refused(released, solution):
    with pytest.raises(ValueError, match="no answer for: ex9_answer"):
        with_answers(released, solution, only={"ex9_answer"})


def test_an_answer_that_was_not_released_is_refused(released, solution):
    released.cells = [cell for cell in released.cells if "ex2" not in cell.id]
    with pytest.raises(ValueError, match="no answer cell: ex2_answer"):
        with_answers(released, solution, only={"ex2_answer"})


def test_hidden_tests_go_with_their_content():
    written = as_student_writes("a\n# BEGIN HIDDEN TESTS\nsecret\n# END HIDDEN TESTS\nb")
    assert written == "a\nb"
