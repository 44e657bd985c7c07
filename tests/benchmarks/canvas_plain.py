"""The plain way: a scene with one item per node, its texts as child items."""

import sys

from canvas_frames import SIZE, drawing, frames, milliseconds, tell
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import (
    QApplication,
    QGraphicsPathItem,
    QGraphicsRectItem,
    QGraphicsScene,
    QGraphicsSimpleTextItem,
    QGraphicsView,
)

WIDTH, HEIGHT = 270.0, 44.0


def build(scene: QGraphicsScene, count: int) -> None:
    """Fill a scene."""
    places: list[QPointF] = []
    for node in drawing(count):
        item = QGraphicsRectItem(QRectF(0, 0, WIDTH, HEIGHT))
        item.setPen(QPen(QColor("#d5dbe3"), 1))
        item.setBrush(QColor("#ffffff"))
        item.setFlag(item.GraphicsItemFlag.ItemIsMovable)
        item.setPos(node.x, node.y)
        for text, x, y in ((node.name, 44, 4), (node.kind, 44, 23), (node.shape, 190, 4), (node.count, 180, 23)):
            QGraphicsSimpleTextItem(text, item).setPos(x, y)
        scene.addItem(item)
        places.append(item.pos())
        for source in node.sources:
            start, end = places[source] + QPointF(WIDTH / 2, HEIGHT), item.pos() + QPointF(WIDTH / 2, 0)
            path = QPainterPath(start)
            path.cubicTo(start + QPointF(0, 30), end - QPointF(0, 30), end)
            wire = QGraphicsPathItem(path)
            wire.setPen(QPen(QColor("#8a97a8"), 1.5))
            wire.setZValue(-1)
            scene.addItem(wire)


def main() -> None:
    """Measure."""
    app = QApplication(sys.argv)
    scene = QGraphicsScene()
    view = QGraphicsView(scene)
    view.setRenderHint(QPainter.RenderHint.Antialiasing)
    view.resize(*SIZE)
    took = milliseconds(lambda: build(scene, int(sys.argv[1])))
    view.show()

    def pan(way: QPoint) -> None:
        for bar, step in ((view.horizontalScrollBar(), way.x()), (view.verticalScrollBar(), way.y())):
            bar.setValue(bar.value() - step)

    figures = frames(
        view,
        lambda: view.fitInView(scene.itemsBoundingRect(), Qt.AspectRatioMode.KeepAspectRatio),
        view.resetTransform,
        pan,
        lambda factor: view.scale(factor, factor),
    )
    tell({"build": took, **figures})
    del app


if __name__ == "__main__":
    main()
