import glob
import logging

import pytest

from autograder.grading.engine.grades import Score
from autograder.grading.engine.tally import Tally
from autograder.grading.notebooks.remarks import add_remark, remarks
from autograder.grading.telling.foreign import is_name, pattern, shown, shown_lines
from autograder.grading.telling.log_lines import HarmlessFormatter

ODD = {
    "an escape code": ("\x1b[2Jada", "\\x1b[2Jada"),
    "one in a single byte": ("\x9b31mada", "\\x9b31mada"),
    "a title of the window": ("\x1b]0;pwned\x07", "\\x1b]0;pwned\\x07"),
    "a link of the terminal": ("\x1b]8;;http://x\x1b\\", "\\x1b]8;;http://x\\x1b\\"),
    "a newline": ("ada\nben: 5 of 5", "ada\\nben: 5 of 5"),
    "a return": ("ada\rben", "ada\\rben"),
    "other ends of lines": (
        "a\x0bb\x0cc\x85d\u2028e\u2029f",
        "a\\x0bb\\x0cc\\x85d\\u2028e\\u2029f",
    ),
    "a direction": ("ada\u202egpj.py", "ada\\u202egpj.py"),
    "an isolated direction": ("\u2066ada\u2069", "\\u2066ada\\u2069"),
    "what has no width": ("a\u200bd\ufeffa", "a\\u200bd\\ufeffa"),
    "a letter of nothing": ("ada\x00", "ada\\x00"),
    "backspaces": ("adb\x08a", "adb\\x08a"),
    "half a letter": ("ad\udc80a", "ad\\udc80a"),
    "tags": ("ada\U000e0041", "ada\\U000e0041"),
}
USUAL = [
    "ada",
    "Zoë Müller",
    "山田 太郎",
    "山田\u3000太郎",
    "Пётр",
    "😀",
    "a-b_c.d@e",
    "x'y",
    "\u05d0\u05d1",
]


@pytest.mark.parametrize(("text", "as_shown"), ODD.values(), ids=list(ODD))
def test_what_a_terminal_would_obey_is_shown_as_text(text, as_shown):
    assert shown(text) == as_shown
    shown(text).encode()


@pytest.mark.parametrize("text", USUAL)
def test_names_in_all_scripts_stay_as_they_are(text):
    assert shown(text) == text and is_name(text)


def test_only_our_own_ends_of_lines_are_kept():
    assert shown_lines("one\ntwo\x1b[1m\r\x0bthree") == "one\ntwo\\x1b[1m\\r\\x0bthree"


@pytest.mark.parametrize("text", ["a\x1bb", "a\nb", "a\x00", "ad\udc80", "a\u2028b", "a\x85b"])
def test_what_controls_a_terminal_or_breaks_a_line_is_no_name(text):
    assert not is_name(text)


@pytest.mark.parametrize("text", ["<img src=x onerror=a()>", 'a" onmouseover="a()', "a>", "<a"])
def test_what_nbgraders_pages_would_take_for_markup_is_no_name(text):
    assert not is_name(text)


@pytest.mark.parametrize("name", ["[ada]", "a*", "b?", "[!x]", " ada ", "a]", "[[]", "ad a", "ü[*"])
def test_a_pattern_matches_the_name_itself_alone(tmp_path, name):
    for other in (name, "ada", "ab", "bb", "a", "x"):
        (tmp_path / other).mkdir(exist_ok=True)
    found = glob.glob(str(tmp_path / pattern(name)))
    assert found == [str(tmp_path / name)]
    assert pattern(name).strip() == pattern(name)  # which is what nbgrader makes of an id


def record(message, *args, **options):
    return logging.makeLogRecord(
        {"name": "x", "levelname": "INFO", "msg": message, "args": args, **options}
    )


def test_log_lines_do_nothing_and_pretend_nothing():
    formatter = HarmlessFormatter("[%(levelname)s] %(message)s", color=False)
    said = formatter.format(record("Copying %s", "\x1b[2Ja\r\n[ERROR] ben failed\u202e"))
    assert said == "[INFO] Copying \\x1b[2Ja\\r\n    [ERROR] ben failed\\u202e"


def test_tracebacks_in_a_log_do_nothing_either():
    formatter = HarmlessFormatter("[%(levelname)s] %(message)s", color=False)
    try:
        raise ValueError("\x1b[2J\r")
    except ValueError as error:
        about = (ValueError, error, error.__traceback__)
    said = formatter.format(record("failed", exc_info=about))
    assert "\x1b" not in said and "\\x1b[2J\\r" in said
    assert "Traceback" in said and "\n    ValueError" in said


def test_a_remark_is_one_line():
    from nbformat.v4 import new_notebook

    notebook = new_notebook()
    for _ in range(2):
        add_remark(notebook, "'a\nb\x1b' is a link")
    assert remarks(notebook) == ["'a\\nb\\x1b' is a link"]


def test_the_table_shows_foreign_names_and_reasons_harmlessly():
    tally = Tally("ch01", troubles={"\x1b[31mada": "it has\na \x07file"})
    tally.remark("be\u202en", ["odd\x1b[2J", "two\nlines"])
    table = tally.table([Score("\x1b[31mada", "ch", 1, 2), Score("ben", "ch", 2, 2)])
    assert table.isprintable() or set(filter(lambda x: not x.isprintable(), table)) == {"\n"}
    assert "NOT GRADED \\x1b[31mada: it has\\na \\x07file." in table
    widths = {line.index(" of") for line in table.splitlines() if line.startswith("student")}
    assert len(widths) == 1
