"""Layers that come and go while something is in view."""

from collections.abc import Callable

import numpy as np
import pytest

from designer.maps.content import Content
from designer.maps.layers import MapLayer, MapValue
from designer.maps.layout import Hit
from designer.tiles.numbers import number_text


@pytest.fixture
def content(lenet: list[MapLayer]):
    made = Content()
    made.resize(509, 600, 0)
    made.set_layers(lenet, 0)
    return made


def test_new_values_leave_everything_in_its_place(
    content: Content, lenet: list[MapLayer], layer: Callable[..., MapLayer]
):
    again = [layer(old.node, *old.values.shape, seed=9) for old in lenet]
    for y in range(0, content.layout.height, 7):
        assert content.set_layers(again, y) == y


def test_a_layer_put_before_the_one_in_view_moves_it_down_by_its_height(
    content: Content, lenet: list[MapLayer], layer: Callable[..., MapLayer]
):
    y = content.layout.tops[3] + 50
    moved = content.set_layers([lenet[0], layer("new", 4, 20, 20), *lenet[1:]], y)
    assert moved - content.layout.tops[4] == 50


def test_when_the_layer_in_view_goes_the_nearest_before_it_is_shown(content: Content, lenet: list[MapLayer]):
    moved = content.set_layers([lenet[0], lenet[1], lenet[8]], content.layout.tops[3] + 60)
    assert moved == content.layout.tops[1]


def test_a_layer_with_the_same_values_keeps_what_is_known_of_it(
    content: Content, lenet: list[MapLayer], layer: Callable[..., MapLayer]
):
    before = [entry.serial for entry in content.entries]
    limits = content.entries[0].limits
    content.set_layers([lenet[0], layer("conv1", 6, 28, 28, seed=7), *lenet[2:]], 0)
    after = [entry.serial for entry in content.entries]
    assert content.entries[0].limits is limits
    assert [k for k, (a, b) in enumerate(zip(before, after, strict=True)) if a != b] == [1]


def test_a_value_names_its_place(content: Content, lenet: list[MapLayer]):
    assert content.value(Hit(1, 2, 3, 4)) == MapValue("conv1", "conv1", 2, 3, 4, float(lenet[1].values[2, 3, 4]))
    assert content.value(Hit(8, 7)) == MapValue("fc3", "fc3", 7, None, None, float(lenet[8].values[7]))
    assert content.value(Hit(1)) is None
    assert content.value(None) is None


def test_the_limits_of_a_vector_are_those_of_all_its_elements(content: Content, lenet: list[MapLayer]):
    limits = content.entries[8].limits
    limits.finish()
    assert limits.total == (float(lenet[8].values.min()), float(lenet[8].values.max()))


@pytest.mark.parametrize("shape", [(), (2, 3), (1, 2, 3, 4)])
def test_values_of_another_rank_are_refused(shape: tuple[int, ...]):
    with pytest.raises(ValueError, match=r"'a'.*shape"):
        MapLayer("a", "a", "", "conv", np.zeros(shape, np.float32))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.73124, "0.7312"),
        (-1.5, "−1.5"),
        (0.0, "0"),
        (1.25e-7, "1.25e−7"),
        (3e12, "3e12"),
        (np.nan, "NaN"),
        (-np.inf, "−∞"),
    ],
)
def test_numbers(value: float, text: str):
    assert number_text(value) == text
