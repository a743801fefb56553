"""The grader's side of the process that judges: ask it, and do without it where it takes too long.

The graph that a student's code made is walked, compared and drawn there, never in the grader.
"""

from __future__ import annotations

import atexit
import hashlib
import json
import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from autograder.by_value.asking import REFUSED, SWITCH
from autograder.judging.own_sizes import OwnSizes
from autograder.judging.references import Reference

WALL = 30
"""A request may last this many times its processor time by the clock: the machine may be busy."""

LARGEST_REQUEST = 20_000_000
"""Characters of all that one cell recorded; Xception called twice has under 300,000."""


class NotJudged(Exception):
    """Judging was given up; the message is a sentence that says why."""


class JudgingProcess:
    """One process that judges, started when it is first asked and anew after it was killed."""

    def __init__(self, seconds: float, memory: int, by_value: str = REFUSED) -> None:
        """Take what a request may take, and which networks are evaluated.

        Args:
            seconds: of processor time.
            memory: in bytes.
            by_value: "off", "refused" or "all"; the environment's word counts more.
        """
        self.seconds, self.memory, self.by_value = seconds, memory, by_value
        self._process: subprocess.Popen[bytes] | None = None
        self._known: set[str] = set()
        self._lock = threading.Lock()
        atexit.register(self.end)

    def ask(
        self,
        recorded: list[Any],
        error: str,
        points: float,
        visible: Reference,
        *,
        hidden: Reference | None = None,
        own: OwnSizes | None = None,
    ) -> dict[str, Any]:
        """Have a check cell judged, as `autograder.judging.requests.graded` does.

        Raises:
            NotJudged: if it takes more time or memory than it may.
        """
        keys = [_keyed(reference) for reference in (visible, hidden) if reference is not None]
        request = {
            "recorded": recorded,
            "error": error,
            "points": points,
            "visible": keys[0][0],
            "hidden": None if hidden is None else keys[1][0],
        }
        if own is not None:
            others = [other.to_json() for other in own.others]
            request["own"] = {"note": own.note, "others": others}
        with self._lock:
            process = self._running()
            request["new"] = {key: data for key, data in keys if key not in self._known}
            try:
                line = json.dumps(request).encode()
            except (ValueError, TypeError, RecursionError):
                raise NotJudged("What the check recorded cannot be written down.") from None
            if len(line) > LARGEST_REQUEST:
                raise NotJudged("What the check recorded is far too large to be judged.")
            answer = self._asked(process, line)
            if "gave_up" not in answer:
                self._known.update(key for key, _ in keys)
        if answer.get("gave_up") == "time":
            raise NotJudged(self._too_long())
        if answer.get("gave_up") == "memory":
            raise NotJudged(f"Judging this answer took more than {self.memory:,} bytes of memory.")
        if "gave_up" in answer:
            raise NotJudged(f"Judging this answer failed: {answer['gave_up']}.")
        return answer

    def end(self) -> None:
        """End the process, if there is one."""
        process, self._process = self._process, None
        self._known = set()
        if process is not None:
            _kill(process)
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()

    def _too_long(self) -> str:
        return f"Judging this answer took longer than {self.seconds:g} seconds."

    def _asked(self, process: subprocess.Popen[bytes], line: bytes) -> dict[str, Any]:
        assert process.stdin is not None and process.stdout is not None
        timer = threading.Timer(WALL * self.seconds, _kill, (process,))
        timer.start()
        try:
            process.stdin.write(line + b"\n")
            process.stdin.flush()
            answer = process.stdout.readline()
        except OSError:
            answer = b""
        finally:
            timer.cancel()
        if answer.endswith(b"\n"):
            return json.loads(answer)
        self.end()
        raise NotJudged(self._too_long())

    def _running(self) -> subprocess.Popen[bytes]:
        # Where students have references of their own, a process would know more and more of them.
        is_full = len(self._known) > _MOST_KEYS
        if self._process is None or is_full or self._process.poll() is not None:
            self.end()
            limits = (str(self.seconds), str(self.memory))
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "autograder.judging.process", *limits],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=Path(__file__).anchor,
                env={SWITCH: self.by_value, **os.environ},
                start_new_session=True,  # an interrupt is the grader's to handle
            )
        return self._process


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End a process, and the program that draws for it: they are a group of their own."""
    if process.poll() is None:
        with suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL) if os.name == "posix" else process.kill()


def judging_process(seconds: float, memory: int, by_value: str) -> JudgingProcess:
    """The judging process of this process, with these limits; made once."""
    return _of_process(os.getpid(), seconds, memory, by_value)


@lru_cache(maxsize=4)
def _of_process(pid: int, seconds: float, memory: int, by_value: str) -> JudgingProcess:
    return JudgingProcess(seconds, memory, by_value)


def _keyed(reference: Reference) -> tuple[str, tuple[str, Any]]:
    """A reference as data, under a key that says what is in it."""
    known = _KEYS.get(id(reference))
    if known is None or known[0] is not reference:
        data = (reference.exercise, reference.to_json())
        key = hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()
        known = _KEYS[id(reference)] = (reference, (key, data))
        if len(_KEYS) > _MOST_KEYS:
            _KEYS.pop(next(iter(_KEYS)))
    return known[1]


_KEYS: dict[int, tuple[Reference, tuple[str, tuple[str, Any]]]] = {}
_MOST_KEYS = 500
