"""What one call of a layer stands for: its own call, and those of the activation that it brings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from autograder.graphs import masks
from autograder.graphs.graph import HOLE, NO_WRAPPERS, Call, Shape, Tensor, Wrappers
from autograder.graphs.layers.facts import has_weights, is_own
from autograder.graphs.layers.meaning import Config, meaning, plain_shape
from autograder.graphs.layers.shaping import dot_axes, plain_index, taken_shape
from autograder.graphs.layers.spellings import acts_on_last_axis, canonical
from autograder.graphs.reading.call_arguments import training_of
from autograder.graphs.reading.collected import Collected, output_shape
from autograder.graphs.reading.live import with_known_activation
from autograder.graphs.reading.own_code import attribute
from autograder.graphs.reading.place import Made, Place
from autograder.graphs.reading.saved_layers import build_shapes, name_of, unwrapped

SeenInto = Callable[[Any, list[Tensor], str, Place], list[Tensor]]
"""The calls that a function of somebody's makes, given what it reads; none if it cannot be seen."""

Variables = Callable[[Any, list[Tensor], Place], list[Any]]
"""The variables that a function of somebody's reads, given what it is called on."""

_ATTENTION = frozenset(
    {"AdditiveAttention", "Attention", "GroupedQueryAttention", "MultiHeadAttention"}
)


def add_layer(
    collected: Collected, made: Made, seen_into: SeenInto, variables: Variables
) -> list[Tensor]:
    """Add the calls that one call of a layer stands for.

    Args:
        collected: where to.
        made: the call.
        seen_into: looks into a function that somebody gave as an activation.
        variables: tells which variables such a function reads, where it is not seen into.

    Returns:
        what the last of them makes.
    """
    live, place, inputs = made.live, made.place, made.inputs
    op, config, wrappers = unwrapped(made.layer, live)
    if made.in_steps:
        config = masks.without_its_own(op, config)
    is_layer = _module(made).startswith("keras.layers") or is_own(op)
    could = [tensor in collected.maskable for tensor in inputs]
    travelling = masks.travelling(
        op,
        config,
        masks.Arriving([tensor in collected.masked for tensor in inputs], could),
        is_layer=is_layer,
        in_steps=made.in_steps,
        own_hands_on=bool(getattr(live, "supports_masking", False)),
    )
    # Who says which mask is to be used says all there is to say of masks.
    note = {} if "mask" in made.rest else travelling.note
    arguments = {
        **meaning({k: v for k, v in made.rest.items() if k != "training"}),
        **training_of(op, config, made.rest.get("training"), place.training),
        **note,
    }
    shapes = tuple(collected.shape(tensor) or () for tensor in inputs)
    weights = _weights(collected, made, op, config)
    op, config = _by_what_it_reads(op, config, made, shapes=shapes if is_layer else None)
    if op in _ATTENTION and len(inputs) == 3 and inputs[1] == inputs[2]:
        inputs = inputs[:2]  # a key that is not given is the value
    shape = place.without_times(shapes[0]) if shapes else ()
    chain, arguments = _chain_of(op, with_known_activation(config, live), shape, arguments)
    if not chain and note:
        chain = [("Identity", {})]  # the numbers as they are, without their mask
    arguments = {**arguments, **note}
    common = Call(
        op,
        name=made.layer.get("outer_name", name_of(made.layer)),
        trainable=not place.frozen and bool(made.layer["config"].get("trainable", True)),
    )
    built_on = tuple(place.with_times(s) for s in build_shapes(made.layer)) or shapes
    result = inputs[:1]
    for step, (op, config) in enumerate(chain):
        function = attribute(live, "activation") if "function" in config else None
        # Operations lose the mask, and an activation keeps it.
        inside: list[Tensor] = []
        if function is not None:
            _note_made(collected, result[0], made)
            if not travelling.goes_on:
                inside = seen_into(function, result, common.name, place)
        if inside:
            result = inside
            continue
        reads = tuple(result if step else inputs)
        call = replace(
            common,
            op=op,
            config=config,
            inputs=reads,
            shape=plain_shape(
                op, config, (collected.first_shape(result[0]) or (),) if step else shapes
            ),
            wrappers=_around(NO_WRAPPERS if step else wrappers, op, config, place),
        )
        if step == 0:
            built = built_on if weights is not None else ()
            call = replace(call, weights=weights, built_on=built, arguments=arguments)
        read, result = result, [collected.add(call)]
        if function is not None:
            collected.used[result[0].call] = variables(function, read, place)
    if travelling.goes_on:
        collected.masked.update(result)
    # An operation would hand on what a layer of that name does.
    if travelling.could_go_on and (is_layer or all(masks.passes(*each, could) for each in chain)):
        collected.maskable.update(result)
    return result


def _module(made: Made) -> str:
    return made.layer.get("module") or "keras.layers"


def _weights(collected: Collected, made: Made, op: str, config: Config) -> int | None:
    """The number of the weights that the call to be added uses; None where it has none."""
    live = made.live
    is_bare = is_own(op) and live is not None and not getattr(live, "weights", ())
    if is_bare or not has_weights(op, config, _module(made)):
        return None
    if live is None:
        return collected.weights_of(made.place.path + name_of(made.layer))
    collected.behind[len(collected.calls)] = live
    return collected.weights_of(id(live))


def _by_what_it_reads(
    op: str, config: Config, made: Made, *, shapes: tuple[Shape, ...] | None
) -> tuple[str, Config]:
    """A call of which the name alone does not say what it does; no shapes for an operation."""
    if op == "Average" and shapes is None:  # along an axis; the layer is the average of several
        return "WeightedMean" if made.rest or len(made.inputs) > 1 else "Mean", config
    if op == "Dot" and shapes is not None:
        return op, {**config, "axes": dot_axes(config.get("axes"), shapes)}
    return op, config


def _note_made(collected: Collected, tensor: Tensor, made: Made) -> None:
    """Note the shape of what a layer makes before its activation, which keeps it."""
    if collected.shape(tensor) is None:
        shape = output_shape(made.live, collected.shape(made.inputs[0]), made.place)
        if shape is not None:
            collected.note_shape(tensor, shape)


def _around(wrappers: Wrappers, op: str, config: Config, place: Place) -> Wrappers:
    """The wrappers of a call, in a TimeDistributed that it can tell apart from none."""
    if not place.times or acts_on_last_axis(op, config):
        return wrappers
    return replace(wrappers, time_distributed=len(place.times))


def _chain_of(
    op: str, config: Config, shape: Shape, arguments: dict[str, Any]
) -> tuple[list[tuple[str, Config]], dict[str, Any]]:
    """The calls that a call stands for, and the arguments of the first of them.

    `x[:, None]` takes nothing away and gives a new shape; `x[:, 0, None]` does one, then the other.
    """
    args = arguments.get("args", ())
    index = plain_index(args[1], shape) if op == "GetItem" and len(args) == 2 else None
    if index is None:
        return canonical(op, config, shape), arguments
    target = taken_shape(index, shape)
    if None in target and None in index:  # a new axis, and no shape to tell it by
        return [(op, config)], {**arguments, "args": [HOLE, index]}
    parts = plain_index([entry for entry in index if entry is not None], shape)
    taken = [(op, config)] if parts else []
    if parts:
        arguments = {**arguments, "args": [HOLE, parts]}
    if None in index:
        row = (*shape[:1], *taken_shape(parts or [], shape))
        taken += canonical("Reshape", {"target_shape": target}, row)
    return taken, arguments if parts else {}
