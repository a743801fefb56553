"""The command line: `autograder VERB …`, or `python -m autograder VERB …`."""

import sys

from autograder.import_path import only_installed


def main(argv: list[str] | None = None) -> int:
    """Run one verb; return its exit code."""
    only_installed()
    # Only now: until here, `python -m` would import from the working folder first.
    from autograder.commands import run

    return run(argv)


if __name__ == "__main__":
    sys.exit(main())
