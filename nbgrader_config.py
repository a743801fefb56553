"""How nbgrader runs this course.

Works for every `nbgrader …` command and for the formgrader when they are started in this folder.
A copy of the file in another folder makes that folder a course of its own: everything is placed
relative to the file.
"""

import glob
import os
import sys
import warnings
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

if glob.escape(str(COURSE)) != str(COURSE):
    sys.exit(f"{COURSE}: nbgrader finds nothing in a folder with [, * or ? in its name. Rename it.")

CLASSROOM = COURSE / "classroom"
CLASSROOM.mkdir(mode=0o700, exist_ok=True)  # SQLite makes a file, but no folder; grades are private

c = get_config()  # noqa: F821 (nbgrader puts it there)

# --- where things are -----------------------------------------------------------------------------
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
c.ExportApp.plugin_class = "autograder.grading.grades_csv.SafeCsv"  # no cell of it is a formula
c.ExportPlugin.to = str(CLASSROOM / "grades.csv")

# Copied neither to students nor beside their code while it is graded; nbgrader's own four first.
c.CourseDirectory.ignore = [
    ".ipynb_checkpoints",
    "*.pyc",
    "__pycache__",
    "feedback",
    ".*",
    "hidden_*",
]

# What is foreign in log lines (ids, names of files) does nothing to the terminal.
HARMLESS = {"class": "autograder.grading.logs.HarmlessFormatter"}
c.NbGrader.logging_config = {"formatters": {"console": HARMLESS}}

# --- what students see in an exercise they have not done ------------------------------------------
NOT_DONE = "Exercise not done yet: replace this line with your answer."
c.ClearSolutions.code_stub = {"python": f'raise NotImplementedError("{NOT_DONE}")'}

# A notebook that cannot be released is found before the release that is there is removed.
c.GenerateAssignment.exporter_class = "autograder.grading.sources.SourceExporter"

# Of an exam (`"autograder": {"exam": true}` in the metadata of the solution's notebook) no
# reference is released: checks only record what students answer.
c.GenerateAssignment.preprocessors.prepend(["autograder.grading.exam.WithholdReferences"])

# --- running submissions --------------------------------------------------------------------------
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # TensorFlow's log lines would count as errors
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")  # the same rounding on every processor

c.Execute.timeout = 600  # seconds a cell; the default of 30 is too short for training
c.Execute.shutdown_kernel = "immediate"
c.Execute.skip_cells_with_tag = "skip-when-grading"  # cells that train or draw, and feed no check
c.KernelManager.transport_encryption = "auto"  # else every kernel warns that it is not encrypted

# Submissions run in a sandbox, in a kernel that has TensorFlow loaded already; where there is no
# bubblewrap they run with all of your rights, and a loud line says so. Its limits can be set here:
# c.SandboxProvisioner.memory = 6_000_000_000, and so on (autograder/grading/sandbox/limits.py).
KERNELS = Path(import_path.PACKAGE) / "grading" / "jupyter"
paths = [str(KERNELS), *os.environ.get("JUPYTER_PATH", "").split(os.pathsep)]
os.environ["JUPYTER_PATH"] = os.pathsep.join(dict.fromkeys(filter(None, paths)))
c.Execute.kernel_name = "autograder-sandbox"
c.SandboxProvisioner.hidden = [str(COURSE)]

# Links in a submission are never followed: neither when it is collected nor when it is graded.
c.ExchangeFactory.collect = "autograder.grading.submissions.links.CollectWithoutLinks"
c.Autograde.pre_convert_hook = "autograder.grading.submissions.links.set_links_aside"

# The released notebook with the student's answers in it: nothing else of a submission is run.
# nbgrader's ClearOutput is not here: cells that are skipped keep what the student saw.
c.Autograde.sanitize_preprocessors = [
    "autograder.grading.graft.Graft",
    "nbgrader.preprocessors.DeduplicateIds",
    "nbgrader.preprocessors.OverwriteKernelspec",
    "autograder.grading.restore.RestoreCells",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# A submission that is not a notebook, or has no answer cell in it: one clear line in the log, and
# a feedback page that says so. And before the first: the reference solution is graded once.
c.Autograde.exporter_class = "autograder.grading.engine.reference_first.ReferenceFirst"

# What a check cell recorded is judged in the grader's process; what it claims counts for nothing.
c.Autograde.autograde_preprocessors = [
    "autograder.grading.execute.ExecuteSubmission",
    "autograder.grading.own_cells.OwnCells",  # where one fails by itself, nothing is scored
    "autograder.grading.judge.Judge",
    "autograder.grading.harmless.notebook.Harmless",  # what a student wrote runs in no browser
    "nbconvert.preprocessors.CoalesceStreamsPreprocessor",  # a progress bar is one line
    "nbgrader.preprocessors.IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "autograder.grading.judge.Cards",  # the score is read: what people see is the card
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# Always anew: nbgrader goes by the time of handing in, which stays the same where a person gives
# points, where a due date moves, or where files come without a time.
c.GenerateFeedback.force = True

# Feedback pages without the hidden cases: stock nbgrader shows them. And with a policy by which a
# browser runs nothing in them but MathJax.
c.GenerateFeedback.exporter_class = "autograder.grading.feedback.FeedbackExporter"
c.GenerateFeedback.preprocessors = [
    "nbgrader.preprocessors.GetGrades",
    "nbgrader.preprocessors.ClearHiddenTests",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
]

# The formgrader's page of a submission, nbgrader's own, with such a policy, too.
c.HTMLExporter.template_name = "guarded"
c.HTMLExporter.template_file = "guarded.html.j2"
c.HTMLExporter.filters = {"guarded": "autograder.grading.formgrader.guarded"}
c.FeedbackExporter.template_name = "feedback"
c.FeedbackExporter.template_file = "index.html.j2"

# nbgrader 0.9.6 with SQLAlchemy 2.1: three warnings for each new student, about nothing.
warnings.filterwarnings("ignore", message="Object of type <Submitted.*> not in session")
