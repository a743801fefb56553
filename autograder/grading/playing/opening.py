"""Show a page to whoever sits at this machine, if somebody does."""

from __future__ import annotations

import os
import sys
import webbrowser
from pathlib import Path


def opened(page: Path) -> bool:
    """Open a page in a browser, if there is one with windows, and a terminal that was typed into.

    Returns:
        Whether a browser was asked to.
    """
    if not sys.stdout.isatty() or not _has_windows():
        return False
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return False
    if type(browser) is webbrowser.GenericBrowser:  # one of text: it would take the terminal
        return False
    return browser.open(page.resolve().as_uri())


def _has_windows() -> bool:
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
