"""From a system's zip to its own table and feedback, by the commands that an instructor types."""

import shutil
import zipfile
from dataclasses import dataclass

import pytest
from classroom.programs import autograder
from classroom.standin import STANDIN, hand_in, room_in, scores

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("zygote")]

TABLE = (
    "\ufeffStudent,ID,SIS Login ID,Section,standin (7),Final Score\r\n"
    "    Points Possible,,,,5,(read only)\r\n"
    '"Doe, Jane",1234,jane@x.edu,A,,\r\n"小明, 王",5,wang@x.edu,A,,\r\n'
    '"Lee, Kim",6,kim@x.edu,A,,\r\n"Away, At",9,at@x.edu,A,3,\r\n'
)
CAME = {
    "doejane_LATE_1234_56789_standin-1.ipynb": "all0",
    "小明王_5_56790_standin.ipynb": "half0",
    "leekim_6_56791_standin.ipynb": "none0",
}


def download(folder, path):
    """A zip as Canvas makes it of three students' work."""
    hand_in(folder)
    made = folder / "classroom" / "submitted"
    with zipfile.ZipFile(path, "w") as packed:
        for name, kind in CAME.items():
            packed.write(made / kind / STANDIN / "standin.ipynb", name)
        packed.writestr("../../standin.ipynb", "{}")
    return made


@pytest.mark.long
def test_canvas_there_and_back(released, tmp_path):
    folder = room_in(released, tmp_path / "room").root
    shutil.rmtree(download(folder, tmp_path / "submissions.zip"))
    table = tmp_path / "gradebook.csv"
    table.write_bytes(TABLE.encode())

    assert autograder(folder, "roster", str(table)).returncode == 0
    collected = autograder(folder, "collect", STANDIN, str(tmp_path / "submissions.zip"))
    assert collected.returncode == 1, collected.stderr  # one file would have led elsewhere
    assert "Nothing came of: 9." in collected.stdout
    again = autograder(folder, "collect", STANDIN, str(tmp_path / "submissions.zip"))
    assert again.stdout.count("as before") == 3

    assert autograder(folder, "grade", "--workers", "1").returncode == 0
    assert scores(folder) == {"1234": 5, "5": 2, "6": 0}

    exported = autograder(folder, "export", STANDIN, "--into", str(table))
    assert exported.returncode == 0, exported.stderr
    expected = TABLE.replace(",A,,\r\n", ",A,5,\r\n", 1).replace(",A,,\r\n", ",A,2,\r\n", 1)
    expected = expected.replace(",A,,\r\n", ",A,0,\r\n", 1)
    assert (tmp_path / "gradebook.filled.csv").read_bytes() == expected.encode()

    feedback = tmp_path / "feedback.zip"
    to_canvas = ("--to", "canvas", "--out", str(feedback))
    made = autograder(folder, "feedback", STANDIN, *to_canvas)
    assert made.returncode == 0, made.stdout + made.stderr
    with zipfile.ZipFile(feedback) as packed:
        assert packed.namelist() == [
            "doejane_1234_56789_feedback-standin.html",
            "小明王_5_56790_feedback-standin.html",
            "leekim_6_56791_feedback-standin.html",
        ]
        assert b"Doubling and squaring" in packed.read(packed.namelist()[0])


@dataclass(frozen=True)
class Theirs:
    """What a system hands over of two students, who have all points and two of five.

    Attributes:
        table: its table, with `{}` for each of the two marks.
        encoding: how that is written.
        names: of the two notebooks in its zip.
        students: the ids that the gradebook has.
    """

    table: str
    encoding: str
    names: tuple[str, str]
    students: tuple[str, str]


SYSTEMS = {
    "moodle": Theirs(
        "Identifier,Full name,Email address,Status,Grade,Maximum grade,Last modified (grade)\r\n"
        'Participant 401,Zoë Müller_L,zoe@x.edu,Submitted,"{}",5,-\r\n'
        'Participant 402,王 小明,wang@x.edu,Submitted,"{}",5,-\r\n',
        "utf-8-sig",
        (
            "Zoë MüllerL_401_assignsubmission_file/standin.ipynb",
            "王 小明_402_assignsubmission_file/standin.ipynb",
        ),
        ("zoe@x.edu", "wang@x.edu"),
    ),
    "blackboard": Theirs(
        '"Last Name"\t"First Name"\t"Username"\t"standin [Total Pts: 5 Score] |12"\r\n'
        '"O\'Neil"\t"Bob"\t"boneil"\t"{}"\r\n"小明"\t"王"\t"wang2"\t"{}"\r\n',
        "utf-16",
        (
            "HW_1_boneil_attempt_2026-03-03-10-15-00_standin.ipynb",
            "HW_1_wang2_attempt_2026-03-03-10-15-01_standin.ipynb",
        ),
        ("boneil", "wang2"),
    ),
    "brightspace": Theirs(
        "OrgDefinedId,Last Name,First Name,"
        "standin Points Grade <Numeric MaxPoints:5 Weight:1>,End-of-Line Indicator\r\n"
        "#jdoe,Doe,Jane,{},#\r\n#ipetrov,Петров,Иван,{},#\r\n",
        "utf-8",
        (
            "39001-640001 - Jane Doe - Oct 10, 2026 1022 AM/standin.ipynb",
            "39001-640002 - Иван Петров - Oct 11, 2026 122 PM/standin.ipynb",
        ),
        ("jdoe", "ipetrov"),
    ),
}


@pytest.mark.long
@pytest.mark.parametrize("system", SYSTEMS)
def test_the_others_there_and_back(released, tmp_path, system):
    theirs, folder = SYSTEMS[system], room_in(released, tmp_path / "room").root
    hand_in(folder)
    made = folder / "classroom" / "submitted"
    download = tmp_path / "download.zip"
    with zipfile.ZipFile(download, "w") as packed:
        for name, kind in zip(theirs.names, ("all0", "half0"), strict=True):
            packed.write(made / kind / STANDIN / "standin.ipynb", name)
    shutil.rmtree(made)
    table = tmp_path / "theirs.csv"
    table.write_bytes(theirs.table.format("", "").encode(theirs.encoding))

    assert autograder(folder, "roster", str(table)).returncode == 0
    collected = autograder(folder, "collect", STANDIN, str(download), "--roster", str(table))
    assert collected.returncode == 0, collected.stdout + collected.stderr
    assert autograder(folder, "grade", "--workers", "1").returncode == 0
    assert scores(folder) == dict(zip(theirs.students, (5, 2), strict=True))

    exported = autograder(folder, "export", STANDIN, "--into", str(table))
    assert exported.returncode == 0, exported.stdout + exported.stderr
    filled = (tmp_path / "theirs.filled.csv").read_bytes()
    assert filled == theirs.table.format("5", "2").encode(theirs.encoding)
