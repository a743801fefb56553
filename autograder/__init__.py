"""A course on the Keras functional API, and a grader that names the mistake in a network's wiring.

What a notebook needs is here by name; each is loaded when it is first asked for, so that the
rooms that work without TensorFlow (`graphs`, `judging`) never import it.
"""

from importlib import import_module

_WHERE = {
    "asks": "autograder.checking",
    "brief": "autograder.checking",
    "check": "autograder.checking",
    "collect": "autograder.checking",
    "mistakes": "autograder.checking",
    "check_training": "autograder.training",
    "compare": "autograder.judging.comparing",
    "draw": "autograder.graphs.draw",
    "explain": "autograder.teaching.explain",
    "practice": "autograder.practising",
    "progress": "autograder.grading.notebooks.own_progress",
    "varies": "autograder.checking",
    "watch": "autograder.training",
    "why": "autograder.checking",
}
_USES_TENSORFLOW = {"check", "check_training", "draw", "explain", "practice", "watch"}

__all__ = sorted(_WHERE)


def __getattr__(name: str) -> object:
    if name not in _WHERE:
        raise AttributeError(f"module 'autograder' has no attribute {name!r}")
    if name in _USES_TENSORFLOW:
        from autograder.quiet import import_tensorflow

        import_tensorflow()
        from autograder.teaching.explained_errors import show_under_errors

        show_under_errors()
    value = getattr(import_module(_WHERE[name]), name)
    globals()[name] = value
    return value
