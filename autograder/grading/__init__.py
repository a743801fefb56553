"""For instructors: nbgrader's side of the course."""

import sys

# Jupyter's schemas import a grammar of web addresses, which takes a second and serves nobody here.
if sys.modules.setdefault("rfc3987_syntax", None) is None:
    import jsonschema  # noqa: F401 (it does without what cannot be imported)

    del sys.modules["rfc3987_syntax"]
