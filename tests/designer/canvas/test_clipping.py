"""Copy, cut, paste and duplicate."""

import os
import subprocess
import sys

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from designer.canvas.clipping import JSON_MIME
from designer.canvas.geometry import card_rect
from designer.document import Document
from engine import Add, Edge, Graph, Input, Network, Node, initialise
from engine.formats import native
from tests.designer.canvas.canvas_hands import CONTROL, Hands, assert_in_step, overlapping, show
from tests.engine.networks import chain, lenet5

AWAY = QPoint(60, 600)  # free canvas, left of the column


def clipboard() -> str:
    return QApplication.clipboard().text()


def put(text: str) -> None:
    QApplication.clipboard().setText(text)


@pytest.fixture
def told(view) -> list[str]:
    sentences: list[str] = []
    view.told.connect(sentences.append)
    return sentences


@pytest.fixture
def lenet(view) -> Document:
    return show(view, lenet5())


def press(hands: Hands, key: Qt.Key) -> None:
    hands.key(key, CONTROL)


def leave(view) -> None:
    """Take the pointer off the canvas."""
    view._pointer.leave()


def test_what_is_copied_is_the_text_of_a_document(hands, lenet):
    lenet.selection.select(["relu1", "conv1", "conv2"])
    press(hands, Qt.Key.Key_C)
    network, weights_file = native.decode(clipboard())
    assert [node.id for node in network.graph.nodes] == ["conv1", "relu1", "conv2"]
    assert network.graph.edges == (Edge("conv1", "relu1"),)
    assert set(network.layout) == {"conv1", "relu1", "conv2"}
    assert weights_file is None
    data = QApplication.clipboard().mimeData()
    assert data.data(JSON_MIME).toStdString() == clipboard()
    assert lenet.undo_stack.count() == 0


def test_a_paste_comes_to_the_pointer_with_new_ids_and_its_own_wires(view, hands, lenet):
    lenet.selection.select(["conv1", "relu1"])
    press(hands, Qt.Key.Key_C)
    hands.move(AWAY)
    press(hands, Qt.Key.Key_V)
    assert lenet.selection.nodes == ("conv3", "relu5")
    assert Edge("conv3", "relu5") in lenet.graph.edges
    assert lenet.graph.incoming["conv3"] == {}
    assert lenet.graph.outgoing["relu5"] == []
    assert lenet.undo_stack.undoText() == "Paste 2 layers"
    assert lenet.undo_stack.count() == 1
    layout = lenet.network.layout
    box = card_rect(layout["conv3"]).united(card_rect(layout["relu5"]))
    assert (box.center() - view.mapToScene(AWAY)).manhattanLength() < 300
    assert layout["relu5"][1] - layout["conv3"][1] == 60
    assert not overlapping(layout)
    lenet.undo_stack.undo()
    assert lenet.graph == lenet5()
    assert_in_step(view)


def test_on_a_free_spot_the_middle_is_at_the_pointer(view, hands):
    document = show(view, chain(image=Input()), {"image": (0.0, 0.0)})
    document.selection.select(["image"])
    press(hands, Qt.Key.Key_C)
    at = hands.screen(QPointF(20, 240))
    hands.move(at)
    press(hands, Qt.Key.Key_V)
    away = card_rect(document.network.layout["image1"]).center() - view.mapToScene(at)
    assert abs(away.x()) <= 5
    assert abs(away.y()) <= 5
    assert document.undo_stack.undoText() == "Paste image"


def test_several_pastes_at_one_place_do_not_cover_each_other(view, hands, lenet):
    lenet.selection.select(["conv1", "relu1", "pool1"])
    press(hands, Qt.Key.Key_C)
    hands.move(AWAY)
    for _ in range(4):
        press(hands, Qt.Key.Key_V)
    assert len(lenet.graph.nodes) == 14 + 12
    assert not overlapping(lenet.network.layout)
    assert lenet.undo_stack.count() == 4
    assert_in_step(view)


def test_without_the_pointer_a_paste_comes_beside_what_was_copied(view, hands, lenet):
    lenet.selection.select(["conv2"])
    press(hands, Qt.Key.Key_C)
    leave(view)
    press(hands, Qt.Key.Key_V)
    (x, y), (left, top) = lenet.network.layout["conv3"], lenet.network.layout["conv2"]
    assert (abs(x - left), y) == (300, top)
    visible = view.mapToScene(view.viewport().rect()).boundingRect()
    assert visible.contains(card_rect((x, y)))


def test_what_was_cut_can_be_put_back_where_it_was(view, hands, lenet):
    lenet.selection.select(["conv2", "relu2"])
    places = {node: view.canvas.places[node] for node in ("conv2", "relu2")}
    press(hands, Qt.Key.Key_X)
    assert "conv2" not in lenet.graph
    assert lenet.undo_stack.undoText() == "Cut 2 layers"
    leave(view)
    press(hands, Qt.Key.Key_V)
    assert {node: lenet.network.layout[node] for node in ("conv2", "relu2")} == places
    assert_in_step(view)


def test_what_is_out_of_sight_is_pasted_into_the_middle(view, hands):
    put(native.encode(Network("Far", chain(image=Input()), None, {"image": (90_000.0, -80_000.0)})))
    document = show(view, lenet5())
    press(hands, Qt.Key.Key_V)
    visible = view.mapToScene(view.viewport().rect()).boundingRect()
    assert visible.intersects(card_rect(document.network.layout["image1"]))


def test_a_whole_document_is_inserted(view, hands):
    document = show(view, lenet5())
    put("\n" + native.encode(Network("Other", lenet5())) + "\n")
    press(hands, Qt.Key.Key_V)
    assert len(document.graph.nodes) == 28
    assert len(document.graph.edges) == 26
    assert document.network.name == "Untitled"
    assert not overlapping(document.network.layout)
    assert_in_step(view)


def test_into_an_empty_network_it_comes_as_it_was(view, hands):
    put(native.encode(Network("Other", lenet5())))
    document = show(view, Graph())
    press(hands, Qt.Key.Key_V)
    assert [node.layer for node in document.graph.nodes] == [node.layer for node in lenet5().nodes]
    assert document.analysis.errors == ()


def test_weights_come_along_within_the_program(view, hands):
    graph = lenet5()
    document = show(view, graph)
    document.set_weights("Load weights", initialise(graph, seed=5))
    document.selection.select(["conv2", "dense1"])
    press(hands, Qt.Key.Key_C)
    press(hands, Qt.Key.Key_V)
    weights = document.network.weights
    assert weights["conv3"]["weight"] is weights["conv2"]["weight"]
    assert np.array_equal(weights["dense4"]["bias"], weights["dense1"]["bias"])
    press(hands, Qt.Key.Key_D)
    assert document.network.weights["conv4"]["weight"] is weights["conv2"]["weight"]
    put(clipboard().replace('"filters": 16', '"filters": 17'))
    press(hands, Qt.Key.Key_V)
    assert "conv5" not in document.network.weights
    document.undo_stack.undo()
    document.undo_stack.undo()
    assert "conv4" not in document.network.weights


def test_duplicates_stand_beside_and_are_selected(view, hands, lenet):
    lenet.selection.select(["pool1", "conv2"])
    press(hands, Qt.Key.Key_D)
    assert lenet.selection.nodes == ("pool3", "conv3")
    assert Edge("pool3", "conv3") in lenet.graph.edges
    layout = lenet.network.layout
    assert layout["pool3"][1] == layout["pool1"][1]
    assert layout["conv3"][1] - layout["pool3"][1] == 60
    press(hands, Qt.Key.Key_D)
    assert not overlapping(layout)
    assert lenet.undo_stack.undoText() == "Duplicate 2 layers"
    assert lenet.undo_stack.count() == 2
    assert_in_step(view)


def test_without_a_selection_nothing_is_copied_and_a_sentence_says_so(hands, lenet, told):
    put("before")
    for key in (Qt.Key.Key_C, Qt.Key.Key_X, Qt.Key.Key_D):
        press(hands, key)
    assert clipboard() == "before"
    assert told == ["Select the layers to copy first."] * 2
    assert lenet.undo_stack.count() == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no layers on the clipboard"),
        ("hello", "no layers on the clipboard"),
        ("{", "can’t be pasted: Not readable as JSON"),
        ('{"format": "convolab"}', "can’t be pasted: Not a Convolab document"),
        ('{"format": "convolab", "version": 9, "name": "N", "layers": []}', "newer Convolab"),
        ('{"format": "convolab", "version": 1, "name": "N", "layers": []}', "has no layers"),
        (
            '{"format": "convolab", "version": 1, "name": "N", "layers": [{"id": "a", "type": "Warp"}]}',
            "no layer type 'Warp'",
        ),
        (
            '{"format": "convolab", "version": 1, "name": "N", "layers": [{"id": "a", "type": "ReLU"}],'
            '"connections": [["a", "a"]]}',
            "can't feed itself",
        ),
        ("{" * 100_000, "can’t be pasted"),
    ],
)
def test_what_is_no_network_is_not_pasted_and_a_sentence_says_why(view, hands, lenet, told, text, said):
    put(text)
    press(hands, Qt.Key.Key_V)
    assert lenet.undo_stack.count() == 0
    assert len(told) == 1
    assert said in told[0]
    assert "\n" not in told[0]
    assert told[0].endswith(".")
    assert_in_step(view)


def test_a_picture_is_not_pasted(hands, lenet, told):
    data = QMimeData()
    picture = QImage(4, 4, QImage.Format.Format_RGB32)
    picture.fill(0)
    data.setImageData(picture)
    QApplication.clipboard().setMimeData(data)
    press(hands, Qt.Key.Key_V)
    assert len(told) == 1
    assert lenet.undo_stack.count() == 0


@pytest.mark.parametrize("place", ["[9e6, 0]", "[-9e6, 9e6]"])
def test_places_beyond_the_canvas_are_computed_anew(view, hands, place):
    put(
        '{"format": "convolab", "version": 1, "name": "N", "layers": [{"id": "a", "type": "ReLU"}],'
        f'"layout": {{"a": {place}}}}}'
    )
    document = show(view, Graph().add(Node("add", Add())))
    press(hands, Qt.Key.Key_V)
    x, y = document.network.layout["relu1"]
    assert abs(x) < 5_000
    assert abs(y) < 5_000
    assert_in_step(view)


def test_the_program_ends_well_with_layers_on_the_clipboard():
    program = """
from PySide6.QtWidgets import QApplication
from designer.canvas import CanvasView
from designer.document import Document
from engine import Graph, Network, Node, ReLU
app = QApplication([])
document = Document()
view = CanvasView(document)
document.load(Network(graph=Graph((Node("relu", ReLU()),))))
document.selection.select(["relu"])
view.clipping.copy()
assert "ReLU" in QApplication.clipboard().text()
"""
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
