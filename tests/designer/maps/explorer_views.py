"""What one large map shows, and how to point at it."""

from typing import Any

import numpy as np
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from designer.maps.explorer import MapExplorer
from designer.maps.layers import MapLayer
from designer.tiles.look import Look

LOOK = Look()


def of(values: Any) -> MapLayer:
    return MapLayer("n", "layer", "", "conv", np.asarray(values, dtype=np.float32))


def image(explorer: MapExplorer) -> Any:
    assert explorer._plots is not None
    return explorer._plots.image


def vector(explorer: MapExplorer) -> Any:
    assert explorer._plots is not None
    return explorer._plots.vector


def histogram_plot(explorer: MapExplorer) -> Any:
    assert explorer._plots is not None
    return explorer._plots.histogram


def settle(explorer: MapExplorer) -> None:
    """Let the layout and the view ranges follow, and paint everything once."""
    QApplication.processEvents()
    explorer.grab()


def point_at(plot: Any, x: float, y: float) -> QPoint:
    return plot.view.mapFromScene(plot.box.mapViewToScene(QPointF(x, y)))


def view_of(plot: Any) -> tuple[float, float, float, float]:
    rect = plot.box.viewRect()
    return rect.left(), rect.top(), rect.width(), rect.height()


def turn_wheel(plot: Any, at: QPoint, delta: int) -> None:
    viewport = plot.view.viewport()
    event = QWheelEvent(
        QPointF(at),
        QPointF(viewport.mapToGlobal(at)),
        QPoint(),
        QPoint(0, delta),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(viewport, event)
