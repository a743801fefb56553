import os

import pytest

from autograder.grading.submissions.foreign_files import about_files
from autograder.grading.submissions.links import set_links_aside
from autograder.grading.submissions.plain_files import LARGEST, copy_plain, is_plain, odd_files


@pytest.fixture
def handed_in(tmp_path):
    """A submission's folder with everything in it that is no file."""
    folder = tmp_path / "ada" / "fort"
    (folder / "images").mkdir(parents=True)
    (folder / "fort.ipynb").write_text("{}")
    (folder / "images" / "a.png").write_text("png")
    (tmp_path / "secret.txt").write_text("secret")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "images" / "up").symlink_to(tmp_path)
    (folder / "nowhere").symlink_to("/no/such/file")
    os.mkfifo(folder / "pipe.csv")
    with (folder / "huge.bin").open("wb") as file:
        file.truncate(LARGEST + 1)
    return folder


def names(folder):
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def test_only_files_and_folders_are_copied(handed_in, tmp_path):
    left_out = copy_plain(handed_in, tmp_path / "copy")
    assert names(tmp_path / "copy") == {"fort.ipynb", "images", "images/a.png"}
    assert left_out == [handed_in / "huge.bin"]


def test_files_can_be_left_out_by_kind_and_by_size(handed_in, tmp_path):
    (handed_in / "a.txt").write_text("12345")
    (handed_in / "b.txt").write_text("12345")
    left_out = copy_plain(handed_in, tmp_path / "copy", skip=(".ipynb",), most=9)
    assert names(tmp_path / "copy") == {"a.txt", "images", "images/a.png"}
    assert left_out == [handed_in / "b.txt", handed_in / "huge.bin"]


def test_what_is_at_the_target_is_replaced_and_not_followed(handed_in, tmp_path):
    copy = tmp_path / "copy"
    copy.mkdir()
    (copy / "fort.ipynb").symlink_to(tmp_path / "secret.txt")
    copy_plain(handed_in, copy)
    assert (tmp_path / "secret.txt").read_text() == "secret"
    assert (copy / "fort.ipynb").read_text() == "{}"


def test_links_are_set_aside_and_nothing_is_lost(handed_in):
    set_links_aside("fort", "ada", [str(handed_in / "fort.ipynb")])
    kept = {name for name in names(handed_in) if not name.rpartition("/")[2].startswith(".")}
    assert kept == {"fort.ipynb", "images", "images/a.png"}
    assert (handed_in / ".set-aside-link.txt").is_symlink()
    assert len(odd_files(handed_in)) == 5
    set_links_aside("fort", "ada", [str(handed_in / "fort.ipynb")])
    assert len(odd_files(handed_in)) == 5


def test_a_notebook_that_is_a_link_keeps_its_name(handed_in):
    (handed_in / "fort.ipynb").unlink()
    (handed_in / "fort.ipynb").symlink_to("/etc/passwd")
    set_links_aside("fort", "ada", [str(handed_in / "fort.ipynb")])
    assert (handed_in / "fort.ipynb").is_symlink()
    assert not is_plain(handed_in / "fort.ipynb")


def test_a_file_with_a_modules_name_is_remarked_on(tmp_path):
    for name in ("json.py", "keras.py", "autograder.py", "helpers.py", "data.json", ".py"):
        (tmp_path / name).write_text("")
    (tmp_path / "numpy").mkdir()
    (tmp_path / "numpy" / "__init__.py").write_text("")
    (tmp_path / "random").mkdir()  # without Python in it
    assert [line.partition(" ")[0] for line in about_files(tmp_path)] == [
        *("'autograder.py'", "'json.py'", "'keras.py'", "'numpy'")
    ]
