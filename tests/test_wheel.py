"""The wheel: what is in it, and a chapter that has nothing else."""

import shutil
import subprocess
import sys
import venv
import zipfile

import nbformat
import pytest
from away import REPOSITORY, built_wheel, copy_to_build, environment, pip, run_there, told_by
from nbformat.v4 import new_code_cell, new_notebook

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
    name = wheel.name.removesuffix("-py3-none-any.whl")
    assert {each.partition("/")[0] for each in names} == {
        "autograder",
        f"{name}.data",
        f"{name}.dist-info",
    }
    assert [each for each in names if each.startswith(f"{name}.data/")] == [
        f"{name}.data/data/etc/ipython/startup/kernel_start.py"
    ]


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


def test_in_its_environment_any_cell_says_which_cell_to_run_after_a_restart(wheel, tmp_path):
    """Whoever starts the kernel: nothing of the course has been imported in it."""
    python, _ = environment(tmp_path / "env")
    pip("install", "--no-deps", "--ignore-installed", "--prefix", tmp_path / "env", wheel)
    (path,) = FIRST.glob("*.ipynb")
    shutil.copy(path, tmp_path)
    sources = ["show_under_errors", "explain(sequential)", "nowhere_made", "%explain_errors off"]
    book = new_notebook(cells=[new_code_cell(source) for source in [*sources, "nowhere_made"]])
    for cell in book.cells:
        cell.metadata.tags = ["raises-exception"]
    run_there(book, python, tmp_path)
    *asked, off, last = [cell.outputs for cell in book.cells]
    own, made, nowhere = [outputs[-1].data["text/plain"] for outputs in asked]
    assert "There is nothing called `show_under_errors` here" in own
    assert made.startswith("`explain` is made by the first cell, which has not run")
    assert "`nowhere_made`: There is nothing called `nowhere_made` here." in nowhere
    assert not off and [output.output_type for output in last] == ["error"]


@pytest.mark.long
def test_an_editable_installation_has_what_kernels_begin_with(tmp_path):
    course = copy_to_build(tmp_path / "course")
    pip("install", "--no-deps", "--ignore-installed", "--prefix", tmp_path / "env", "-e", course)
    (start,) = (tmp_path / "env" / "etc" / "ipython" / "startup").glob("*.py")
    assert start.read_bytes() == (course / "autograder" / "kernel_start.py").read_bytes()


def test_where_the_package_is_gone_a_kernel_starts_in_silence(tmp_path):
    start = shutil.copy(REPOSITORY / "autograder" / "kernel_start.py", tmp_path)
    run = subprocess.run([sys.executable, "-S", "-P", start], capture_output=True, text=True)
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


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
