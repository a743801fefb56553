"""The notebook that this kernel belongs to, as far as anybody tells where it lies."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

BEGAN_IN = Path.cwd()
"""Where Python was when this was first imported: a notebook's own folder, before any `%cd`."""
_SESSION = os.environ.get("JPY_SESSION_NAME", "")
"""The notebook's path, where Jupyter tells it."""


def told_paths(names: Mapping[str, Any]) -> list[Path]:
    """Where it should lie, by VS Code and by Jupyter; not all that is told is so.

    Args:
        names: the notebook's own, among which VS Code puts its path.
    """
    told = (names.get("__vsc_ipynb_file__"), _SESSION)
    return [path for each in told if each and (path := Path(str(each))).is_absolute()]


def code_cells(names: Mapping[str, Any]) -> list[str]:
    """What stands in its cells of code, as it was saved; nothing where it is not found.

    Args:
        names: as for `told_paths`.
    """
    paths = [path for path in told_paths(names) if path.is_file()] or _alone_in(BEGAN_IN)
    try:
        cells = json.loads(paths[0].read_text(encoding="utf-8"))["cells"]
        return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    except (OSError, ValueError, LookupError, TypeError):
        return []


def _alone_in(folder: Path) -> list[Path]:
    """The notebook of a folder that has one: as each chapter's has."""
    found = list(folder.glob("*.ipynb"))
    return found if len(found) == 1 else []
