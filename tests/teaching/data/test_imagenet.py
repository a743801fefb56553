"""Xception with ImageNet weights: off by default; offline, one line says what to do."""

import socket

import pytest
from tensorflow import keras

from autograder.graphs.weightless import build_weightless
from autograder.teaching.data.imagenet import WEIGHTS_FILE, NoWeights, load_xception


@pytest.fixture
def offline(monkeypatch, tmp_path):
    """No network, and no weights kept from an earlier download."""

    def unreachable(*arguments, **options):
        raise socket.gaierror(-3, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", unreachable)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)


def test_by_default_nothing_is_fetched(offline):
    base = build_weightless(load_xception)
    assert base.count_params() == 20_861_480
    assert base.output_shape == (None, None, None, 2048)


def test_offline_one_line_says_what_to_do(offline, capsys):
    with pytest.raises(NoWeights) as caught:
        load_xception(pretrained=True, input_shape=(71, 71, 3))
    text = str(caught.value)
    assert "\n" not in text
    assert "could not be fetched" in text
    assert "name resolution" in text
    assert "pretrained=False" in text
    assert WEIGHTS_FILE in text
    assert caught.value._render_traceback_() == [text]


def test_the_wait_for_the_network_ends_and_is_put_back(offline, monkeypatch):
    waits = []

    def silent(*arguments, **options):
        waits.append(socket.getdefaulttimeout())
        raise TimeoutError("timed out")

    monkeypatch.setattr(socket, "getaddrinfo", silent)
    with pytest.raises(NoWeights, match="timed out"):
        load_xception(pretrained=True, input_shape=(71, 71, 3))
    assert waits[0] > 0
    assert socket.getdefaulttimeout() is None


def test_a_damaged_file_is_told_as_such(offline, monkeypatch):
    def damaged(**settings):
        raise ValueError("Corrupted file detected. The sha256 file hash does not match.")

    monkeypatch.setattr(keras.applications, "Xception", damaged)
    with pytest.raises(NoWeights, match="file hash does not match"):
        load_xception(pretrained=True)


def test_pretrained_asks_keras_for_imagenet(offline, monkeypatch):
    asked = []
    real = keras.applications.Xception

    def with_weights(weights, **settings):
        asked.append((weights, settings))
        return real(weights=None, **settings)

    monkeypatch.setattr(keras.applications, "Xception", with_weights)
    base = load_xception(pretrained=True, input_shape=(71, 71, 3))
    assert asked == [("imagenet", {"include_top": False, "input_shape": (71, 71, 3)})]
    assert base.output_shape == (None, 3, 3, 2048)


def test_other_errors_pass_as_they_are():
    with pytest.raises(ValueError, match="Input size must be at least 71x71"):
        load_xception(pretrained=True, input_shape=(10, 10, 3))
