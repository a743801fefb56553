"""A class folder in which something has the name of a module that grading imports.

Every process of a run uses the package that was started: scores are right, or one line names the
folder and nobody is graded.
"""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from classroom.programs import activated, run
from classroom.standin import STANDIN, class_in, scores

import autograder
from autograder.grading.processes.fingerprint import fingerprint
from autograder.grading.sandbox import inside
from autograder.grading.sandbox.provisioner import COLD

PACKAGE = Path(autograder.__file__).parent
DESERVED = {"all0": 5, "half0": 2, "none0": 0}
MODULES = (
    *("alembic", "autograder_helpers", "dask", "distributed", "ipykernel", "IPython", "json"),
    *("keras", "logging", "nbclient", "nbconvert", "nbformat", "nbgrader", "numpy", "secrets"),
    *("sqlite3", "tensorflow", "tornado", "tqdm", "traitlets", "typing", "zipfile", "zmq"),
)


# --- what lies in the folder ----------------------------------------------------------------------


def modules(folder):
    """Files and packages with the names of modules; each says so when it is imported."""
    for number, name in enumerate(MODULES):
        place = folder / f"{name}.py" if number % 2 else folder / name / "__init__.py"
        place.parent.mkdir(exist_ok=True)
        place.write_text(f"raise RuntimeError('the wrong {name}')")


def edited_copy(folder):
    """The package, but whoever has handed in gets all points."""
    copy = shutil.copytree(
        PACKAGE, folder / "autograder", ignore=shutil.ignore_patterns("__pycache__")
    )
    (copy / "grading" / "preprocessors" / "scoring.py").write_text(
        "from nbgrader.preprocessors import NbGraderPreprocessor\n"
        "class Judge(NbGraderPreprocessor):\n"
        "    def preprocess(self, nb, resources):\n"
        "        for cell in nb.cells:\n"
        "            cell.outputs = []\n"
        "        return nb, resources\n"
    )


def copy_without_init(folder):
    edited_copy(folder)
    (folder / "autograder" / "__init__.py").unlink()


def empty_folder(folder):
    (folder / "autograder").mkdir()


def single_file(folder):
    (folder / "autograder.py").write_text("raise RuntimeError('the wrong autograder')")


STRAY = [modules, edited_copy, copy_without_init, empty_folder, single_file]


@pytest.fixture(scope="module")
def handed_in(released, tmp_path_factory):
    return class_in(released, tmp_path_factory.mktemp("handed_in") / "class", copies=1)


@pytest.fixture(params=STRAY, ids=lambda stray: stray.__name__)
def folder(request, handed_in, tmp_path):
    made = shutil.copytree(handed_in, tmp_path / "class")
    request.param(made)
    return made


@pytest.mark.long
@pytest.mark.slow
class TestStray:
    def test_autograder_grades_as_if_it_were_not_there(self, folder):
        done = run(folder, "autograder", "grade", "--workers", "1")
        assert done.returncode == 0, done.stderr
        assert scores(folder) == DESERVED
        assert "Traceback" not in done.stderr and "Worth a look" not in done.stdout

    def test_nbgraders_own_commands_do_too(self, folder):
        done = run(folder, "nbgrader", "autograde", STANDIN)
        assert done.returncode == 0, done.stderr
        assert scores(folder) == DESERVED
        done = run(folder, "nbgrader", "generate_feedback", STANDIN)
        assert done.returncode == 0, done.stderr
        assert "Traceback" not in done.stderr
        assert len(list(folder.glob("classroom/feedback/*/*/*.html"))) == len(DESERVED)

    def test_started_as_a_module_it_is_right_or_grades_nobody(self, folder):
        done = run(folder, "python", "-m", "autograder", "grade", "--workers", "1")
        if done.returncode == 0:
            assert scores(folder) == DESERVED
            return
        assert scores(folder) == {}
        # Python itself runs what lies there; our own code only ever if it was copied.
        last = done.stderr.splitlines()[-1]
        if (folder / "autograder" / "__main__.py").exists():
            assert str(folder / "autograder") in last and str(PACKAGE) in last
            assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_a_repository_that_is_class_folder_and_package_in_one_works(handed_in, tmp_path):
    """As for most: the package lies beside nbgrader_config.py, installed from there."""
    folder = shutil.copytree(handed_in, tmp_path / "class")
    shutil.copytree(PACKAGE, folder / "autograder", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(PACKAGE.parent / "pyproject.toml", folder)
    environment = tmp_path / "env"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    site = next(environment.glob("lib/python*/site-packages"))
    # What `pip install -e` writes, and the other packages, from this environment.
    (site / "others.pth").write_text(
        "\n".join(p for p in sys.path if p.endswith("site-packages")) + f"\n{folder}\n"
    )
    done = subprocess.run(
        [environment / "bin" / "python", "-m", "autograder", "grade", "--workers", "1"],
        cwd=folder,
        capture_output=True,
        text=True,
        env=activated(),
    )
    assert done.returncode == 0, done.stderr
    assert scores(folder) == DESERVED


class TestOtherPackage:
    """A process of a run that finds another package than the one that was started."""

    def test_a_cold_kernel_refuses(self):
        command = [*COLD, "another digest"]
        done = subprocess.run(command, input="", capture_output=True, text=True)
        assert done.returncode == 1 and done.stdout == ""
        assert done.stderr.startswith(f"{PACKAGE} is not, or no longer, the package")

    def test_a_zygote_refuses(self):
        command = [*COLD[:-1], inside.__name__.replace("inside", "zygote"), "another digest", "0"]
        done = subprocess.run(command, input="", capture_output=True, text=True)
        assert done.returncode == 1
        assert done.stderr.startswith(f"{PACKAGE} is not, or no longer, the package")

    def test_the_same_package_is_accepted(self):
        command = [*COLD, fingerprint().package]
        done = subprocess.run(command, input="", capture_output=True)
        assert done.stdout == inside.READY
