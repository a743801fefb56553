import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.grading.course.sources import Marks, faults_in

KINDS = [Marks("BEGIN SOLUTION", "END SOLUTION"), Marks("BEGIN HIDDEN TESTS", "END HIDDEN TESTS")]


def cell(source, grade_id=None):
    marks = {"nbgrader": {"grade_id": grade_id}} if grade_id else {}
    return new_code_cell(source, metadata=marks)


def faults(*cells):
    notebook = new_notebook(cells=[new_markdown_cell("# Title"), *cells])
    return list(faults_in(notebook, KINDS))


def test_regions_that_begin_and_end_are_right():
    whole = "### BEGIN SOLUTION\n1\n### END SOLUTION\n### BEGIN SOLUTION\n### END SOLUTION"
    assert faults(cell(whole, "a"), cell("assert 1", "b"), cell("1"), cell("1")) == []


@pytest.mark.parametrize("slip", ["### END SOLUTON", "### end solution", "# END SOLUTIONS"])
def test_a_misspelt_end_is_named_with_its_cell_and_line(slip):
    found = faults(cell(f"x = 1\n### BEGIN SOLUTION\ny = 2\n  {slip}", "ex1"))
    if slip == "# END SOLUTIONS":  # nbgrader takes any line with the words in it
        assert found == []
        return
    assert found == [
        "cell 2 (ex1): 'BEGIN SOLUTION' on line 2 has no 'END SOLUTION'; "
        f"line 4 has '{slip}' instead."
    ]


def test_one_that_is_not_there_at_all_too():
    assert faults(cell("### BEGIN HIDDEN TESTS\nassert 1")) == [
        "cell 2: 'BEGIN HIDDEN TESTS' on line 1 has no 'END HIDDEN TESTS'."
    ]


def test_without_a_beginning_the_solution_would_be_released():
    assert faults(cell("### BEGIN SOLUTIN\nsecret\n### END SOLUTION", "ex1")) == [
        "cell 2 (ex1): 'END SOLUTION' on line 3 has no 'BEGIN SOLUTION'; "
        "line 1 has '### BEGIN SOLUTIN' instead."
    ]


def test_a_region_in_a_region_lacks_an_end():
    source = "### BEGIN SOLUTION\n### BEGIN SOLUTION\n1\n### END SOLUTION"
    assert faults(cell(source)) == ["cell 2: 'BEGIN SOLUTION' on line 1 has no 'END SOLUTION'."]


def test_an_id_that_is_given_twice_is_named_with_the_cells():
    assert faults(cell("1", "ex1"), cell("2", "ex2"), cell("3", "ex1"), cell("4", "ex1")) == [
        "the id 'ex1' is that of cells 2 and 4 and 5; give each its own."
    ]
