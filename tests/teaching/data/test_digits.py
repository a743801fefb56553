import numpy as np
import pytest
from scipy.ndimage import zoom

from autograder.teaching.data.digits import enlarged


@pytest.mark.parametrize("size", [8, 12, 28])
def test_images_are_enlarged_as_scipy_does(size):
    images = np.random.default_rng(1).random((5, 8, 8))
    factor = (1, size / 8, size / 8)
    expected = zoom(images, factor, order=1, grid_mode=True, mode="nearest")
    assert enlarged(images, size).dtype == np.float32
    assert np.array_equal(enlarged(images, size), expected.astype("float32"))
