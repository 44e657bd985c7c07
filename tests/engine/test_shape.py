import pytest

from engine import AxisOrder, Shape

VOLUME, VECTOR = Shape(6, 28, 24), Shape(400)


def test_a_shape_is_the_plain_tuple_of_its_extents():
    assert VOLUME == (6, 28, 24)
    assert hash(VOLUME) == hash((6, 28, 24))
    assert repr(VOLUME) == "Shape(6, 28, 24)"
    assert repr(VECTOR) == "Shape(400,)"


def test_volumes_and_vectors_are_told_apart():
    assert (VOLUME.is_volume, VOLUME.is_vector) == (True, False)
    assert (VECTOR.is_volume, VECTOR.is_vector) == (False, True)
    assert (Shape(2, 3).is_volume, Shape(2, 3).is_vector) == (False, False)


def test_a_shape_counts_its_channels_values_and_bytes():
    assert (VOLUME.channels, VOLUME.size, VOLUME.nbytes) == (6, 4_032, 16_128)
    assert (VECTOR.channels, VECTOR.size, VECTOR.nbytes) == (400, 400, 1_600)


@pytest.mark.parametrize(
    ("order", "text"),
    [
        (AxisOrder.WIDTH_HEIGHT_DEPTH, "24×28×6"),
        (AxisOrder.CHANNELS_FIRST, "6×28×24"),
        (AxisOrder.CHANNELS_LAST, "28×24×6"),
    ],
)
def test_a_volume_is_written_in_the_order_of_the_reader(order: AxisOrder, text: str):
    assert VOLUME.text(order) == text
    assert VECTOR.text(order) == "400"


def test_the_lectures_order_is_the_usual_one():
    assert VOLUME.text() == "24×28×6"
    assert Shape(2, 3).text() == "2×3"
