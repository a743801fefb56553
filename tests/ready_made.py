"""Keras' ready-made models: one of each family always, the others of it in a long run."""

import inspect

import keras
import pytest

ALL = sorted(
    name
    for name, build in vars(keras.applications).items()
    if inspect.isfunction(build) and "weights" in inspect.signature(build).parameters
)
OF_EACH_FAMILY = {
    *("ConvNeXtTiny", "DenseNet121", "EfficientNetB0", "EfficientNetV2B0", "InceptionResNetV2"),
    *("InceptionV3", "MobileNet", "MobileNetV2", "MobileNetV3Small", "NASNetMobile", "ResNet50"),
    *("ResNet50V2", "VGG16", "Xception"),
}
"""Its smallest: the others have more of the same blocks."""

MODELS = [
    pytest.param(name, marks=[] if name in OF_EACH_FAMILY else pytest.mark.long) for name in ALL
]
