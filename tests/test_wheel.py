"""The wheel: what is in it, and a chapter that has nothing else."""

import venv
import zipfile

import nbformat
import pytest
from away import REPOSITORY, built_wheel, environment, pip, run_there, told_by

from autograder.judging.evidence import MIME_TYPE

CHAPTERS = sorted(path.parent for path in REPOSITORY.glob("solutions/*/*.ipynb"))
FIRST = CHAPTERS[0]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    return built_wheel(tmp_path_factory.mktemp("wheel"))


def test_it_has_what_students_have_and_nothing_that_instructors_keep(wheel):
    with zipfile.ZipFile(wheel) as files:
        names = files.namelist()
        for chapter in CHAPTERS:
            released = REPOSITORY / "course" / chapter.name / "references.json"
            packed = files.read(f"autograder/released/{chapter.name}.json")
            assert packed == released.read_bytes()
    assert not [name for name in names if "hidden_references" in name or name.endswith(".ipynb")]
    assert {name.partition("/")[0] for name in names} == {
        "autograder",
        wheel.name.removesuffix("-py3-none-any.whl") + ".dist-info",
    }


def cards(python, folder):
    """Run the first chapter's solution in a folder of its own: what its checks show."""
    folder.mkdir()
    (path,) = FIRST.glob("*.ipynb")
    notebook = run_there(nbformat.read(path, as_version=4), python, folder)
    assert not list(folder.iterdir())
    return [
        output.data["text/plain"]
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if {MIME_TYPE, "text/html"} <= set(output.get("data", {}))
    ]


def test_a_chapter_by_itself_runs_from_top_to_bottom(wheel, tmp_path):
    """Of this repository it has the wheel alone, and of the environment all other packages."""
    python, packages = environment(tmp_path / "env", wheel=wheel)
    found = told_by(python, "import autograder; print(autograder.__file__)")
    assert found == str(packages / "autograder" / "__init__.py")
    shown = cards(python, tmp_path / "alone")
    assert len(shown) >= 5 and all(card.startswith("✓") for card in shown)


@pytest.mark.long
def test_an_empty_environment_needs_the_wheel_and_nothing_else(wheel, tmp_path):
    venv.EnvBuilder(with_pip=True).create(tmp_path / "env")
    python = tmp_path / "env" / "bin" / "python"
    pip("install", f"{wheel}[course]", python=python)
    installed = told_by(python, "from importlib.metadata import distributions as d\n"
                                "print(*(each.name.lower() for each in d()))")  # fmt: skip
    assert not {"nbgrader", "distributed", "pytest", "playwright"} & set(installed.split())
    shown = cards(python, tmp_path / "alone")
    assert len(shown) >= 5 and all(card.startswith("✓") for card in shown)
