"""Mouse, keyboard and drags on a canvas, and what must hold after each."""

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from designer.canvas import CanvasView
from designer.canvas.card_painter import TILE
from designer.canvas.dots import Dot, dotted_wires
from designer.canvas.framing import frame_rects
from designer.canvas.geometry import CARD_HEIGHT, CARD_WIDTH
from designer.canvas.node_item import OUTPUT
from designer.canvas.visible import card_id, visible
from designer.document import Document
from designer.mime import pack
from engine import Edge, Graph, Groups, Network
from engine.dots import Dots
from engine.groups import Forest
from engine.network import Layout

LEFT, MIDDLE, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton, Qt.MouseButton.RightButton
NONE, CONTROL, SHIFT, ALT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)


class Hands:
    """Does to a canvas what a person does, by real events on its viewport."""

    def __init__(self, view: CanvasView) -> None:
        self.view = view
        self.canvas = view.viewport()
        self._dragged = pack(())  # Qt does not keep the data of an event alive

    def screen(self, at: QPointF) -> QPoint:
        """Return the pixel of a point of the canvas."""
        return self.view.mapFromScene(at)

    def card(self, node: str) -> QPoint:
        """Return a pixel on a card that is on no port."""
        return self.screen(self.view.canvas.nodes[node].pos() + QPointF(CARD_WIDTH / 4, CARD_HEIGHT / 2))

    def title(self, group: str) -> QPoint:
        """Return a pixel on a frame's title, off its chevron and off wires."""
        title = self.view.canvas.frames[group].title
        return self.screen(QPointF(title.right() - 12, title.center().y()))

    def chevron(self, group: str) -> QPoint:
        """Return the pixel in the middle of what collapses a frame's group, or expands a card's."""
        scene = self.view.canvas
        if group in scene.frames:
            return self.screen(scene.frames[group].chevron.center())
        return self.screen(scene.nodes[card_id(group)].pos() + TILE.center())

    def output(self, node: str) -> QPoint:
        return self.screen(self.view.canvas.nodes[node].port_point(OUTPUT))

    def input(self, node: str, port: int = 0) -> QPoint:
        return self.screen(self.view.canvas.nodes[node].port_point(port))

    def wire(self, edge: Edge) -> QPoint:
        """Return the pixel in the middle of a wire."""
        return self.screen(self.view.canvas.edges[edge].path().pointAtPercent(0.5))

    def dot(self, edge: Edge, number: int = 0) -> QPoint:
        """Return the pixel in the middle of a dot on a wire of the network."""
        return self.screen(self.view.canvas.dots.items[Dot(edge, number)].pos())

    def click(self, at: QPoint, modifiers: Qt.KeyboardModifier = NONE, button: Qt.MouseButton = LEFT) -> None:
        QTest.mouseClick(self.canvas, button, modifiers, at)

    def press(self, at: QPoint, modifiers: Qt.KeyboardModifier = NONE, button: Qt.MouseButton = LEFT) -> None:
        QTest.mousePress(self.canvas, button, modifiers, at)

    def move(self, *way: QPoint) -> None:
        for at in way:
            QTest.mouseMove(self.canvas, at)

    def release(self, at: QPoint, modifiers: Qt.KeyboardModifier = NONE, button: Qt.MouseButton = LEFT) -> None:
        QTest.mouseRelease(self.canvas, button, modifiers, at)

    def drag(
        self, start: QPoint, end: QPoint, modifiers: Qt.KeyboardModifier = NONE, button: Qt.MouseButton = LEFT
    ) -> None:
        self.press(start, modifiers, button)
        self.move(start + (end - start) / 2, end)
        self.release(end, modifiers, button)

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        QTest.keyClick(self.view, key, modifiers)

    def type_into_popup(self, text: str, last: Qt.Key | None = None) -> None:
        """Type into the popup that asks for a layer, and press a last key."""
        popup = self.view.quick_add.popup
        assert popup is not None
        QTest.keyClicks(popup.field, text)
        if last is not None:
            QTest.keyClick(popup.field, last)

    def double_click(self, at: QPoint) -> None:
        """Click twice as a mouse does: press and release, then the double-click and its release."""
        self.click(at)
        QTest.mouseDClick(self.canvas, LEFT, NONE, at)
        self.release(at)

    def wheel(self, at: QPoint, angle: int = 0, pixels: QPoint | None = None, keys: Qt.KeyboardModifier = NONE) -> None:
        where = QPointF(at)
        event = QWheelEvent(
            where,
            QPointF(self.canvas.mapToGlobal(at)),
            pixels or QPoint(),
            QPoint(0, angle),
            Qt.MouseButton.NoButton,
            keys,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(self.canvas, event)

    def drag_in(self, types: tuple[str, ...], at: QPoint, modifiers: Qt.KeyboardModifier = NONE) -> QDragMoveEvent:
        """Bring layers over the canvas without dropping them."""
        self._dragged = pack(types)
        how = (Qt.DropAction.CopyAction, self._dragged, LEFT, modifiers)
        QApplication.sendEvent(self.canvas, QDragEnterEvent(at, *how))
        move = QDragMoveEvent(at, *how)
        QApplication.sendEvent(self.canvas, move)
        return move

    def drag_on(self, at: QPoint, modifiers: Qt.KeyboardModifier = NONE) -> None:
        """Move layers on that are over the canvas already."""
        move = QDragMoveEvent(at, Qt.DropAction.CopyAction, self._dragged, LEFT, modifiers)
        QApplication.sendEvent(self.canvas, move)

    def drag_out(self) -> None:
        QApplication.sendEvent(self.canvas, QDragLeaveEvent())

    def drop(self, types: tuple[str, ...], at: QPoint, modifiers: Qt.KeyboardModifier = NONE) -> None:
        self.drag_in(types, at, modifiers)
        how = (Qt.DropAction.CopyAction, self._dragged, LEFT, modifiers)
        QApplication.sendEvent(self.canvas, QDropEvent(QPointF(at), *how, QEvent.Type.Drop))


def moved(at: QPoint, modifiers: Qt.KeyboardModifier) -> QMouseEvent:
    """Return a move of the mouse with a key held, which QTest can't make."""
    where = QPointF(at)
    return QMouseEvent(QEvent.Type.MouseMove, where, where, Qt.MouseButton.NoButton, LEFT, modifiers)


def show(
    view: CanvasView, graph: Graph, layout: Layout | None = None, groups: Groups = (), dots: Dots | None = None
) -> Document:
    """Load a drawing into the view's document."""
    document = view.canvas.document
    document.load(Network(graph=graph, layout=layout or {}, groups=groups, dots=dots or {}))
    return document


def members(groups: Groups, group: str) -> tuple[str, ...]:
    """Return all nodes of a group."""
    return Forest(groups).members(group)


def assert_in_step(view: CanvasView) -> None:
    """Check that the scene shows what the document holds, card by card and wire by wire."""
    scene, document = view.canvas, view.canvas.document
    seen = visible(document.graph, document.network.groups)
    assert scene.seen == seen
    assert set(scene.nodes) == set(scene.places) == set(seen.graph.by_id)
    assert set(scene.edges) == set(seen.graph.edges)
    assert list(scene.frames) == list(seen.frames)
    items = (*scene.nodes.values(), *scene.edges.values(), *scene.frames.values(), *scene.dots.items.values())
    assert {id(item) for item in scene.items()} == {id(item) for item in items}
    selected = set(document.selection.nodes)
    for card, item in scene.nodes.items():
        nodes = seen.nodes(card)
        assert item.place == scene.places[card]
        assert item.place == document.network.layout.get(nodes[0], item.place)
        assert item.selected == (not selected.isdisjoint(nodes))
        assert item.whole == selected.issuperset(nodes)
        assert not item.dimmed
        assert not item.card.foreseen
    for group, rect in frame_rects(seen, scene.places).items():
        assert scene.frames[group].rect() == rect
        assert scene.frames[group].selected == selected.issuperset(members(document.network.groups, group))
    for edge, item in scene.edges.items():
        start, end = item.route.start, item.route.end
        assert start == scene.nodes[edge.source].port_point(OUTPUT).toTuple()
        assert end == scene.nodes[edge.target].port_point(edge.port).toTuple()
        assert item.isVisible()
    dots = document.network.dots
    assert set(dots) <= set(document.graph.edges)
    assert all(dots.values())
    shown = dotted_wires(seen, dots)
    for edge, item in scene.edges.items():
        assert item.route.dots == (dots[shown[edge]] if edge in shown else ())
    assert set(scene.dots.items) == {Dot(edge, n) for edge in shown.values() for n in range(len(dots[edge]))}
    for dot, item in scene.dots.items.items():
        assert item.pos().toTuple() == dots[dot.edge][dot.number]
        assert shown[item.wire] == dot.edge
        assert item.selected == (dot in scene.dots.selected)
    assert scene.dots.selected <= set(scene.dots.items)


def overlapping(places: Layout) -> list[tuple[str, str]]:
    """Return the pairs of cards that overlap."""
    found = []
    cards = sorted(places.items())
    for index, (one, (x, y)) in enumerate(cards):
        for other, (left, top) in cards[index + 1 :]:
            if abs(left - x) < CARD_WIDTH and abs(top - y) < CARD_HEIGHT:
                found.append((one, other))
    return found
