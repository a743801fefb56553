"""An exam: no reference leaves the house, the desk says "recorded", grading is as always."""

import json
import re
import shutil
from pathlib import Path

import nbformat
import pytest
from classroom.attacks import FULL, NAME, RIGHT, RIGHT_NUMBER, WRONG_NUMBER, WRONG_TOWER, answered
from classroom.attacks import course_notebook as fort
from jupyter_core.utils import run_sync
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from autograder.grading.building.chapters import build_chapter
from autograder.grading.notebooks.answer_cells import with_answers
from autograder.grading.notebooks.own_progress import read_chapter, table
from autograder.grading.playing.classroom import Classroom
from autograder.judging.references import (
    FILE,
    HIDDEN_FILE,
    ExpectedGraph,
    ExpectedValue,
    read_references,
    withheld,
)
from autograder.judging.verdict import Status
from autograder.problem import Problem

REPOSITORY = Path(__file__).parents[2]
RAISING = "def build_tower(features=8, units=4):\n    return 1 / 0"

pytestmark = [pytest.mark.long, pytest.mark.slow, pytest.mark.usefixtures("zygote")]


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    """A class whose assignment is an exam, after its release."""
    course = tmp_path_factory.mktemp("exam") / "course"
    chapter = course / "solutions" / "fort"
    chapter.mkdir(parents=True)
    shutil.copy(REPOSITORY / "nbgrader_config.py", course)
    notebook = fort()
    notebook.metadata["autograder"] = {"exam": True}
    nbformat.write(notebook, chapter / NAME)
    build_chapter(chapter / NAME)
    room = Classroom.copy_of(course, course.parent / "room", has_exchange=False)
    room.generate("fort")
    return room


def released_folder(room):
    return room.root / "course" / "fort"


@pytest.fixture(scope="module")
def desk(room, tmp_path_factory):
    """A kernel where students sit: one after the other runs all cells anew."""
    folder = shutil.copytree(released_folder(room), tmp_path_factory.mktemp("desk") / "work")
    (released,) = room.released("fort").values()
    client = NotebookClient(
        released,
        timeout=300,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
        allow_errors=True,
    )
    yield client
    if client.km is not None:
        client.kc.stop_channels()
        run_sync(client.km.shutdown_kernel)(now=True)


def at_the_desk(desk, room, folder, *answers):
    """The notebook as a student has it after running all its cells, saved; errors are kept."""
    shutil.copytree(released_folder(room), folder)
    (released,) = room.released("fort").values()
    notebook = desk.nb = answered(released, *answers)
    desk.execute(cleanup_kc=False)
    nbformat.write(notebook, folder / NAME)
    return {
        cell.metadata.nbgrader.grade_id: cell.outputs
        for cell in notebook.cells
        if cell.metadata.get("nbgrader", {}).get("grade")
    }


def card(outputs):
    return next(output.data for output in outputs if "text/plain" in output.get("data", {}))


def errors(outputs):
    return [output.evalue for output in outputs if output.output_type == "error"]


def test_the_release_lists_the_exercises_and_nothing_of_them(room):
    references = read_references(released_folder(room) / FILE)
    assert references == {name: withheld(name) for name in ("fort_ex1", "fort_ex2")}
    assert {path.name for path in released_folder(room).iterdir()} == {NAME, FILE}


def test_no_released_byte_is_of_the_solution(room):
    source = room.root / "solutions" / "fort"
    secrets = {RIGHT_NUMBER, "41", 'activation="relu"', "layers.Dense"}
    for name in (FILE, HIDDEN_FILE):
        for reference in read_references(source / name).values():
            for case in reference.cases:
                if isinstance(case, ExpectedValue):
                    secrets.add(case.digest)
                if isinstance(case, ExpectedGraph):
                    secrets |= {call.op for call in case.graph.calls}
                    secrets |= {f'"{call.name}"' for call in case.graph.calls}
                    secrets |= {json.dumps(call.config) for call in case.graph.calls if call.config}
        packed = json.loads((source / name).read_text())["exercises"].values()
        secrets |= {item[20:60] for item in packed if isinstance(item, str)}
    secrets |= {"21", "17"}  # sizes of hidden cases
    assert len(secrets) > 10
    for path in released_folder(room).rglob("*"):
        text = path.read_text()
        words = set(re.findall(r"\b\d+\b", text))
        assert not [s for s in secrets if (s in words if s.isdigit() else s in text)], path.name


def test_the_house_keeps_its_references(room):
    kept = read_references(room.root / "solutions" / "fort" / FILE)
    assert kept["fort_ex1"].cases and kept["fort_ex2"].cases


def test_right_and_wrong_are_recorded_alike(desk, room, tmp_path):
    right = at_the_desk(desk, room, tmp_path / "right", *RIGHT)
    wrong = at_the_desk(desk, room, tmp_path / "wrong", WRONG_TOWER, WRONG_NUMBER)
    for check, of_right, of_wrong in (
        (
            "fort_ex1_check",
            "a model with 2 layers, output (1,)",
            "a model with 1 layer, output (4,)",
        ),
        ("fort_ex2_check", "the number 41", "the number 7"),
    ):
        assert errors(right[check]) == errors(wrong[check]) == []
        for kind in ("text/plain", "text/html"):
            one, other = card(right[check])[kind], card(wrong[check])[kind]
            assert of_right in one and of_wrong in other
            assert one.replace(of_right, "") == other.replace(of_wrong, "")
        assert re.match(r"● fort_ex\d: recorded\n", card(right[check])["text/plain"])
        assert not re.search("pass|✓|right|wrong|yet", card(right[check])["text/plain"])
        assert "judged when you have handed it in" in card(right[check])["text/plain"]

    chapter = read_chapter(tmp_path / "right" / NAME)
    assert {exercise.status for exercise in chapter.exercises} == {Status.RECORDED}
    assert "●●" in table([chapter]) and "● recorded" in table([chapter])
    assert "0 of 8 points" in table([chapter]) and chapter.points == 0


def test_that_there_is_no_answer_is_told(desk, room, tmp_path):
    outputs = at_the_desk(desk, room, tmp_path / "none", RAISING, "weights = ...")
    assert "ZeroDivisionError" in card(outputs["fort_ex1_check"])["text/plain"]
    assert "not attempted yet" in card(outputs["fort_ex2_check"])["text/plain"]
    assert errors(outputs["fort_ex1_check"]) and errors(outputs["fort_ex2_check"])
    odd = at_the_desk(desk, room, tmp_path / "odd", "build_tower = [{}]", "weights = object()")
    for check in odd:
        assert "cannot be checked" in card(odd[check])["text/plain"]


def test_a_lost_file_is_still_a_lost_file(room, tmp_path):
    shutil.copytree(released_folder(room), tmp_path / "lost")
    (tmp_path / "lost" / FILE).unlink()
    (released,) = room.released("fort").values()
    client = NotebookClient(
        answered(released, *RIGHT),
        timeout=300,
        kernel_name="python3",
        resources={"metadata": {"path": str(tmp_path / "lost")}},
        shutdown_kernel="immediate",
    )
    with pytest.raises(CellExecutionError, match=r"There is no references\.json"):
        client.execute()


def test_grading_gives_full_points_and_the_full_card(room):
    (released,) = room.released("fort").values()
    (solution,) = room.solution("fort").values()
    room.submit("right", "fort", {NAME: with_answers(released, solution)})
    odd = "\nkeras.Model.count_params = lambda self: 41"
    room.submit("wrong", "fort", {NAME: answered(released, WRONG_TOWER + odd, WRONG_NUMBER)})
    assert room.autograde("fort") == []
    assert {s.student: s.score for s in room.scores("fort")} == {"right": FULL, "wrong": 0}
    graded = {
        student: nbformat.read(
            room.root / "classroom" / "autograded" / student / "fort" / NAME, as_version=4
        ).metadata.get("autograder", {})
        for student in ("right", "wrong")
    }
    told = "fort_ex1_answer, line 6 replaces keras.Model.count_params: `keras.Model.count_params ="
    assert not graded["right"].get("remarks")
    assert any(line.startswith(told) for line in graded["wrong"]["remarks"]), graded
    room.give_feedback("fort")
    pages = {page.parts[-3]: page.read_text() for page in room.feedback_pages("fort")}
    assert "passed" in pages["right"] and "● fort_ex1: recorded" not in pages["right"]
    assert "Expected" in pages["wrong"] and "not yet" in pages["wrong"]


def test_without_the_mark_it_is_no_exam(room, tmp_path):
    other = tmp_path / "course"
    shutil.copytree(room.root / "solutions", other / "solutions")
    shutil.copy(REPOSITORY / "nbgrader_config.py", other)
    path = other / "solutions" / "fort" / NAME
    notebook = nbformat.read(path, as_version=4)
    del notebook.metadata["autograder"]
    nbformat.write(notebook, path)
    again = Classroom.copy_of(other, tmp_path / "room", has_exchange=False)
    again.generate("fort")
    assert (released_folder(again) / FILE).read_bytes() == (path.with_name(FILE)).read_bytes()

    source = again.root / "solutions" / "fort" / NAME
    notebook.metadata["autograder"] = {"exam": True}
    sound = notebook.cells[2].source
    notebook.cells[2].source = sound.replace("### END SOLUTION", "### END SOLUTON")
    nbformat.write(notebook, source)
    with pytest.raises(Problem):
        again.nbgrader("generate_assignment", "fort", "--force")
    assert (released_folder(again) / FILE).read_bytes() == (path.with_name(FILE)).read_bytes()
    notebook.cells[2].source = sound
    nbformat.write(notebook, source)
    again.nbgrader("generate_assignment", "fort", "--force")
    assert read_references(released_folder(again) / FILE)["fort_ex1"] == withheld("fort_ex1")
