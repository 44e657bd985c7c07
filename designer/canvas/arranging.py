"""Cards laid out anew where they are: all of them, or some among others that stay."""

from collections.abc import Sequence

from designer.canvas.auto_layout import among
from designer.canvas.framing import arranged
from designer.canvas.geometry import GRID, Place, Places
from designer.canvas.placement import free_shift
from designer.canvas.visible import Visible


def arranged_part(seen: Visible, shown: Places, cards: Sequence[str]) -> dict[str, Place]:
    """Return the places of some cards, laid out with their top left corner where it is, or beside what is there."""
    others = dict(shown)
    places = arranged(seen.part(among(seen.graph, cards)))
    corner = [min(others[card][axis] for card in cards) for axis in (0, 1)]
    for card in cards:
        del others[card]
    across, down = (round(edge / GRID) * GRID for edge in corner)
    moved = {card: (x + across, y + down) for card, (x, y) in places.items()}
    across, down = free_shift(others, moved)
    return {card: (x + across, y + down) for card, (x, y) in moved.items()}


def arranged_all(seen: Visible, shown: Places, order: Sequence[str]) -> dict[str, Place]:
    """Return the places of all cards, laid out with the first node of an order staying where it is."""
    places = arranged(seen)
    if not places:
        return {}
    first = seen.card(order[0]) if order else next(iter(places))
    (x, y), (shown_x, shown_y) = places[first], shown[first]
    across, down = round((shown_x - x) / GRID) * GRID, round((shown_y - y) / GRID) * GRID
    return {card: (left + across, top + down) for card, (left, top) in places.items()}
