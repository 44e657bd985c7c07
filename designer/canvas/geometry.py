"""Where things are on a card and between cards, in canvas pixels at 100 %."""

from collections.abc import Mapping
from functools import cache

from PySide6.QtCore import QPointF, QRectF

from engine import Graph, Layer

Place = tuple[float, float]  # top left corner of a card
Places = Mapping[str, Place]

CARD_WIDTH = 270.0
CARD_HEIGHT = 44.0
PITCH = 60.0  # from one card of a column to the next
COLUMN = 300.0  # from one column to the next
GRID = 10.0
STRIP = QRectF(9, 4.5, 71, 35)  # of a card, where its first feature maps are
MARGIN = 9.0  # around a card, for ports, outline and shadow
PORT_RADIUS = 4.0
PORT_HOVER_RADIUS = 6.0
PORT_SPACING = 26.0
_MOST_ANCHORED = 3  # ports; more are spread around the middle


def card_rect(place: Place) -> QRectF:
    """Return the card's rectangle on the canvas."""
    return QRectF(place[0], place[1], CARD_WIDTH, CARD_HEIGHT)


def snapped(x: float, y: float) -> Place:
    """Return the point of the grid next to a place."""
    return round(x / GRID) * GRID, round(y / GRID) * GRID


def shown_ports(graph: Graph, node: str) -> int:
    """Return how many input ports a card shows; a layer that takes any number has one that is free."""
    count = graph.port_count(node)
    if graph.by_id[node].layer.ports.most is None:
        count = max(count, len(graph.incoming[node]) + 1)
    return count


@cache
def port_offsets(count: int) -> tuple[float, ...]:
    """Return the input ports' distances from the card's left edge.

    Up to three start in the middle, so that the wire of a column runs straight into the first and a shortcut comes
    in beside it; more are spread around the middle.
    """
    middle = CARD_WIDTH / 2
    if count <= _MOST_ANCHORED:
        return tuple(middle + PORT_SPACING * port for port in range(count))
    spacing = min(PORT_SPACING, (CARD_WIDTH - 2 * PORT_SPACING) / (count - 1))
    return tuple(middle + spacing * (port - (count - 1) / 2) for port in range(count))


def port_radius(count: int) -> float:
    """Return the radius at which so many ports do not touch."""
    if count <= _MOST_ANCHORED:
        return PORT_RADIUS
    offsets = port_offsets(count)
    return min(PORT_RADIUS, 0.45 * (offsets[1] - offsets[0]))


def input_point(place: Place, port: int, count: int) -> QPointF:
    """Return the centre of an input port on the canvas."""
    return QPointF(place[0] + port_offsets(max(count, port + 1))[port], place[1])


def output_point(place: Place) -> QPointF:
    """Return the centre of the output port on the canvas."""
    return QPointF(place[0] + CARD_WIDTH / 2, place[1] + CARD_HEIGHT)


def takes_input(layer: Layer) -> bool:
    """Whether anything can be wired to a layer."""
    return layer.ports.most != 0
