"""Where to point in a mosaic, and how to look at it."""

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from designer.maps.layout import MosaicLayout
from designer.maps.mosaic import MosaicView


def layout(view: MosaicView) -> MosaicLayout:
    return view._content.layout


def finish(qtbot: QtBot, view: MosaicView) -> None:
    """Wait until nothing in view is left to render."""

    def finished() -> bool:
        view.viewport().repaint()
        return view.rendered == 0 and view._late.isEmpty()

    qtbot.waitUntil(finished)


def tile_point(view: MosaicView, layer: int, tile: int, dx: int = 3, dy: int = 3) -> QPoint:
    rect = layout(view).tile(layer, tile)
    return QPoint(rect.x + dx, rect.y - view.verticalScrollBar().value() + dy)


def header_point(view: MosaicView, layer: int) -> QPoint:
    header = layout(view).header(layer)
    return QPoint(40, header.y - view.verticalScrollBar().value() + header.height // 2)


def wheel(
    view: MosaicView, at: QPoint, delta: int, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.ControlModifier
) -> None:
    event = QWheelEvent(
        QPointF(at),
        QPointF(view.viewport().mapToGlobal(at)),
        QPoint(),
        QPoint(0, delta),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view.viewport(), event)


def colour_at(view: MosaicView, point: QPoint) -> int:
    image = view.viewport().grab().toImage()
    return image.pixel(point * image.devicePixelRatio()) & 0xFFFFFFFF
