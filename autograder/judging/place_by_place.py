"""Mistakes that are told place by place, where an answer is wired as the reference is.

Then each call stands in the place of another, and what calls do is all that differs: however many
mistakes there are, nothing has to be tried in each place.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from autograder.graphs import Graph, Palette
from autograder.graphs.graph import HOLE
from autograder.graphs.masks import makes
from autograder.graphs.surgery import calls_changed
from autograder.judging.alignment import in_place_of
from autograder.judging.answer_hints import Seen, seen_in
from autograder.judging.edits import Edit, finished, spoken
from autograder.judging.explanations import Step
from autograder.judging.extra_calls import ExtraCalls
from autograder.judging.misconceptions import CATALOGUE
from autograder.judging.one_factor import by_one_factor

MOST = 40
"""In more places a network is another one."""

_MOST_CALLS = 3_000
"""So many calls, times places where they differ, are looked at."""


@dataclass(frozen=True)
class InEachPlace:
    """The steps that make what each call does as it is in the answer; none where they cannot."""

    steps: list[Step]

    @property
    def is_one_mistake(self) -> bool:
        """Whether it is one thing, however often."""
        return len(_said(self.steps)) == 1

    @property
    def are_few_mistakes(self) -> bool:
        """Whether it is no more than somebody reads."""
        return 0 < len(_said(self.steps)) <= _FEW


_FEW = 3


def place_by_place(answer: Graph, graph: Graph, palette: Palette) -> InEachPlace:
    """How each call becomes what it is in the answer, where both are wired alike.

    Args:
        answer: the student's graph.
        graph: the reference, traced.
        palette: colours for both.
    """
    pairs = in_place_of(graph, answer, palette)
    apart = [] if pairs is None else _apart(answer, graph, pairs)
    if pairs is None or len(apart) < 2:
        return InEachPlace([])
    if sorted(graph.calls[n].label for n in apart) == sorted(
        answer.calls[pairs[n]].label for n in apart
    ):
        return InEachPlace([])  # what is there stands in another order, which says more
    steps: list[Step] = []
    if (edit := by_one_factor(answer, graph, pairs)) is not None:
        graph = edit.graph
        steps.append(Step("wrong-units", edit, graph))
        apart = _apart(answer, graph, pairs)
    if len(apart) > MOST or len(apart) * len(pairs) > _MOST_CALLS:
        return InEachPlace([])
    graph = _with_masks_that_follow(answer, graph, pairs, apart)
    apart = _apart(answer, graph, pairs)
    while apart:
        seen = seen_in(answer, graph, palette)
        extra = ExtraCalls(answer, (pairs[apart[0]],))
        hints = replace(seen, sites=frozenset(apart[:1]), extra=extra)
        best = max(_leading(answer, graph, pairs, hints), key=lambda each: each[0], default=None)
        if best is None:
            return InEachPlace([])
        _, id, edit = best
        graph = edit.graph
        steps.append(Step(id, edit, graph))
        apart = _apart(answer, graph, pairs)
        if len(_said(steps)) > _FEW:
            return InEachPlace([])
    end = finished(graph)
    if end is None or not steps:
        return InEachPlace([])
    return InEachPlace([*steps[:-1], replace(steps[-1], graph=end)])


def _apart(answer: Graph, graph: Graph, pairs: dict[int, int]) -> list[int]:
    """The calls that do something else in the answer, in order."""
    return sorted(n for n, m in pairs.items() if graph.calls[n].label != answer.calls[m].label)


def _with_masks_that_follow(
    answer: Graph, graph: Graph, pairs: dict[int, int], apart: list[int]
) -> Graph:
    """The graph with the answer's notes of masks, where another layer makes a mask, or makes none.

    Who reads a mask, and where it ends, follows from that.
    """
    both = [(graph.calls[n], answer.calls[pairs[n]]) for n in apart]
    if not any(makes(one.op, one.config) is not makes(its.op, its.config) for one, its in both):
        return graph
    calls = list(graph.calls)
    for place in apart:
        own, other = calls[place], answer.calls[pairs[place]]
        notes = [call.arguments.get(_MASK, "") for call in (own, other)]
        if all(isinstance(note, str) and note != HOLE for note in notes):
            arguments = {key: value for key, value in own.arguments.items() if key != _MASK}
            arguments |= {_MASK: notes[1]} if notes[1] else {}
            calls[place] = replace(own, arguments=arguments)
    return replace(graph, calls=tuple(calls))


_MASK = "mask"


def _leading(
    answer: Graph, graph: Graph, pairs: dict[int, int], hints: Seen
) -> Iterator[tuple[int, str, Edit]]:
    """Edits after which some calls do what they do in the answer, and no other does anything else.

    With each, how many those are, and its misconception's id.
    """
    for entry in CATALOGUE.values():
        for edit in [] if entry.rearranges else entry.make(graph, hints):
            made = _made_alike(answer, graph, pairs, edit)
            if made and not edit.farfetched:
                yield made, entry.id, edit


def _made_alike(answer: Graph, graph: Graph, pairs: dict[int, int], edit: Edit) -> int:
    """How many calls do what they do in the answer after an edit; 0 where others change, too."""
    if len(edit.graph.calls) != len(graph.calls) or edit.graph.outputs != graph.outputs:
        return 0
    made = 0
    for place in calls_changed(graph, edit.graph):
        before, after = graph.calls[place], edit.graph.calls[place]
        if before.inputs != after.inputs or place not in pairs:
            return 0
        if before.label != after.label:
            if after.label != answer.calls[pairs[place]].label:
                return 0
            made += 1
    return made


def _said(steps: list[Step]) -> set[tuple[str, str, str]]:
    """What is to be read of steps: what follows from another mistake is not told beside it."""
    told = [step for step in steps if not step.edit.follows] or steps
    return {(step.id, spoken(step.edit.expected), spoken(step.edit.found)) for step in told}
