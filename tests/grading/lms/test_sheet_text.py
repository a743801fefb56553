"""Tables as systems write them: every cell is read, and only what is meant changes."""

import codecs
import csv
import io
import random

import pytest

from autograder.grading.lms.sheet_text import read_sheet
from autograder.problem import Problem

TABLE = 'Name,ID,Grade\r\n"Doe, ""J""",1,\r\n王,2,"7,5"\nZoë,3,8\r\n'


def sheet(tmp_path, data):
    (tmp_path / "x.csv").write_bytes(data)
    return read_sheet(tmp_path / "x.csv")[-1]


@pytest.mark.parametrize(
    ("bom", "encoding"),
    [
        (b"", "utf-8"),
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (b"", "utf-16-le"),
    ],
)
@pytest.mark.parametrize("delimiter", ",;\t")
def test_only_the_cells_that_are_meant_change(tmp_path, bom, encoding, delimiter):
    text = TABLE.replace(",", delimiter)
    read = sheet(tmp_path, bom + text.encode(encoding))
    assert read.header == ["Name", "ID", "Grade"]
    changed = read.with_values({(1, 2): "10", (2, 2): "9"})
    expected = text.replace(f"1{delimiter}\r", f"1{delimiter}10\r")
    expected = expected.replace(f'"7{delimiter}5"', '"9"')
    assert changed == bom + expected.encode(encoding)
    assert read.with_values({}) == bom + text.encode(encoding)


@pytest.mark.parametrize(
    "data",
    [
        "Zoë;Grade\n1;2\n".encode("cp1252"),
        b"a;b\n\x81\x8d;\xff\n",  # bytes that Windows' encoding lacks
        b"a;b\r1;2\r",
        b'a;b\n"unclosed;1\n2;3',
        b"a;b\n\n\n1;2\n\n",
        b"a;b\n1",
        b"a;b\n1;",
        b"a;b\n\0;1\n",
        b'a;b\n"x"y;1\n',
    ],
)
def test_a_table_that_does_not_change_keeps_every_byte(tmp_path, data):
    assert sheet(tmp_path, data).with_values({}) == data


def test_cells_are_those_that_python_reads(tmp_path):
    draw = random.Random(1)
    for _ in range(300):
        rows = [
            ["".join(draw.choices('ab,;"\n\ré ', k=draw.randrange(4))) for _ in "abc"]
            for _ in "abc"
        ]
        file = io.StringIO()
        csv.writer(file, quoting=draw.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])).writerows(rows)
        text = "x,y,z\r\n" + file.getvalue()
        read = sheet(tmp_path, text.encode())
        assert [[cell.value for cell in row] for row in read.rows[1:]] == rows


@pytest.mark.parametrize("value", ['a"b', "a,b", "a\nb", "a\r"])
def test_what_needs_quotes_gets_them(tmp_path, value):
    read = sheet(tmp_path, b"a,b\n1,2\n")
    (tmp_path / "y.csv").write_bytes(read.with_values({(1, 1): value}))
    assert read_sheet(tmp_path / "y.csv")[0].rows[1][1].value == value


@pytest.mark.parametrize("data", [b"", b"one\n", b"PK\x03\x04xl", b"\xd0\xcf\x11\xe0"])
def test_what_is_no_table_is_one_line(tmp_path, data):
    with pytest.raises(Problem, match=r"x\.csv is"):
        sheet(tmp_path, data)


def test_a_table_that_is_not_there_is_one_line(tmp_path):
    with pytest.raises(Problem, match="cannot be read"):
        read_sheet(tmp_path / "x.csv")
