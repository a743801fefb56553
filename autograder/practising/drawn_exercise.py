"""The exercise of a seed: always the same one, and one whose mistake has its own name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from numbers import Integral
from random import Random
from typing import Any

from autograder.graphs import normal_form
from autograder.graphs.describe import listed
from autograder.judging.diagnosis import is_called
from autograder.practising.drawn_graph import graph_of
from autograder.practising.drawn_network import Network
from autograder.practising.exercise import KINDS, LETTERS, Exercise, Option, fits
from autograder.practising.made_wrong import MISTAKES, Mistake, mistakes_in
from autograder.practising.mistake_kinds import may_both_be_said
from autograder.practising.topics import LEVELS, SIZES, TOPICS, chosen
from autograder.problem import Problem

_MOST_TRIES = 40


def exercise_of(topic: str, level: int, kind: str, seed: int) -> Exercise:
    """The exercise of a seed: always the same one.

    Args:
        topic: one of `TOPICS`, or the id of one of `MISTAKES`.
        level: one of `LEVELS`.
        kind: one of `KINDS`.
        seed: any whole number that is not negative.

    Raises:
        Problem: if one of these is none, or nothing is found in as many tries as are made.
    """
    require_known(topic, level, kind, seed)
    level, seed = int(level), int(seed)
    chance = Random(seed)
    if kind in ("build", "count", "shapes"):
        return Exercise(topic, level, kind, seed, TOPICS[topic](chance, level))
    ids = [topic] if topic in MISTAKES else list(MISTAKES)
    for network in _networks(chance, topic, level):
        if kind == "draw":
            options, right = _drawings(chance, network, topic)
            if right:
                return Exercise(topic, level, kind, seed, network, None, options, right)
        elif (wrong := _named(chance, network, ids)) is not None:
            if kind == "mend":
                return Exercise(topic, level, kind, seed, network, wrong)
            as_drawings = bool(chance.randrange(2))
            options, right = _sentences(chance, network, wrong.id)
            return Exercise(topic, level, kind, seed, network, wrong, options, right, as_drawings)
    raise Problem(f"Seed {seed} draws no exercise of this kind. Choose another seed.")


def require_known(topic: Any, level: Any, kind: Any, seed: Any) -> None:
    """Refuse what there is not, and say what there is; a None is left open.

    Raises:
        Problem: if one of these is none.
    """
    topics = [*TOPICS, *MISTAKES]
    if topic is not None and topic not in topics:
        raise Problem(f"There is no topic {topic!r}. Choose one of these: {'; '.join(topics)}.")
    if not _is_whole(level) or level not in LEVELS:
        raise Problem(f"There is no level {level!r}. Choose 1, 2 or 3.")
    if kind is not None and kind not in KINDS:
        raise Problem(f"There is no kind {kind!r}. Choose one of these: {', '.join(KINDS)}.")
    if topic is not None and kind is not None and not fits(topic, kind):
        kinds = listed([each for each in KINDS if fits(topic, each)])
        raise Problem(f"{topic} is practised by {kinds} alone.")
    if seed is not None and (not _is_whole(seed) or seed < 0):
        raise Problem(f"A seed is a whole number from 0 on, and {seed!r} is none.")


def _is_whole(value: Any) -> bool:
    """NumPy's whole numbers are some, too."""
    return isinstance(value, Integral) and not isinstance(value, bool)


def _networks(chance: Random, topic: str, level: int) -> Iterator[Network]:
    """Networks for a topic: of an idea, or of any idea where a mistake can be made in them."""
    names = [topic] if topic in TOPICS else list(TOPICS)
    for _ in range(_MOST_TRIES):
        first = chance.randrange(len(names))
        for name in names[first:] + names[:first]:
            network = TOPICS[name](chance, level)
            if topic in TOPICS or (network.size in SIZES[level] and mistakes_in(network, (topic,))):
                yield network


def _in_any_order(chance: Random, network: Network, ids: Iterable[str]) -> Iterator[Mistake]:
    """All mistakes of some kinds in a network, each made when it is its turn.

    A kind is chosen first: else there would be hardly any but a number that is another.
    """
    kinds, left = list(ids), dict[str, list[Mistake]]()
    while kinds:
        id = chosen(chance, kinds)
        if id not in left:
            left[id] = mistakes_in(network, (id,))
        if left[id]:
            yield left[id].pop(chance.randrange(len(left[id])))
        else:
            kinds.remove(id)


def _named(chance: Random, network: Network, ids: Iterable[str]) -> Mistake | None:
    """A mistake in a network that the judge calls by its own name; None if there is none."""
    right = graph_of(network)
    for wrong in _in_any_order(chance, network, ids):
        graph = graph_of(wrong.network)
        if normal_form(graph).key == normal_form(right).key:
            continue
        if is_called(graph, right, wrong.id):
            return wrong
    return None


def _drawings(chance: Random, network: Network, topic: str) -> tuple[tuple[Option, ...], str]:
    """Three networks to be drawn, each another, and the right one's letter; "" if there are fewer.

    Where the topic is a mistake, it is among them.
    """
    wrong = list[Mistake]()
    for ids in ([topic] if topic in MISTAKES else MISTAKES, MISTAKES):
        others = [id for id in ids if id not in [each.id for each in wrong]]
        if (found := _named(chance, network, others)) is None:
            return (), ""
        wrong.append(found)
    options = [Option(graph=graph_of(each.network), mistake=each.id) for each in wrong]
    place = chance.randrange(3)
    options.insert(place, Option(graph=graph_of(network)))
    return tuple(options), LETTERS[place]


def _sentences(chance: Random, network: Network, id: str) -> tuple[tuple[Option, ...], str]:
    """What a mistake is, among three other mistakes, first of those that could be made here.

    Args:
        chance: what draws.
        network: the right network.
        id: the mistake's.
    """
    fit = [each for each in MISTAKES if each != id and not may_both_be_said(each, id)]
    ids, far = list[str](), list[str]()
    while fit and len(ids) < len(LETTERS) - 1:
        each = fit.pop(chance.randrange(len(fit)))
        (ids if mistakes_in(network, (each,)) else far).append(each)
    ids += far[: len(LETTERS) - 1 - len(ids)]
    place = chance.randrange(len(ids) + 1)
    ids.insert(place, id)
    return tuple(Option(MISTAKES[each].says, mistake=each) for each in ids), LETTERS[place]
