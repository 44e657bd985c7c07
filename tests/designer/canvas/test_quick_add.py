"""Choosing a layer in the popup: by Tab, by a double-click, at the end of a wire."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from designer import theme
from designer.canvas.geometry import CARD_WIDTH, PITCH, card_rect
from designer.canvas.offers import Offer
from designer.canvas.quick_popup import QuickPopup
from engine import Add, BatchNorm2D, Conv2D, Dense, Edge, Flatten, Graph, Input, MaxPool2D, Node, ReLU, Softmax
from tests.designer.canvas.canvas_hands import LEFT, assert_in_step, overlapping, show
from tests.engine.networks import chain, lenet5

FREE = QPoint(60, 600)  # beside the column
PLACES = {"image": (0.0, 0.0), "conv1": (0.0, 100.0), "relu1": (0.0, 200.0), "add": (400.0, 300.0)}


@pytest.fixture
def drawing(view):
    graph = chain(image=Input(), conv1=Conv2D(), relu1=ReLU()).add(Node("add", Add()))
    return show(view, graph, PLACES)


def popup_of(view) -> QuickPopup:
    popup = view.quick_add.popup
    assert popup is not None
    return popup


def titles(offers: list[Offer]) -> list[str]:
    return [offer.entry.title for offer in offers]


def offered(view, title: str) -> Offer:
    return next(offer for offer in popup_of(view).shown if offer.entry.title == title)


# Where it opens, and what comes of it


def test_tab_asks_at_the_pointer_and_enter_adds_there_fed_by_the_selected_layer(view, hands, drawing):
    drawing.selection.select(["relu1"])
    point = QPointF(-60, 330)
    hands.move(hands.screen(point))
    hands.key(Qt.Key.Key_Tab)
    assert offered(view, "Conv2D").result == "28×28×8"
    hands.type_into_popup("bn", Qt.Key.Key_Return)
    assert view.quick_add.popup is None
    assert drawing.graph.node("bn1").layer == BatchNorm2D()
    assert Edge("relu1", "bn1") in drawing.graph.edges
    assert card_rect(drawing.network.layout["bn1"]).adjusted(0, -10, 0, 0).contains(point)
    assert drawing.selection.nodes == ("bn1",)
    assert drawing.undo_stack.undoText() == "Add BatchNorm2D"
    assert drawing.undo_stack.count() == 1
    assert_in_step(view)
    drawing.undo_stack.undo()
    assert "bn1" not in drawing.graph


def test_without_the_pointer_it_comes_below_the_selected_layer(view, hands):
    document = show(view, lenet5())
    document.selection.select(["conv1"])
    view._pointer.leave()
    hands.key(Qt.Key.Key_Tab)
    hands.type_into_popup("batch", Qt.Key.Key_Return)
    assert {Edge("conv1", "bn1"), Edge("bn1", "relu1")} <= set(document.graph.edges)
    assert document.network.layout["bn1"] == (0, 2 * PITCH)
    assert not overlapping(document.network.layout)


def test_without_the_pointer_and_a_selection_it_comes_to_the_middle(view, hands):
    document = show(view, Graph())
    hands.key(Qt.Key.Key_Tab)
    hands.type_into_popup("input", Qt.Key.Key_Return)
    centre = view.mapToScene(view.viewport().rect().center())
    assert card_rect(document.network.layout["image"]).contains(centre)


def test_over_a_card_it_is_fed_by_that_card(view, hands, drawing):
    hands.move(hands.card("relu1"))
    hands.key(Qt.Key.Key_Tab)
    hands.type_into_popup("conv2d", Qt.Key.Key_Return)
    assert Edge("relu1", "conv2") in drawing.graph.edges
    assert drawing.network.layout["conv2"] == (0, 200 + PITCH)


def test_a_double_click_beside_all_asks_and_remembers_what_was_selected(view, hands, drawing):
    drawing.selection.select(["relu1"])
    at = hands.screen(QPointF(-60, 350))
    hands.double_click(at)
    assert view.gesture is None
    assert not view.viewport().grab().isNull()
    hands.type_into_popup("fc", Qt.Key.Key_Return)
    assert drawing.graph.node("dense1").layer == Dense()
    assert Edge("relu1", "dense1") in drawing.graph.edges
    assert_in_step(view)


def test_a_double_click_without_a_selection_adds_a_layer_alone(view, hands, drawing):
    hands.double_click(hands.screen(QPointF(-60, 350)))
    assert offered(view, "Conv2D").result == ""
    hands.type_into_popup("conv", Qt.Key.Key_Return)
    assert drawing.graph.incoming["conv2"] == {}
    assert drawing.graph.outgoing["conv2"] == []


def test_tab_over_a_wire_puts_a_layer_into_it(view, hands, drawing):
    drawing.selection.select(["add"])
    edge = Edge("conv1", "relu1")
    hands.move(hands.wire(edge))
    hands.key(Qt.Key.Key_Tab)
    assert not view.viewport().grab().isNull()
    hands.type_into_popup("max", Qt.Key.Key_Return)
    assert {Edge("conv1", "pool1"), Edge("pool1", "relu1")} <= set(drawing.graph.edges)
    assert edge not in drawing.graph.edges
    assert drawing.undo_stack.undoText() == "Insert MaxPool2D"
    assert drawing.undo_stack.count() == 1
    assert_in_step(view)


def test_a_double_click_on_a_card_asks_nothing(view, hands, drawing, qtbot):
    with qtbot.waitSignal(view.activated):
        hands.double_click(hands.card("conv1"))
    assert view.quick_add.popup is None


def test_an_input_is_wired_to_nothing(view, hands, drawing):
    drawing.selection.select(["relu1"])
    hands.move(FREE)
    hands.key(Qt.Key.Key_Tab)
    hands.type_into_popup("input", Qt.Key.Key_Return)
    assert drawing.graph.incoming["image1"] == {}
    assert_in_step(view)


def test_a_pair_is_added_wired(view, hands, drawing):
    drawing.selection.select(["relu1"])
    hands.move(FREE)
    hands.key(Qt.Key.Key_Tab)
    hands.type_into_popup("conv + relu", Qt.Key.Key_Return)
    assert {Edge("relu1", "conv2"), Edge("conv2", "relu2")} <= set(drawing.graph.edges)
    assert drawing.undo_stack.count() == 1


def test_values_follow_from_where_it_is_wired(view, hands):
    document = show(view, chain(image=Input(height=2, width=2)))
    document.selection.select(["image"])
    hands.move(FREE)
    hands.key(Qt.Key.Key_Tab)
    assert offered(view, "Conv2D").layers == (Conv2D(kernel=(2, 2)),)
    hands.type_into_popup("conv", Qt.Key.Key_Return)
    assert document.graph.node("conv1").layer.kernel == (2, 2)
    assert document.analysis.errors == ()


# The popup itself


def test_arrows_walk_and_what_is_current_is_described(view, hands, drawing):
    drawing.selection.select(["relu1"])
    hands.key(Qt.Key.Key_Tab)
    popup = popup_of(view)
    first = popup.current
    hands.type_into_popup("", Qt.Key.Key_Down)
    assert popup.current == popup.shown[1] != first
    assert popup.current.entry.summary in popup.told
    assert popup.current.result in popup.told
    hands.type_into_popup("", Qt.Key.Key_PageDown)
    assert popup.rows.currentRow() == 9
    for _ in range(3):
        hands.type_into_popup("", Qt.Key.Key_PageUp)
    hands.type_into_popup("", Qt.Key.Key_Up)
    assert popup.current == first
    hands.type_into_popup("", Qt.Key.Key_Tab)
    assert view.quick_add.popup is popup


def test_the_pointer_makes_current_and_a_click_adds(view, hands, drawing):
    drawing.selection.select(["relu1"])
    hands.key(Qt.Key.Key_Tab)
    popup = popup_of(view)
    place = popup.rows.visualItemRect(popup.rows.item(3)).center()
    QTest.mouseMove(popup.rows.viewport(), place - QPoint(0, 3))
    QTest.mouseMove(popup.rows.viewport(), place)
    assert popup.current == popup.shown[3]
    wanted = popup.current.layers[0]
    QTest.mouseClick(popup.rows.viewport(), LEFT, pos=place)
    assert view.quick_add.popup is None
    assert drawing.graph.nodes[-1].layer == wanted


def test_escape_leaves_everything_as_it_was(view, hands, drawing):
    before = drawing.network
    hands.key(Qt.Key.Key_Tab)
    hands.type_into_popup("conv", Qt.Key.Key_Escape)
    assert view.quick_add.popup is None
    assert drawing.network is before
    assert drawing.undo_stack.count() == 0


def test_a_search_without_hits_says_so_and_adds_nothing(view, hands, drawing):
    hands.key(Qt.Key.Key_Tab)
    hands.type_into_popup("xyzzy", Qt.Key.Key_Return)
    assert popup_of(view).told == "No layer matches “xyzzy”."
    assert drawing.undo_stack.count() == 0


def test_opened_again_it_begins_afresh(view, hands, drawing):
    hands.key(Qt.Key.Key_Tab)
    hands.type_into_popup("conv", Qt.Key.Key_Escape)
    hands.key(Qt.Key.Key_Tab)
    assert popup_of(view).field.text() == ""
    assert len(popup_of(view).shown) > 50


def test_an_edit_elsewhere_closes_it(view, hands, drawing):
    drawing.selection.select(["relu1"])
    hands.key(Qt.Key.Key_Tab)
    drawing.edit("Remove", drawing.graph.remove(["relu1"]))
    assert view.quick_add.popup is None
    assert_in_step(view)


@pytest.mark.parametrize("name", ["light", "dark"])
def test_it_is_painted_in_both_themes(view, hands, drawing, qapp, name):
    theme.apply(qapp, theme.THEMES[name])
    drawing.selection.select(["relu1"])
    hands.key(Qt.Key.Key_Tab)
    popup = popup_of(view)
    assert popup.frameGeometry().width() == 420
    plain = popup.grab().toImage()
    hands.type_into_popup("conv")
    assert popup.grab().toImage() != plain
    theme.apply(qapp, theme.LIGHT)


# The end of a wire


def test_a_wire_dropped_on_nothing_is_connected_to_what_is_chosen(view, hands, drawing):
    point = QPointF(60, 330)
    hands.drag(hands.output("conv1"), hands.screen(point))
    popup = popup_of(view)
    assert not view.viewport().grab().isNull()
    assert offered(view, "MaxPool2D").result == "15×15×8"
    hands.type_into_popup("maxpool", Qt.Key.Key_Return)
    assert popup.isHidden()
    assert Edge("conv1", "pool1") in drawing.graph.edges
    assert Edge("conv1", "relu1") in drawing.graph.edges
    assert drawing.graph.node("pool1").layer == MaxPool2D()
    x, y = drawing.network.layout["pool1"]
    assert abs(x + CARD_WIDTH / 2 - point.x()) <= 5
    assert abs(y - point.y()) <= 5
    assert drawing.undo_stack.count() == 1
    assert_in_step(view)


def test_a_wire_dropped_outside_the_canvas_is_nothing(view, hands, drawing):
    hands.drag(hands.output("conv1"), QPoint(-40, 300))
    assert view.quick_add.popup is None
    assert_in_step(view)


def test_layers_that_fit_come_first_and_others_say_why_they_do_not(view, hands):
    document = show(view, lenet5())
    hands.drag(hands.output("flatten"), FREE)
    popup = popup_of(view)
    misfits = [bool(offer.reason) for offer in popup.shown]
    assert misfits == sorted(misfits)
    assert popup.current.reason == ""
    assert {"Dense", "ReLU", "Dropout", "Softmax"} <= set(titles([one for one in popup.shown if not one.reason]))
    hands.type_into_popup("conv")
    assert popup.shown[0].entry.title == "Conv2D"
    assert popup.current.reason == "Needs a volume, gets a vector"
    assert "receives a vector of 400 values" in popup.told
    hands.type_into_popup("", Qt.Key.Key_Return)  # a mistake can be drawn, and mended
    assert Edge("flatten", "conv3") in document.graph.edges
    assert_in_step(view)


def test_a_wire_from_an_input_asks_for_what_feeds_it(view, hands, drawing):
    hands.drag(hands.input("add", 1), hands.screen(QPointF(450, 200)))
    assert offered(view, "Input").result == "32×32×1"
    hands.type_into_popup("conv2d", Qt.Key.Key_Return)
    assert Edge("conv2", "add", 1) in drawing.graph.edges
    assert drawing.graph.incoming["conv2"] == {}
    assert drawing.network.layout["conv2"][1] < drawing.network.layout["add"][1]
    assert drawing.undo_stack.count() == 1
    assert_in_step(view)


def test_what_gives_the_wrong_kind_does_not_fit_before_a_layer(view, hands):
    show(view, Graph().add(Node("dense", Dense())), {"dense": (0.0, 200.0)})
    hands.drag(hands.input("dense"), hands.screen(QPointF(0, 60)))
    assert offered(view, "Flatten").reason == ""
    assert offered(view, "GlobalAvgPool2D").reason == ""
    assert offered(view, "Dense").reason == ""
    assert offered(view, "Conv2D").reason == "Needs a vector: flatten first"
    assert offered(view, "Input").reason == "Needs a vector: flatten first"
    hands.type_into_popup("conv + relu", Qt.Key.Key_Return)
    graph = view.canvas.document.graph
    assert set(graph.edges) == {Edge("conv1", "relu1"), Edge("relu1", "dense")}
    assert not overlapping(view.canvas.document.network.layout)


def test_an_input_can_be_put_before_a_layer(view, hands):
    document = show(view, Graph().add(Node("conv1", Conv2D())), {"conv1": (0.0, 200.0)})
    hands.drag(hands.input("conv1"), hands.screen(QPointF(0, 60)))
    hands.type_into_popup("input", Qt.Key.Key_Return)
    assert document.graph.edges == (Edge("image", "conv1"),)
    assert document.analysis.errors == ()


def test_where_the_shape_is_not_known_everything_fits(view, hands):
    show(view, Graph().add(Node("relu1", ReLU())), {"relu1": (0.0, 0.0)})
    hands.drag(hands.output("relu1"), hands.screen(QPointF(0, 160)))
    reasons = {offer.entry.title: offer.reason for offer in popup_of(view).shown}
    assert reasons.pop("Input") == "An Input takes no wire"
    assert set(reasons.values()) == {""}


def test_merging_layers_fit_although_they_need_another_wire(view, hands, drawing):
    hands.drag(hands.output("conv1"), hands.screen(QPointF(60, 330)))
    assert (offered(view, "Add").reason, offered(view, "Add").note) == ("", "needs 2 inputs")
    hands.type_into_popup("add", Qt.Key.Key_Return)
    assert drawing.graph.incoming["add1"] == {0: Edge("conv1", "add1")}


def test_a_change_that_breaks_what_follows_is_told(view, hands):
    document = show(view, lenet5())
    hands.move(hands.wire(Edge("dense3", "softmax")))
    hands.key(Qt.Key.Key_Tab)
    hands.type_into_popup("linear svm")
    assert "Then" not in popup_of(view).told
    hands.type_into_popup("", Qt.Key.Key_Escape)
    hands.move(hands.wire(Edge("relu1", "pool1")))
    hands.key(Qt.Key.Key_Tab)
    hands.type_into_popup("flatten")
    assert "Then pool1: Needs a volume, gets a vector" in popup_of(view).told
    hands.type_into_popup("", Qt.Key.Key_Escape)
    assert document.graph.node("softmax").layer == Softmax()
    assert document.undo_stack.count() == 0


def test_a_block_is_offered_with_what_it_would_give_and_comes_as_one_step(view, hands, drawing):
    drawing.selection.select(["relu1"])
    hands.move(hands.screen(QPointF(-60, 330)))
    hands.key(Qt.Key.Key_Tab)
    block = offered(view, "Residual block")
    assert block.kind == "He et al., 2016 (ResNet-18)"
    hands.type_into_popup("residual block", Qt.Key.Key_Return)
    assert drawing.graph.incoming["residual1.conv1"][0].source == "relu1"
    assert drawing.analysis.nodes["residual1.relu2"].output.text() == block.result
    assert drawing.undo_stack.undoText() == "Add residual block"
    assert drawing.undo_stack.count() == 1
    assert_in_step(view)


def test_a_block_does_not_fit_behind_a_vector_and_can_stand_alone(view, hands):
    document = show(view, chain(image=Input(), flat=Flatten()))
    document.selection.select(["flat"])
    hands.key(Qt.Key.Key_Tab)
    assert offered(view, "Fire module").reason == "Needs a volume, gets a vector"
    view.quick_add.cancel()
    document = show(view, Graph())
    hands.key(Qt.Key.Key_Tab)
    hands.type_into_popup("fire", Qt.Key.Key_Return)
    assert "fire1.squeeze" in document.graph
