"""Where cards go when groups are made, dissolved, collapsed or expanded: neighbours make room, or close up again."""

from collections.abc import Collection, Iterable

from PySide6.QtCore import QRectF

from designer.canvas.framing import arranged, frame_rects, layout_with, stored_places, united
from designer.canvas.geometry import CARD_HEIGHT, CARD_WIDTH, GRID, PITCH, Place, Places, card_rect, snapped
from designer.canvas.visible import Visible
from engine.network import Layout

_GAP = PITCH - CARD_HEIGHT
_NEAR = 0.5


def regrouped(before: Visible, after: Visible, nodes: Collection[str], places: Places, layout: Layout) -> Layout:
    """Return the layout after a change of groups.

    Where the canvas stands as the automatic layout has it, it stands so afterwards. Otherwise what has grown moves what
    comes behind it down, and what has shrunk lets it up by as much, so that to collapse and to expand again moves
    nothing in the end. Cards that come out of a collapsed group lie to each other as they did before.

    Parameters
    ----------
    before, after
        What is seen.
    nodes
        Those of the groups that have changed.
    places
        Where the cards are before.
    layout
        The document's, which knows where hidden nodes were.
    """
    known = layout_with(before, places, layout)
    old, new = _units(before, after, nodes)
    if is_arranged(before, places):
        wanted = arranged(after)
        result = _moved(wanted, _corner(after, new, wanted), _corner(before, old, places))
    else:
        result = _Shift(before, after, old, new, places).places(stored_places(after, known))
    return layout_with(after, result, known)


def is_arranged(seen: Visible, places: Places) -> bool:
    """Whether all cards are where the automatic layout puts them, wherever that begins."""
    wanted = arranged(seen)
    offsets = ((places[card][0] - x, places[card][1] - y) for card, (x, y) in wanted.items())
    first = next(offsets, (0.0, 0.0))
    return all(abs(x - first[0]) < _NEAR and abs(y - first[1]) < _NEAR for x, y in offsets)


def _units(before: Visible, after: Visible, nodes: Collection[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the cards that take each other's place; more than those of the nodes where repeats come together."""
    new = after.cards(nodes)
    old = before.cards(node for card in new for node in after.nodes(card))
    return old, after.cards(node for card in old for node in before.nodes(card))


def _rect(seen: Visible, cards: Iterable[str], places: Places) -> QRectF:
    """Return the rectangle around some cards and around the frames in which there are no others."""
    inside = set(cards)
    frames = frame_rects(seen, {card: places[card] for card in inside})
    own = [frames[group] for group, frame in seen.frames.items() if inside.issuperset(frame.cards)]
    return united([*(card_rect(places[card]) for card in inside), *own])


def _corner(seen: Visible, cards: Collection[str], places: Places) -> Place:
    """Return what keeps its place when cards take each other's: the topmost one's column, and their top edge."""
    head = min((places[card] for card in cards), key=lambda place: (place[1], place[0]))
    return head[0], _rect(seen, cards, places).top()


def _moved(places: Places, start: Place, end: Place) -> dict[str, Place]:
    """Return the places moved so that one point comes to another."""
    across, down = snapped(end[0] - start[0], end[1] - start[1])
    return {card: (x + across, y + down) for card, (x, y) in places.items()}


class _Shift:
    """A change of groups on a canvas that was laid out by hand."""

    def __init__(
        self, before: Visible, after: Visible, old: Collection[str], new: Collection[str], places: Places
    ) -> None:
        self._after = after
        self._new = new
        self._corner = _corner(before, old, places)
        self._rect = _rect(before, old, places)
        self._kept = {card: place for card, place in places.items() if card in after.graph and card not in new}

    def places(self, stored: Places) -> dict[str, Place]:
        """Return the places of all cards; ``stored`` are those that the layout knows."""
        inner = self._inner(stored)
        rect = _rect(self._after, self._new, inner)
        grown = rect.height() - self._rect.height()
        behind = self._behind()
        down = grown if grown > 0 else -self._lift(behind, -grown)
        result = self._kept | {card: (self._kept[card][0], self._kept[card][1] + down) for card in behind}
        self._part(result, behind, rect)
        return result | inner

    def _inner(self, stored: Places) -> dict[str, Place]:
        """Return where the new cards are: as they were, else as the automatic layout has them."""
        local = {card: stored[card] for card in self._new if card in stored}
        if len(local) < len(self._new):
            everything = arranged(self._after)
            local = {card: everything[card] for card in self._new}
        return _moved(local, _corner(self._after, self._new, local), self._corner)

    def _behind(self) -> set[str]:
        """Return the cards below that follow the new ones."""
        following: set[str] = set()
        for card in self._new:
            if card not in following:
                following |= self._after.graph.descendants(card)
        bottom = self._rect.bottom() - _NEAR
        return {card for card in following - set(self._new) if self._kept[card][1] >= bottom}

    def _lift(self, behind: set[str], most: float) -> float:
        """Return how far the cards behind can move up without running into others."""
        others = [place for card, place in self._kept.items() if card not in behind]
        for card in behind:
            x, y = self._kept[card]
            for left, top in others:
                if abs(left - x) < CARD_WIDTH and top < y:
                    most = min(most, max(0.0, y - top - CARD_HEIGHT - _GAP))
        return most // GRID * GRID

    def _part(self, places: dict[str, Place], behind: set[str], rect: QRectF) -> None:
        """Move cards beside the new ones out of the way, and what is further out with them."""
        wide = rect.adjusted(-_GAP, 0, _GAP, 0)
        middle = self._corner[0]
        hit = [card for card in self._kept if card not in behind and card_rect(places[card]).intersects(wide)]
        right = [places[card][0] for card in hit if places[card][0] > middle]
        left = [places[card][0] for card in hit if places[card][0] < middle]
        for card, (x, y) in list(places.items()):
            if card in behind:
                continue
            if right and x >= min(right):
                places[card] = snapped(x + wide.right() - min(right) + GRID / 2, y)
            elif left and x <= max(left):
                places[card] = snapped(x - (max(left) + CARD_WIDTH - wide.left()) - GRID / 2, y)
