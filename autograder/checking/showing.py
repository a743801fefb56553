"""Show things in a notebook, where this runs in one."""

from __future__ import annotations

from typing import Any


def show(bundle: dict[str, Any]) -> bool:
    """Show the same in several kinds, such as HTML and text; False outside a notebook.

    Args:
        bundle: by MIME type what is shown, or only kept in the cell's output.
    """
    if not hasattr(shell(), "kernel"):
        return False
    from IPython.display import display

    display(bundle, raw=True)
    return True


def shell() -> Any:
    """The IPython that this runs in, if it runs in one."""
    try:
        from IPython import get_ipython
    except ImportError:
        return None
    return get_ipython()
