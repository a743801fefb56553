"""Read what a model was compiled with, for each of its outputs."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

from autograder.graphs.bounds import LONGEST_NAME
from autograder.graphs.compiled import EXACT, MOST, Compiled, Loss, with_settings
from autograder.graphs.reading.own_losses import name_by_value

_METRICS = ("metrics", "weighted_metrics")
_BY_OUTPUT = ("loss", "loss_weights", *_METRICS)
"""The arguments that may be given for each output."""

_UNNAMED = {"name", "from_logits", "ignore_class", "dtype"}
"""Settings of a loss that `Loss` has by itself, or that change nothing."""

_CHANGE_NOTHING = {"name", "dtype"}
"""Settings of a metric by which its figures stay the same."""

_METRICS_BY_OUTPUT = (3, 12)
"""The Keras from which on metrics go by the outputs' names, as losses do; before, by layers'."""


def output_names(model: Any) -> tuple[list[str], list[str]]:
    """The outputs' names as losses and labels use them, and the layers that make them.

    They stand in the order in which Keras reads a list: of a dictionary the alphabetical one.
    A `Sequential` has no such names: then it is its last layer's.
    """
    layers = [str(name) for name in getattr(model, "output_names", None) or ()]
    layers = layers or [str(layer.name) for layer in getattr(model, "layers", ())[-1:]]
    output = getattr(model, "output", None) if layers else None
    if isinstance(output, Mapping) and len(output) == len(layers):
        return sorted(map(str, output)), layers
    return layers, layers


def compiled(
    model: Any, names: Sequence[str], layers: Sequence[str], *, with_optimizer: bool = True
) -> Compiled:
    """Read the compile arguments of a model.

    Args:
        model: a compiled Keras model.
        names: of its outputs.
        layers: the layers that make them: weights go by their names, too, and no loss does.
        with_optimizer: whether one like the model's is built, to see if it is prepared.
    """
    whole = _config(model)
    config = {"loss": _serialized(getattr(model, "loss", None))} if whole is None else whole
    own = [{name} for name in names]
    either = [{name, layer} for name, layer in zip(names, layers, strict=True)]
    of_metrics = own if len(names) > 1 and _metrics_go_by_outputs() else either
    by_argument = {"loss": own, "loss_weights": either, **dict.fromkeys(_METRICS, of_metrics)}
    known = {argument: set().union(*rows) for argument, rows in by_argument.items()}
    given = {name: config[name] for name in _BY_OUTPUT if config.get(name) is not None}
    strange = {
        name: tuple(str(key)[:LONGEST_NAME] for key in each if key not in known[name])[:MOST]
        for name, each in given.items()
        if _is_by_name(each)
    }
    plain, weighted = (
        _spread(config.get(name), of_metrics, is_list=len(names) == 1) for name in _METRICS
    )
    metrics = [_names_of_metrics(list(both)) for both in zip(plain, weighted, strict=True)]
    optimizer = getattr(model, "optimizer", None)
    return Compiled(
        names=tuple(names),
        losses=tuple(
            _as_written(_loss(each), written)
            for each, written in zip(
                _spread(config.get("loss"), own),
                _spread(getattr(model, "loss", None), own),
                strict=True,
            )
        ),
        weights=tuple(_weight(each) for each in _spread(config.get("loss_weights"), either)),
        metrics=tuple(tuple(dict.fromkeys(each))[:MOST] for each in metrics),
        unknown={name: keys for name, keys in strange.items() if keys},
        entries={name: _entries(each) for name, each in given.items()},
        listed=tuple(name for name in given if len(names) > 1 and _is_list(given[name])),
        optimizer=type(optimizer).__name__,
        rate=_rate(optimizer, config),
        prepared=_is_prepared(model, optimizer) if with_optimizer else None,
        whole=whole is not None,
    )


def _metrics_go_by_outputs() -> bool:
    import keras

    return tuple(map(int, keras.__version__.split(".")[:2])) >= _METRICS_BY_OUTPUT


def _config(model: Any) -> Mapping[str, Any] | None:
    """All arguments as Keras saves them; None where it cannot save one."""
    try:
        with warnings.catch_warnings(action="ignore"):  # of a lambda, that it is one
            return model.get_compile_config() or {}
    except Exception:  # what somebody wrote cannot always be serialized
        return None


def _serialized(given: Any) -> Any:
    """Losses one by one; of a class what Keras makes of it; "own" of what cannot be."""
    import keras

    if isinstance(given, Mapping):
        return {key: _serialized(each) for key, each in given.items()}
    if _is_list(given):
        return [_serialized(each) for each in given]
    if given is None or isinstance(given, str):
        return given
    try:
        return keras.losses.serialize(given() if isinstance(given, type) else given)
    except Exception:  # it needs arguments, or cannot be serialized
        return "own"


def _rate(optimizer: Any, config: Mapping[str, Any]) -> float | None:
    """A learning rate that is one number: what a schedule gives is another one at each step."""
    settings = (config.get("optimizer") or {}).get("config") or {}
    if isinstance(settings.get("learning_rate"), Mapping):
        return None
    try:
        return float(optimizer.learning_rate)
    except (AttributeError, TypeError, ValueError):
        return None


def _is_prepared(model: Any, optimizer: Any) -> bool | None:
    """Whether an optimizer has what it needs for each weight that is trainable now, and no more."""
    if not getattr(optimizer, "built", False):
        return None
    import keras

    try:
        fresh = type(optimizer).from_config(optimizer.get_config())
        with keras.StatelessScope(initialize_variables=False):
            fresh.build(model.trainable_variables)
        return _shapes(fresh) == _shapes(optimizer)
    except Exception:  # an optimizer of somebody's own
        return None


def _shapes(optimizer: Any) -> list[tuple[int, ...]]:
    return [tuple(variable.shape) for variable in optimizer.variables]


def _weight(given: Any) -> float:
    if isinstance(given, Mapping) and given.get("class_name") == "__tensor__":
        given = given["config"]["value"]
    is_number = isinstance(given, int | float) and not isinstance(given, bool)
    return float(given) if is_number else 1.0


def _is_by_name(given: Any) -> bool:
    return isinstance(given, Mapping) and "class_name" not in given


def _is_list(given: Any) -> bool:
    return isinstance(given, list | tuple)


def _entries(given: Any) -> int:
    return len(given) if _is_by_name(given) or _is_list(given) else 1


def _spread(given: Any, keys: Sequence[set[str]], *, is_list: bool = False) -> list[Any]:
    """What was given for each output: by name, in order, or one for all."""
    if _is_by_name(given):
        return [next((given[key] for key in given if key in known), None) for known in keys]
    if is_list:
        return [given]
    if _is_list(given) and len(given) == len(keys):
        return list(given)
    return [given] * len(keys)


def _loss(given: Any) -> Loss:
    if given is None:
        return Loss()
    if _is_list(given) and len(given) == 1:
        return _loss(given[0])
    config = given.get("config") if isinstance(given, Mapping) else None
    settings = config if isinstance(config, Mapping) else {}
    return Loss(
        (_name(given) or "own")[:LONGEST_NAME],
        bool(settings.get("from_logits")),
        settings.get("ignore_class") is not None,
        _others(given, "losses", _UNNAMED),
        given,
    )


def _as_written(loss: Loss, written: Any) -> Loss:
    """The same; of somebody's own, by the name of the loss of Keras that it computes, if any.

    Keras serializes every function alike, by its name: whose it is, only the function tells.
    """
    if _is_list(written) and len(written) == 1:
        written = written[0]
    if not callable(written) or str(getattr(written, "__module__", "")).startswith("keras"):
        return loss
    name = name_by_value(written)
    return Loss(name or "own", given=name or loss.given)


def _others(given: Any, where: str, left_out: set[str]) -> tuple[str, ...]:
    """The settings of a loss or metric of Keras that differ from those that it starts with.

    Args:
        given: as it was given.
        where: the module of Keras that has its class.
        left_out: settings that are not asked for.
    """
    settings = given.get("config") if isinstance(given, Mapping) else None
    if not isinstance(settings, Mapping) or not settings:
        return ()
    import keras

    kind = getattr(getattr(keras, where), str(given.get("class_name")), None)
    if kind is None:
        return ()  # somebody's own
    try:
        own = kind().get_config()
    except Exception:  # it needs arguments: all are told
        own = {}
    return tuple(
        f"{key}={_short(settings[key])}"[:LONGEST_NAME]
        for key in settings
        if key not in left_out and settings[key] != own.get(key)
    )


def _short(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else repr(value)


def _name(given: Any) -> str:
    """A loss's or metric's name in Keras' own spelling."""
    if isinstance(given, str):
        import keras

        try:
            thing = keras.losses.get(given)
        except ValueError:
            return _snake(given)
        return _snake(getattr(thing, "__name__", type(thing).__name__))
    if not isinstance(given, Mapping):
        return ""
    config = given.get("config")
    if isinstance(config, str):
        return _snake(config)
    module = str(given.get("module") or "")
    return _snake(str(given.get("class_name"))) if module.startswith("keras") else ""


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z]{2})(?=[A-Z][a-z])", "_", name).lower()


def _names_of_metrics(given: Any) -> list[str]:
    if given is None:
        return []
    if _is_list(given):
        return [name for each in given for name in _names_of_metrics(each)]
    if given in ("acc", "accuracy"):
        return ["accuracy"]
    name = _name(given)
    if name == "accuracy" and not isinstance(given, str):
        return [EXACT]
    return [with_settings(name, _others(given, "metrics", _CHANGE_NOTHING))] if name else []
