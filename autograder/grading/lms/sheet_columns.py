"""What the columns of each system's tables are called: data alone, with source and example.

Names are compared without capitals and spaces around them. A system in another language has names
of its own: those of Moodle are here for the languages whose words were found; else `--key` and
`--column` say which column it is.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ColumnsOf:
    """The tables of one system.

    Attributes:
        system: what the system is called here.
        title: what people call it.
        source: where the names are known from.
        example: a header.
        needed: of each of these groups one name is in every header of this system.
        keys: columns that say whose a row is, the best first.
        ids: of those, the ones that can be a student's id in the gradebook, the best first.
        lms_id: the one that is the same in every assignment and in names of files; "" for none.
        first_name: the first name's column,
        last_name: the last name's,
        full_name: that of the whole name,
        email: and that of the e-mail address, by all their names.
        mark: a pattern for the headers of marks; its group `title` is the assignment's.
        most: columns with the most points that there are; or the pattern's group `most` has them.
        locked: columns that say whether a mark may be changed, and how they say no.
        closed: what is in a mark's cell that no mark may replace.
        points_row: what is in the first cell of the row with the most points.
    """

    system: str
    title: str
    source: str
    example: str
    needed: tuple[tuple[str, ...], ...]
    keys: tuple[str, ...]
    ids: tuple[str, ...]
    lms_id: str = ""
    first_name: tuple[str, ...] = ()
    last_name: tuple[str, ...] = ()
    full_name: tuple[str, ...] = ()
    email: tuple[str, ...] = ()
    mark: str = ""
    most: tuple[str, ...] = ()
    locked: tuple[str, ...] = ()
    locked_words: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    points_row: str = ""


CANVAS = ColumnsOf(
    system="canvas",
    title="Canvas' gradebook",
    source="instructure/canvas-lms: lib/gradebook_exporter.rb, lib/gradebook_importer.rb",
    example="Student,ID,SIS Login ID,Section,hw1 (4711),Current Score",
    needed=(("Student", "LastName"), ("ID",), ("Section",)),
    keys=("ID", "SIS User ID", "SIS Login ID"),
    ids=("ID", "SIS Login ID", "SIS User ID"),
    lms_id="ID",
    first_name=("FirstName",),
    last_name=("LastName",),
    full_name=("Student",),
    mark=r"(?P<title>.*)\s\(\d+\)",
    closed=("EX", "N/A"),
    points_row="Points Possible",
)

_IDENTIFIER = ("Identifier", "ID", "Identifiant", "Identificador")
_GRADE = ("Grade", "Bewertung", "Note", "Calificación")
_MODIFIED = (
    "Last modified (grade)",
    "Zuletzt geändert (Bewertung)",
    "Dernière modification (note)",
    "Última modificación (calificación)",
)
_EMAIL = ("Email address", "E-Mail-Adresse", "Dirección de correo")

MOODLE = ColumnsOf(
    system="moodle",
    title="Moodle's grading worksheet",
    source="moodle/moodle: mod/assign/feedback/offline/{importgradeslib,locallib}.php, "
    "lang/{en,de,fr,es}/assign.php",
    example="Identifier,Full name,Email address,Status,Grade,Maximum grade,"
    "Grade can be changed,Last modified (grade),Feedback comments",
    needed=(_IDENTIFIER, _GRADE, _MODIFIED),
    keys=_IDENTIFIER,
    ids=("ID number", "Username", *_EMAIL),
    full_name=("Full name", "Vollständiger Name", "Nom complet", "Nombre completo"),
    email=_EMAIL,
    mark="(?:" + "|".join(_GRADE) + ")",
    most=("Maximum grade", "Bestwertung", "Note maximale", "Calificación máxima"),
    locked=(
        "Grade can be changed",
        "Bewertung kann geändert werden",
        "La calificación puede ser cambiada",
    ),
    locked_words=("No", "Nein", "Non"),
)
"""Its rows go by the participant's number, another one in each assignment. Each has one mark."""

MOODLE_PARTICIPANTS = ColumnsOf(
    system="moodle",
    title="Moodle's list of participants",
    source="no vendor text; a third-party exporter's tests; the names are those of Moodle's fields",
    example="First name,Last name,ID number,Email address",
    needed=(("First name",), ("Last name", "Surname"), ("Email address", "ID number", "Username")),
    keys=("ID number", "Username", "Email address"),
    ids=("ID number", "Username", "Email address"),
    first_name=("First name",),
    last_name=("Last name", "Surname"),
    email=("Email address",),
)

BLACKBOARD = ColumnsOf(
    system="blackboard",
    title="Blackboard's grade centre",
    source="library.blackboard.com: Uploading or Downloading … Offline; third-party parsers",
    example='"Last Name","First Name","Username","Student ID","hw1 [Total Pts: 10 Score] |1281892"',
    needed=(("Last Name",), ("First Name",), ("Username",)),
    keys=("Username",),
    ids=("Username", "Student ID"),
    first_name=("First Name",),
    last_name=("Last Name",),
    mark=r"(?P<title>.+?) \[Total Pts: (?P<most>[\d.,]+)(?: (?!Letter|Text)[^\]]+)?\] ?\|\d+",
)
"""A column with "up to" is computed, and is not taken back."""

BRIGHTSPACE = ColumnsOf(
    system="brightspace",
    title="Brightspace's grades",
    source="community.d2l.com: Importing grades; test data of third-party parsers",
    example="OrgDefinedId,Username,Last Name,First Name,"
    "hw1 Points Grade <Numeric MaxPoints:12 Weight:1>,End-of-Line Indicator",
    needed=(("OrgDefinedId", "Username"), ("End-of-Line Indicator",)),
    keys=("OrgDefinedId", "Username"),
    ids=("OrgDefinedId", "Username"),
    first_name=("First Name",),
    last_name=("Last Name",),
    email=("Email",),
    mark=r"(?P<title>.+?) Points Grade(?: <Numeric MaxPoints:(?P<most>[\d.,]+)[^>]*>)?",
)
"""Its ids begin with `#`, which is kept in the table and is none of them."""

GITHUB = ColumnsOf(
    system="github",
    title="GitHub Classroom's grades",
    source="github/gh-classroom: cmd/gh-classroom/assignment-grades",
    example="assignment_name,github_username,roster_identifier,points_awarded,points_available",
    needed=(("github_username",), ("roster_identifier",)),
    keys=("github_username", "roster_identifier"),
    ids=("github_username",),
)

NBGRADER = ColumnsOf(
    system="nbgrader",
    title="nbgrader's own table of students",
    source="jupyter/nbgrader: nbgrader/apps/dbapp.py",
    example="id,first_name,last_name,email,lms_user_id",
    needed=(("id",),),
    keys=("id",),
    ids=("id",),
    lms_id="lms_user_id",
    first_name=("first_name",),
    last_name=("last_name",),
    email=("email",),
)

TABLES = (CANVAS, MOODLE, BRIGHTSPACE, BLACKBOARD, MOODLE_PARTICIPANTS, GITHUB, NBGRADER)
"""In the order in which a header is tried: those first whose names are the most particular."""

WITH_MARKS = ("canvas", "moodle", "blackboard", "brightspace")
"""The systems that take marks back in a table."""
