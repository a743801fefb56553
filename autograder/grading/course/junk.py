"""What programs leave between people's folders and files."""

JUNK = frozenset({"__macosx", "__pycache__", "thumbs.db", "desktop.ini", "lost+found"})
"""What programs leave behind, in small letters; and everything whose name begins with a dot."""


def is_junk(name: str) -> bool:
    """Whether a file or folder of this name is what a program left, and nobody's work."""
    return name.startswith(".") or name.lower() in JUNK
