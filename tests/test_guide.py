"""What the guides tell people to type is there."""

import importlib
import re
import shlex
from pathlib import Path

import pytest
from nbgrader.apps.nbgraderapp import NbGraderApp

from autograder.commands import VERBS

ROOT = Path(__file__).parents[1]
GUIDES = [ROOT / "README.md", *sorted(ROOT.glob("docs/*.md")), ROOT / "deploy" / "README.md"]
KINDS = {
    "nbgrader": set(NbGraderApp.subcommands),
    "autograder": set(VERBS),
    "make": set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.M)),
}


def commands(text):
    """Commands and their first word, where a guide shows what is typed: fences, backticks."""
    typed = [
        line for fence in re.findall(r"```sh\n(.*?)```", text, re.S) for line in fence.split("\n")
    ]
    typed += re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.S))
    for line in typed:
        if match := re.match(r"(nbgrader|autograder|make) ([a-z][\w-]*)(?= |$)", line.strip()):
            yield match.groups()


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_command_exists(guide):
    missing = [
        f"{tool} {word}" for tool, word in commands(guide.read_text()) if word not in KINDS[tool]
    ]
    assert missing == []


def test_commands_are_found():
    found = {command for guide in GUIDES for command in commands(guide.read_text())}
    assert len(found) > 10 and ("nbgrader", "generate_feedback") in found
    assert list(commands("```sh\nnbgrader formgrader    # x\n```")) == [("nbgrader", "formgrader")]


def test_every_file_that_is_named_is_there():
    for guide in GUIDES:
        named = re.findall(r"`((?:autograder|docs|tests|deploy)/[\w/.-]+\.\w+)`", guide.read_text())
        assert [name for name in named if not (ROOT / name).exists()] == [], guide.name


HOW = (ROOT / "docs" / "how-it-works.md").read_text()
ROOMS = (
    ROOT,
    ROOT / "autograder",
    *(ROOT / "autograder" / room for room in ("grading", "judging")),
)
ROOMS += (ROOT / "autograder" / "judging" / "misconceptions", ROOT / "tests" / "sets")


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`([a-z][\w/]*(?:\.py|/))`", HOW))))
def test_every_place_on_the_map_is_there(name):
    assert any((room / name).exists() for room in ROOMS)


SECURITY = (ROOT / "docs" / "security.md").read_text()


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`([\w/]+\.py)`", SECURITY))))
def test_every_file_that_holds_a_promise_is_there(name):
    assert (ROOT / "tests" / name).exists() or (ROOT / "autograder" / name).exists()


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`(test_\w+)`", SECURITY))))
def test_every_test_that_holds_a_promise_is_there(name):
    assert any(f"def {name}(" in path.read_text() for path in ROOT.glob("tests/**/*.py"))


def typed():
    """Our own commands with all that is typed behind them, where a guide shows them."""
    for guide in GUIDES:
        for fence in re.findall(r"```sh\n(.*?)```", guide.read_text(), re.S):
            for line in fence.split("\n"):
                words = shlex.split(line, comments=True)
                if words[:1] == ["autograder"]:
                    yield words[1:]


@pytest.mark.parametrize("words", list(typed()), ids=" ".join)
def test_what_a_guide_types_is_understood(words):
    verb = importlib.import_module(f"autograder.commands.{words[0]}")
    assert verb.parser().parse_args(words[1:])
