"""Layers dropped on the canvas, added by command, and mended."""

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF
from PySide6.QtGui import QDragEnterEvent
from PySide6.QtWidgets import QApplication

from designer.canvas.geometry import CARD_HEIGHT, CARD_WIDTH, PITCH, card_rect
from designer.mime import LAYER_MIME, default_layers, pack, unpack
from engine import LAYERS, Add, Conv2D, Dense, Edge, Graph, Input, MaxPool2D, Node, ReLU
from tests.designer.canvas.canvas_hands import ALT, LEFT, NONE, assert_in_step, overlapping, show
from tests.engine.networks import chain, lenet5, wired

# What a drag carries


def test_layers_are_packed_by_name():
    data = pack(["Conv2D", "ReLU"])
    assert data.data(LAYER_MIME).toStdString() == "Conv2D+ReLU"
    assert unpack(data) == (Conv2D(), ReLU())


def test_what_is_no_layer_is_not_unpacked():
    data = QMimeData()
    data.setText("Conv2D")
    assert unpack(data) == ()
    assert unpack(pack(["Conv2D", "Warp"])) == ()
    assert unpack(pack([])) == ()


def test_every_layer_has_default_values():
    for layer in LAYERS:
        assert default_layers([layer.__name__]) == (layer(),)


# Drops


def test_a_drop_on_the_free_canvas_adds_a_card_under_the_pointer(view, hands):
    document = show(view, Graph())
    at = QPoint(300, 200)
    hands.drop(("Conv2D",), at)
    (node,) = document.graph.nodes
    assert (node.id, node.layer) == ("conv1", Conv2D())
    x, y = document.network.layout["conv1"]
    assert card_rect((x, y)).contains(view.mapToScene(at))
    assert (x % 10, y % 10) == (0, 0)
    assert document.selection.nodes == ("conv1",)
    assert document.undo_stack.undoText() == "Add Conv2D"
    assert_in_step(view)
    document.undo_stack.undo()
    assert document.graph == Graph()
    assert document.undo_stack.count() == 1


def test_several_layers_come_one_below_the_other(view, hands):
    document = show(view, Graph())
    hands.drop(("Conv2D", "ReLU"), QPoint(300, 200))
    assert document.graph.edges == (Edge("conv1", "relu1"),)
    (x, y), below = document.network.layout["conv1"], document.network.layout["relu1"]
    assert below == (x, y + PITCH)
    assert document.undo_stack.undoText() == "Add Conv2D + ReLU"


def below(hands, node: str, gap: float = 10) -> QPoint:
    """Return where a layer is held whose card would be right below another one's."""
    place = hands.view.canvas.nodes[node].pos()
    return hands.screen(place + QPointF(CARD_WIDTH / 2 + 40, CARD_HEIGHT + gap + CARD_HEIGHT / 2))


def test_a_drop_below_a_free_output_is_wired_to_it(view, hands):
    document = show(view, chain(image=Input()), {"image": (0.0, 0.0)})
    hands.drop(("Conv2D",), below(hands, "image"))
    assert document.graph.edges == (Edge("image", "conv1"),)
    assert document.network.layout["conv1"] == (0, PITCH)


def test_a_drop_near_a_free_output_is_wired_to_it(view, hands):
    document = show(view, chain(image=Input()), {"image": (0.0, 0.0)})
    hands.drop(("ReLU",), hands.output("image"))
    assert document.graph.edges == (Edge("image", "relu1"),)


def test_far_below_it_is_not(view, hands):
    document = show(view, chain(image=Input()), {"image": (0.0, 0.0)})
    hands.drop(("Conv2D",), below(hands, "image", 70))
    assert document.graph.edges == ()


def test_with_alt_a_drop_is_wired_to_nothing(view, hands):
    document = show(view, lenet5())
    view.zoom_reset()
    hands.drop(("ReLU",), hands.wire(Edge("image", "conv1")), ALT)
    assert document.graph.incoming["relu5"] == {}
    assert not overlapping(document.network.layout)


def test_an_input_is_wired_to_nothing(view, hands):
    document = show(view, lenet5())
    hands.drop(("Input",), hands.wire(Edge("conv1", "relu1")))
    assert document.graph.incoming["image1"] == {}
    assert not overlapping(document.network.layout)


def test_a_drop_on_a_wire_goes_into_it_and_everything_below_makes_room(view, hands):
    document = show(view, lenet5())
    before = dict(view.canvas.places)
    edge = Edge("conv1", "relu1")
    hands.drag_in(("MaxPool2D", "ReLU"), hands.wire(edge))
    assert view.canvas.edges[edge].hovered
    hands.drop(("MaxPool2D", "ReLU"), hands.wire(edge))
    assert edge not in document.graph.edges
    for wire in (Edge("conv1", "pool3"), Edge("pool3", "relu5"), Edge("relu5", "relu1")):
        assert wire in document.graph.edges
    layout = document.network.layout
    assert {x for x, _ in layout.values()} == {0}
    assert layout["conv1"] == before["conv1"]
    assert layout["softmax"][1] == before["softmax"][1] + 2 * PITCH
    assert document.undo_stack.undoText() == "Insert MaxPool2D + ReLU"
    assert document.undo_stack.count() == 1
    assert not overlapping(layout)
    document.undo_stack.undo()
    assert view.canvas.places == before
    assert_in_step(view)


def test_a_drop_that_leaves_again_is_forgotten(view, hands):
    document = show(view, lenet5())
    edge = Edge("conv1", "relu1")
    event = hands.drag_in(("ReLU",), hands.wire(edge))
    assert event.isAccepted()
    assert not view.viewport().grab().isNull()
    hands.drag_out()
    assert not view.canvas.edges[edge].hovered
    assert document.undo_stack.count() == 0


def test_ghosts_are_painted_below_a_card_too(view, hands):
    show(view, chain(image=Input()), {"image": (0.0, 0.0)})
    hands.drag_in(("Conv2D", "ReLU"), below(hands, "image"))
    with_ghosts = view.viewport().grab().toImage()
    hands.drag_out()
    assert view.viewport().grab().toImage() != with_ghosts


def test_what_is_no_layer_is_not_taken(view):
    data = QMimeData()
    data.setText("hello")
    from PySide6.QtCore import Qt

    event = QDragEnterEvent(QPoint(50, 50), Qt.DropAction.CopyAction, data, LEFT, NONE)
    QApplication.sendEvent(view.viewport(), event)
    assert not event.isAccepted()


# The command of the palette


def test_on_an_empty_canvas_a_layer_comes_to_the_top_of_the_view(view):
    document = show(view, Graph())
    assert view.add_layers(["Input"]) == ("image",)
    place = view.mapFromScene(card_rect(document.network.layout["image"]).center())
    assert abs(place.x() - view.viewport().width() / 2) < 10
    assert 0 < place.y() < 100


def test_layers_added_one_after_the_other_make_a_chain(view):
    document = show(view, Graph())
    for name in ("Input", "Conv2D", "ReLU", "MaxPool2D"):
        view.add_layers([name])
    assert document.graph.edges == (Edge("image", "conv1"), Edge("conv1", "relu1"), Edge("relu1", "pool1"))
    assert len({x for x, _ in document.network.layout.values()}) == 1
    assert not overlapping(document.network.layout)
    assert document.selection.nodes == ("pool1",)
    assert_in_step(view)


def test_without_a_selection_a_layer_comes_behind_the_last(view):
    document = show(view, chain(image=Input(), conv1=Conv2D()))
    view.add_layers(["ReLU"])
    assert document.graph.edges[-1] == Edge("conv1", "relu1")


def test_behind_a_layer_with_one_wire_it_goes_into_that(view):
    document = show(view, lenet5())
    document.selection.select(["conv1"])
    view.add_layers(["Conv2D", "ReLU"])
    assert {Edge("conv1", "conv3"), Edge("conv3", "relu5"), Edge("relu5", "relu1")} <= set(document.graph.edges)
    assert document.selection.nodes == ("conv3", "relu5")
    assert not overlapping(document.network.layout)


def test_behind_a_layer_with_several_wires_it_is_another_branch(view):
    graph = wired(chain(image=Input(), conv1=Conv2D(), add=Add()), ("image", "add", 1))
    document = show(view, graph)
    document.selection.select(["image"])
    view.add_layers(["ReLU"])
    assert Edge("image", "relu1") in document.graph.edges
    assert document.graph.outgoing["relu1"] == []
    assert not overlapping(document.network.layout)


def test_an_input_comes_beside_everything(view):
    document = show(view, lenet5())
    view.add_layers(["Input"])
    assert document.graph.incoming["image1"] == {}
    assert document.network.layout["image1"][0] >= CARD_WIDTH


def test_a_new_card_is_brought_into_view(view):
    document = show(view, lenet5())
    view.zoom_by(2.5 / view.zoom)
    (node,) = view.add_layers(["ReLU"])
    visible = view.mapToScene(view.viewport().rect()).boundingRect()
    assert visible.contains(card_rect(document.network.layout[node]))


def test_an_unknown_layer_adds_nothing(view):
    document = show(view, lenet5())
    assert view.add_layers(["Warp"]) == ()
    assert document.undo_stack.count() == 0


# Fixes


def test_a_fix_is_one_step_and_what_it_inserts_finds_room(view):
    document = show(view, chain(image=Input(), pool=MaxPool2D(), dense=Dense()))
    (found,) = document.analysis.errors
    view.apply_fix(found.fixes[0])
    assert document.analysis.errors == ()
    assert document.undo_stack.undoText() == "Insert Flatten"
    assert [document.network.layout[node][1] for node in ("pool", "flatten1", "dense")] == [
        PITCH,
        2 * PITCH,
        3 * PITCH,
    ]
    assert_in_step(view)


@pytest.mark.parametrize("layer", LAYERS, ids=lambda one: one.__name__)
def test_every_layer_can_be_added_to_a_network(view, layer):
    document = show(view, chain(image=Input(), conv1=Conv2D()))
    view.add_layers([layer.__name__])
    assert isinstance(document.graph.nodes[-1].layer, layer)
    assert_in_step(view)


def test_a_layer_in_a_shortcut_stands_beside_the_column(view, hands):
    graph = wired(chain(image=Input(), one=ReLU(), two=ReLU(), add=Add()), ("image", "add", 1))
    document = show(view, graph.add(Node("last", ReLU())).connect("add", "last"))
    edge = Edge("image", "add", 1)
    before = {node: view.canvas.places[node] for node in graph.by_id}
    hands.drop(("Conv2D",), hands.wire(edge))
    layout = document.network.layout
    assert Edge("image", "conv1") in document.graph.edges
    assert layout["conv1"][0] > CARD_WIDTH / 2
    assert not overlapping(layout)
    assert {node: layout[node] for node in graph.by_id} == before
