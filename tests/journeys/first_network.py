"""The whole main job by mouse and keyboard: draw, wire, mend, run, look, save, open again."""

from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QListWidget, QSpinBox, QWidget

from designer.canvas.node_item import OUTPUT
from designer.panels.fix_button import FixButton
from designer.window import MainWindow
from engine import load, load_image, run
from tests.journeys.hands import QtHands, XHands, wait_until

# Where each layer is dropped: two columns, so that nothing is close enough to be wired by itself.
DROPS = {
    "Input": (0.25, 0.10),
    "Conv2D": (0.25, 0.32),
    "ReLU": (0.25, 0.54),
    "MaxPool2D": (0.25, 0.76),
    "Flatten": (0.75, 0.10),
    "Dense": (0.75, 0.32),
    "Softmax": (0.75, 0.54),
}
CHAIN = ("image", "conv1", "relu1", "pool1", "flatten1", "dense1", "softmax1")


def draw_run_and_reopen(window: MainWindow, hands: QtHands | XHands, photograph: Path, file: Path) -> None:
    """Live the story in an empty window; every step is checked where a person would see it."""
    for _ in range(3):
        hands.keys("ctrl+minus")
    for title, (across, down) in DROPS.items():
        drag_layer(window, hands, title, across, down)
    assert tuple(node.id for node in window.document.graph.nodes) == CHAIN
    assert not window.document.graph.edges

    for source, target in pairwise(CHAIN):
        wire(window, hands, source, target)
    assert [(edge.source, edge.target) for edge in window.document.graph.edges] == list(pairwise(CHAIN))
    assert not window.document.analysis.errors

    break_and_mend(window, hands)

    hands.choose_file("ctrl+i", photograph)
    wait_until(lambda: len(window.maps.mosaic.layers()) == len(CHAIN), "all maps are shown")
    check_maps(window, photograph)

    undo_and_redo(window, hands)

    hands.choose_file("ctrl+s", file)
    wait_until(file.exists, "the file is written")
    saved = window.document.network
    hands.keys("ctrl+n")
    wait_until(lambda: not window.document.graph.nodes, "the window is empty again")
    hands.choose_file("ctrl+o", file)
    wait_until(lambda: bool(window.document.graph.nodes), "the network is back")
    assert window.document.network == saved == load(file)


def drag_layer(window: MainWindow, hands: QtHands | XHands, title: str, across: float, down: float) -> None:
    """Drag a row of the palette onto the canvas, to a place given as shares of its width and height."""
    rows = window.palette_panel.findChild(QListWidget)
    assert rows is not None
    found = rows.findItems(title, Qt.MatchFlag.MatchExactly)
    (row,) = (item for item in found if item.flags() & Qt.ItemFlag.ItemIsSelectable)  # no heading
    canvas = window.canvas.viewport()
    count = len(window.document.graph.nodes)
    target = QPoint(round(canvas.width() * across), round(canvas.height() * down))
    hands.drag(rows.viewport(), rows.visualItemRect(row).center(), canvas, target)
    wait_until(lambda: len(window.document.graph.nodes) == count + 1, f"{title} is on the canvas")


def wire(window: MainWindow, hands: QtHands | XHands, source: str, target: str) -> None:
    """Drag from a card's output port to another card's input port."""
    canvas, nodes = window.canvas, window.canvas.canvas.nodes
    count = len(window.document.graph.edges)
    start = canvas.mapFromScene(nodes[source].port_point(OUTPUT))
    end = canvas.mapFromScene(nodes[target].port_point(0))
    hands.drag(canvas.viewport(), start, canvas.viewport(), end)
    wait_until(lambda: len(window.document.graph.edges) == count + 1, f"{source} is wired to {target}")


def break_and_mend(window: MainWindow, hands: QtHands | XHands) -> None:
    """Make the pooling window larger than its input in the inspector, then click the fix in the Problems list."""
    card = window.canvas.canvas.nodes["pool1"]
    middle = window.canvas.mapFromScene(card.pos() + QPointF(110, 22))
    hands.click(window.canvas.viewport(), middle)
    wait_until(lambda: window.document.selection.only == "pool1", "the pooling layer is selected")
    box = next(box for box in window.inspector.findChildren(QSpinBox) if box.isVisible())
    hands.click(box, QPoint(14, box.height() // 2))
    hands.keys("ctrl+a")
    hands.type("40")
    hands.keys("tab")
    wait_until(lambda: bool(window.document.analysis.errors), "the mistake is found")
    (found,) = window.document.analysis.errors
    assert found.code == "kernel-too-large"
    assert "40×40" in found.message

    def offered() -> list[QWidget]:
        buttons = window.problems.findChildren(FixButton)
        return [button for button in buttons if button.isVisible() and "Make the window" in button.text()]

    wait_until(lambda: bool(offered()), "a fix is offered")
    hands.click(offered()[0], offered()[0].rect().center())
    wait_until(lambda: not window.document.analysis.errors, "the mistake is mended")


def check_maps(window: MainWindow, photograph: Path) -> None:
    """Compare what is shown with what the engine computes on its own."""
    graph = window.document.graph
    expected = run(graph, window.runs.weights, load_image(photograph, graph.node("image").layer))
    shown = {layer.node: layer.values for layer in window.maps.mosaic.layers()}
    assert shown.keys() == set(CHAIN)
    for node in CHAIN:
        assert (shown[node] == expected[node]).all()
    assert len(window.scores.answers) >= 5


def undo_and_redo(window: MainWindow, hands: QtHands | XHands) -> None:
    """Take everything back and make it again by keyboard."""
    after, steps = window.document.network, window.document.undo_stack.count()
    window.canvas.setFocus()
    for _ in range(steps):
        hands.keys("ctrl+z")
    wait_until(lambda: not window.document.graph.nodes, "everything is undone")
    for _ in range(steps):
        hands.keys("ctrl+shift+z")
    wait_until(lambda: window.document.network == after, "everything is done again")
    QTest.qWait(50)
