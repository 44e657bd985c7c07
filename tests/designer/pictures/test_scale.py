import pytest

from designer.pictures.scale import scale_of
from designer.pictures.steps import steps_of
from engine import analyse
from tests.designer.pictures.figures import example


def scale(resources, name: str):
    steps = steps_of(analyse(example(resources, name).graph))
    return scale_of(list(steps.values()), 112, 64, 104)


def test_a_small_network_is_drawn_as_it_is(resources):
    found = scale(resources, "lenet5")
    assert found.side == found.depth
    assert found.side(32) == pytest.approx(112)
    assert found.side(16) == pytest.approx(56)
    assert "to one scale" in found.note


def test_sizes_that_span_too_far_are_drawn_by_their_root_and_that_is_said(resources):
    found = scale(resources, "alexnet")
    assert found.side(224) == pytest.approx(112)
    assert found.side(56) == pytest.approx(56)
    assert found.depth(96) / found.depth(24) == pytest.approx(2)
    assert "square root" in found.note


def test_the_smallest_edges_are_seen(resources):
    found = scale(resources, "resnet152")
    assert found.side(7) >= 12
    assert found.depth(3) >= 1.5


def test_bars_are_in_proportion(resources):
    found = scale(resources, "lenet5")
    assert found.units(120) == pytest.approx(104)
    assert found.units(60) == pytest.approx(52)


def test_a_network_without_volumes_has_a_scale():
    assert scale_of([], 112, 64, 104).note == ""
