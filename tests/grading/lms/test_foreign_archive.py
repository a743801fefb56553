"""Zips that somebody made: nothing of them is written where they say, and nothing is too much."""

import io
import stat
import struct
import zipfile

import pytest

from autograder.grading.lms import foreign_archive
from autograder.grading.lms.foreign_archive import Damaged, opened
from autograder.problem import Problem


def listed(path):
    with opened(path) as archive:
        return [member.name for member in archive.members], archive.odd


def one(zipped, name, content="x", **about):
    info = zipfile.ZipInfo(name)
    for key, value in about.items():
        setattr(info, key, value)
    return listed(zipped([(info, content)]))


@pytest.mark.parametrize(
    "name",
    [
        "../x.ipynb",
        "a/../../x.ipynb",
        "/etc/x.ipynb",
        "a//x.ipynb",
        "./x.ipynb",
        "C:/x.ipynb",
        "C:\\x.ipynb",
        "..\\x.ipynb",
        "\\\\host\\share\\x.ipynb",
        "../.ssh/x",
    ],
)
def test_a_path_that_leads_elsewhere_is_left_out(zipped, name):
    members, odd = one(zipped, name)
    assert members == []
    assert list(odd.values()) == ["has a path that leads elsewhere"]


@pytest.mark.parametrize(
    "name",
    [
        "a\nb.ipynb",
        "a\x1b[2J.ipynb",
        "a\x7fb.ipynb",
        "a" * 300 + ".ipynb",
        "a/" * 900 + "b",
        "\u2028.ipynb",
    ],
)
def test_a_name_that_is_none_is_left_out(zipped, name):
    members, odd = one(zipped, name)
    assert members == [] and list(odd.values()) == ["has no proper name"]


def test_what_programs_leave_is_passed_over(zipped):
    junk = ["__MACOSX/._x", ".DS_Store", "a/Thumbs.db", "._x.ipynb", "a/.ipynb_checkpoints/x"]
    assert listed(zipped(dict.fromkeys(junk, "x"))) == ([], {})


def test_a_link_is_left_out(zipped):
    kind = (stat.S_IFLNK | 0o777) << 16
    assert one(zipped, "x.ipynb", "/etc/passwd", external_attr=kind)[1] == {
        "x.ipynb": "is a link, or no file"
    }


def test_a_bomb_is_left_out(zipped):
    members, odd = one(zipped, "x.ipynb", b"\0" * 30_000_000, compress_type=zipfile.ZIP_DEFLATED)
    assert members == [] and odd == {"x.ipynb": "unpacks to 30 MB from next to nothing"}


def test_a_file_that_claims_to_be_small_gives_no_more_than_it_claims(zipped, tmp_path):
    path = zipped({"x.ipynb": b"a" * 5000})
    data = path.read_bytes()
    path.write_bytes(data.replace(struct.pack("<L", 5000), struct.pack("<L", 50)))
    with opened(path) as archive, pytest.raises(Damaged, match="is damaged"):
        archive.copy(archive.members[0], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_an_encrypted_file_is_left_out(zipped):
    path = zipped({"x.ipynb": "x"})
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    assert listed(path)[1] == {"x.ipynb": "is encrypted"}


def test_names_in_utf8_that_nothing_calls_so_are_read(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Zo?_1_2_x.ipynb", "x")
    named = "Zoë_1_2_x.ipynb".encode()
    assert len(named) == len(b"Zo?_1_2_x.ipynb") + 1
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Zo??_1_2_x.ipynb", "x")
    path.write_bytes(path.read_bytes().replace(b"Zo??_1_2_x.ipynb", named))
    assert listed(path)[0] == ["Zoë_1_2_x.ipynb"]


def test_names_in_an_old_encoding_are_as_python_reads_them(tmp_path, zipped):
    path = zipped({"Zo?.ipynb": "x"})
    path.write_bytes(path.read_bytes().replace(b"Zo?.ipynb", b"Zo\x89.ipynb"))
    assert listed(path)[0] == ["Zoë.ipynb"]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_may_come_twice(zipped, tmp_path):
    path = zipped([("x.ipynb", "first"), ("x.ipynb", "second")])
    with opened(path) as archive:
        for number, member in enumerate(archive.members):
            archive.copy(member, tmp_path / str(number))
    assert [(tmp_path / name).read_text() for name in "01"] == ["first", "second"]


def packed(files):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return data.getvalue()


def test_a_zip_within_is_looked_into_once(zipped, tmp_path):
    inner = packed({"a/x.ipynb": "inner", "deep.zip": packed({"y": "z"}), "../out": "x"})
    path = zipped({"work.ZIP": inner, "bad.zip": "no zip"})
    with opened(path) as archive:
        assert [member.name for member in archive.members] == ["work.ZIP/a/x.ipynb"]
        archive.copy(archive.members[0], tmp_path / "x")
    assert (tmp_path / "x").read_text() == "inner"
    assert archive.odd == {
        "work.ZIP/deep.zip": "is a zip in a zip in a zip",
        "work.ZIP/../out": "has a path that leads elsewhere",
        "bad.zip": "is no zip that can be read",
    }


def test_one_student_does_not_fill_the_download(zipped, monkeypatch):
    monkeypatch.setattr(foreign_archive, "MOST_WITHIN", 2)
    members, odd = listed(zipped({"venv.zip": packed(dict.fromkeys("abc", "")), "x": ""}))
    assert members == ["x"] and odd == {"venv.zip": "holds more than 2 files"}


def test_zips_within_are_not_looked_into_without_end(zipped, monkeypatch):
    monkeypatch.setattr(foreign_archive, "PACKED_WITHIN", 150)
    inner = packed({"x": "y"})
    _, odd = listed(zipped({f"{name}.zip": inner for name in "abc"}))
    assert odd == dict.fromkeys(("b.zip", "c.zip"), "is one zip too many of those within")


def test_too_many_files_are_refused(zipped, monkeypatch):
    path = zipped({f"a_{number}_1_x": "" for number in range(3)})
    monkeypatch.setattr(foreign_archive, "MOST_MEMBERS", 2)
    with pytest.raises(Problem, match="more than 2 files"), opened(path):
        pass
    zipfile.ZipFile(path).extractall(path.parent / "unpacked")
    with pytest.raises(Problem, match="more than 2 files"), opened(path.parent / "unpacked"):
        pass


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"<html>", b"PK\x05\x06" + b"\xff" * 18])
def test_what_is_no_zip_is_one_line(tmp_path, data):
    (tmp_path / "a.zip").write_bytes(data)
    with pytest.raises(Problem, match="is no zip that can be read"), opened(tmp_path / "a.zip"):
        pass


def test_half_a_zip_is_one_line(zipped, tmp_path):
    path = zipped({"x.ipynb": "x" * 100})
    path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(Problem, match="Download it anew"), opened(path):
        pass


def test_a_download_that_is_not_there_is_one_line(tmp_path):
    with pytest.raises(Problem, match="There is no"), opened(tmp_path / "a.zip"):
        pass


def test_an_unpacked_download_is_read_too(tmp_path):
    folder = tmp_path / "unpacked"
    (folder / "jdoe").mkdir(parents=True)
    (folder / "jdoe" / "x.ipynb").write_text("x")
    (folder / "jdoe" / "link.ipynb").symlink_to("/etc/passwd")
    (folder / "loop").symlink_to(folder)
    members, odd = listed(folder)
    assert members == ["jdoe/x.ipynb"]
    assert odd == dict.fromkeys(["jdoe/link.ipynb", "loop"], "is a link, or no file")
