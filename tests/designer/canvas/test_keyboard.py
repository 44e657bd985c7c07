"""The canvas with the keyboard alone."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QKeySequence
from PySide6.QtTest import QTest

from designer import theme
from designer.canvas.keys import MOUSE, lookup
from engine import Add, Conv2D, Edge, Graph, Input, Node, ReLU
from tests.designer.canvas.canvas_hands import CONTROL, NONE, SHIFT, assert_in_step, show
from tests.engine.networks import chain, lenet5

K = Qt.Key
UP, DOWN, LEFT, RIGHT, ENTER, ESCAPE = K.Key_Up, K.Key_Down, K.Key_Left, K.Key_Right, K.Key_Return, K.Key_Escape
PLACES = {"image": (0.0, 0.0), "a": (0.0, 60.0), "b": (300.0, 60.0), "sum": (0.0, 120.0)}


@pytest.fixture
def branches(view):
    """Show an image that feeds a and b; sum is wired to a alone."""
    nodes = (Node("image", Input()), Node("a", Conv2D()), Node("b", Conv2D()), Node("sum", Add()))
    return show(view, Graph(nodes, (Edge("image", "a"), Edge("image", "b"), Edge("a", "sum"))), PLACES)


def press(hands, *keys: Qt.Key, held: Qt.KeyboardModifier = NONE) -> None:
    for key in keys:
        hands.key(key, held)


def test_arrows_walk_along_the_wires(hands, branches):
    press(hands, DOWN)
    assert branches.selection.only == "image"
    press(hands, DOWN, DOWN)
    assert branches.selection.only == "sum"
    press(hands, UP, RIGHT)
    assert branches.selection.only == "b"
    press(hands, UP, DOWN)
    assert branches.selection.only == "b"
    press(hands, UP, UP)
    assert branches.selection.only == "image"
    assert branches.undo_stack.count() == 0


def test_walking_brings_the_card_into_view(view, hands):
    document = show(view, lenet5())
    view.zoom_by(3 / view.zoom)
    document.selection.select(["image"])
    for _ in range(13):
        press(hands, DOWN)
    assert document.selection.only == "softmax"
    assert view.viewport().rect().contains(hands.card("softmax"))


def test_shift_extends_the_selection_and_takes_it_back(hands, view):
    document = show(view, lenet5())
    document.selection.select(["conv1"])
    press(hands, DOWN, DOWN, held=SHIFT)
    assert document.selection.nodes == ("conv1", "relu1", "pool1")
    press(hands, UP, held=SHIFT)
    assert document.selection.nodes == ("conv1", "relu1")
    press(hands, DOWN)
    assert document.selection.nodes == ("pool1",)


def test_after_a_deletion_the_walk_goes_on_from_there(hands, view):
    document = show(view, lenet5())
    document.selection.select(["conv2"])
    press(hands, K.Key_Delete)
    assert document.selection.nodes == ()
    press(hands, DOWN)
    assert document.selection.only in ("pool1", "relu2")


def test_on_an_empty_canvas_nothing_happens(hands, view):
    press(hands, UP, DOWN, LEFT, RIGHT, ENTER, K.Key_C, K.Key_W)
    assert view.canvas.document.undo_stack.count() == 0


def test_enter_asks_for_the_form_of_one_layer(hands, view, qtbot):
    document = show(view, lenet5())
    document.selection.select(["conv2"])
    for key in (K.Key_Return, K.Key_Enter):
        with qtbot.waitSignal(view.activated) as told:
            press(hands, key)
        assert told.args == ["conv2"]
    document.selection.select(["conv1", "conv2"])
    with qtbot.assertNotEmitted(view.activated):
        press(hands, ENTER)


def test_keys_of_the_keypad_are_the_same_keys(hands, view):
    document = show(view, lenet5())
    document.selection.select(["conv1"])
    press(hands, DOWN, held=Qt.KeyboardModifier.KeypadModifier)
    assert document.selection.only == "relu1"


def test_c_connects_to_the_layer_that_arrows_choose(hands, view, branches):
    branches.selection.select(["b"])
    press(hands, K.Key_C)
    assert view.gesture is not None
    assert "Enter connects to sum, input 2" in view.gesture.label
    press(hands, ENTER)
    assert Edge("b", "sum", 1) in branches.graph.edges
    assert branches.undo_stack.undoText() == "Connect b to sum"
    assert branches.selection.only == "b"
    assert_in_step(view)


def test_cards_that_can_not_take_the_wire_are_dimmed_and_passed_over_with_the_reason(hands, view, branches, spoken):
    branches.selection.select(["a"])
    press(hands, K.Key_C)
    assert {node for node, item in view.canvas.nodes.items() if item.dimmed} == {"image", "a"}
    press(hands, DOWN)
    assert view.gesture.label.startswith("Enter connects to b · Replaces the wire from image")
    assert "Passed over image and 1 more: an Input takes no wire" in view.gesture.label
    assert spoken[-1] == view.gesture.label
    press(hands, UP)
    assert "connects to sum" in view.gesture.label


def test_left_and_right_choose_the_input(hands, view, branches):
    branches.selection.select(["b"])
    press(hands, K.Key_C, LEFT)
    assert view.gesture.label == "Enter connects to sum, input 1 · Replaces the wire from a"
    press(hands, RIGHT)
    assert view.gesture.label == "Enter connects to sum, input 2"
    press(hands, RIGHT, ENTER)
    assert branches.graph.incoming["sum"] == {0: Edge("b", "sum", 0)}


def test_escape_and_a_change_from_elsewhere_cancel_the_wire(hands, view, branches):
    branches.selection.select(["b"])
    press(hands, K.Key_C, ESCAPE)
    assert view.gesture is None
    assert branches.selection.only == "b"
    press(hands, K.Key_C)
    branches.edit("Add", branches.graph.add(Node("new", ReLU())))
    assert view.gesture is None
    press(hands, DOWN)
    assert branches.undo_stack.count() == 1
    assert branches.selection.only == "sum"
    assert_in_step(view)


def test_the_mouse_can_take_the_wire_over(hands, view, branches):
    branches.selection.select(["b"])
    press(hands, K.Key_C)
    hands.move(hands.input("sum", 0))
    hands.click(hands.input("sum", 0))
    assert Edge("b", "sum", 0) in branches.graph.edges
    assert view.gesture is None
    assert_in_step(view)


def test_where_nothing_can_take_a_wire_that_is_said(hands, view, spoken, qtbot):
    document = show(view, chain(image=Input(), a=ReLU()))
    document.selection.select(["a"])
    with qtbot.waitSignal(view.told) as told:
        press(hands, K.Key_C)
    assert told.args[0].startswith("No card can take a wire from a:")
    assert spoken[-1] == told.args[0]
    assert view.gesture is None
    assert_in_step(view)


def test_the_wire_is_painted(hands, view, branches):
    before = view.grab().toImage()
    branches.selection.select(["b"])
    press(hands, K.Key_C)
    assert view.grab().toImage() != before


def test_w_goes_through_the_wires_of_a_layer_and_delete_removes_one(hands, view, branches, spoken):
    branches.selection.select(["a"])
    press(hands, K.Key_W)
    assert view.canvas.selected_edge == Edge("image", "a")
    assert spoken[-1] == "Wire from image to a, input 1. Delete removes it."
    press(hands, K.Key_W)
    assert view.canvas.selected_edge == Edge("a", "sum")
    press(hands, K.Key_W, K.Key_W, K.Key_Delete)
    assert Edge("a", "sum") not in branches.graph.edges
    assert_in_step(view)


def test_from_a_wire_arrows_lead_to_its_ends(hands, view, branches):
    branches.selection.select(["a"])
    press(hands, K.Key_W, UP)
    assert branches.selection.only == "image"
    branches.selection.select(["a"])
    press(hands, K.Key_W, K.Key_W, DOWN)
    assert branches.selection.only == "sum"


def test_a_layer_without_wires_says_so(hands, view, spoken):
    document = show(view, Graph((Node("a", ReLU()),)))
    document.selection.select(["a"])
    press(hands, K.Key_W)
    assert spoken[-1] == "a has no wires"


def test_the_canvas_shows_the_focus_that_came_by_a_key(view, branches):
    view.setFocus(Qt.FocusReason.MouseFocusReason)
    middle = view.viewport().height() // 2

    def edge() -> str:
        return view.viewport().grab().toImage().pixelColor(0, middle).name()

    assert edge() != theme.current().accent
    view.clearFocus()
    view.setFocus(Qt.FocusReason.ShortcutFocusReason)
    assert edge() == theme.current().accent
    branches.selection.select(["a"])  # now the card shows where the keyboard is
    assert edge() != theme.current().accent


def test_the_table_says_what_every_key_does_and_binds_each_once(view):
    names = [name for row in view.keys for name in row.bound]
    assert len({QKeySequence(name) for name in names}) == len(names) == len(lookup(view.keys))
    assert all(row.does and row.shown for row in view.keys)
    assert all(gesture and does for gesture, does in MOUSE)


def test_control_arrows_nudge_and_plain_ones_do_not(hands, view, branches):
    branches.selection.select(["b"])
    press(hands, RIGHT, held=CONTROL)
    assert view.canvas.places["b"] == (310.0, 60.0)
    QTest.keyClick(view, UP)
    assert branches.undo_stack.count() == 1


@pytest.fixture
def collapsed(view, hands):
    """Show LeNet-5 with its first three layers after the image in one collapsed group."""
    document = show(view, lenet5())
    document.selection.select(["conv1", "relu1", "pool1"])
    hands.key(K.Key_G, CONTROL)
    view.groups.collapse_all(True)
    document.selection.select(())
    (card,) = view.canvas.seen.folds
    return document, card


def test_arrows_walk_over_a_collapsed_group_and_enter_expands_it(view, hands, collapsed):
    document, _ = collapsed
    document.selection.select(["image"])
    press(hands, DOWN)
    assert document.selection.nodes == ("conv1", "relu1", "pool1")
    press(hands, DOWN)
    assert document.selection.nodes == ("conv2",)
    press(hands, UP, held=SHIFT)
    assert document.selection.nodes == ("conv2", "conv1", "relu1", "pool1")
    press(hands, UP)
    assert document.selection.only == "image"
    press(hands, DOWN, ENTER)
    assert not view.canvas.seen.folds
    assert_in_step(view)


def test_a_wire_can_be_drawn_from_and_to_a_collapsed_group(view, hands, collapsed):
    document, _ = collapsed
    document.edit("Cut", document.graph.disconnect(Edge("image", "conv1")).disconnect(Edge("pool1", "conv2")))
    document.selection.select(["image"])
    press(hands, K.Key_C, ENTER)
    assert document.graph.incoming["conv1"][0].source == "image"
    document.selection.select(["conv1", "relu1", "pool1"])
    press(hands, K.Key_C)
    assert "conv2" in view.gesture.label
    press(hands, ENTER)
    assert document.graph.incoming["conv2"][0].source == "pool1"
    assert_in_step(view)


def test_what_find_shows_is_expanded(view, collapsed):
    document, card = collapsed
    view.find_bar.open()
    view.find_bar.field.setText("relu")
    assert not view.canvas.nodes[card].dimmed
    assert view.canvas.nodes["conv2"].dimmed
    view.find_bar.next()
    assert document.selection.only == "relu1"
    assert not view.canvas.seen.folds


def test_a_screen_reader_finds_the_group_as_one_item(view, collapsed):
    document, _ = collapsed
    canvas = QAccessible.queryAccessibleInterface(view)
    names = [canvas.child(place).text(QAccessible.Text.Name) for place in range(canvas.childCount())]
    assert len(names) == 12
    assert ", group of 3 layers, output 14×14×6, 156 params" in names[1]
    assert canvas.child(1).text(QAccessible.Text.Description) == "Fed by image. Feeds conv2."
    document.selection.select(["relu1"])
    assert canvas.child(1).state().selected


def test_the_frame_of_the_focus_stays_in_place_while_the_canvas_scrolls(view, branches, qtbot):
    view.clearFocus()
    view.setFocus(Qt.FocusReason.ShortcutFocusReason)
    qtbot.wait(20)
    view.pan(QPoint(-40, 30))
    qtbot.wait(20)
    picture = view.viewport().grab().toImage()
    middle = picture.height() // 2
    assert picture.pixelColor(0, middle).name() == theme.current().accent
    assert picture.pixelColor(40, middle).name() != theme.current().accent
