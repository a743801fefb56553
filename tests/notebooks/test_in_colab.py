"""Chapters as Google Colab has them: its versions, an empty folder, the package by pip alone.

The environment is that of `make test-colab`. What a student downloads there is graded here.
"""

import copy
import os
import re
import shutil
import subprocess
import time

import nbformat
import pytest
from away import REPOSITORY, built_wheel, copy_to_build, environment, run_there, told_by
from nbformat.v4 import new_code_cell

from autograder.grading.notebooks.answer_cells import with_answers
from autograder.grading.playing.classroom import Classroom
from autograder.judging.evidence import MIME_TYPE

COLAB = REPOSITORY / ".venv-colab" / "bin" / "python"
CHAPTERS = sorted(path.parent.name for path in REPOSITORY.glob("solutions/*/*.ipynb"))
ADDRESS = "https://github.com/teacher/keras-course"
NOT_IN_COLAB = {"fsrs"}
"""What the package needs and Colab has not: 22 kB."""
SECONDS = 60
"""In which the first cell is to be done."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.long,
    pytest.mark.skipif(not COLAB.exists(), reason="`make test-colab` makes Colab's environment"),
]


def with_address(folder):
    """The configuration of a fork that states its address."""
    project = (REPOSITORY / "pyproject.toml").read_text()
    line = f'urls = {{ Repository = "{ADDRESS}" }}'
    (folder / "pyproject.toml").write_text(re.sub(r"(?m)^urls = .*$", line, project))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    return built_wheel(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module", params=CHAPTERS)
def room(request, zygote, tmp_path_factory):
    """A class of a fork with an address, to which one chapter was released."""
    room = Classroom.copy_of(REPOSITORY, tmp_path_factory.mktemp("fork") / "room", False)
    with_address(room.root)
    room.generate(request.param)
    return room, request.param


def as_colab_saves(notebook, *, has_outputs):
    """A notebook as *File ▸ Download .ipynb* gives it."""
    made = copy.deepcopy(notebook)
    made.metadata = nbformat.from_dict({
        "colab": {"provenance": [], "toc_visible": True, "name": "Copy of a chapter.ipynb"},
        "kernelspec": {"name": "python3", "display_name": "Python 3"},
        "language_info": {"name": "python"},
        "accelerator": "GPU",
    })  # fmt: skip
    made.nbformat_minor = 0
    for number, cell in enumerate(made.cells):
        marks = {"nbgrader": cell.metadata["nbgrader"]} if "nbgrader" in cell.metadata else {}
        cell.metadata = nbformat.from_dict({"id": f"aB3dEf{number}", **marks})
        cell.pop("id")
        if cell.cell_type == "code":
            cell.metadata["outputId"] = f"0a1b-{number}"
            if not has_outputs:
                cell.outputs, cell.execution_count = [], None
    return made


def test_a_chapter_runs_there_and_its_download_gets_full_points(room, wheel, tmp_path):
    room, chapter = room
    name = f"{chapter}.ipynb"
    released = room.released(chapter)[name]
    assert "git+" + ADDRESS in released.cells[2].source
    book = with_answers(released, room.solution(chapter)[name])
    python, packages = environment(tmp_path / "env", COLAB, wheel)
    (tmp_path / "content").mkdir()
    began = time.monotonic()
    run_there(book, python, tmp_path / "content")
    print(f"{chapter}: {time.monotonic() - began:.0f} s on Colab's versions")
    outputs = [output for cell in book.cells for output in cell.get("outputs", [])]
    data = [output.get("data", {}) for output in outputs]
    cards = [each["text/plain"] for each in data if {MIME_TYPE, "text/html"} <= set(each)]
    assert len(cards) >= 5 and all(card.startswith("✓") for card in cards)
    assert not [kind for each in data for kind in each if "widget" in kind]
    assert not [output.text for output in outputs if output.get("name") == "stderr"]
    assert str(packages) in told_by(python, "import autograder; print(autograder.__file__)")

    own_cells = [new_code_cell("!nvidia-smi"), new_code_cell("from google.colab import drive")]
    noted = as_colab_saves(book, has_outputs=True)
    noted.cells[:0] = own_cells
    submissions = {"downloaded": noted, "stripped": as_colab_saves(book, has_outputs=False)}
    for student, notebook in submissions.items():
        room.submit(student, chapter, {name: nbformat.v4.upgrade(notebook)})
    assert not room.autograde(chapter)
    scores = {score.student: score for score in room.scores(chapter)}
    assert set(scores) == set(submissions)
    for student, score in scores.items():
        assert score.score == score.max_score > 0, student


def test_the_first_cell_installs_the_package_and_nothing_else(room, tmp_path, monkeypatch):
    """From a repository of git, at the address that the cell names: only its host is another."""
    room, chapter = room
    if chapter != CHAPTERS[0]:
        pytest.skip("one chapter's tells it of all")
    repository = copy_to_build(tmp_path)
    for path in (repository / "solutions").glob("*/hidden*"):
        path.unlink()
    git = ["git", "-C", repository, "-c", "user.name=a", "-c", "user.email=a@example.org"]
    for what in (["init", "-qb", "main"], ["add", "-A"], ["commit", "-qm", "The course"]):
        subprocess.run([*git, *what], check=True)
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", f"url.file://{repository}.insteadOf")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", ADDRESS)
    monkeypatch.setenv("PATH", without_graphviz(tmp_path / "programs"))
    python, packages = environment(tmp_path / "env", COLAB, has_pip=True)
    versions = "import keras, numpy, tensorflow as t\nprint(t.__version__, keras.__version__)"
    before = told_by(python, versions), {path.name for path in packages.iterdir()}
    book = room.released(chapter)[f"{chapter}.ipynb"]
    book.cells = book.cells[2:4]
    shown = "draw(keras.Sequential([keras.Input((4,)), layers.Dense(2)]))"
    book.cells.append(new_code_cell(shown))
    (tmp_path / "content").mkdir()
    began = time.monotonic()
    run_there(book, python, tmp_path / "content")
    took = time.monotonic() - began
    print(f"installed from git, and TensorFlow imported, in {took:.0f} s")
    assert took < SECONDS
    new = {path.name for path in packages.iterdir()} - before[1]
    ours = {"autograder", "keras_functional_course"}
    assert ours <= {name.partition("-")[0] for name in new} <= {*ours, *NOT_IN_COLAB}
    assert told_by(python, versions) == before[0]
    (drawn,) = [output.data["text/html"] for output in book.cells[-1].outputs]
    assert "Dense" in drawn and "Graphviz" in drawn and "<img" not in drawn


def without_graphviz(folder):
    """A search path with git and what it needs, and no `dot`."""
    folder.mkdir()
    for path in os.environ["PATH"].split(os.pathsep):
        for program in os.scandir(path) if os.path.isdir(path) else ():
            if program.name != "dot" and not (folder / program.name).is_symlink():
                (folder / program.name).symlink_to(program.path)
    assert shutil.which("git", path=str(folder)) and not shutil.which("dot", path=str(folder))
    return str(folder)
