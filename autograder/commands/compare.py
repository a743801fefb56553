"""`autograder compare`: judge one saved network by another, from a shell."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from autograder.graphs import NotReadable
from autograder.judging.comparing import compare
from autograder.judging.files import read_file
from autograder.problem import Problem


def main(arguments: Sequence[str]) -> int:
    """Compare two files; return 0 where they hold the same network, else 1."""
    parser = argparse.ArgumentParser(
        prog="autograder compare",
        description="Judge one saved network by another: exit code 0 if they are the same network.",
    )
    files = "a .keras file, JSON of model.to_json(), or evidence"
    parser.add_argument("reference", type=Path, help=f"what it should be: {files}")
    parser.add_argument("answer", type=Path, help=f"what is judged: {files}")
    parser.add_argument("--json", action="store_true", help="print the verdict as JSON")
    options = parser.parse_args(arguments)
    try:
        verdict = compare(read_file(options.answer), read_file(options.reference))
    except NotReadable as error:
        raise Problem(str(error)) from None
    if options.json:
        print(json.dumps(verdict.to_json(), indent=1, ensure_ascii=False))
    else:
        print(f"{options.answer.name}: {verdict}")
    return 0 if verdict.passed else 1
