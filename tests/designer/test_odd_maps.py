"""Every view that looks into a network, on maps that are not as those of the examples: no fault, no nonsense."""

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from designer.window import MainWindow
from engine import (
    AvgPool2D,
    Conv2D,
    Dense,
    Flatten,
    GlobalAvgPool2D,
    Graph,
    Input,
    MaxPool2D,
    Network,
    ReLU,
    Softmax,
    Weights,
    initialise,
)
from tests.engine.networks import chain

NAN, INF = float("nan"), float("inf")
PATIENCE_MS = 60_000
# What the offscreen screen can't do says so in warnings, which no desktop gives.
_OFFSCREEN = "This plugin does not support"
# Python's own words for what is no number; ours are NaN and ∞.
_NONSENSE = re.compile(r"(?<![\w])[-−+]?(nan|inf|None)(?![\w])")


def _image(height: int, width: int) -> Graph:
    return chain(
        image=Input(channels=3, height=height, width=width),
        conv=Conv2D(filters=4, kernel=(3, 3), padding="same"),
        relu=ReLU(),
        pool=MaxPool2D(kernel=(1, 2), stride=(1, 2)),
        mean=AvgPool2D(kernel=(2, 1), stride=(2, 1)),
        flat=Flatten(),
        dense=Dense(units=5),
        softmax=Softmax(),
    )


def _vectors() -> Graph:
    return chain(
        image=Input(channels=3, height=1, width=1),
        flat=Flatten(),
        dense=Dense(units=6),
        relu=ReLU(),
        last=Dense(units=3),
    )


def _points() -> Graph:
    return chain(
        image=Input(channels=3, height=1, width=1),
        conv=Conv2D(filters=4, kernel=(1, 1)),
        relu=ReLU(),
        mean=GlobalAvgPool2D(),
    )


NETWORKS: dict[str, tuple[Graph, float | None]] = {
    "wide": (_image(9, 23), None),
    "tall": (_image(23, 9), None),
    "vectors": (_vectors(), None),
    "points": (_points(), None),
    "constant": (_image(9, 23), 0.0),
    "NaN": (_image(9, 23), NAN),
    "infinite": (_image(9, 23), INF),
    "huge": (_image(9, 23), 1e38),
    "infinite vectors": (_vectors(), -INF),
    "huge points": (_points(), -3e38),
}


def _weights(graph: Graph, value: float | None) -> Weights | None:
    """Return weights of which the first layer's first filter makes nothing but a value, or leads to it."""
    if value is None:
        return None
    made = {node: {name: array.copy() for name, array in arrays.items()} for node, arrays in initialise(graph).items()}
    first = next(iter(made.values()))
    first["weight"][0] = 0
    first["bias"][0] = value
    if not np.isfinite(value):
        first["weight"].flat[0] = value
    if value == 0.0:
        first["weight"][:] = 0
    return Weights(made)


@pytest.fixture(params=NETWORKS, ids=str)
def odd(request, window: MainWindow, qtbot: QtBot, tmp_path: Path) -> MainWindow:
    """Return a window in which the network ran on an image of noise."""
    graph, value = NETWORKS[request.param]
    window.document.load(Network("Odd", graph, weights=_weights(graph, value)))
    noise = np.random.default_rng(3).integers(0, 255, (40, 60, 3), dtype=np.uint8)
    Image.fromarray(noise).save(tmp_path / "noise.png")
    with qtbot.waitSignal(window.runs.settled, timeout=PATIENCE_MS):
        window.runs.open_image(tmp_path / "noise.png")
    assert window.runs.result is not None
    assert set(window.runs.result.maps) == {node.id for node in graph.nodes}
    if value is not None:  # the maps are as odd as they are meant to be
        made = np.concatenate([layer.values.reshape(-1) for layer in window.maps.mosaic.layers()])
        assert np.isnan(made).any() if np.isnan(value) else (made == np.float32(value)).any()
    return window


@pytest.fixture(autouse=True)
def _no_warnings(qtlog) -> Iterator[None]:
    yield
    assert not [one.message for one in qtlog.records if _OFFSCREEN not in one.message]


def look(widget: QWidget) -> None:
    """Paint a view, and read all its words."""
    QApplication.processEvents()
    assert not widget.grab().isNull()
    for text in texts(widget):
        assert not _NONSENSE.search(text), text


def point(widget: QWidget, at: QPoint) -> None:
    """Rest the pointer on a place; offscreen, that of `QTest` leaves again at once."""
    none, place = Qt.MouseButton.NoButton, QPointF(widget.mapToGlobal(at))
    event = QMouseEvent(QEvent.Type.MouseMove, QPointF(at), place, none, none, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(widget, event)


def texts(widget: QWidget) -> Iterator[str]:
    """Give all that a view says: labels, tables, and what screen readers are told."""
    for part in (widget, *widget.findChildren(QWidget)):
        if not part.isVisible():
            continue
        yield from (part.accessibleName(), part.accessibleDescription(), part.toolTip())
        if isinstance(part, QLabel):
            yield part.text()
        if isinstance(part, QAbstractItemView) and (model := part.model()) is not None:
            for row in range(model.rowCount()):
                for column in range(model.columnCount()):
                    yield str(model.index(row, column).data() or "")


def nodes(window: MainWindow) -> list[str]:
    return [node.id for node in window.document.graph.nodes]


def test_it_is_looked_at(odd: MainWindow, qtbot: QtBot, tmp_path: Path):
    the_mosaic_in_both_layouts(odd, qtbot)
    one_map_large(odd)
    the_numbers(odd)
    the_export(odd, qtbot, tmp_path)


def test_it_is_taken_apart(odd: MainWindow):
    traces(odd)
    the_stepper(odd)


def test_it_is_tried_out(odd: MainWindow, qtbot: QtBot):
    the_kernels(odd)
    the_lab(odd, qtbot)
    the_twin(odd)


def the_mosaic_in_both_layouts(odd: MainWindow, qtbot: QtBot) -> None:
    """See all maps at once, small and large, with the pointer on them."""
    mosaic = odd.maps.mosaic
    for overview in (True, False):
        odd.maps.set_overview(overview)
        for size in (16, 200):
            if not overview:
                odd.maps.set_tile_size(size)
            qtbot.waitUntil(lambda: (mosaic.viewport().repaint() or True) and mosaic.up_to_date)
            for y in range(0, mosaic.viewport().height(), 61):
                point(mosaic.viewport(), QPoint(mosaic.viewport().width() // 2, y))
                look(odd.maps)


def one_map_large(odd: MainWindow) -> None:
    """See each layer's first maps large, with all that can be beside them."""
    explorer = odd.explorer
    for node in nodes(odd):
        odd.looks.open(node, 0)
        QTest.mouseClick(explorer.bar.keep, Qt.MouseButton.LeftButton)
        QTest.mouseClick(explorer.bar.pin, Qt.MouseButton.LeftButton)
        explorer.bar.slider.setValue(50)
        for choice in range(explorer.bar.box.count()):
            explorer.bar.box.setCurrentIndex(choice)
            explorer.bar.box.activated.emit(choice)
            look(explorer)
        shown = explorer.measures.faults.isVisible()
        layer = next(layer for layer in odd.maps.mosaic.layers() if layer.node == node)
        values = layer.values if layer.is_vector else layer.values[0]
        assert shown == (not np.isfinite(values).all())
        explorer.bar.slider.setValue(0)
        QTest.keyClick(explorer, Qt.Key.Key_Right)
        look(explorer)


def the_numbers(odd: MainWindow) -> None:
    """Read the table of channels, the outline, the inspector and the answer."""
    odd.commands["view.channels"].trigger()
    odd.commands["view.outline"].trigger()
    look(odd.outline)
    for node in nodes(odd):
        odd.document.selection.select([node])
        for view in (odd.channel_table, odd.inspector, odd.scores, odd.image_view):
            look(view)
    for heat in ("view.heat_time", "view.heat_memory"):
        odd.commands[heat].trigger()
        look(odd.canvas)


def traces(odd: MainWindow) -> None:
    """Trace the corners of each layer's maps, and go upstream from them."""
    panel = odd.trace_panel
    for node in nodes(odd):
        shape = next(layer.values.shape for layer in odd.maps.mosaic.layers() if layer.node == node)
        for index in ((0,) * len(shape), tuple(size - 1 for size in shape)):
            odd.traces.open(node, index)
            shown = panel.shown()
            assert shown is not None
            assert shown.trace.agrees
            look(panel)
            assert odd.statusBar().currentMessage()
            assert not _NONSENSE.search(odd.statusBar().currentMessage())
        for _ in range(3):
            QTest.keyClick(panel, Qt.Key.Key_Return)
            look(panel)


def the_stepper(odd: MainWindow) -> None:
    """Step through each layer."""
    odd.commands["lessons.stepper"].trigger()
    panel = odd.stepper
    for node in nodes(odd):
        odd.document.selection.select([node])
        for number in sorted({0, panel.player.count // 2, panel.player.count - 1}):
            panel.player.go(number)
            look(panel)
        assert panel.steps is not None


def the_kernels(odd: MainWindow) -> None:
    """Walk through the kernels of each layer."""
    odd.commands["edit.kernels"].trigger()
    for node in nodes(odd):
        odd.document.selection.select([node])
        look(odd.kernel_panel)
        if odd.kernel_panel.subject() is not None:
            for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_End):
                QTest.keyClick(odd.kernel_panel.grid, key)
                look(odd.kernel_panel)


def the_lab(odd: MainWindow, qtbot: QtBot) -> None:
    """Move the image."""
    odd.commands["lessons.translation"].trigger()
    lab = odd.lab
    qtbot.waitUntil(lambda: lab.comparison is not None, timeout=PATIENCE_MS)
    lab.moves.sliders["dx"].setValue(1)
    qtbot.waitUntil(lambda: lab.comparison.move == lab.moves.move_at_hand, timeout=PATIENCE_MS)
    for node in lab.rows.nodes:
        lab.rows.choose(node)
        look(lab)


def the_twin(odd: MainWindow) -> None:
    """Compare each layer with its twin."""
    odd.commands["lessons.twin"].trigger()
    for node in nodes(odd):
        odd.document.selection.select([node])
        look(odd.twin)


def the_export(odd: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    """Write all maps."""
    with qtbot.waitSignal(odd.map_export.finished, timeout=PATIENCE_MS) as caught:
        odd.map_export.write_all(tmp_path / "maps")
    assert caught.args == [True]
    page = (tmp_path / "maps" / "maps.html").read_text(encoding="utf-8")
    assert not _NONSENSE.search(re.sub(r"data:image/png;base64,[\w+/=]+", "", page))
