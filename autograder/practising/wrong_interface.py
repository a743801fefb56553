"""Mistakes in a drawn network about what goes in and what comes out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from autograder.practising.drawn_network import Network, Start
from autograder.practising.mistake_kinds import mistake


@mistake("wrong-input-shape", "An input has another shape than is asked for.")
def _wrong_input_shape(network: Network) -> Iterator[Network]:
    for number, start in enumerate(network.starts):
        wider = replace(start, shape=(*start.shape[:-1], start.shape[-1] + 1))
        starts = (*network.starts[:number], wider, *network.starts[number + 1 :])
        yield replace(network, starts=starts)


@mistake("outputs-swapped", "Two outputs stand in each other's place.")
def _outputs_swapped(network: Network) -> Iterator[Network]:
    if len(network.outputs) > 1:
        first, second, *rest = network.outputs
        yield replace(network, outputs=(second, first, *rest))


@mistake("same-input-twice", "One input is read twice, and another not at all.")
def _same_input_twice(network: Network) -> Iterator[Network]:
    for first, second in _pairs_alike(network):
        for number, step in enumerate(network.steps):
            if step.reads == (second,):
                yield network.with_step(number, reads=(first,))


def _pairs_alike(network: Network) -> Iterator[tuple[str, str]]:
    """Inputs that could stand for each other."""
    for number, first in enumerate(network.starts):
        for second in network.starts[number + 1 :]:
            if (first.shape, first.whole) == (second.shape, second.whole):
                yield first.name, second.name


@mistake("unused-input", "An input reaches no output.")
def _unused_input(network: Network) -> Iterator[Network]:
    for number, step in enumerate(network.steps):
        if network.layer(step.layer).op == "Concatenate":
            for tensor in step.reads:
                changed = network.with_one_read_less(number, tensor)
                left = changed.without_the_unread()
                # An input that goes on by another way is used: then a branch would be missing.
                if not all(left.reads(start.name) for start in network.starts):
                    yield changed


@mistake("missing-input", "An input is left out, with all that is made of it.")
def _missing_input(network: Network) -> Iterator[Network]:
    for number, step in enumerate(network.steps):
        if network.layer(step.layer).op == "Concatenate":
            for tensor in step.reads:
                left = network.with_one_read_less(number, tensor).without_the_unread()
                starts = tuple(start for start in left.starts if left.reads(start.name))
                if starts != network.starts:
                    yield replace(left, starts=starts)


@mistake("extra-input", "There is an input that is not asked for.")
def _extra_input(network: Network) -> Iterator[Network]:
    yield replace(network, starts=(*network.starts, Start("more", network.starts[0].shape)))


@mistake("wrong-output", "The model returns a tensor that is not asked for.")
def _wrong_output(network: Network) -> Iterator[Network]:
    # One too many: in the place of an asked one it would leave that one's layer out.
    for tensor in network.outputs:
        (step,) = (step for step in network.steps if step.makes == tensor)
        yield replace(network, outputs=(*network.outputs, step.reads[0]))
