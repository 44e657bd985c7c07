"""Where things are that have no widget of their own: cards, tiles of the mosaic, pixels of a large map."""

from typing import Any

from PySide6.QtCore import QPoint, QPointF
from PySide6.QtWidgets import QApplication

from designer.window import MainWindow
from tests.journeys.hands import QtHands, wait_until


def click_card(window: MainWindow, hands: QtHands, node: str) -> None:
    """Click a layer's card on the canvas."""
    card = window.canvas.canvas.nodes[node]
    hands.click(window.canvas.viewport(), window.canvas.mapFromScene(card.pos() + QPointF(110, 22)))
    assert window.document.selection.only == node


def tile(window: MainWindow, node: str, place: int) -> QPoint:
    """Return the middle of the tile at a place among those of a layer in the mosaic."""
    mosaic = window.maps.mosaic
    layer = [one.node for one in mosaic.layers()].index(node)
    x, y, width, height = mosaic._content.layout.tile(layer, place)
    at = QPoint(x + width // 2, y + height // 2 - mosaic.verticalScrollBar().value())
    assert mosaic.viewport().rect().contains(at)
    return at


def painted(window: MainWindow) -> None:
    """Wait until the mosaic has painted all that is in view; what sorts its maps is found out on the way."""
    mosaic = window.maps.mosaic

    def is_so() -> bool:
        mosaic.viewport().repaint()
        return mosaic.up_to_date

    wait_until(is_so, "the mosaic is painted")


def plot(window: MainWindow) -> Any:
    """Return the plot of the large map, or of the large vector."""
    plots = window.explorer._plots
    assert plots is not None
    return next(one for one in (plots.image, plots.vector) if one.view is window.explorer.stage.currentWidget())


def pixel(window: MainWindow, y: int, x: int) -> QPoint:
    """Return the middle of a pixel of the large map."""
    QApplication.processEvents()
    window.explorer.grab()
    shown = plot(window)
    return shown.view.mapFromScene(shown.box.mapViewToScene(QPointF(x + 0.5, y + 0.5)))


def shown_maps(window: MainWindow) -> dict[str, Any]:
    """Return the values of all maps that are shown, by layer."""
    return {layer.node: layer.values for layer in window.maps.mosaic.layers()}


def up_to_date(window: MainWindow) -> None:
    """Wait until the maps that are shown are those of the network as it stands."""

    def is_so() -> bool:
        result = window.runs.result
        return result is not None and result.request.network is window.document.network

    wait_until(is_so, "the maps are those of the network")
