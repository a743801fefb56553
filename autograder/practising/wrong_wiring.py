"""Mistakes in a drawn network about who reads what, and which layers there are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from autograder.practising.drawn_network import MERGES, Network
from autograder.practising.drawn_shapes import shapes_of
from autograder.practising.mistake_kinds import mistake


def _rewired(network: Network, numbers: list[int], position: int = 0) -> Iterator[Network]:
    """The network in which one of these calls reads another tensor of the same shape."""
    shapes = shapes_of(network)
    for number in numbers:
        reads = network.steps[number].reads
        old = reads[position]
        for other in [step.makes for step in network.steps[:number]]:
            if other not in reads and shapes[other] == shapes[old]:
                new = (*reads[:position], other, *reads[position + 1 :])
                yield network.with_step(number, reads=new)


@mistake("head-on-wrong-tensor", "An output's own layer reads another tensor than it should.")
def _head_on_wrong_tensor(network: Network) -> Iterator[Network]:
    for number, step in enumerate(network.steps):
        # What it is to read is read by another, too: else that layer would be missing.
        if step.makes in network.outputs and len(network.readers(step.reads[0])) > 1:
            yield from _rewired(network, [number])


@mistake("skip-from-wrong-tensor", "A shortcut starts at another tensor than it should.")
def _skip_from_wrong_tensor(network: Network) -> Iterator[Network]:
    yield from _rewired(network, _of_class(network, "Add"), 1)


@mistake("wrong-tensor", "A layer reads another tensor than it should.")
def _wrong_tensor(network: Network) -> Iterator[Network]:
    shapes = shapes_of(network)
    vectors = [start.name for start in network.starts if not start.whole]
    for number, step in enumerate(network.steps):
        is_dense = network.layer(step.layer).op == "Dense" and step.makes not in network.outputs
        # What it is to read is read by another, too: else that layer would be missing.
        if is_dense and len(network.readers(step.reads[0])) > 1:
            yield from _rewired(network, [number])
            for other in vectors:
                if other not in step.reads and len(shapes[other]) == 1:
                    yield network.with_step(number, reads=(other,))


def _of_class(network: Network, *ops: str) -> list[int]:
    """The numbers of the calls of layers of these classes."""
    return [n for n, step in enumerate(network.steps) if network.layer(step.layer).op in ops]


@mistake("missing-skip", "A shortcut is left out.")
def _missing_skip(network: Network) -> Iterator[Network]:
    for number in _of_class(network, "Add"):
        yield network.without_step(number)


@mistake("missing-branch", "A branch is not brought together with the others.")
def _missing_branch(network: Network) -> Iterator[Network]:
    for number in _of_class(network, "Concatenate"):
        for tensor in network.steps[number].reads:
            changed = network.with_one_read_less(number, tensor)
            # An input that nothing else reads would be the mistake.
            if all(changed.without_the_unread().reads(start.name) for start in network.starts):
                yield changed


@mistake("extra-branch", "One tensor too many is brought together with the others.")
def _extra_branch(network: Network) -> Iterator[Network]:
    for number in _of_class(network, "Concatenate", "Add"):
        step = network.steps[number]
        for other in [each.makes for each in network.steps[:number]]:
            if other not in step.reads:
                yield network.with_step(number, reads=(*step.reads, other))


@mistake("merged-too-early", "Tensors are brought together before a layer that is meant for each.")
def _merged_too_early(network: Network) -> Iterator[Network]:
    by = {step.makes: step for step in network.steps}
    for number in _of_class(network, "Concatenate"):
        merge = network.steps[number]
        if not all(name in by for name in merge.reads):
            continue
        before = [by[name] for name in merge.reads]
        if len({step.layer for step in before}) == 1 and len(before) > 1:
            joined = replace(
                merge, makes=network.new_tensor, reads=tuple(s.reads[0] for s in before)
            )
            layer = replace(before[0], makes=merge.makes, reads=(joined.makes,))
            rest = [s for s in network.steps if s not in before]
            place = rest.index(merge)
            yield replace(network, steps=(*rest[:place], joined, layer, *rest[place + 1 :]))


@mistake("merged-too-late", "A layer works on one branch that is meant for what all of them make.")
def _merged_too_late(network: Network) -> Iterator[Network]:
    for number in _of_class(network, "Concatenate"):
        merge = network.steps[number]
        readers = [n for n, step in enumerate(network.steps) if step.reads == (merge.makes,)]
        if len(readers) != 1 or network.steps[readers[0]].makes in network.outputs:
            continue
        layer = network.steps[readers[0]]
        for position, tensor in enumerate(merge.reads):
            early = replace(layer, makes=network.new_tensor, reads=(tensor,))
            reads = (*merge.reads[:position], early.makes, *merge.reads[position + 1 :])
            late = replace(merge, makes=layer.makes, reads=reads)
            steps = [s for s in network.steps if s != layer]
            place = steps.index(merge)
            yield replace(network, steps=(*steps[:place], early, late, *steps[place + 1 :]))


@mistake("layers-reordered", "Two layers that follow each other stand in the other order.")
def _layers_reordered(network: Network) -> Iterator[Network]:
    for number, step in enumerate(network.steps):
        for later, reader in enumerate(network.steps):
            is_row = reader.reads == (step.makes,) and reader.makes not in network.outputs
            ops = {network.layer(each.layer).op for each in (step, reader)}
            if is_row and not ops & MERGES and len(network.readers(step.makes)) == 1:
                changed = network.with_step(number, layer=reader.layer)
                yield changed.with_step(later, layer=step.layer)


@mistake("wrong-merge", "Tensors are added that are to be concatenated, or the other way round.")
def _wrong_merge(network: Network) -> Iterator[Network]:
    for step in network.steps:
        other = {"Add": "Concatenate", "Concatenate": "Add"}.get(network.layer(step.layer).op)
        if other is not None:
            yield network.with_class(step.layer, other)


@mistake("wrong-layer", "A layer is of another class than is asked for.")
def _wrong_layer(network: Network) -> Iterator[Network]:
    swapped = {"LSTM": "GRU", "GRU": "LSTM"}
    for name, layer in network.layers:
        if layer.op in swapped:
            yield network.with_class(name, swapped[layer.op])


@mistake("missing-layer", "A layer is left out.")
def _missing_layer(network: Network) -> Iterator[Network]:
    for number, step in enumerate(network.steps):
        is_dense = network.layer(step.layer).op == "Dense" and step.makes not in network.outputs
        if is_dense and len(network.calls_of(step.layer)) == 1:
            yield network.without_step(number)


@mistake("extra-layer", "There is a layer that is not asked for.")
def _extra_layer(network: Network) -> Iterator[Network]:
    for number, step in enumerate(network.steps):
        layer = network.layer(step.layer)
        if layer.op == "Dense" and len(network.calls_of(step.layer)) == 1:
            name = network.new_layer("dense")
            changed = replace(network, layers=(*network.layers, (name, layer)))
            yield changed.with_step_after(number, name)
