"""An instructor's week: what the guide types, typed in its order in a class of two."""

import shlex
import shutil
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest
from classroom.programs import autograder
from test_guide import typed

from autograder.grading.playing.classroom import Classroom

pytestmark = [pytest.mark.slow, pytest.mark.long]

ROOT = Path(__file__).parents[2]
CHAPTERS = ("ch01_sequential_to_functional", "ch05_shared_layers")
TABLE = (
    "Student,ID,SIS Login ID,Section,ch01_sequential_to_functional (7),Final Score\r\n"
    "    Points Possible,,,,17,(read only)\r\n"
    '"Doe, Jane",1234,jdoe,A,{},\r\n'
)


@pytest.fixture(scope="module")
def class_of_two(tmp_path_factory):
    """One hands in by Canvas; `jdoe`, of whom Canvas knows nothing, in the exchange's folder."""
    folder = tmp_path_factory.mktemp("week")
    room = Classroom.copy_of(ROOT, folder / "class", has_exchange=False)
    for chapter in CHAPTERS:
        room.generate(chapter)
    first, shared = (
        nbformat.writes(next(iter(room.solution(chapter).values()))) for chapter in CHAPTERS
    )
    for chapter, notebook in zip(CHAPTERS, (first, shared), strict=True):
        room.submit("jdoe", chapter, {f"{chapter}.ipynb": nbformat.reads(notebook, 4)})
    with zipfile.ZipFile(room.root / "submissions.zip", "w") as packed:
        packed.writestr(f"doejane_1234_56789_{CHAPTERS[0]}.ipynb", first)
    for name in ("class.csv", "gradebook.csv"):
        (room.root / name).write_bytes(TABLE.format("").encode())
    return room.root


def test_each_command_of_the_guide_does_its_part(class_of_two):
    if sys.platform != "linux" or shutil.which("bwrap") is None:
        pytest.skip("bundles are made on Linux")
    commands = [words for words in typed() if "--scheduler" not in words]
    # An extension is granted to whom was graded, as the guide says.
    commands.sort(key=lambda words: "--extend" in words)
    for words in commands:
        done = autograder(class_of_two, *words)
        # Whoever is not in Canvas gets nothing back through it, and that is told.
        lacks_one = words[0] in ("export", "feedback")
        told = f"{shlex.join(words)}\n{done.stdout}{done.stderr}"
        assert done.returncode == int(lacks_one), told
        assert ("jdoe" in done.stdout + done.stderr) or not lacks_one, told
    filled = (class_of_two / "gradebook.filled.csv").read_bytes().decode()
    assert filled == TABLE.format("17")
    assert (class_of_two / "lecture.html").stat().st_size > 10_000
