"""The course away from its repository: a wheel, an environment with it, a notebook run there."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from nbclient import NotebookClient
from traitlets.config import Config

REPOSITORY = Path(__file__).parents[1]
BUILT_FROM = ("autograder", "pyproject.toml", "setup.py", "MANIFEST.in", "README.md")


def copy_to_build(folder):
    """What a wheel is made from, in a folder of its own: making one leaves folders behind."""
    folder.mkdir(exist_ok=True)
    for path in [*map(REPOSITORY.joinpath, BUILT_FROM), *REPOSITORY.glob("LICENSE*")]:
        if path.is_dir():
            without = shutil.ignore_patterns("__pycache__")
            shutil.copytree(path, folder / path.name, ignore=without)
        else:
            shutil.copy(path, folder)
    for part in ("course", "solutions"):
        shutil.copytree(REPOSITORY / part, folder / part)
    return folder


def built_wheel(folder):
    """This package as a wheel."""
    pip("wheel", "--no-deps", "--wheel-dir", folder / "made", copy_to_build(folder))
    (made,) = (folder / "made").glob("*.whl")
    return made


def pip(*arguments, python=sys.executable):
    command = [python, "-m", "pip", "--quiet", "--disable-pip-version-check", *map(str, arguments)]
    subprocess.run(command, check=True)


def told_by(python, program):
    """What a program prints, run by that Python."""
    command = [python, "-P", "-c", program]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def environment(folder, python=sys.executable, wheel=None, *, has_pip=False):
    """A new environment with another's packages, but not what is installed there from a folder.

    Args:
        folder: where it is made.
        python: the other's.
        wheel: what is unpacked into it.
        has_pip: whether pip is installed in it.
    """
    with_pip = [] if has_pip else ["--without-pip"]
    subprocess.run([python, "-m", "venv", *with_pip, folder], check=True)
    where = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = Path(told_by(folder / "bin" / "python", where))
    (packages / "others.pth").write_text(told_by(python, where))
    if wheel is not None:
        with zipfile.ZipFile(wheel) as files:
            files.extractall(packages)
    return folder / "bin" / "python", packages


def run_there(notebook, python, folder):
    """Run all cells of a notebook in a folder, by that Python; outputs go into the notebook."""
    client = NotebookClient(
        notebook,
        timeout=900,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
        config=Config({"KernelManager": {"transport_encryption": "auto"}}),
    )
    client.create_kernel_manager()
    client.km.kernel_spec.argv[0] = str(python)
    client.execute()
    return notebook
