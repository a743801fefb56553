"""What a system is told of a submission, and what it is not."""

import json
import shutil
from types import SimpleNamespace

import nbformat
import pytest
from classroom.standin import solution_notebook
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from autograder.grading.engine.archive import pack
from autograder.grading.engine.gradebook import NotebookScores
from autograder.grading.engine.result import Graded, NotGraded
from autograder.grading.hosted import carried, gradescope, prairielearn, there
from autograder.grading.hosted.handed_over import (
    LARGEST,
    LARGEST_NOTEBOOK,
    HandedIn,
    Unfit,
    submission,
)
from autograder.grading.hosted.outcome import CUT, LONGEST, Exercise, Outcome, outcome_of
from autograder.problem import Problem

NAME = "standin.ipynb"


def released(folder):
    notebook = solution_notebook()
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = "raise NotImplementedError()"
    folder.mkdir()
    nbformat.write(notebook, folder / NAME)
    return pack(folder)


@pytest.fixture
def release(tmp_path):
    return released(tmp_path / "released")


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "submission"
    place.mkdir()
    return place


def refused(folder, release):
    with pytest.raises(Unfit) as found:
        submission(folder, release)
    line = str(found.value)
    assert "\n" not in line and "Ask for" not in line
    return line


class TestWhatIsHandedIn:
    def test_a_notebook_goes_as_it_is(self, folder, release):
        nbformat.write(solution_notebook(), folder / NAME)
        (folder / "data.csv").write_text("1")
        assert submission(folder, release) == HandedIn(pack(folder))

    def test_nothing(self, folder, release):
        assert refused(folder, release).endswith(f"and no other file. Hand in {NAME}.")

    def test_no_folder_even(self, folder, release):
        folder.rmdir()
        assert refused(folder, release).endswith(f"Hand in {NAME}.")

    @pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"print(1)", b'{"cells": 7}', b"{" * 99])
    def test_no_notebook(self, folder, release, content):
        (folder / NAME).write_bytes(content)
        assert "Hand in the notebook itself" in refused(folder, release)

    def test_two_that_differ_under_other_names(self, folder, release):
        for number in (1, 2):
            notebook = solution_notebook()
            notebook.cells[1].source = f"def double(x): return {number}"
            nbformat.write(notebook, folder / f"mine {number}.ipynb")
        assert "differ. Rename the one that counts" in refused(folder, release)

    def test_one_under_another_name(self, folder, release):
        nbformat.write(solution_notebook(), folder / "standin (1).ipynb")
        assert submission(folder, release) == HandedIn(pack(folder))

    def test_of_another_assignment_or_a_release_without_these_cells(self, folder, release):
        nbformat.write(new_notebook(cells=[new_code_cell("x = 1")]), folder / NAME)
        assert "Hand in the answers in a fresh copy" in refused(folder, release)

    def test_a_huge_notebook_is_not_even_read(self, folder, release):
        with (folder / NAME).open("wb") as file:
            file.truncate(LARGEST_NOTEBOOK + 1)
        assert "Clear its outputs" in refused(folder, release)

    def test_huge_files(self, folder, release):
        nbformat.write(solution_notebook(), folder / NAME)
        with (folder / "weights.bin").open("wb") as file:
            file.truncate(LARGEST + 1)
        assert "Hand in the notebook alone" in refused(folder, release)

    def test_more_files_than_a_submission_has(self, folder, release):
        nbformat.write(solution_notebook(), folder / NAME)
        for number in range(2_100):
            (folder / f"{number}").touch()
        assert "more than 2000 files" in refused(folder, release)

    def test_of_two_notebooks_the_one_that_is_there_is_graded(self, folder, tmp_path):
        released(tmp_path / "both")
        shutil.copy(tmp_path / "both" / NAME, tmp_path / "both" / "second.ipynb")
        nbformat.write(solution_notebook(), folder / NAME)
        (folder / "second.ipynb").write_text("")
        found = submission(folder, pack(tmp_path / "both"))
        (line,) = found.told
        assert line.startswith("second.ipynb is empty. Hand in") and found.packed == pack(folder)
        half = Outcome(HALF.exercises, told=found.told)
        assert line in gradescope.results(half)["output"]
        assert line in prairielearn.results(half)["message"]

    def test_a_link_is_not_followed(self, folder, release, tmp_path):
        (folder / NAME).symlink_to(tmp_path / "released" / NAME)
        assert "is a link" in refused(folder, release)

    def test_a_name_that_moves_the_cursor(self, folder, release):
        (folder / "\x1b[2Jx.txt").touch()
        assert "\x1b" not in refused(folder, release)


def graded(tmp_path, cells, scores, remarks=(), judged=()):
    notebook = new_notebook(cells=cells)
    if judged:
        notebook.metadata["autograder"] = {"judged": dict.fromkeys(judged, "{}")}
    folder = tmp_path / "graded"
    folder.mkdir()
    nbformat.write(notebook, folder / NAME)
    named = [NotebookScores("standin", scores)]
    return Graded("student", named, pack(folder), list(remarks))


def check(grade_id, points, text):
    marks = {"grade_id": grade_id, "grade": True, "solution": False, "points": points}
    cell = new_code_cell("check(…)", metadata={"nbgrader": {"schema_version": 3, **marks}})
    cell.outputs = [new_output("display_data", {"text/plain": text})]
    return cell


class TestOutcome:
    def test_exercises_have_their_titles_points_and_cards(self, tmp_path):
        cells = [new_markdown_cell("### Exercise 1 — Double"), check("ex1_check", 2, "✗ half")]
        found = outcome_of(
            graded(tmp_path, cells, {"ex1_check": (1.0, False)}, judged=["ex1_check"])
        )
        assert found.exercises == (Exercise("Exercise 1 — Double", 1.0, 2.0, "✗ half"),)
        assert (found.points, found.most) == (1.0, 2.0)

    def test_what_is_no_card_of_ours_is_not_shown(self, tmp_path):
        cells = [check("ex1_check", 2, "AssertionError: double(5) == 10")]
        found = outcome_of(graded(tmp_path, cells, {"ex1_check": (0.0, False)}))
        assert found.exercises[0].text == ""

    def test_what_a_person_grades_is_not_counted(self, tmp_path):
        cells = [check("essay", 5, ""), check("ex1_check", 2, "")]
        scores = {"essay": (None, True), "ex1_check": (2.0, False)}
        assert outcome_of(graded(tmp_path, cells, scores)).most == 2

    def test_a_text_without_end_is_cut(self, tmp_path):
        cells = [check("ex1_check", 2, "x" * 10**6)]
        made = graded(tmp_path, cells, {"ex1_check": (0.0, False)}, judged=["ex1_check"])
        assert len(outcome_of(made).exercises[0].text) == LONGEST + len(CUT)


HALF = Outcome((Exercise("One", 1, 2, "✗ …"), Exercise("Two", 3, 3)), remarks=("look at this",))
NONE = Outcome((), problem="There is no x.ipynb. Hand in x.ipynb.")


TOP = {
    *("score", "execution_time", "output", "output_format", "test_output_format", "tests"),
    *("test_name_format", "visibility", "stdout_visibility", "extra_data", "leaderboard"),
}
TEST = {
    *("score", "max_score", "status", "name", "name_format", "number", "output"),
    *("output_format", "tags", "visibility", "extra_data"),
}
"""Keys of results.json and of a test in it, after Gradescope's specs.md."""


class TestGradescope:
    def test_it_is_of_its_form(self):
        said = gradescope.results(HALF)
        assert set(said) <= TOP and all(set(test) <= TEST for test in said["tests"])
        assert said["score"] == 4 and [test["status"] for test in said["tests"]] == [
            "failed",
            "passed",
        ]

    def test_nothing_is_hidden_which_would_hide_the_total(self):
        said = gradescope.results(HALF)
        assert said["visibility"] == "visible" and "look at this" not in json.dumps(said)
        assert not any("visibility" in test for test in said["tests"])

    def test_what_cannot_be_graded_is_0_points_and_says_why(self):
        said = gradescope.results(NONE)
        assert said["score"] == 0 and NONE.problem in said["output"]


class TestPrairieLearn:
    def test_the_score_is_a_share(self):
        said = prairielearn.results(HALF)
        assert said["gradable"] and said["score"] == 0.8
        assert all({"points", "max_points"} <= set(test) for test in said["tests"])
        assert "look at this" not in json.dumps(said)

    def test_what_cannot_be_graded_uses_up_no_attempt(self):
        assert prairielearn.results(NONE) == {"gradable": False, "format_errors": [NONE.problem]}

    def test_results_stay_below_a_megabyte(self):
        many = Outcome(tuple(Exercise(f"{n}", 1, 1, "\U0001f600" * LONGEST) for n in range(50)))
        said = prairielearn.results(many)
        assert len(json.dumps(said)) < 2**20 and said["score"] == 1


@pytest.fixture
def machine(tmp_path, monkeypatch, release, folder):
    """Gradescope's folder; what grading gives is the test's to say."""
    root = tmp_path / "autograder"
    (root / "source" / "assignment").mkdir(parents=True)
    (root / "results").mkdir()
    (root / "results" / "results.json").write_text('{"score": 99}')
    folder.rename(root / "submission")
    nbformat.write(solution_notebook(), root / "submission" / NAME)
    given = SimpleNamespace(bundle=SimpleNamespace(release=release), seconds=600)
    monkeypatch.setattr(there.carried, "read", lambda folder: given)
    monkeypatch.setattr(there.carried, "demand_the_same", lambda given: None)
    monkeypatch.setattr(there, "find_user", lambda: None)
    carried.note_proof(root / "source" / "assignment")
    return root


def run(machine, monkeypatch, result):
    def grade_one(bundle, student, packed):
        if isinstance(result, Exception):
            raise result
        return result

    monkeypatch.setattr(there, "grade_one", grade_one)
    code = there.main(["gradescope", str(machine)])
    results = machine / "results" / "results.json"
    return code, json.loads(results.read_text()) if results.exists() else None


class TestThere:
    def test_remarks_are_printed_and_points_written(self, machine, monkeypatch, tmp_path, capsys):
        made = graded(tmp_path, [check("ex1_check", 2, "")], {"ex1_check": (2.0, False)}, ["look"])
        code, results = run(machine, monkeypatch, made)
        assert code == 0 and results["score"] == 2
        assert capsys.readouterr().out == "look\n"

    @pytest.mark.parametrize(
        "result",
        [NotGraded("student", "a cell of ours failed"), Problem("no"), MemoryError(), OSError(28)],
        ids=lambda result: type(result).__name__,
    )
    def test_our_own_trouble_leaves_no_results(self, machine, monkeypatch, result, capsys):
        assert run(machine, monkeypatch, result) == (1, None)
        told = capsys.readouterr()
        assert told.out.count("\n") == 1 and "Traceback" not in told.out + told.err

    def test_nobody_is_graded_where_the_reference_solution_was_not(
        self, machine, monkeypatch, capsys
    ):
        (machine / "source" / "assignment" / carried.PROVED).unlink()
        assert run(machine, monkeypatch, Problem("not reached")) == (1, None)
        assert "nobody is graded" in capsys.readouterr().out

    @pytest.mark.parametrize(
        ("limit", "grades"), [("1000000000", 1), ("2000000000", 0), ("max", 0)]
    )
    def test_a_container_too_small_takes_no_points(
        self, machine, monkeypatch, tmp_path, limit, grades, capsys
    ):
        (tmp_path / "memory.max").write_text(f"{limit}\n")
        places = (str(tmp_path / "memory.max"), str(tmp_path / "not there"))
        monkeypatch.setattr(there, "MEMORY_LIMITS", places)
        made = graded(tmp_path, [check("ex1_check", 2, "")], {"ex1_check": (2.0, False)})
        code, results = run(machine, monkeypatch, made)
        assert (code, results is None) == (grades, bool(grades))
        assert ("has 1.0 GB of memory" in capsys.readouterr().out) is bool(grades)

    def test_a_reference_solution_without_full_points_is_no_proof(
        self, machine, monkeypatch, capsys
    ):
        folder = machine / "source" / "assignment"
        (folder / carried.PROVED).unlink()
        bundle = SimpleNamespace(assignment="ch01", source=b"", variants=b"")
        given = SimpleNamespace(bundle=bundle, reference=b"")
        monkeypatch.setattr(there.carried, "read", lambda folder: given)
        monkeypatch.setattr(there, "grade_one", lambda *a: NotGraded("x", "graphviz is missing"))
        assert there.main(["prove", str(folder)]) == 1 and not carried.is_proved(folder)
        assert "graphviz is missing" in capsys.readouterr().out

    def test_a_damaged_bundle_is_one_line(self, tmp_path, capsys):
        assert there.main(["prairielearn", str(tmp_path)]) == 1
        assert "Make the bundle anew" in capsys.readouterr().out

    @pytest.mark.parametrize("arguments", [[], ["canvas", "x"], ["prove"], ["prove", "a", "b"]])
    def test_other_words_are_one_line(self, arguments, capsys):
        assert there.main(arguments) == 1
        assert capsys.readouterr().out.count("\n") == 1

    def test_where_there_is_no_sandbox_it_is_told(self, machine, monkeypatch, tmp_path, capsys):
        def none():
            raise there.NoSandbox("no user namespaces")

        monkeypatch.setattr(there, "find_user", none)
        monkeypatch.setattr(there.apart, "account", lambda: None)
        made = graded(tmp_path, [check("ex1_check", 2, "")], {"ex1_check": (2.0, False)})
        assert run(machine, monkeypatch, made)[0] == 0
        told = capsys.readouterr().out
        assert told.startswith("NO SANDBOX HERE (no user namespaces).") and "ALL RIGHTS" in told

    def test_what_does_not_end_leaves_no_results_either(self, machine, monkeypatch, capsys):
        ended = []
        monkeypatch.setattr(there.os, "_exit", ended.append)
        place = machine / "results" / "results.json"
        there._give_up(555, place, None)
        assert ended == [1] and not place.exists()
        assert "not done after 555 seconds" in capsys.readouterr().out

    @pytest.mark.parametrize("fails", [True, False])
    def test_results_of_a_submissions_own_do_not_count(self, machine, monkeypatch, tmp_path, fails):
        place = machine / "results" / "results.json"
        elsewhere = tmp_path / "elsewhere"
        made = graded(tmp_path, [check("ex1_check", 2, "")], {"ex1_check": (1.0, False)})

        def grade_one(bundle, student, packed):
            place.write_text('{"score": 99}')
            place.with_name(".results.json.new").symlink_to(elsewhere)
            return NotGraded("student", "no") if fails else made

        monkeypatch.setattr(there, "grade_one", grade_one)
        assert there.main(["gradescope", str(machine)]) == int(fails)
        assert not elsewhere.exists()
        assert not place.exists() if fails else json.loads(place.read_text())["score"] == 1
