"""Boxes and regions of maps."""

import msgspec
import numpy as np
import pytest

from engine.layers.region import Box, Region
from engine.shape import Shape

REGION = Region(np.array([2, 3]), np.array([1, 2, 4]), np.array([0, 5]), Box(1, 5, 0, 6))


@pytest.mark.parametrize(
    ("box", "clipped", "area"),
    [
        (Box(-2, 9, 1, 3), Box(0, 4, 1, 3), 8),
        (Box(1, 2, -1, 9), Box(1, 2, 0, 5), 5),
        (Box(-3, -1, 0, 2), Box(0, 0, 0, 2), 0),
        (Box(7, 9, 6, 8), Box(4, 4, 5, 5), 0),
    ],
)
def test_the_part_of_a_box_on_a_map(box, clipped, area):
    assert box.clipped(4, 5) == clipped
    assert clipped.area == area


def test_the_box_around_two():
    assert Box(0, 2, 3, 4).hull(Box(1, 5, -1, 2)) == Box(0, 5, -1, 4)


@pytest.mark.parametrize(
    ("changes", "within"),
    [
        ({}, True),
        ({"channels": np.array([1, 2, 3])}, True),
        ({"channels": np.array([3])}, False),
        ({"channels": np.array([2])}, False),
        ({"rows": np.array([0, 1, 2, 3, 4])}, True),
        ({"rows": np.array([1, 3, 4])}, False),
        ({"columns": np.array([0, 1, 5])}, True),
        ({"columns": np.array([0, 6])}, False),
        ({"box": Box(-1, 5, 0, 6)}, True),
        ({"box": Box(1, 5, 0, 5)}, False),
        ({"whole": True}, False),
    ],
)
def test_which_regions_say_as_much(changes, within):
    assert REGION.within(msgspec.structs.replace(REGION, **changes)) == within


def test_the_positions_that_exist():
    assert REGION.inside == Box(1, 5, 0, 6)
    assert msgspec.structs.replace(REGION, rows=np.array([], int)).inside is None
    assert msgspec.structs.replace(REGION, columns=np.array([], int)).inside is None


def test_a_vector_has_a_pixel_a_channel():
    one, everything = Region.at((3,)), Region.all(Shape(7))
    assert (one.channels.tolist(), one.box, one.whole) == ([3], Box(0, 1, 0, 1), False)
    assert (everything.channels.tolist(), everything.box, everything.whole) == ([*range(7)], Box(0, 1, 0, 1), True)
