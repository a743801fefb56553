"""How each system names the files of its download: data alone, each row with source and example.

The groups of a pattern: `key` (the id that the system goes by), `who` (the name as the system
writes it), `file` (what the student called the file), `entry` (the system's own name of a text or a
link), `about` (the system's own file about an attempt), `late`, `number` (of an attachment: the
larger is the newer), `when` (of an attempt).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class NamePattern:
    """One form of names.

    Attributes:
        pattern: a regular expression for the whole name, as a path with `/`.
        example: a name that it fits; the people are made up.
    """

    pattern: str
    example: str


@dataclass(frozen=True)
class NamesOf:
    """The names of one system's downloads.

    Attributes:
        system: what the system is called here.
        title: what people call it.
        source: where the form of names is known from.
        patterns: its forms; the first that fits counts.
        key_is_id: whether the key may be an id that the gradebook knows.
        stands_in: the id of a student whom nobody knows, made from the key; "" where there is none.
        is_numbered: whether the key is a number of this assignment's alone.
        joins_by_name: whether a roster's names may say whose a key is.
        when: how the time of an attempt is written, for `strptime`.
    """

    system: str
    title: str
    source: str
    patterns: tuple[NamePattern, ...]
    key_is_id: bool = True
    stands_in: str = "{}"
    is_numbered: bool = False
    joins_by_name: bool = False
    when: str = ""


_WHEN = r"\d{4}(?:-\d\d){5}"

CANVAS = NamesOf(
    "canvas",
    "Canvas",
    "instructure/canvas-lms: lib/content_zipper.rb, app/models/attachment.rb",
    (
        NamePattern(
            r"(?:(?P<late>LATE)_)?(?P<key>anon_[^_/]+)_(?:(?P<number>\d+)_(?P<file>.+)"
            r"|(?P<entry>(?:text|link)\.html))",
            "LATE_anon_aB3xK_56789_hw1.ipynb",
        ),
        NamePattern(
            r"(?P<who>[^/]*?)(?:_(?P<late>LATE))?_(?P<key>\d+)_(?P<number>\d+)_(?P<file>.+)",
            "doejane_LATE_1234_56789_hw1.ipynb",
        ),
        NamePattern(
            r"(?P<who>[^/]*?)(?:_(?P<late>LATE))?_(?P<key>\d+)_(?P<entry>(?:text|link)\.html)",
            "doejane_1234_text.html",
        ),
    ),
)
"""Other names are files that somebody added. In a group's work the key is one member's."""

MOODLE = NamesOf(
    "moodle",
    "Moodle",
    "moodle/moodle: mod/assign/classes/downloader.php, mod/assign/feedback/file/importziplib.php",
    (
        NamePattern(
            r"(?P<who>[^_/]+)_(?P<key>\d+)_assign(?:submission|feedback)_[a-z0-9]+(?:_?/|_)(?P<file>.+)",
            "Jane Doe_4021_assignsubmission_file/hw1.ipynb",
        ),
    ),
    key_is_id=False,
    stands_in="participant-{}",
    is_numbered=True,
    joins_by_name=True,
)
"""The key is the participant's number, another one in each assignment; of a group it is the
group's."""

BLACKBOARD = NamesOf(
    "blackboard",
    "Blackboard",
    "no vendor text; readmes and parsers of bb-file-cleanup and BBGradebookOrganiser, which agree",
    (
        NamePattern(
            rf"[^/]+?_(?P<key>[^_/]+)_attempt_(?P<when>{_WHEN})(?:_(?P<file>.+)|(?P<about>\.txt))",
            "HW_1_kim.lee2_attempt_2026-03-03-10-15-00_my_file.ipynb",
        ),
    ),
    when="%Y-%m-%d-%H-%M-%S",
)
"""The original view's "Assignment File Download"; Ultra's is unconfirmed."""

BRIGHTSPACE = NamesOf(
    "brightspace",
    "Brightspace",
    "no vendor text; test data of third-party parsers",
    (
        NamePattern(
            r"(?P<key>\d+-\d+) - (?P<who>[^/]+) - (?P<when>[^/]+?)/(?P<file>.+)",
            "39001-640001 - Jane Doe - Oct 10, 2026 1022 AM/hw1.ipynb",
        ),
    ),
    key_is_id=False,
    stands_in="",
    joins_by_name=True,
    when="%b %d, %Y %I%M %p",
)
"""What the two numbers mean is unconfirmed, and no table of grades has them: names join."""

GITHUB = NamesOf(
    "github",
    "GitHub Classroom",
    "github/gh-classroom: cmd/gh-classroom/clone/student-repos",
    (NamePattern(r"(?P<key>[^/]+)/(?P<file>.+)", "hw1-jdoe/hw1.ipynb"),),
)
"""A folder is a repository, `PREFIX-LOGIN`; the prefix is cut off."""

FOLDER = NamesOf(
    "folder",
    "a folder for each student",
    "nbgrader's own layout: STUDENT/ASSIGNMENT/NOTEBOOK; and without the folder between",
    (NamePattern(r"(?P<key>[^/]+)/(?P<file>.+)", "jdoe/hw1.ipynb"),),
)

BY_SYSTEM = {
    names.system: names for names in (MOODLE, BLACKBOARD, BRIGHTSPACE, CANVAS, GITHUB, FOLDER)
}
"""In the order in which they are tried: those first whose names nobody types by chance."""

COPIES = (
    r"(?P<stem>.+)-(?P<nth>\d)",  # Canvas: `hw1-1` to `hw1-7`
    r"(?P<stem>.+)-(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})",  # Canvas, after that
    r"(?P<stem>.+?) ?\((?P<nth>\d{1,3})\)",  # browsers, Drive
    r"(?P<stem>.+) - Copy(?: \((?P<nth>\d{1,3})\))?",  # Windows
    r"(?P<stem>.+)-Copy(?P<nth>\d{1,3})",  # Jupyter
    r"(?P<stem>.+) copy(?: (?P<nth>\d{1,3}))?",  # macOS
    r"Copy of (?P<stem>.+)",  # Drive
)
"""What programs make of a name, without its ending, that is taken already."""
