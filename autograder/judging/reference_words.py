"""A verdict in the words of somebody who compares two networks: no exercise asks for either.

Findings are written for students: what "the exercise" or "the question" asks for, what "the
solution" has. Where
there is none of these, both are the reference. Names of layers, which stand in quotes, are not
touched.
"""

from __future__ import annotations

import re
from dataclasses import replace

from autograder.judging.verdict import Finding, Verdict

_QUOTED = re.compile(r"""((?<!\w)'(?:[^'\\\n]|\\.)*'(?!\w)|"(?:[^"\\\n]|\\.)*")""")
_WORDS = re.compile(r"\b(?:(t|T)h(?:e|is) )(?:exercise|question|solution)\b")


def in_words_of_reference(verdict: Verdict) -> Verdict:
    """The verdict with "the reference" for what it calls the exercise, or its solution."""
    findings = tuple(map(_reworded, verdict.findings))
    return replace(verdict, findings=findings, notes=tuple(map(_of_reference, verdict.notes)))


def _reworded(finding: Finding) -> Finding:
    return replace(
        finding,
        message=_of_reference(finding.message),
        expected=_of_reference(finding.expected),
        found=_of_reference(finding.found),
        next_step=_of_reference(finding.next_step),
    )


def _of_reference(text: str) -> str:
    parts = _QUOTED.split(text)
    parts[::2] = [_WORDS.sub(r"\1he reference", part) for part in parts[::2]]
    return "".join(parts)
