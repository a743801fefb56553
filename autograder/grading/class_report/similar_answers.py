"""Answers of two students that are alike where answers need not be: a question, never a verdict."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from autograder.grading.class_report.class_data import Answer, Assignment, Exercise
from autograder.grading.class_report.fingerprints import grams, names, tokens, winnowed
from autograder.grading.class_report.mistakes import findings, is_misconception
from autograder.grading.class_report.wrong_networks import same_for_same, wrong_network
from autograder.graphs import Palette
from autograder.judging.verdict import Status

ROOM = 40
"""Tokens of a solution from which on an exercise leaves room to write it in one's own way."""

FEWEST = 10
"""Fingerprints that two answers must share, of those that few have."""

SHARE = 0.6
"""And the part of the shorter answer's own fingerprints that these must be."""

COMMON = 0.05
"""What more than this part of the class has (and more than three people) is nobody's own."""


@dataclass(frozen=True)
class Similar:
    """Students whose answers in an exercise are alike.

    Attributes:
        exercise: its name.
        what: "code", or "network": the same wrong network, which no known mistake explains.
        students: who; all of them are linked by pairs that are alike.
        share: of the two that are shown: the part of the shorter answer that the other has, too,
            apart from what the course gives and what many write; 1 for equal networks.
        left: the first of them, and what they wrote.
        right: the other.
    """

    exercise: str
    what: str
    students: tuple[str, ...]
    share: float
    left: tuple[str, str]
    right: tuple[str, str]


def similar_answers(assignment: Assignment) -> tuple[Similar, ...]:
    """What is alike in an assignment, the most alike first."""
    found: list[Similar] = []
    for exercise in assignment.exercises:
        answers = [
            answer
            for answer in assignment.answers_to(exercise)
            if answer.status(exercise.points) is not Status.NOT_ATTEMPTED
        ]
        found += _same_networks(exercise, answers)
        if leaves_room(exercise):
            found += _same_code(exercise, answers)
    return tuple(sorted(found, key=lambda each: (-each.share, each.exercise, each.students)))


def leaves_room(exercise: Exercise) -> bool:
    """Whether people who work by themselves write different answers to an exercise.

    Where the solution is not known, it does not: then nothing could be taken out.
    """
    return len(tokens(exercise.solution)) >= ROOM


def most_common(answers: int) -> int:
    """How many of so many answers may have something that is still somebody's own."""
    return max(3, int(COMMON * answers))


# --- code -----------------------------------------------------------------------------------------


def _same_code(exercise: Exercise, answers: Sequence[Answer]) -> Iterator[Similar]:
    prints = own_fingerprints(exercise, answers)
    shared: Counter[tuple[str, str]] = Counter()
    for holders in _holders(prints).values():
        shared.update(combinations(holders, 2))
    pairs = {}
    for (one, other), count in shared.items():
        share = count / min(len(prints[one]), len(prints[other]))
        if count >= FEWEST and share >= SHARE:
            pairs[one, other] = share
    yield from _groups(exercise, "code", pairs, {a.student: a.source for a in answers})


def own_fingerprints(exercise: Exercise, answers: Sequence[Answer]) -> dict[str, frozenset[int]]:
    """By student, the fingerprints that neither the course gave nor many others have."""
    known = names(f"{exercise.released}\n{exercise.solution}")
    ours = [tokens(code, known) for code in (exercise.released, exercise.solution)]
    given = {gram for code in ours for gram in grams(code)}
    of_source: dict[str, frozenset[int]] = {}
    prints = {}
    for answer in answers:
        if answer.source not in of_source:
            found = winnowed(grams(tokens(answer.source, known)))
            of_source[answer.source] = found - given
        prints[answer.student] = of_source[answer.source]
    often = Counter(each for found in prints.values() for each in found)
    common = {each for each, count in often.items() if count > most_common(len(answers))}
    return {student: found - common for student, found in prints.items()}


def _holders(prints: Mapping[str, Collection[int]]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for student in sorted(prints):
        for each in prints[student]:
            found[each].append(student)
    return found


# --- networks -------------------------------------------------------------------------------------


def _same_networks(exercise: Exercise, answers: Sequence[Answer]) -> Iterator[Similar]:
    """Equal wrong networks that few have, and that are no mistake which many make by themselves."""
    palette, groups = Palette(), defaultdict(list)
    for answer in answers:
        graph = wrong_network(answer) if _is_unexplained(answer) else None
        if graph is not None and (key := same_for_same(graph, palette)) is not None:
            groups[key].append(answer)
    for group in groups.values():
        if 1 < len(group) <= most_common(len(answers)):
            students = tuple(answer.student for answer in group)
            left, right = ((answer.student, answer.source) for answer in group[:2])
            yield Similar(exercise.name, "network", students, 1.0, left, right)


def _is_unexplained(answer: Answer) -> bool:
    """Whether an answer is wrong, and it takes more than one known mistake to explain it."""
    found = findings(answer)
    return bool(found) and not (len(found) == 1 and is_misconception(found[0].id))


# --- groups ---------------------------------------------------------------------------------------


def _groups(
    exercise: Exercise,
    what: str,
    pairs: Mapping[tuple[str, str], float],
    sources: Mapping[str, str],
) -> Iterator[Similar]:
    """Whoever is linked by pairs is one group; the pair that is most alike is shown."""
    of: dict[str, set[str]] = {}
    for one, other in pairs:
        whole = of.get(one, {one}) | of.get(other, {other})
        of.update(dict.fromkeys(whole, whole))
    for group in {id(each): each for each in of.values()}.values():
        inside = {pair: share for pair, share in pairs.items() if pair[0] in group}
        pair = min(inside, key=lambda each: (-inside[each], each))
        left, right = ((student, sources[student]) for student in pair)
        yield Similar(exercise.name, what, tuple(sorted(group)), inside[pair], left, right)
