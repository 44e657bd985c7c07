"""The canvas as a screen reader finds it."""

import gc
import subprocess
import sys

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from designer.canvas import CanvasView
from designer.canvas.spoken import card_name, card_wires, in_words
from engine import LAYERS, Dense, Graph, Input, Node, ReLU, analyse
from tests.designer.canvas.canvas_hands import show
from tests.engine.networks import chain, lenet5

NAME, DESCRIPTION, HELP = QAccessible.Text.Name, QAccessible.Text.Description, QAccessible.Text.Help


@pytest.fixture
def events(monkeypatch) -> list:
    """Return what screen readers hear of, as pairs of an event and what it is about; one seems to listen."""
    heard = []

    def hear(event) -> None:
        heard.append((event.type(), event.object()))

    monkeypatch.setattr(QAccessible, "updateAccessibility", hear)
    monkeypatch.setattr(QAccessible, "isActive", lambda: True)
    return heard


def interface(view):
    return QAccessible.queryAccessibleInterface(view)


def names(view) -> list[str]:
    canvas = interface(view)
    return [canvas.child(place).text(NAME) for place in range(canvas.childCount())]


def focused(events) -> list[str]:
    return [about.node for kind, about in events if kind == QAccessible.Event.Focus and hasattr(about, "node")]


def test_the_canvas_is_a_list_of_its_cards_in_the_order_of_the_data(view):
    show(view, lenet5())
    canvas = interface(view)
    assert canvas.role() == QAccessible.Role.List
    assert canvas.text(NAME) == "Network canvas"
    assert [name.split(",")[0] for name in names(view)] == [node.id for node in lenet5().nodes]
    assert names(view)[1] == "conv1, Conv2D 6 filters 5×5, output 28×28×6, 156 parameters"


def test_a_card_knows_its_role_parent_and_wires(view):
    show(view, lenet5())
    canvas = interface(view)
    card = canvas.child(2)
    assert card.role() == QAccessible.Role.ListItem
    assert card.parent().object() is view
    assert card.childCount() == 0
    assert canvas.indexOfChild(card) == 2
    assert card.text(DESCRIPTION) == "Fed by conv1. Feeds pool1."
    assert card.text(HELP) == ReLU.summary
    assert card.isValid()


def test_a_mistake_is_part_of_the_name(view):
    document = show(view, chain(image=Input(), dense=Dense()))
    name = names(view)[1]
    (error,) = [found for found in document.findings if found.node == "dense" and found.severity == "error"]
    assert name.startswith("dense, Dense 10 units, output unknown, error: ")
    assert error.message in name


def test_where_a_card_is_on_the_screen(view, hands):
    show(view, lenet5())
    canvas = interface(view)
    for place, node in enumerate(view.cards.order):
        at = view.viewport().mapToGlobal(hands.card(node))
        assert canvas.child(place).rect().contains(at)
        assert canvas.childAt(at.x(), at.y()).text(NAME) == names(view)[place]
    corner = view.viewport().mapToGlobal(QPoint(2, 2))
    assert canvas.childAt(corner.x(), corner.y()) is None


def test_states_follow_selection_focus_and_scrolling(view):
    document = show(view, lenet5())
    card = interface(view).child(1)
    assert card.state().focusable
    assert not card.state().selected
    document.selection.select(["image", "conv1"])
    view.setFocus()
    view.activateWindow()
    assert card.state().selected
    assert not card.state().offscreen
    view.pan(QPoint(0, 5000))
    assert card.state().offscreen


def test_the_focus_goes_with_the_arrows(view, hands, qtbot, events):
    document = show(view, lenet5())
    view.activateWindow()
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    for _ in range(3):
        hands.key(Qt.Key.Key_Down)
    assert focused(events) == ["image", "conv1", "relu1"]
    canvas = interface(view)
    assert canvas.focusChild().text(NAME).startswith("relu1,")
    assert canvas.focusChild().state().focused
    document.selection.select(())
    assert canvas.focusChild() is None


def test_without_the_focus_nothing_is_said_of_the_selection(view, qtbot, events):
    document = show(view, lenet5())
    view.clearFocus()
    document.selection.select(["conv1"])
    assert focused(events) == []
    view.activateWindow()
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    assert focused(events) == ["conv1"]


def test_several_selected_and_none_are_announced(view, hands, qtbot, spoken):
    show(view, lenet5())
    view.activateWindow()
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    hands.key(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    hands.key(Qt.Key.Key_Escape)
    assert spoken == ["14 layers selected", "Nothing selected"]


def test_edits_change_names_and_cards_come_and_go(view, events):
    document = show(view, lenet5())
    canvas = interface(view)
    card, relu = canvas.child(1), canvas.child(2)
    document.edit("Rename", document.graph.rename("conv1", "first"))
    assert card.text(NAME).startswith("first,")
    assert (QAccessible.Event.NameChanged, view.cards.object_of("conv1")) in events
    document.edit("Delete", document.graph.remove(["relu1"]))
    assert not relu.isValid()
    assert relu.text(NAME) == ""
    assert relu.rect().isNull()
    assert canvas.childCount() == 13
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    document.undo_stack.undo()
    assert names(view)[2].startswith("relu1,")
    assert canvas.child(14) is None
    assert canvas.child(-1) is None


def test_without_a_screen_reader_no_object_is_made(view):
    document = show(view, lenet5())
    document.selection.select(["conv1"])
    document.edit("Delete", document.graph.remove(["relu1"]))
    assert len(view.findChildren(type(view.cards.object_of("conv1")))) == 1


def test_a_view_goes_with_its_cards(document):
    view = CanvasView(document)
    show(view, lenet5())
    card = interface(view).child(3)
    view.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    assert not isValid(card)  # Qt has taken it back


def test_real_events_reach_qt_while_it_is_listened_to(view, hands, qtbot):
    """Nothing is replaced here: Qt itself asks for the interfaces of what the events are about."""
    document = show(view, lenet5())
    view.activateWindow()
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    QAccessible.setActive(True)
    try:
        for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Delete, Qt.Key.Key_Down):
            QTest.keyClick(view, key)
        document.undo_stack.undo()
        assert document.selection.nodes
    finally:
        QAccessible.setActive(False)


@pytest.mark.parametrize("layer", LAYERS)
def test_every_layer_has_words_without_signs(layer):
    graph = Graph((Node("node", layer()),))
    name = card_name(graph, "node", analyse(graph).nodes["node"], ())
    assert name.startswith(f"node, {layer.title}")
    assert not set("@→↑") & set(in_words(layer().brief()))


def test_what_feeds_a_card_is_listed():
    graph = chain(a=Input(), b=ReLU(), c=ReLU())
    assert card_wires(graph, "a") == "Fed by nothing. Feeds b."
    assert card_wires(graph.add(Node("d", ReLU())).connect("a", "d"), "a") == "Fed by nothing. Feeds b and d."
    assert card_wires(graph, "c") == "Fed by b. Feeds nothing."


_LOOKED_AT = """
import sys
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QLabel
from designer.canvas import CanvasView
from designer.document import Document
from tests.engine.networks import lenet5
from engine import Network

app = QApplication([])
QAccessible.setActive(True)
label = QLabel("first")
QAccessible.queryAccessibleInterface(label)
document = Document()
document.load(Network(graph=lenet5()))
view = CanvasView(document)
view.show()
canvas = QAccessible.queryAccessibleInterface(view)
names = [canvas.child(place).text(QAccessible.Text.Name) for place in range(canvas.childCount())]
del label, canvas
print(len(names))
"""


def test_a_program_that_a_screen_reader_has_looked_at_ends_in_peace():
    """Qt and Python both clean up at the end, and the interfaces of cards are known to both."""
    ended = subprocess.run([sys.executable, "-c", _LOOKED_AT], capture_output=True, text=True, timeout=120, check=False)
    assert ended.stdout.strip() == "14", ended.stderr
    assert ended.returncode == 0, ended.stderr
