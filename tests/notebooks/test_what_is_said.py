"""What the chapters say in their text holds: their sums, and that the checks try what is named."""

import ast
import re
from pathlib import Path

import nbformat
import pytest

COURSE = Path(__file__).parents[2]
CHAPTERS = sorted(path.parent.name for path in COURSE.glob("solutions/*/*.ipynb"))

SUM = re.compile(r"(?<!ln )[\d(][\d,.()+−×/ ]*(?:= [\d(][\d,.()+−×/ ]*(?:million)?)+")
"""What is reckoned in a line: numbers and their signs on both sides of one equals sign or more."""


def cells(chapter, kind):
    path = COURSE / "solutions" / chapter / f"{chapter}.ipynb"
    return [c for c in nbformat.read(path, as_version=4).cells if c.cell_type == kind]


def sums(text):
    """All that is reckoned in a text, each as its parts between the equals signs, as written."""
    plain = re.sub(r"\*\*|</?\w+>", "", text).replace("\n", " ")
    return [found.group().split("=") for found in SUM.finditer(plain)]


def value(part):
    """What a part comes to; None where it is not whole, because a sentence goes on in it."""
    text = re.sub(r"(?<=\d),(?=\d{3})", "", part).replace("million", "")
    text = text.replace("×", "*").replace("−", "-").strip().rstrip(" ,.;/(+-*")
    try:
        number = eval(compile(text, part, "eval"), {"__builtins__": {}})
    except SyntaxError:
        return None
    return number * 1e6 if "million" in part else number


def is_false(parts):
    numbers = [value(part) for part in parts]
    if not all(isinstance(number, int | float) for number in numbers):
        return False
    rounding = 50_000 if any("million" in part for part in parts) else 0.005
    return any(abs(number - numbers[0]) > rounding for number in numbers)


def test_a_false_sum_is_seen():
    said = "2,080 + 1,056 + (64 + 1) × 10 = 650. And (64 + 1) × 32 = **2,080**, as 4 / 2 = 2."
    assert [is_false(parts) for parts in sums(said)] == [True, False, False]


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_sum_is_true(chapter):
    said = [parts for cell in cells(chapter, "markdown") for parts in sums(cell.source)]
    assert len(said) > 3
    assert [parts for parts in said if is_false(parts)] == []


def called(source, name):
    """Calls of a function in a cell, in order."""
    return [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == name
    ]


def sizes(function, functions):
    """The arguments of a function that numbers can be given for, with their defaults.

    A function that hands on what it does not name has the other function's, too.
    """
    named, defaults = function.args.args, function.args.defaults
    without = named[: len(named) - len(defaults)]
    found = {
        argument.arg: default.value
        for argument, default in zip(named[len(without) :], defaults, strict=True)
        if isinstance(default, ast.Constant) and isinstance(default.value, int)
    }
    for call in ast.walk(function):
        if isinstance(call, ast.Call) and any(word.arg is None for word in call.keywords):
            found |= without_required(sizes(functions[call.func.id], functions))
    return {argument.arg: None for argument in without} | found


def without_required(arguments):
    return {name: default for name, default in arguments.items() if default is not None}


def tried(chapter):
    """Each visible check of a function: its exercise, the arguments, and the cases it tries."""
    functions, names = {}, {}
    for cell in cells(chapter, "code"):
        source = re.sub(
            r"### BEGIN HIDDEN TESTS.*?### END HIDDEN TESTS", "", cell.source, flags=re.S
        )
        tree = ast.parse(source)
        functions |= {f.name: f for f in ast.walk(tree) if isinstance(f, ast.FunctionDef)}
        for node in tree.body:
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict | ast.ListComp):
                names[getattr(node.targets[0], "id", "")] = node.value
        for call in called(source, "check"):
            function = functions.get(getattr(call.args[1], "id", ""))
            if function is not None:
                cases = [names.get(getattr(case, "id", ""), case) for case in call.args[2:]]
                yield call.args[0].value, sizes(function, functions), cases or [ast.Dict([], [])]


def values_of(cases, argument, default):
    found = set()
    for case in cases:
        given = dict(zip((key.value for key in case.keys), case.values, strict=True))
        found.add(ast.unparse(given[argument]) if argument in given else str(default))
    return found


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_visible_check_varies_every_argument(chapter):
    checks = list(tried(chapter))
    assert checks
    for exercise, arguments, cases in checks:
        if not all(isinstance(case, ast.Dict) for case in cases):
            continue  # cases that code makes
        for argument, default in arguments.items():
            assert len(values_of(cases, argument, default)) > 1, (exercise, argument)


BAR = re.compile(r"epochs \|[^|]*\| (\d+):(\d\d)")
"""What a training's bar leaves behind: how long it took, in minutes and seconds."""

TOLD = re.compile(r"^\*Training takes about (\d+) seconds on two cores\.\*$", re.M)


def trainings(chapter):
    """For each cell that trains under a bar: its id, the seconds told before it, those measured."""
    path = COURSE / "solutions" / chapter / f"{chapter}.ipynb"
    told = None
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "markdown":
            told = TOLD.search(cell.source)
            continue
        shown = "".join(o.text for o in cell.outputs if o.output_type == "stream")
        if took := BAR.findall(shown):
            measured = sum(60 * int(minutes) + int(seconds) for minutes, seconds in took)
            yield cell.id, int(told[1]) if told else 0, measured


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_before_a_training_stands_how_long_it_takes(chapter):
    """Held against what the chapter's own outputs measured, on a machine that may be busy."""
    found = list(trainings(chapter))
    assert found
    for cell, told, measured in found:
        assert told / 5 <= measured <= 2 * told, cell
