"""Options that verbs have in common."""

import argparse
from pathlib import Path


def add_course(parser: argparse.ArgumentParser) -> None:
    """`--course`: the folder with solutions/ and nbgrader_config.py."""
    parser.add_argument(
        "--course", type=Path, default=Path(), help="the course's folder (default: this one)"
    )
