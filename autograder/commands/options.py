"""Options that verbs have in common."""

import argparse
from datetime import tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

from dateutil.tz import tzlocal


def add_course(parser: argparse.ArgumentParser) -> None:
    """`--course`: the folder with solutions/ and nbgrader_config.py."""
    parser.add_argument(
        "--course", type=Path, default=Path(), help="the course's folder (default: this one)"
    )


def add_timezone(parser: argparse.ArgumentParser, what: str) -> None:
    """`--timezone`: a time zone by its name, else this machine's.

    Args:
        parser: the verb's.
        what: what it is the zone of.
    """
    parser.add_argument(
        "--timezone",
        type=_zone,
        default=tzlocal(),
        metavar="ZONE",
        help=f"{what} (default: this machine's)",
    )


def _zone(name: str) -> tzinfo:
    """The time zone of this name.

    Raises:
        ArgumentTypeError: if there is none.
    """
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        message = f"{name!r} is no time zone: give one such as Europe/Berlin, or UTC"
        raise argparse.ArgumentTypeError(message) from None
