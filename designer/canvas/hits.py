"""What is under the pointer: a port, a card, a dot, a wire, or the title of a frame."""

from __future__ import annotations

from math import hypot, inf
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt

from designer.canvas.card_painter import TILE
from designer.canvas.dot_item import DotItem
from designer.canvas.dots import Dot
from designer.canvas.edge_item import EdgeItem
from designer.canvas.geometry import MARGIN, PORT_RADIUS
from designer.canvas.node_item import BODY, OUTPUT, NodeItem
from designer.canvas.overview import OVERVIEW_BELOW

if TYPE_CHECKING:
    from designer.canvas.scene import CanvasScene
    from engine import Edge

_PORT_PIXELS = 10.0  # on the screen, around a port
_LEAST_REACH, _MOST_REACH = 6.0, 13.0  # on the canvas
_WIRE_PIXELS = 6.0
_DOT_PIXELS = 8.0  # on the screen, around a dot


class Hit(NamedTuple):
    """What a point hits; with a port also its node, with a dot its wire, with nothing none of them."""

    node: str | None = None
    port: int | None = None  # an input port or `OUTPUT`
    edge: Edge | None = None
    frame: str | None = None  # the group whose title it is
    chevron: bool = False  # on what collapses or expands a group
    dot: Dot | None = None


def hit(scene: CanvasScene, at: QPointF) -> Hit:
    """Return what a point of the canvas hits: dots and ports, of which the nearer, before cards before wires."""
    reach = min(max(_PORT_PIXELS / scene.zoom, _LEAST_REACH), _MOST_REACH)
    cards, wires, dots = _near(scene, at, max(reach, _DOT_PIXELS / scene.zoom))
    on_card = next((item for item in cards if BODY.translated(item.pos()).contains(at)), None)
    wire = None if on_card is not None else wire_near(wires, at, _WIRE_PIXELS / scene.zoom)
    if scene.zoom >= OVERVIEW_BELOW:
        distance, node, port = _nearest_port(cards, at)
        away, dot = _nearest_dot(dots, at)
        if dot is not None and away <= min(_DOT_PIXELS / scene.zoom, distance):
            return Hit(edge=dot.wire, dot=dot.dot)
        # Between two cards of a column there is little but ports: what is off their discs is the wire.
        if distance <= (reach if wire is None else PORT_RADIUS + 1.5):
            return Hit(node, port)
    if on_card is not None:
        chevron = on_card.card.folded and TILE.translated(on_card.pos()).contains(at)
        return Hit(on_card.node, chevron=chevron)
    return Hit(edge=wire) if wire is not None else _on_title(scene, at)


def edge_near(scene: CanvasScene, at: QPointF, distance: float) -> Edge | None:
    """Return the wire that passes within a distance of a point."""
    return wire_near(_near(scene, at, distance)[1], at, distance)


def wire_near(wires: list[EdgeItem], at: QPointF, distance: float) -> Edge | None:
    """Return the uppermost of some wires that passes within a distance of a point."""
    return next((item.edge for item in wires if item.is_near(at, distance)), None)


def _on_title(scene: CanvasScene, at: QPointF) -> Hit:
    """Return the innermost frame whose title a point is on."""
    found = (item for item in reversed(scene.frames.values()) if item.title.contains(at))
    item = next(found, None)
    return Hit() if item is None else Hit(frame=item.group_id, chevron=item.chevron.contains(at))


def _near(scene: CanvasScene, at: QPointF, reach: float) -> tuple[list[NodeItem], list[EdgeItem], list[DotItem]]:
    """Return the cards, wires and dots whose bounds are near a point, uppermost first."""
    area = QRectF(at.x() - reach, at.y() - reach, 2 * reach, 2 * reach)
    found = scene.items(area, Qt.ItemSelectionMode.IntersectsItemBoundingRect)
    return (
        [item for item in found if isinstance(item, NodeItem)],
        [item for item in found if isinstance(item, EdgeItem)],
        [item for item in found if isinstance(item, DotItem)],
    )


def _nearest_dot(dots: list[DotItem], at: QPointF) -> tuple[float, DotItem | None]:
    found = [(hypot(item.x() - at.x(), item.y() - at.y()), item) for item in dots]
    return min(found, key=lambda pair: pair[0], default=(inf, None))


def _nearest_port(cards: list[NodeItem], at: QPointF) -> tuple[float, str | None, int | None]:
    best: tuple[float, str | None, int | None] = (inf, None, None)
    for item in cards:
        if not BODY.adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN).translated(item.pos()).contains(at):
            continue
        for port in (OUTPUT, *range(len(item.card.inputs))):
            centre = item.port_point(port)
            distance = hypot(centre.x() - at.x(), centre.y() - at.y())
            if distance < best[0]:
                best = (distance, item.node, port)
    return best
