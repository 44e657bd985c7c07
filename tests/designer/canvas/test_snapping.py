"""Cards that come into line."""

import pytest
from PySide6.QtCore import QLineF

from designer.canvas.geometry import CARD_HEIGHT, CARD_WIDTH, card_rect
from designer.canvas.snapping import Neighbour, snap


def neighbour(x: float, y: float, *, wired: bool = False) -> Neighbour:
    return Neighbour(card_rect((x, y)), wired)


def test_alone_a_card_snaps_to_the_grid():
    assert snap(card_rect((12.0, 37.0)), [], 1.0) == ((10.0, 40.0), ())


def test_near_a_column_and_a_row_it_snaps_to_both_and_shows_why():
    found = snap(card_rect((303.0, 104.0)), [neighbour(301, 0), neighbour(3, 101)], 1.0)
    assert found.place == (301, 101)
    middle, row = 301 + CARD_WIDTH / 2, 101 + CARD_HEIGHT / 2
    assert found.guides == (QLineF(middle, 0, middle, 101 + CARD_HEIGHT), QLineF(3, row, 301 + CARD_WIDTH, row))


def test_the_nearest_line_wins_and_of_two_as_near_the_wired_one():
    assert snap(card_rect((4.0, 300.0)), [neighbour(0, 0), neighbour(6, 100)], 1.0).place[0] == 6
    assert snap(card_rect((4.0, 300.0)), [neighbour(1, 0), neighbour(7, 100, wired=True)], 1.0).place[0] == 7


@pytest.mark.parametrize(("zoom", "snaps"), [(3.0, False), (1.0, True), (0.5, True)])
def test_reach_is_measured_on_the_screen(zoom, snaps):
    assert (snap(card_rect((8.0, 300.0)), [neighbour(3, 0)], zoom).place[0] == 3) is snaps


def test_far_cards_draw_only_what_is_wired_to_them():
    assert snap(card_rect((4.0, 2000.0)), [neighbour(3, 0)], 1.0).place[0] == 0
    assert snap(card_rect((4.0, 2000.0)), [neighbour(3, 0, wired=True)], 1.0).place[0] == 3


def test_cards_of_other_sizes_are_in_line_by_an_edge():
    wide = Neighbour(card_rect((0.0, 0.0)).adjusted(0, 0, 90, 0), False)
    found = snap(card_rect((3.0, 200.0)), [wide], 1.0)
    assert found.place == (0, 200)
    assert found.guides == (QLineF(0, 0, 0, 200 + CARD_HEIGHT),)
    assert snap(card_rect((92.0, 200.0)), [wide], 1.0).place == (90, 200)
