import pytest

from autograder.grading.submissions.strays import is_junk, strays

NAMES = ["ch01_functional", "ch02_sharing"]


@pytest.fixture
def submitted(tmp_path):
    return tmp_path / "submitted"


def put(submitted, *names):
    for name in names:
        path = submitted / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("{}")


def told(submitted):
    return [(stray.line, stray.is_work) for stray in strays(submitted, NAMES)]


def test_a_proper_class_has_none(submitted):
    put(submitted, "ada/ch01_functional/ch01_functional.ipynb", "ben/ch02_sharing/anything.txt")
    assert told(submitted) == []


def test_there_may_be_no_folder_at_all(submitted):
    assert told(submitted) == []


@pytest.mark.parametrize(
    "name",
    [
        *("ada/.ipynb_checkpoints/ch01_functional-checkpoint.ipynb", "ada/__MACOSX/._x.ipynb"),
        *("ada/.DS_Store", "ada/Thumbs.db", "ada/desktop.ini", ".DS_Store", "Thumbs.db"),
        *("__MACOSX/ada/ch01_functional/ch01_functional.ipynb", ".git/config"),
    ],
)
def test_what_programs_leave_is_not_worth_a_word(submitted, name):
    put(submitted, name)
    assert told(submitted) == []


@pytest.mark.parametrize("name", [".ipynb_checkpoints", "__MACOSX", "__macosx", "THUMBS.DB"])
def test_junk_is_known_by_its_name(name):
    assert is_junk(name) and not is_junk(f"ada{name}")


@pytest.mark.parametrize(
    ("name", "line", "is_work"),
    [
        (
            "ada/CH01_Functional/x.ipynb",
            "ada has CH01_Functional/, which is no assignment. "
            "If it is ch01_functional, rename it.",
            True,
        ),
        (
            "ada/ch01_functinal/x.txt",
            "ada has ch01_functinal/, which is no assignment. If it is ch01_functional, rename it.",
            False,
        ),
        (
            "ada/homework/deep/ch02_sharing.ipynb",
            "ada has homework/, which is no assignment. If it is ch02_sharing, rename it.",
            True,
        ),
        (
            "ada/pictures/a.png",
            "ada has pictures/, which is no assignment. There are: ch01_functional, ch02_sharing.",
            False,
        ),
        (
            "ada/ch01_functional.ipynb",
            "ada has ch01_functional.ipynb beside the folders of assignments. "
            "Move it to ada/ch01_functional/.",
            True,
        ),
        (
            "ada/notes.txt",
            "ada has notes.txt beside the folders of assignments. Move it to ada/ASSIGNMENT/.",
            False,
        ),
        ("all.zip", "all.zip is in no student's folder. Move it to STUDENT/ASSIGNMENT/.", False),
        ("x.ipynb", "x.ipynb is in no student's folder. Move it to STUDENT/ASSIGNMENT/.", True),
        (
            "ada/ch02_sharing",
            "ada has ch02_sharing beside the folders of assignments. Move it to ada/ch02_sharing/.",
            False,
        ),
    ],
)
def test_whose_it_is_what_it_is_and_what_to_do(submitted, name, line, is_work):
    put(submitted, name)
    assert told(submitted) == [(line, is_work)]


def test_of_two_versions_the_one_that_is_graded_is_named(submitted):
    put(submitted, "ada/ch01_functional/x.ipynb", "ada/ch01_functional (1)/x.ipynb")
    ((line, is_work),) = told(submitted)
    assert line.endswith("which is no assignment. Graded is ada/ch01_functional/.") and is_work


def test_links_are_not_followed(submitted, tmp_path):
    put(tmp_path, "elsewhere/ch01_functional/x.ipynb")
    submitted.mkdir()
    (submitted / "ada").symlink_to(tmp_path / "elsewhere")
    (submitted / "ben").mkdir()
    (submitted / "ben" / "ch01_functional").symlink_to(tmp_path / "elsewhere" / "ch01_functional")
    assert [line.partition(", which")[0] for line, _ in told(submitted)] == [
        "ada is a link",
        "ben has ch01_functional, a link",
    ]


def test_names_with_marks_of_patterns_match_nothing_but_themselves(submitted):
    put(submitted, "a[d]a/ch01_functional/x.ipynb", "*/ch02_sharing/x.ipynb", "be?/ch0*/x.ipynb")
    assert [line for line, _ in told(submitted)] == [
        "be? has ch0*/, which is no assignment. There are: ch01_functional, ch02_sharing."
    ]
