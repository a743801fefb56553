"""How nbgrader runs this course.

Works for every `nbgrader …` command and for the formgrader when they are started in this folder.
A copy of the file in another folder makes that folder a course of its own: everything is placed
relative to the file. What must hold for every class is set by the package (`configure`); what a
class wants otherwise stands at the end.
"""

import glob
import os
import sys
from pathlib import Path

COURSE = Path(__file__).resolve().parent

# nbgrader lets Python look first into the folder that it is started in. Whatever lies there (a copy
# of the package, a json.py), all processes use what is installed.
while os.path.realpath(sys.path[0]) in {os.getcwd(), str(COURSE)}:
    del sys.path[0]
from autograder import import_path  # noqa: E402

import_path.only_installed(COURSE)
if wrong := import_path.wrong_package():
    sys.exit(f"{COURSE / 'nbgrader_config.py'}: {wrong}")
from autograder.grading.settings import configure  # noqa: E402

if glob.escape(str(COURSE)) != str(COURSE):
    sys.exit(f"{COURSE}: nbgrader finds nothing in a folder with [, * or ? in its name. Rename it.")

c = get_config()  # noqa: F821 (nbgrader puts it there)
configure(c, COURSE)

# --- where things are -----------------------------------------------------------------------------
CLASSROOM = COURSE / "classroom"
CLASSROOM.mkdir(mode=0o700, exist_ok=True)  # SQLite makes a file, but no folder; grades are private

# Forward slashes on Windows too: nbgrader puts these names into regular expressions.
c.CourseDirectory.course_id = "keras-functional"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "course"
c.CourseDirectory.submitted_directory = "classroom/submitted"
c.CourseDirectory.autograded_directory = "classroom/autograded"
c.CourseDirectory.feedback_directory = "classroom/feedback"
c.CourseDirectory.solution_directory = "classroom/solution"
c.CourseDirectory.source_with_tests_directory = "classroom/source_with_tests"
c.CourseDirectory.db_url = f"sqlite:///{(CLASSROOM / 'gradebook.db').as_posix()}"
c.ExportPlugin.to = str(CLASSROOM / "grades.csv")

# --- what this class wants otherwise --------------------------------------------------------------
# The sandbox's limits, for one: c.SandboxProvisioner.memory = 6_000_000_000, and so on
# (autograder/grading/sandbox/limits.py).
