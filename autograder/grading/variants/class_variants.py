"""What a class keeps of its variants: which exercises differ, between what, and the secret.

Two files beside the gradebook. The secret is made once. What an exercise's choices were when it was
handed out is kept with it, so that a chapter that is edited later does not change whose is what.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.grading.variants.own_numbers import SCHEME, own_choices
from autograder.judging.varied import Choice, Varied
from autograder.problem import Problem

RECORD = "variants.json"
SECRET = "variants.secret"
"""Files in the class's own folder."""
_BYTES = 32
"""How long a secret is."""


@dataclass(frozen=True)
class Variants:
    """The exercises of an assignment that differ from student to student in a class.

    Attributes:
        secret: the class's.
        scheme: the way of drawing that the class began with.
        exercises: what varies, by exercise.
    """

    secret: bytes
    scheme: int
    exercises: Mapping[str, Varied]

    def own(self, student: str) -> dict[str, dict[str, Choice]]:
        """What a student has: by exercise, by name; for an id that nobody has heard of as well."""
        return {
            exercise: own_choices(self.secret, self.scheme, student, varied)
            for exercise, varied in self.exercises.items()
        }


def variants_of(folder: Path, assignment: str) -> Variants | None:
    """What varies in an assignment; None if nothing does.

    Args:
        folder: the class's own folder, where the engine keeps what is no grade.
        assignment: the assignment's name.

    Raises:
        Problem: if the secret is gone or another one, or the record is damaged.
    """
    record = _record(folder)
    exercises = record["assignments"].get(assignment)
    if not exercises:
        return None
    return Variants(_secret(folder, record), record["scheme"], exercises)


def turn_on(folder: Path, assignment: str, exercises: Mapping[str, Varied]) -> Variants:
    """Let exercises differ from now on; what differs already stays as it was handed out.

    Raises:
        Problem: if the secret is gone or another one, or the record is damaged.
    """
    record = _record(folder)
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / RECORD).exists():
        record["secret"] = _mark(_make_secret(folder))
    _secret(folder, record)
    record["assignments"][assignment] = {
        **exercises,
        **record["assignments"].get(assignment, {}),
    }
    _write(folder, record)
    found = variants_of(folder, assignment)
    assert found is not None
    return found


def turn_off(folder: Path, assignment: str, only: Collection[str] | None = None) -> list[str]:
    """Let exercises be the same for everybody again; the secret stays.

    Args:
        folder: the class's own folder.
        assignment: the assignment's name.
        only: which of its exercises; None for all.

    Returns:
        Those that were not.
    """
    record = _record(folder)
    differ = record["assignments"].get(assignment, {})
    ended = [exercise for exercise in differ if only is None or exercise in only]
    if ended:
        left = {name: varied for name, varied in differ.items() if name not in ended}
        record["assignments"] |= {assignment: left}
        _write(folder, record)
    return ended


def carried(folder: Path, assignment: str) -> bytes:
    """What a worker needs to know of an assignment's variants; nothing where there are none."""
    found = variants_of(folder, assignment)
    if found is None:
        return b""
    record = {
        "scheme": found.scheme,
        "secret": _mark(found.secret),
        "assignments": {assignment: found.exercises},
    }
    return json.dumps([found.secret.hex(), _as_data(record)]).encode()


def lay_down(folder: Path, variants: bytes) -> None:
    """Put what was carried where `variants_of` looks for it."""
    secret, record = json.loads(variants)
    folder.mkdir(parents=True, exist_ok=True)
    _write_secret(folder, secret)
    (folder / RECORD).write_text(json.dumps(record), encoding="utf-8")


def _record(folder: Path) -> dict[str, Any]:
    path = folder / RECORD
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        assignments = {
            assignment: {name: Varied.from_json(each) for name, each in exercises.items()}
            for assignment, exercises in data["assignments"].items()
        }
        return {
            "scheme": int(data["scheme"]),
            "secret": str(data["secret"]),
            "assignments": assignments,
        }
    except FileNotFoundError:
        return {"scheme": SCHEME, "secret": "", "assignments": {}}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Problem(
            f"{path} is damaged ({error}), and without it nobody knows whose sizes are which. Put "
            "it back from your backup"
        ) from None


def _as_data(record: Mapping[str, Any]) -> dict[str, Any]:
    assignments = {
        assignment: {name: varied.to_json() for name, varied in exercises.items()}
        for assignment, exercises in record["assignments"].items()
    }
    return {**record, "assignments": assignments}


def _write(folder: Path, record: Mapping[str, Any]) -> None:
    fresh = folder / f".{RECORD}.new"
    text = json.dumps(_as_data(record), indent=1, ensure_ascii=False)
    fresh.write_text(text + "\n", encoding="utf-8")
    fresh.replace(folder / RECORD)


def _secret(folder: Path, record: Mapping[str, Any]) -> bytes:
    path = folder / SECRET
    try:
        secret = _read_secret(path)
        what = "" if _mark(secret) == record["secret"] else "is not the one that"
    except FileNotFoundError:
        what = "is gone, by which"
    except (OSError, ValueError) as error:
        what = f"cannot be read ({error}), by which"
    if what:
        raise Problem(
            f"{path} {what} this class's own sizes were drawn. Put it back from your backup: by "
            "another one everybody would have other sizes than their notebook says"
        )
    return secret


def _read_secret(path: Path) -> bytes:
    secret = bytes.fromhex(path.read_text(encoding="ascii"))
    if len(secret) != _BYTES:
        raise ValueError(f"it has {len(secret)} bytes and not {_BYTES}")
    return secret


def _make_secret(folder: Path) -> bytes:
    """A new secret; one that is there already stays, with or without a record.

    Raises:
        Problem: if what is there is none: half of one can be guessed.
    """
    path = folder / SECRET
    if not path.exists():
        _write_secret(folder, secrets.token_hex(_BYTES))
    try:
        return _read_secret(path)
    except (OSError, ValueError) as error:
        raise Problem(
            f"{path} is no secret to draw by ({error}). Nothing was drawn by it yet: remove it, "
            "and another one is made"
        ) from None


def _write_secret(folder: Path, text: str) -> None:
    descriptor = os.open(folder / SECRET, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text)


def _mark(secret: bytes) -> str:
    """By what a secret is known again, and not found out."""
    return hashlib.sha256(b"which secret: " + secret).hexdigest()[:16]
