import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder import import_path
from autograder.import_path import PACKAGE, only_installed, wrong_package

LIBRARY = os.path.dirname(os.__file__)


@pytest.fixture
def places(monkeypatch, tmp_path):
    """Set where modules come from; the working folder is an empty one."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONSAFEPATH", "")
    monkeypatch.delenv("PYTHONPATH", raising=False)

    def set_to(*entries):
        monkeypatch.setattr(sys, "path", [str(entry) for entry in entries])

    return set_to


@pytest.mark.parametrize("spelt", ["", ".", "{here}", "{here}/x/.."])
def test_the_working_folder_is_left_out_however_it_is_spelt(places, tmp_path, spelt):
    (tmp_path / "x").mkdir()
    places(spelt.format(here=tmp_path), "/opt/tools", LIBRARY)
    only_installed()
    assert sys.path == ["/opt/tools", LIBRARY]


def test_so_are_folders_that_are_named_and_links_to_them(places, tmp_path):
    (tmp_path / "class").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "class")
    places(tmp_path / "link", tmp_path / "class", LIBRARY)
    only_installed(tmp_path / "class")
    assert sys.path == [LIBRARY]


def test_what_an_installation_put_behind_pythons_own_library_stays(places, tmp_path):
    places("", LIBRARY, "/env/site-packages", tmp_path)
    only_installed(tmp_path)
    assert sys.path == [LIBRARY, "/env/site-packages", str(tmp_path)]


def test_processes_that_are_started_inherit_it(places, monkeypatch, tmp_path):
    (tmp_path / "json.py").write_text("raise RuntimeError('the wrong one')")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(["", "/opt/tools", ".", str(tmp_path)]))
    only_installed()
    assert os.environ["PYTHONPATH"] == "/opt/tools"
    run = subprocess.run([sys.executable, "-c", "import json"], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr


def run_as_module(name, folder, **variables):
    """Run a module of a folder in an environment with nothing in it but these variables."""
    command = [sys.executable, "-S", "-m", name]  # -S: else much is loaded before, by chance
    run = subprocess.run(command, cwd=folder, env=variables, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    return run.stdout


def test_nothing_is_imported_on_the_way_that_python_has_not_loaded(tmp_path):
    """Not even from the standard library: that, too, would be looked for in the working folder."""
    package = tmp_path / "installed" / "autograder"
    package.mkdir(parents=True)
    for name in ("__init__", "__main__", "import_path"):
        shutil.copy(Path(PACKAGE, f"{name}.py"), package)
    (package / "commands.py").write_text("import json, typing\ndef run(_): print(json.__file__)")

    folder = tmp_path / "class"
    folder.mkdir()
    (folder / "probe.py").write_text("import sys\nprint(*sys.modules)")
    loaded = run_as_module("probe", folder).split()
    for name in sys.stdlib_module_names - set(loaded):
        (folder / f"{name}.py").write_text(f"raise RuntimeError('the wrong {name}')")
    used = run_as_module("autograder", folder, PYTHONPATH=str(package.parent))
    assert used.startswith(LIBRARY)


def test_the_package_that_runs_is_the_one_that_others_would_import():
    assert wrong_package() == ""


def test_another_package_is_named_with_what_to_do(monkeypatch):
    monkeypatch.setattr(import_path, "PACKAGE", "/home/x/class/autograder")
    assert "the package in /home/x/class/autograder" in wrong_package()
    assert f"would use the one in {PACKAGE}" in wrong_package()
    assert "\n" not in wrong_package()


def test_so_is_a_package_that_is_not_installed(monkeypatch):
    monkeypatch.setattr(sys, "meta_path", [])
    assert "would use none" in wrong_package()
    assert f"pip install -e {os.path.dirname(PACKAGE)}" in wrong_package()


def test_a_link_to_the_package_is_the_package(monkeypatch, tmp_path):
    (tmp_path / "autograder").symlink_to(PACKAGE)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    assert import_path.installed_in() == str(tmp_path / "autograder")
    assert wrong_package() == ""
