"""A stand-in for Colab's own module, for code that takes it for granted.

Code that asks whether it is there, by catching the error, hears the truth: it has another way.
"""

from __future__ import annotations

import errno
import importlib.abc
import importlib.machinery
import os
import sys
from collections.abc import Callable, Sequence
from types import FrameType, ModuleType
from typing import Any

from autograder.grading.sandbox.passing_over import is_in_a_try

NAME = "google.colab"


class _NothingUploaded(dict):
    """What `files.upload` returns: whoever looks for a file in it does not find it."""

    def __missing__(self, file: str) -> None:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), file)


ANSWERS = {"files.upload": _NothingUploaded, "files.upload_file": str, "userdata.get": str}
"""What some functions return; the others return None."""

IsStudents = Callable[[FrameType], bool]


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds `google.colab`, and `google` where no package of that name is installed."""

    def __init__(self, is_students: IsStudents, tell: Callable[[str], None]) -> None:
        self._is_students = is_students
        self._tell = tell

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Find it for a student's own line; libraries ask for it to know where they are."""
        if fullname != "google" and not f"{fullname}.".startswith(f"{NAME}."):
            return None
        importer = _importer()
        if importer is None or not self._is_students(importer):
            return None
        if is_in_a_try(importer.f_code.co_filename, importer.f_lineno):
            return None
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        """Make it."""
        if spec.name == "google":
            return ModuleType(spec.name)
        self._tell(f"{spec.name} is only in Colab; a stand-in is used when grading.")
        return _Standin(spec.name, self._tell)

    def exec_module(self, module: ModuleType) -> None:
        """There is nothing to run."""


class _Standin(ModuleType):
    """A module each of whose functions says that it does nothing, and does nothing."""

    def __init__(self, name: str, tell: Callable[[str], None]) -> None:
        super().__init__(name)
        self.__path__: list[str] = []
        self.__dict__["_tell"] = tell

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        whole = f"{self.__name__}.{name}"
        if name.endswith("Error"):
            return type(name, (Exception,), {})
        short, tell = whole.removeprefix(f"{NAME}."), self.__dict__["_tell"]
        if short.count(".") == 0:  # `import google.colab`, then google.colab.drive.mount(…)
            return sys.modules.setdefault(whole, _Standin(whole, tell))

        def does_nothing(*_: Any, **__: Any) -> Any:
            tell(f"{short}() does nothing when grading: it is only in Colab.")
            return ANSWERS.get(short, lambda: None)()

        return does_nothing


def _importer() -> FrameType | None:
    """The frame whose import statement is being carried out."""
    frame = sys._getframe(1)
    while frame is not None and (
        frame.f_globals.get("__name__", "").startswith("importlib")
        or "importlib" in frame.f_code.co_filename
        or frame.f_globals is globals()
    ):
        frame = frame.f_back
    return frame


def install(is_students: IsStudents, tell: Callable[[str], None]) -> None:
    """Make it importable, after everything that is really there.

    Args:
        is_students: whether a frame is of a student's own code.
        tell: hears what the stand-in has to say.
    """
    sys.meta_path.append(_Finder(is_students, tell))
