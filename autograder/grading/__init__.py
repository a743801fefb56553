"""For instructors: nbgrader's side of the course."""

import sys

from autograder.grading.older_names import keep_importable

# Jupyter's schemas would import a grammar of web addresses: a second, and it serves nobody here.
sys.modules.setdefault("rfc3987_syntax", None)
keep_importable()
