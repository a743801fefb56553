"""Other layers with weights, each by a rule of its own."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.graphs.layers.expressions import Factor
from autograder.graphs.layers.formulas.calculation import Config, Formula, Shape
from autograder.graphs.layers.formulas.layer_rules import formula_for
from autograder.graphs.layers.formulas.parts import axes_size


@formula_for("PReLU")
def _prelu(config: Config, shapes: Sequence[Shape]) -> Formula:
    """One slope for each input, one for all along a shared axis."""
    shared = config.get("shared_axes") or ()
    axes = list(range(1, len(shapes[0])))
    for axis in [shared] if isinstance(shared, int) else shared:
        axes[axis - 1] = 0
    return Formula(axes_size("inputs", shapes[0], [axis for axis in axes if axis]))


@formula_for("STFTSpectrogram")
def _stft_spectrogram(config: Config, shapes: Sequence[Shape]) -> Formula:
    """2 × frame_length × (fft_length ÷ 2 + 1): a cosine and a sine kernel for each frequency."""
    frame = config.get("frame_length", 256)
    # Keras takes the next power of two that holds a frame.
    fft = Factor("fft_length", config.get("fft_length") or 2 ** (frame - 1).bit_length())
    kernels = 1 if config.get("mode", "log") in ("real", "imag") else 2
    return Formula(kernels * Factor("frame_length", frame) * (fft // 2 + 1))


@formula_for("LayerScale")
def _layer_scale(config: Config, shapes: Sequence[Shape]) -> Formula:
    """One scale for each channel; a layer of the ConvNeXt models in `keras.applications`."""
    return Formula(Factor("channels", config["projection_dim"]))
