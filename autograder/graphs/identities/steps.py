"""Steps of time that are treated alike, and might as well be treated all at once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from autograder.graphs.graph import NO_WRAPPERS, Call, Graph, Wrappers
from autograder.graphs.identities.identity import Instead, Pair, instead, local_identity
from autograder.graphs.identities.reshaping import reshaped
from autograder.graphs.masks import may_come


def _steps(call: Call) -> int:
    """How many TimeDistributed layers there are around a layer, and nothing else."""
    times = call.wrappers.time_distributed
    return times if call.wrappers == Wrappers(time_distributed=times) else 0


def _flat_steps(keras: Any) -> Pair:
    start, layers = keras.Input((6, 2, 4)), keras.layers
    return (
        keras.Model(start, layers.TimeDistributed(layers.Flatten())(start)),
        keras.Model(start, layers.Reshape((6, 8))(start)),
    )


@local_identity(of="Flatten Reshape", example=_flat_steps, by_shape=True)
def shapes_in_steps(graph: Graph, place: int) -> Instead | None:
    """To give each step a new shape is to give all of them one."""
    call = graph.calls[place]
    times = _steps(call)
    if not times or not call.shape or "newshape" in call.config or may_come(graph):
        return None
    target = list(call.shape[1:])
    if None in target[1:]:
        return None
    if target[0] is None:
        target[0] = -1
    return instead(graph, reshaped(call, target))


def _permuted_steps(keras: Any) -> Pair:
    start, layers = keras.Input((6, 2, 4)), keras.layers
    return (
        keras.Model(start, layers.TimeDistributed(layers.Permute((2, 1)))(start)),
        keras.Model(start, layers.Permute((1, 3, 2))(start)),
    )


@local_identity(of="Permute", example=_permuted_steps)
def permutations_in_steps(graph: Graph, place: int) -> Instead | None:
    """To permute the axes of each step is to permute those of all behind time."""
    call = graph.calls[place]
    times = _steps(call)
    if not times or may_come(graph):
        return None
    dims = [*range(1, times + 1), *(axis + times for axis in call.config["dims"])]
    return instead(graph, replace(call, config={"dims": dims}, wrappers=NO_WRAPPERS))


def _normalized_steps(keras: Any) -> Pair:
    start, layers = keras.Input((6, 4)), keras.layers
    norm = layers.UnitNormalization()
    return (
        keras.Model(start, layers.TimeDistributed(norm)(start)),
        keras.Model(start, norm(start)),
    )


_SEES_NO_EXAMPLES = (
    "Activation AlphaDropout Dropout GaussianDropout GaussianNoise LayerNormalization "
    "UnitNormalization"
)


@local_identity(of=_SEES_NO_EXAMPLES, example=_normalized_steps)
def along_other_axes(graph: Graph, place: int) -> Instead | None:
    """What goes along some axes of each step goes along those of all: each has one more before."""
    call = graph.calls[place]
    times = _steps(call)
    if not times or call.config.get("noise_shape") is not None:
        return None
    config = dict(call.config)
    if "axis" in config:
        config["axis"] = _later(config["axis"], times)
    return instead(graph, replace(call, config=config, wrappers=NO_WRAPPERS))


def _later(axis: Any, times: int) -> Any:
    if isinstance(axis, list):
        return [_later(each, times) for each in axis]
    return axis + times if axis >= 0 else axis
