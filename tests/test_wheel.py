"""The wheel: what is in it, and a chapter that has nothing else."""

import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from traitlets.config import Config

from autograder.judging.evidence import MIME_TYPE

REPOSITORY = Path(__file__).parents[1]
BUILT_FROM = ("autograder", "pyproject.toml", "setup.py", "MANIFEST.in", "README.md")
CHAPTERS = sorted(path.parent for path in REPOSITORY.glob("solutions/*/*.ipynb"))
FIRST = CHAPTERS[0]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Made from a copy: making one leaves folders behind."""
    folder = tmp_path_factory.mktemp("wheel")
    for path in [*map(REPOSITORY.joinpath, BUILT_FROM), *REPOSITORY.glob("LICENSE*")]:
        if path.is_dir():
            shutil.copytree(path, folder / path.name)
        else:
            shutil.copy(path, folder)
    shutil.copytree(REPOSITORY / "course", folder / "course")
    shutil.copytree(REPOSITORY / "solutions", folder / "solutions")
    pip("wheel", "--no-deps", "--wheel-dir", folder / "made", folder)
    (made,) = (folder / "made").glob("*.whl")
    return made


def pip(*arguments, python=sys.executable):
    command = [python, "-m", "pip", "--quiet", "--disable-pip-version-check", *map(str, arguments)]
    subprocess.run(command, check=True)


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
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=600,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
        config=Config({"KernelManager": {"transport_encryption": "auto"}}),
    )
    client.create_kernel_manager()
    client.km.kernel_spec.argv[0] = str(python)
    client.execute()
    assert not list(folder.iterdir())
    return [
        output.data["text/plain"]
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if {MIME_TYPE, "text/html"} <= set(output.get("data", {}))
    ]


def test_a_chapter_by_itself_runs_from_top_to_bottom(wheel, tmp_path):
    """Of this repository it has the wheel alone, and of the environment all other packages."""
    builder = venv.EnvBuilder()
    builder.create(tmp_path / "env")
    python = tmp_path / "env" / "bin" / "python"
    own = f"{sys.version_info.major}.{sys.version_info.minor}"
    packages = tmp_path / "env" / "lib" / f"python{own}" / "site-packages"
    (packages / "others.pth").write_text(sysconfig.get_path("purelib"))
    with zipfile.ZipFile(wheel) as files:
        files.extractall(packages)
    found = run(python, "import autograder; print(autograder.__file__)")
    assert found.strip() == str(packages / "autograder" / "__init__.py")
    shown = cards(python, tmp_path / "alone")
    assert len(shown) >= 5 and all(card.startswith("✓") for card in shown)


@pytest.mark.long
def test_an_empty_environment_needs_the_wheel_and_nothing_else(wheel, tmp_path):
    venv.EnvBuilder(with_pip=True).create(tmp_path / "env")
    python = tmp_path / "env" / "bin" / "python"
    pip("install", f"{wheel}[course]", python=python)
    installed = run(python, "from importlib.metadata import distributions as d\n"
                            "print(*(each.name.lower() for each in d()))")  # fmt: skip
    assert not {"nbgrader", "distributed", "pytest", "playwright"} & set(installed.split())
    shown = cards(python, tmp_path / "alone")
    assert len(shown) >= 5 and all(card.startswith("✓") for card in shown)


def run(python, program):
    command = [python, "-P", "-c", program]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
