"""What is right with a student's own sizes: the solution answers with them, in a clean run."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from random import Random
from typing import Any

from nbformat import NotebookNode

from autograder.grading.clean_run.plan import CleanRun, Step
from autograder.grading.notebooks.answer_cells import as_student_writes
from autograder.grading.notebooks.cells import Whose, answers, exercise, is_check, name, whose
from autograder.grading.notebooks.dataflow import names_of
from autograder.grading.telling.foreign import one_line
from autograder.grading.variants.other_values import solutions_own, values_of, with_values
from autograder.judging.answer_kinds import Kind
from autograder.judging.evidence import Evidence
from autograder.judging.own_sizes import are_alike
from autograder.judging.references import ExpectedDesign, Reference, reference_of
from autograder.judging.varied import Choice, Own, Varied
from autograder.problem import Problem

MOST_TRIED = 60
"""Combinations of sizes that are tried before they are handed out; of more, so many are drawn."""

MOST_OTHERS = 40
"""Sizes of others that an answer is compared with, where it is not right with the student's own."""

Run = Callable[[Sequence[Step]], CleanRun]


@dataclass(frozen=True)
class Asked:
    """What is asked of the solution: its answer to an exercise with certain sizes.

    Attributes:
        exercise: which.
        own: the sizes.
        hidden: whether hidden cases are asked for, too.
    """

    exercise: str
    own: Own
    hidden: bool = False


@dataclass(frozen=True)
class Pair:
    """What is expected of the cases that students see, and of hidden ones if there are any."""

    visible: Reference
    hidden: Reference | None = None


def checks_of(notebook: NotebookNode) -> dict[str, NotebookNode]:
    """The check cells of a notebook by exercise."""
    return {exercise(cell): cell for cell in notebook.cells if is_check(cell)}


def default_of(solution: NotebookNode, varied: Varied) -> dict[str, Choice]:
    """What the solution itself has of what varies.

    Raises:
        Problem: if its answer does not bind each name once.
    """
    with _bound_once(varied.exercise):
        return solutions_own(_sources(solution, varied.exercise), varied)


@contextmanager
def _bound_once(exercise: str) -> Iterator[None]:
    try:
        yield
    except (ValueError, SyntaxError) as error:
        raise Problem(
            f"The solution of {exercise} has to bind each name that varies once, in a line of its "
            f"own such as `units = 32`: {error}."
        ) from None


def _sources(solution: NotebookNode, wanted: str) -> list[str]:
    """The solution's answer to an exercise, a source for each of its cells."""
    check = checks_of(solution)[wanted]
    return [as_student_writes(cell.source) for cell in answers(solution, check)]


def resting_on(solution: NotebookNode, wanted: str) -> set[str]:
    """The exercises that go on with the answer of another one, by the names that cells read."""
    check = checks_of(solution)[wanted]
    first = answers(solution, check)
    fed = {each for cell in first for each in names_of(cell.source).bound}
    found = set()
    for cell in solution.cells[solution.cells.index(first[-1]) + 1 :] if first else ():
        if cell.cell_type != "code" or cell is check or not fed & names_of(cell.source).read:
            continue
        if whose(cell) is Whose.OURS:
            fed |= names_of(cell.source).bound
        else:
            found.add(exercise(cell).removesuffix("_answer"))
    return found


def made(
    run: Run,
    solution: NotebookNode,
    expected: Mapping[str, Pair],
    asked: Sequence[Asked],
    *,
    skipped_tag: str | None = None,
) -> list[Pair]:
    """The references for sizes, in the order in which they are asked for.

    Args:
        run: runs steps in a process of their own, as a submission's.
        solution: the instructor's notebook.
        expected: by exercise what is expected with the solution's own sizes.
        asked: which are wanted.
        skipped_tag: cells of ours with this tag are left out.

    Raises:
        Problem: if the solution has no answer with these sizes.
    """
    done = _answered(run, solution, expected, asked, skipped_tag=skipped_tag)
    return [_pair(done, number, one, expected[one.exercise]) for number, one in enumerate(asked)]


def made_beside_others(
    run: Run,
    solution: NotebookNode,
    expected: Mapping[str, Pair],
    asked: Sequence[Asked],
    *,
    others: Sequence[Asked],
    skipped_tag: str | None = None,
) -> tuple[list[Pair], list[tuple[Asked, Reference]]]:
    """The same, and what is right with sizes of others, of those that have an answer.

    Args:
        run: as for `made`.
        solution: as for `made`.
        expected: as for `made`.
        asked: as for `made`.
        others: sizes that nobody is judged by.
        skipped_tag: as for `made`.

    Raises:
        Problem: if the solution has no answer with what is asked for.
    """
    if not (asked or others):  # in this notebook nothing varies, and the solution need not run
        return [], []
    done = _answered(run, solution, expected, [*asked, *others], skipped_tag=skipped_tag)
    pairs = [_pair(done, number, one, expected[one.exercise]) for number, one in enumerate(asked)]
    known = []
    for number, one in enumerate(others, len(asked)):
        with suppress(Problem):
            known.append((one, _pair(done, number, one, expected[one.exercise]).visible))
    return pairs, known


def _answered(
    run: Run,
    solution: NotebookNode,
    expected: Mapping[str, Pair],
    asked: Sequence[Asked],
    *,
    skipped_tag: str | None,
) -> CleanRun:
    for wanted, own in {one.exercise: one.own for one in asked}.items():
        if any(isinstance(case, ExpectedDesign) for case in expected[wanted].visible.cases):
            raise Problem(f"{wanted} is judged by a brief, so no sizes of it can differ.")
        with _bound_once(wanted):  # the chapter may be another than when it was handed out
            values_of(_sources(solution, wanted), own)
    return run(list(_steps(solution, asked, skipped_tag)))


def _steps(
    solution: NotebookNode, asked: Sequence[Asked], skipped_tag: str | None
) -> Iterable[Step]:
    """The solution's cells up to the last check that is asked for, there once for each size."""
    numbers = itertools.count()
    left = {one.exercise for one in asked}
    for cell in solution.cells:
        if not left:
            return
        kind = whose(cell)
        if cell.cell_type != "code" or skipped_tag in cell.metadata.get("tags", ()):
            continue
        if kind is not Whose.CHECK:
            yield Step(next(numbers), name(cell), kind, as_student_writes(cell.source))
            continue
        for place, one in enumerate(asked):
            if one.exercise == exercise(cell):
                own = answers(solution, cell)
                for answer in own:
                    source = with_values(as_student_writes(answer.source), one.own)
                    yield Step(next(numbers), name(answer), Whose.ANSWER, source)
                whole = cell.source if one.hidden else None
                plain = as_student_writes(cell.source)
                yield Step(next(numbers), _place(place), Whose.CHECK, plain, whole)
        if exercise(cell) in left:  # what stands below goes on with the solution's own
            left.remove(exercise(cell))
            for answer in answers(solution, cell):
                source = as_student_writes(answer.source)
                yield Step(next(numbers), name(answer), Whose.ANSWER, source)


def _place(number: int) -> str:
    return f"sizes {number}"


def _pair(done: CleanRun, number: int, asked: Asked, expected: Pair) -> Pair:
    found = [Evidence.from_json(data) for data in done.evidence.get(_place(number), ())]
    mine = [evidence for evidence in found if evidence.exercise == asked.exercise]
    words = ", ".join(f"{each} = {choice.code}" for each, choice in asked.own.items())
    try:
        visible = _reference(mine, expected.visible, hidden=False)
        wanted = expected.hidden if asked.hidden else None
        unseen = wanted and _reference(mine, wanted, hidden=True)
    except ValueError as error:
        causes = [*(f"{each.cell}: {each.text}" for each in done.failures), *done.remarks, ""]
        told = one_line(f"{error} {causes[0]}").strip(" .")
        raise Problem(
            f"{asked.exercise} with {words}: {told}. Nobody can be judged by that: mend the "
            "solution, or what varies in it"
        ) from None
    return Pair(visible, unseen)


def _reference(found: Sequence[Evidence], expected: Reference, *, hidden: bool) -> Reference:
    """The reference that evidence makes; what is told by the solution's own sizes stays out."""
    evidence = next((one for one in found if one.hidden is hidden), None)
    if evidence is None or len(evidence.cases) != len(expected.cases):
        raise ValueError("The solution recorded no answer.")
    return reference_of(evidence, demands=expected.demands)


def demand_sound(
    ask: Callable[[Sequence[Asked]], list[Pair]], solution: NotebookNode, varied: Varied
) -> None:
    """Let an exercise pass whose solution answers with each choice, and differently.

    Args:
        ask: asks the solution.
        solution: the instructor's notebook.
        varied: what varies in the exercise.

    Raises:
        Problem: if it does not, or another exercise goes on with the answer.
    """
    if others := sorted(resting_on(solution, varied.exercise)):
        raise Problem(
            f"{varied.exercise} cannot vary: {', '.join(others)} goes on with its answer, and "
            "would be judged by everybody's."
        )
    tried = sizes_to_try(varied)
    pairs = ask([Asked(varied.exercise, own, hidden=True) for own in tried])
    found = zip(tried, pairs, strict=True)
    evaluated: set[tuple[str, Choice, Choice]] = set()
    for (one, mine), (other, theirs) in itertools.combinations(found, 2):
        # Where numbers differ, weights do; two wirings may be two ways to write one network.
        wirings = _two_wirings(one, other)
        by_value = wirings is not None and wirings not in evaluated
        if wirings is not None:
            evaluated.add(wirings)
        if are_alike(mine.visible, theirs.visible, by_value=by_value):
            raise Problem(
                f"{varied.exercise}: {_in_code(one, other)} and {_in_code(other, one)} make the "
                "same answer, so one student's would be right for another."
            )


def sizes_to_try(varied: Varied) -> list[dict[str, Choice]]:
    """What students may have: all of it where that is little.

    Else each choice beside others that are drawn, and as many as `MOST_TRIED` that are drawn
    altogether; the same in each run.
    """
    choices = varied.choices
    if math.prod(map(len, choices.values())) <= MOST_TRIED:
        rows = itertools.product(*choices.values())
        return [dict(zip(choices, row, strict=True)) for row in rows]
    chance = Random(varied.exercise)

    def drawn() -> dict[str, Choice]:
        return {name: each[chance.randrange(len(each))] for name, each in choices.items()}

    each_once = [{**drawn(), name: one} for name, each in choices.items() for one in each]
    found = [*each_once, *(drawn() for _ in range(MOST_TRIED))]
    return list({tuple(own[name] for name in choices): own for own in found}.values())


def _two_wirings(one: Own, other: Own) -> tuple[str, Choice, Choice] | None:
    """The name of a wiring, and both, where two differ in nothing else."""
    unlike = [name for name in one if one[name] != other[name]]
    if len(unlike) == 1 and isinstance(one[unlike[0]].value, str):
        return unlike[0], one[unlike[0]], other[unlike[0]]
    return None


def _in_code(own: Own, unlike: Own) -> str:
    return ", ".join(f"{n} = {each.code}" for n, each in own.items() if each != unlike[n])


def sizes_of_others(varied: Varied, own: Own, evidence: Iterable[Any]) -> list[dict[str, Choice]]:
    """Sizes that somebody else may have, of those that an answer can have at all.

    What a network has for a size stands as a number in it; of a plain value, and of an expression,
    any may be meant.

    Args:
        varied: what varies.
        own: the student's.
        evidence: what the answer recorded, as data that anybody may have made.
    """
    recorded = list(evidence)
    numbers, any_may_be = _numbers_in(recorded), _is_plain(recorded)
    rows = [
        [
            choice
            for choice in choices
            if any_may_be
            or choice == own[each]
            or isinstance(choice.value, str)
            or choice.value in numbers
        ]
        for each, choices in varied.choices.items()
    ]
    found = (dict(zip(varied.choices, row, strict=True)) for row in itertools.product(*rows))
    return list(itertools.islice((each for each in found if each != dict(own)), MOST_OTHERS))


def _is_plain(recorded: Sequence[Any]) -> bool:
    """Whether plain values are among what was recorded."""
    cases = [data.get("cases") for data in recorded if isinstance(data, Mapping)]
    found = [case for each in cases if isinstance(each, list) for case in each]
    kinds = [case.get("kind") for case in found if isinstance(case, Mapping)]
    return any(kind in (Kind.NUMBER, Kind.SHAPE, Kind.CHOICE) for kind in kinds)


def _numbers_in(data: Any) -> set[int | float]:
    numbers: set[int | float] = set()
    ahead = [data]
    while ahead:
        one = ahead.pop()
        if isinstance(one, Mapping):
            ahead += one.values()
        elif isinstance(one, (list, tuple)):
            ahead += one
        elif isinstance(one, (int, float)) and not isinstance(one, bool):
            numbers.add(one)
    return numbers
