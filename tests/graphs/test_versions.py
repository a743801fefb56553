"""A layer is read alike, whichever version of Keras saves it."""

import json

import keras
import pytest
from graphs.as_read import FILE, LAYERS, as_read
from versions import IS_OLDER, KERAS, built_if_known

from autograder import compare
from autograder.graphs import read_graph
from autograder.graphs.stored import graph_from_json, graph_to_json

AS_READ = json.loads(FILE.read_text())


def test_all_that_can_be_read_is_written_down():
    assert set(AS_READ) == set(LAYERS), "write it down anew: python -m graphs.as_read"
    assert sum(calls is not None for calls in AS_READ.values()) > 200


@pytest.mark.filterwarnings("ignore:You passed `rms_scaling=True`")
@pytest.mark.parametrize("name", LAYERS)
def test_a_layer_is_read_as_the_pinned_keras_has_it_read(name):
    read = built_if_known(lambda: as_read(LAYERS[name]))
    if read is None and IS_OLDER:
        pytest.skip(f"Keras {KERAS} makes no model of it")
    assert read == AS_READ[name]


@pytest.mark.parametrize(
    "kind, given, setting, value",
    [
        ("Conv2DTranspose", {"filters": 3, "kernel_size": 3, "strides": 3}, "output_padding", 1),
        ("ELU", {}, "alpha", 0.5),
    ],
)
def test_a_setting_that_an_older_keras_does_not_save_is_the_layers_own(
    kind, given, setting, value, monkeypatch
):
    kind, start = getattr(keras.layers, kind), keras.Input((4, 4, 2))
    whole = kind.get_config
    monkeypatch.setattr(
        kind, "get_config", lambda own: {k: v for k, v in whole(own).items() if k != setting}
    )
    answer, other = (
        keras.Model(start, kind(**given, **more)(start)) for more in ({setting: value}, {})
    )
    assert not compare(answer, other).passed


def test_what_was_recorded_with_all_settings_is_the_same():
    """References of a course that an older version of this package has recorded."""
    start = keras.Input((8, 8, 3))
    graph = read_graph(keras.Model(start, keras.layers.BatchNormalization()(start)))
    data = graph_to_json(graph)
    data["calls"][-1]["config"] |= {"renorm": False, "renorm_momentum": 0.99}
    assert compare(graph, graph_from_json(data)).passed
    data["calls"][-1]["config"]["renorm"] = True
    assert not compare(graph, graph_from_json(data)).passed


def test_wrappers_and_arguments_that_were_recorded_among_the_settings_are_the_same():
    """References of a course that an older version of this package has recorded."""
    start = keras.Input((None, 7, 4))
    lstm = keras.layers.Bidirectional(keras.layers.LSTM(3), merge_mode="sum")
    ends = keras.layers.TimeDistributed(lstm)(start)
    graph = read_graph(keras.Model(start, keras.layers.Dropout(0.5)(ends, training=True)))
    data = graph_to_json(graph)
    for call in data["calls"]:
        call["config"] |= call.pop("wrappers", {})
        if "arguments" in call:
            call["config"]["call"] = call.pop("arguments")
    assert [call["config"].get("bidirectional") for call in data["calls"]] == [None, "sum", None]
    assert data["calls"][2]["config"]["call"] == {"training": True}
    assert graph_from_json(data) == graph
