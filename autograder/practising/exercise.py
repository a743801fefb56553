"""One exercise: a network drawn by a seed, and what is asked about it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from random import Random

from autograder.graphs import Graph, normal_form
from autograder.practising.as_code import Built, built, code
from autograder.practising.drawn_network import Network
from autograder.practising.made_wrong import MISTAKES, Mistake, mistakes_in
from autograder.practising.statements import statements
from autograder.practising.topics import LEVELS, TOPICS, chosen
from autograder.problem import Problem

KINDS = ("build", "count", "shapes", "find", "draw", "mend")
"""Build this graph; count the parameters; give the shapes; find the mistake; what does this code
draw; mend this code."""

LETTERS = "abcd"
_MOST_TRIES = 40


@dataclass(frozen=True)
class Option:
    """One of the choices: a sentence, or a graph to be drawn; the mistake that it stands for."""

    text: str = ""
    graph: Graph | None = None
    mistake: str = ""


@dataclass(frozen=True)
class Exercise:
    """An exercise, as plain data.

    Attributes:
        topic: an idea of a chapter, or the id of a mistake.
        level: 1, 2 or 3.
        kind: one of `KINDS`.
        seed: what it was drawn by; with the three above it says everything.
        network: the right network.
        wrong: the network with the mistake, where one is to be found or mended.
        options: the choices, by letter.
        right: the letter of the right choice; "" where an answer is none.
    """

    topic: str
    level: int
    kind: str
    seed: int
    network: Network
    wrong: Mistake | None = None
    options: tuple[Option, ...] = ()
    right: str = ""

    @property
    def name(self) -> str:
        """What it is called in a report; who types the same gets the same exercise."""
        return f"practice, {self.topic}, level {self.level}, {self.kind}, seed {self.seed}"

    @cached_property
    def built(self) -> Built:
        """What Keras makes of the right network."""
        return built(self.network)

    @property
    def statements(self) -> list[str]:
        """The right network in sentences."""
        return statements(self.network)

    @property
    def code(self) -> str:
        """The code that is shown: with the mistake, where there is one."""
        return code(self.wrong.network if self.wrong else self.network)


def exercise_of(topic: str, level: int, kind: str, seed: int) -> Exercise:
    """The exercise of a seed: always the same one.

    Args:
        topic: one of `TOPICS`, or the id of one of `MISTAKES`.
        level: one of `LEVELS`.
        kind: one of `KINDS`.
        seed: any whole number that is not negative.

    Raises:
        Problem: if one of these is none.
    """
    _require(topic, level, kind, seed)
    chance = Random(seed)
    ids = (topic,) if topic in MISTAKES else ()
    network = _network(chance, topic, level)
    if kind in ("build", "count", "shapes"):
        return Exercise(topic, level, kind, seed, network)
    if kind == "draw":
        return _to_tell_apart(chance, topic, level, seed, network=network)
    (wrong, _) = _mistaken(chance, network, ids, 1)[0]
    if kind == "mend":
        return Exercise(topic, level, kind, seed, network, wrong)
    options, right = _shuffled(chance, wrong.id, _distractors(chance, network, wrong.id))
    named = tuple(Option(MISTAKES[id].says, mistake=id) for id in options)
    return Exercise(topic, level, kind, seed, network, wrong, named, right)


def fits(topic: str, kind: str) -> bool:
    """Whether a kind practises a topic: a mistake is practised where it is made."""
    return topic in TOPICS or kind in ("find", "mend", "draw")


def _require(topic: str, level: int, kind: str, seed: int) -> None:
    if topic not in TOPICS and topic not in MISTAKES:
        known = "; ".join([*TOPICS, *MISTAKES])
        raise Problem(f"There is no topic {topic!r}. Choose one of these: {known}.")
    if level not in LEVELS:
        raise Problem(f"There is no level {level!r}. Choose 1, 2 or 3.")
    if kind not in KINDS:
        raise Problem(f"There is no kind {kind!r}. Choose one of these: {', '.join(KINDS)}.")
    if not fits(topic, kind):
        raise Problem(f"{topic} is practised by find, mend and draw. Choose one of these kinds.")
    if not isinstance(seed, int) or isinstance(seed, bool) or seed < 0:
        raise Problem(f"A seed is a whole number from 0 on, and {seed!r} is none.")


def _network(chance: Random, topic: str, level: int) -> Network:
    if topic in TOPICS:
        return TOPICS[topic](chance, level)
    names = list(TOPICS)
    first = chance.randrange(len(names))
    for _ in range(_MOST_TRIES):
        for name in names[first:] + names[:first]:
            network = TOPICS[name](chance, level)
            if any(_possible(network, (topic,))):
                return network
    raise AssertionError(f"no network of level {level} can have the mistake {topic}")


def _possible(network: Network, ids: tuple[str, ...]) -> list[Mistake]:
    return mistakes_in(network, ids)


def _mistaken(
    chance: Random, network: Network, ids: tuple[str, ...], count: int
) -> list[tuple[Mistake, Graph]]:
    """Networks with a mistake, each another graph than the right one, and than each other."""
    mistakes = _possible(network, ids)
    kinds = list(dict.fromkeys(mistake.id for mistake in mistakes))
    seen = {normal_form(built(network).graph).key}
    found: list[tuple[Mistake, Graph]] = []
    while kinds and len(found) < count:
        # A kind first: else there would be hardly any mistake but a number that is another.
        id = chosen(chance, kinds)
        mistake = chosen(chance, [each for each in mistakes if each.id == id])
        mistakes.remove(mistake)
        if not any(each.id == id for each in mistakes):
            kinds.remove(id)
        try:
            graph = built(mistake.network).graph
        except ValueError:  # shapes that do not fit: nobody could have such a model
            continue
        key = normal_form(graph).key
        if key not in seen:
            seen.add(key)
            found.append((mistake, graph))
    return found


def _to_tell_apart(
    chance: Random, topic: str, level: int, seed: int, *, network: Network
) -> Exercise:
    ids = (topic,) if topic in MISTAKES else ()
    wrong = _mistaken(chance, network, ids, 1) if ids else []
    more = _mistaken(chance, network, (), 2)
    keys = {normal_form(graph).key for _, graph in wrong}
    wrong += [pair for pair in more if normal_form(pair[1]).key not in keys][: 2 - len(wrong)]
    by_id: list[Option] = [Option(graph=graph, mistake=mistake.id) for mistake, graph in wrong]
    place = chance.randrange(len(by_id) + 1)
    by_id.insert(place, Option(graph=built(network).graph))
    return Exercise(topic, level, "draw", seed, network, None, tuple(by_id), LETTERS[place])


def _distractors(chance: Random, network: Network, id: str) -> list[str]:
    """Three other mistakes, first of those that could be made here."""
    near = list(dict.fromkeys(m.id for m in _possible(network, ()) if m.id != id))
    far = [each for each in MISTAKES if each != id and each not in near]
    found: list[str] = []
    for pool in (near, far):
        while pool and len(found) < len(LETTERS) - 1:
            found.append(pool.pop(chance.randrange(len(pool))))
    return found


def _shuffled(chance: Random, id: str, others: list[str]) -> tuple[list[str], str]:
    place = chance.randrange(len(others) + 1)
    return [*others[:place], id, *others[place:]], LETTERS[place]
