from math import pi

import numpy as np
import pytest

from engine import KERNEL_PRESETS, gabor, kernel_preset

RAMP = np.tile(np.arange(3, dtype=np.float32), (3, 1))  # brighter to the right


@pytest.mark.parametrize("name", KERNEL_PRESETS)
def test_every_preset_is_three_by_three_float32(name: str):
    kernel = kernel_preset(name)
    assert (kernel.shape, kernel.dtype) == ((3, 3), np.float32)


@pytest.mark.parametrize(
    ("name", "total"),
    [
        ("identity", 1),
        ("blur", 1),
        ("gaussian", 1),
        ("sharpen", 1),
        ("emboss", 1),
        ("edge", 0),
        ("laplacian", 0),
        ("sobel x", 0),
        ("sobel y", 0),
    ],
)
def test_a_kernel_keeps_the_brightness_of_an_even_surface_or_blackens_it(name: str, total: int):
    assert kernel_preset(name).sum() == pytest.approx(total, abs=1e-6)


def test_every_preset_is_named_once_above():
    assert len(set(KERNEL_PRESETS)) == len(KERNEL_PRESETS) == 9


def test_sobel_answers_to_its_own_direction_with_a_positive_sign():
    assert (kernel_preset("sobel x") * RAMP).sum() == 8
    assert (kernel_preset("sobel y") * RAMP).sum() == 0
    assert np.array_equal(kernel_preset("sobel y"), kernel_preset("sobel x").T)


def test_a_name_that_is_not_known_is_a_key_error():
    with pytest.raises(KeyError, match="nonsense"):
        kernel_preset("nonsense")


def test_a_caller_may_change_what_it_gets():
    kernel_preset("identity")[:] = 0
    assert kernel_preset("identity")[1, 1] == 1


def test_a_gabor_filter_peaks_at_its_centre_and_waves_along_its_angle():
    kernel = gabor(9, 0.0, 4.0, 2.0)
    assert (kernel.shape, kernel.dtype) == ((9, 9), np.float32)
    assert np.unravel_index(kernel.argmax(), kernel.shape) == (4, 4)
    assert kernel[4, 4] == 1
    assert kernel[4, 6] == pytest.approx(-np.exp(-0.5), abs=1e-6)  # half a wave to the right
    assert kernel[6, 4] == pytest.approx(np.exp(-0.5), abs=1e-6)  # along the crest
    np.testing.assert_allclose(gabor(9, pi / 2, 4.0, 2.0), kernel.T, atol=1e-6)


def test_the_phase_shifts_the_wave():
    np.testing.assert_allclose(gabor(7, 0.3, 3.0, 2.0, pi), -gabor(7, 0.3, 3.0, 2.0), atol=1e-6)
