"""Layers dragged onto the canvas: their ghosts, and what becomes of them."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QPainter, QPen
from PySide6.QtWidgets import QGraphicsView

from designer import theme
from designer.canvas.card import Card, blank_card
from designer.canvas.card_painter import RADIUS, paint_card
from designer.canvas.editor import Editor
from designer.canvas.geometry import CARD_WIDTH, PITCH, card_rect
from designer.canvas.hits import Hit
from designer.canvas.node_item import BODY
from designer.canvas.routes import free_path
from designer.canvas.scene import CanvasScene
from designer.canvas.spots import Spot, spot_for
from designer.mime import unpack
from engine import Layer

_GHOST = 0.9  # opacity
_PLUS = 9.0  # radius


class LayerDrops:
    """Takes the drag events of a view; at most one drag is over it."""

    def __init__(self, view: QGraphicsView, scene: CanvasScene, editor: Editor) -> None:
        self._view = view
        self._scene = scene
        self._editor = editor
        self._layers: tuple[Layer, ...] = ()
        self._cards: list[Card] = []
        self.spot: Spot | None = None  # where the layers would go

    @property
    def active(self) -> bool:
        """Whether layers are over the view."""
        return self.spot is not None

    def enter(self, event: QDragEnterEvent) -> None:
        """Welcome layers, and nothing else."""
        self._layers = unpack(event.mimeData())
        self._cards = [blank_card(layer) for layer in self._layers]
        self.move(event)

    def move(self, event: QDropEvent) -> None:
        """Show where the layers would go; with Alt, wired to nothing."""
        if not self._layers:
            event.ignore()
            return
        at = self._view.mapToScene(event.position().toPoint())
        alone = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        self.spot = spot_for(self._scene, self._layers, at, alone=alone)
        self._scene.hover(Hit(edge=self.spot.into))
        self._view.viewport().update()
        event.acceptProposedAction()

    def leave(self) -> None:
        """Show nothing any more."""
        self._layers, self.spot = (), None
        self._scene.hover(Hit())
        self._view.viewport().update()

    def drop(self, event: QDropEvent) -> tuple[str, ...]:
        """Add the layers where they are shown; return their ids."""
        self.move(event)
        layers, spot = self._layers, self.spot
        self.leave()
        if spot is None:
            return ()
        return self._editor.add(layers, after=spot.after, into=spot.into, at=spot.place)

    def paint(self, painter: QPainter) -> None:
        """Paint the ghosts, and the wire that would feed them."""
        if self.spot is None:
            return
        for number, card in enumerate(self._cards):
            _paint_ghost(painter, card, card_rect((self.spot.place[0], self.spot.place[1] + number * PITCH)))
        painter.setPen(QPen(QColor(theme.current().accent), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self.spot.after is not None:
            end = QPointF(self.spot.place[0] + CARD_WIDTH / 2, self.spot.place[1])
            painter.drawPath(free_path(self._scene.nodes[self.spot.after].output, end))
        if self.spot.into is not None:
            path = self._scene.edges[self.spot.into].path()
            painter.drawPath(path)  # once more, in front of the ghosts that hide it
            _paint_plus(painter, path.pointAtPercent(0.5))


def _paint_ghost(painter: QPainter, card: Card, rect: QRectF) -> None:
    painter.save()
    painter.translate(rect.topLeft())
    painter.setOpacity(_GHOST)
    paint_card(painter, card, BODY)
    painter.setPen(QPen(QColor(theme.current().accent), 1.5, Qt.PenStyle.DashLine))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(BODY, RADIUS, RADIUS)
    painter.restore()


def _paint_plus(painter: QPainter, at: QPointF) -> None:
    """Paint the sign for what would be inserted here."""
    colours = theme.current()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colours.accent))
    painter.drawEllipse(at, _PLUS, _PLUS)
    painter.setPen(QPen(QColor(colours.on_accent), 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    arm = _PLUS / 2
    painter.drawLine(at - QPointF(arm, 0), at + QPointF(arm, 0))
    painter.drawLine(at - QPointF(0, arm), at + QPointF(0, arm))
