"""Where dropped layers go: into a wire, below a card, or on the free canvas."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF

from designer.canvas.geometry import CARD_HEIGHT, CARD_WIDTH, PITCH, Place, output_point, snapped
from designer.canvas.hits import edge_near
from designer.canvas.insertion import can_follow
from designer.canvas.scene import CanvasScene
from engine import Edge, Layer

_WIRE_REACH = 22.0  # how near to a wire a drop goes into it
_PORT_REACH = 40.0  # how far below a card, or from its output, a drop is wired to it


@dataclass(frozen=True)
class Spot:
    """Where layers would go: the first one's place, and what they would be wired to or take the place of.

    What they are wired to are cards and the wires between them.
    """

    place: Place
    after: str | None = None
    into: Edge | None = None
    replaces: str | None = None  # the node that the layer takes the place of


def spot_for(scene: CanvasScene, layers: tuple[Layer, ...], at: QPointF, *, alone: bool) -> Spot:
    """Return where layers go that are dropped at a point.

    Parameters
    ----------
    scene, layers, at
        The canvas, the layers, and where the pointer is.
    alone
        Whether they are to be wired to nothing.
    """
    place = snapped(at.x() - CARD_WIDTH / 2, at.y() - CARD_HEIGHT / 2)
    if alone or not can_follow(layers):
        return Spot(place)
    edge = edge_near(scene, at, _WIRE_REACH)
    if edge is not None:
        column = scene.places[edge.source][0]
        straight = scene.edges[edge].route.direct and abs(column - place[0]) < CARD_WIDTH / 2
        return Spot((column, place[1]) if straight else place, into=edge)
    node = _node_above(scene, at, place)
    if node is None:
        return Spot(place)
    x, y = scene.places[node]
    return Spot((x, y + PITCH), after=node)


def _node_above(scene: CanvasScene, at: QPointF, place: Place) -> str | None:
    """Return the node with a free output right above a place."""
    best: tuple[float, str] | None = None
    for node, above in scene.places.items():
        if scene.graph.outgoing[node] or scene.seen.output(node) is None:
            continue
        port = output_point(above)
        away = abs(port.x() - at.x()) + abs(port.y() - at.y())
        gap = place[1] - above[1] - CARD_HEIGHT
        below = -CARD_HEIGHT <= gap <= _PORT_REACH and abs(place[0] - above[0]) < CARD_WIDTH
        if (below or away <= _PORT_REACH) and (best is None or away < best[0]):
            best = (away, node)
    return None if best is None else best[1]
