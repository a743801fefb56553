"""What Keras' saved settings mean: what of them decides what a layer computes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autograder.graphs.layers.facts import class_of, facts, is_own

Config = dict[str, Any]
Shape = tuple[int | None, ...]

NEVER_COMPARED = frozenset(
    {
        "activity_regularizer",
        "autocast",
        "batch_input_shape",
        "bias_constraint",
        "bias_initializer",
        "bias_regularizer",
        "cell_name",
        "dtype",
        "implementation",
        "input_length",
        "lora_alpha",
        "lora_rank",
        "name",
        "quantization_config",
        "ragged",
        "seed",
        "sparse",
        "time_major",
        "trainable",
        "unit_forget_bias",
        "unroll",
        "use_cudnn",
    }
)
"""Settings that say how weights start or how fast they run, not what the layer computes."""

NEVER_COMPARED_OF_OWN = frozenset({"autocast", "dtype", "name", "trainable"})
"""The same of a layer that somebody wrote: of its other settings nobody knows what they do."""

SETTINGS_OF = {op: frozenset({"dtype"}) for op in ("Cast", "__numpy__", "__tensor__")}
"""Settings that are what a call computes, though of other calls they are never compared.

Of an array that a call is given the type is told, though not compared."""

_ABSENT = object()


def form_of(structure: Any) -> str:
    """How inputs or outputs were given, from how Keras saves them: one of `graph.FORMS`."""
    if isinstance(structure, Mapping):
        return "dict"
    # A Keras before 3.11 saves one tensor as a list of one, and takes both for the same.
    is_one = len(structure) == 1 or (bool(structure) and isinstance(structure[0], str))
    return "single" if is_one else "list"


def dtype_of(config: Mapping[str, Any]) -> str:
    """The type of the numbers that an input takes; "" where that is not plainly said."""
    dtype = config.get("dtype")
    return dtype if isinstance(dtype, str) else ""


def meaning(config: Mapping[str, Any], op: str = "") -> Config:
    """A layer's settings without names, initializers and other things that change no result."""
    never_compared = NEVER_COMPARED_OF_OWN
    if not is_own(op):
        never_compared = NEVER_COMPARED - SETTINGS_OF.get(op, frozenset())
    return {
        key: _plain(value)
        for key, value in sorted(in_every_version(op, config).items())
        if value is not None
        and key not in never_compared
        and not key.endswith(("_initializer", "_regularizer", "_constraint"))
        and not (key == "data_format" and value == "channels_last")
    }


def in_every_version(op: str, config: Mapping[str, Any]) -> Config:
    """A layer's settings without those that an older Keras does not save, and computes by.

    From the configs of every public layer in Keras 3.8.0 and 3.13.2 beside those of 3.15.1;
    settings without a value, of initializers, and `data_format` are left out of every layer.
    """
    later = facts(op).later
    return {key: value for key, value in config.items() if later.get(key, _ABSENT) != value}


def settings_that_count(
    op: str, config: Mapping[str, Any], shape: Shape | None, both_ways: bool = False
) -> Mapping[str, Any]:
    """A call's settings without those that make no difference to it.

    A window of one place needs no padding. The last axis is called so, whatever its number: a
    layer that joins the last axis does so however many axes there are. What follows from another
    setting is left out where it does.

    Args:
        op: the layer's class.
        config: its settings.
        shape: what the call makes.
        both_ways: whether it is in a Bidirectional, which sets `zero_output_for_mask` itself.
    """
    idle = {key for key, other in facts(op).follows.items() if config.get(key) == config.get(other)}
    if both_ways or config.get("zero_output_for_mask") is False:
        idle.add("zero_output_for_mask")
    if facts(op).recurrent:
        idle.add("return_state")  # which states are read says more
    if config.get("vocabulary"):
        idle.add("vocabulary_size")  # Keras counts it
    if not idle.isdisjoint(config):
        config = {key: value for key, value in config.items() if key not in idle}
    size = config.get("kernel_size")
    if size and "padding" in config and all(n == 1 for n in size):
        config = {k: v for k, v in config.items() if k not in ("padding", "dilation_rate")}
    if shape and facts(op).same_rank and config.get("axis") in (-1, len(shape) - 1):
        config = {**config, "axis": "last"}
    return config


def plain_shape(op: str, config: Mapping[str, Any], shapes: tuple[Shape, ...]) -> Shape | None:
    """The shape a layer makes, where that takes no more than addition; None for other layers."""
    if not shapes or not all(shapes):
        return None
    if op != "Concatenate":
        return shapes[0] if facts(op).same_shape else None
    axis = config["axis"] % len(shapes[0])
    if any(len(shape) != len(shapes[0]) for shape in shapes):
        return None
    parts = [shape[axis] for shape in shapes]
    whole = None if None in parts else sum(part for part in parts if part is not None)
    return (*shapes[0][:axis], whole, *shapes[0][axis + 1 :])


def _plain(value: Any) -> Any:
    """JSON data with tuples as lists, so that a graph equals itself after a round trip."""
    if isinstance(value, Mapping):
        if isinstance(value.get("config"), Mapping) and "class_name" in value:
            kind = {key: str(value[key]) for key in ("module", "class_name") if key in value}
            if is_own(class_of(value)):
                kind["module"] = ""  # where somebody keeps what they wrote is not compared
            return {**kind, "config": meaning(value["config"], class_of(value))}
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if hasattr(value, "item") and not getattr(value, "shape", None):
        return value.item()
    if isinstance(value, (str, int, float, bool, type(None))):
        return value
    return str(value)
