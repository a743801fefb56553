"""For instructors: nbgrader's side of the course."""

import sys

# Jupyter's schemas would import a grammar of web addresses: a second, and it serves nobody here.
sys.modules.setdefault("rfc3987_syntax", None)
