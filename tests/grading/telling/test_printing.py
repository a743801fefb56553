"""What verbs print, where the terminal cannot show it or nobody reads it."""

import os
import subprocess
import sys

import pytest

from autograder.grading.telling.printing import always_printable

NETWORKS = """
import os, sys
from keras import Input, Model, layers
for units in (3, 4):
    start = Input((4,), name="größe")
    Model(start, layers.Dense(units)(start)).save(f"{sys.argv[1]}/{units}.keras")
"""


@pytest.fixture(scope="module")
def networks(tmp_path_factory):
    """Two saved networks, 3.keras and 4.keras, that are not the same."""
    folder = tmp_path_factory.mktemp("networks")
    quiet = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"}
    subprocess.run([sys.executable, "-c", NETWORKS, folder], env=quiet, check=True)
    return folder


def compare(folder, *names, **options):
    files = [folder / f"{name}.keras" for name in names]
    command = [sys.executable, "-m", "autograder", "compare", *files]
    return subprocess.run(command, stderr=subprocess.PIPE, **options)


ENCODINGS = ["cp1252", "ascii", "cp437", "utf-8", "utf-16"]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_exit_codes_mean_the_same_whatever_the_terminal_can_show(networks, encoding):
    told = os.environ | {"PYTHONIOENCODING": encoding}
    for names, code in ((("3", "3"), 0), (("3", "4"), 1)):
        run = compare(networks, *names, env=told, stdout=subprocess.PIPE)
        assert (run.returncode, run.stderr) == (code, b"")
        assert f"{names[1]}.keras" in run.stdout.decode(encoding)


def test_a_locale_without_umlauts(networks):
    plain = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    run = compare(networks, "3", "4", env=os.environ | plain, stdout=subprocess.PIPE)
    assert (run.returncode, run.stderr) == (1, b"") and run.stdout.isascii()


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX's pipes")
def test_a_reader_that_has_gone_changes_no_exit_code(networks):
    for names, code in ((("3", "3"), 0), (("3", "4"), 1)):
        read, write = os.pipe()
        os.close(read)
        run = compare(networks, *names, stdout=write)
        os.close(write)
        assert (run.returncode, run.stderr) == (code, b"")


PRINTING = """
import sys
from autograder.grading.telling.printing import always_printable
with always_printable():
    print(sys.argv[1])
    print(sys.argv[1], file=sys.stderr)
"""


@pytest.mark.parametrize(
    "encoding, shown",
    [
        ("ascii", "+ x . 3x4 M\\xfcller \\u5317 -> ..."),
        ("cp1252", "+ x · 3×4 Müller \\u5317 -> …"),
        ("utf-8", "✓ ✗ · 3×4 Müller 北 → …"),
    ],
)
def test_signs_have_something_readable_in_their_place(encoding, shown):
    run = subprocess.run(
        [sys.executable, "-c", PRINTING, "✓ ✗ · 3×4 Müller 北 → …"],
        env=os.environ | {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "1"},
        capture_output=True,
    )
    lines = [stream.decode(encoding).strip() for stream in (run.stdout, run.stderr)]
    assert lines == [shown, shown]


def test_halves_of_characters_are_escaped():
    run = subprocess.run(
        [sys.executable, "-c", PRINTING.replace("sys.argv[1]", r"'a\udcffb'")], capture_output=True
    )
    assert run.returncode == 0 and rb"a\udcffb" in run.stdout


def test_streams_are_as_before_after_it(capsys):
    before = sys.stdout
    with always_printable():
        print("within")
    assert sys.stdout is before and capsys.readouterr().out == "within\n"
