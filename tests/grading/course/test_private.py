"""A class's folder with rights that others have."""

import os

import pytest

from autograder.grading.course.private import open_to_others

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no such rights")


@pytest.mark.parametrize(
    ("mode", "shared", "told"),
    [
        (0o700, False, None),
        (0o750, False, "its group can read"),
        (0o755, False, "everybody with an account here can read"),
        (0o777, False, "everybody with an account here can change"),
        (0o701, False, "everybody with an account here can read"),
        (0o770, True, None),
        (0o775, True, "everybody with an account here can read"),
    ],
)  # fmt: skip
def test_who_can_get_in_is_told_in_a_line_and_what_to_type(tmp_path, mode, shared, told):
    folder = tmp_path / "the class"
    folder.mkdir()
    folder.chmod(mode)
    line = open_to_others(folder, shared)
    if told is None:
        assert line == ""
        return
    assert told in line and "\n" not in line
    command = line.partition("type: ")[2]
    assert os.system(command) == 0
    assert open_to_others(folder, shared) == ""


def test_a_folder_that_is_not_there_is_no_matter(tmp_path):
    assert open_to_others(tmp_path / "none") == ""
