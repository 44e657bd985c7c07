from itertools import combinations
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, QRect, QSettings, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QMessageBox

from designer import theme
from designer.canvas.geometry import card_rect
from designer.window import MainWindow
from engine import Conv2D, Figure, Flatten, Graph, Input, LogSoftmax, Node


@pytest.fixture
def digit(resources: Path) -> Path:
    return min((resources / "images" / "digits").glob("7_*.png"))


def open_lenet(window: MainWindow, qtbot, digit: Path) -> None:
    window.files.open_example("lenet5.json")
    with qtbot.waitSignal(window.runs.settled):
        window.runs.open_image(digit)


def shown(window: MainWindow) -> dict[str, tuple[int, ...]]:
    return {layer.node: layer.values.shape for layer in window.maps.mosaic.layers()}


def drop(window: MainWindow, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    none, left, copy = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton, Qt.DropAction.CopyAction
    QApplication.sendEvent(window, QDragEnterEvent(QPoint(700, 450), copy, data, left, none))
    QApplication.sendEvent(window, QDropEvent(QPointF(700, 450), copy, data, left, none, QEvent.Type.Drop))


def test_an_image_fills_the_maps_and_the_answer(window, qtbot, digit):
    open_lenet(window, qtbot, digit)
    assert shown(window)["conv1"] == (6, 28, 28)
    assert len(shown(window)) == 14
    best = window.scores.answers[0]
    assert best.name == "7"
    assert not window.image_view.is_empty


def test_an_edit_runs_again_and_undo_brings_the_answer_back(window, qtbot, digit):
    open_lenet(window, qtbot, digit)
    document = window.document
    with qtbot.waitSignal(window.runs.settled):
        document.edit("Change filters", document.graph.replace_layer("conv1", Conv2D(filters=9, kernel=(5, 5))))
    assert shown(window)["conv1"] == (9, 28, 28)
    with qtbot.waitSignal(window.runs.settled):
        document.undo_stack.undo()
    assert shown(window)["conv1"] == (6, 28, 28)
    assert window.scores.answers[0].name == "7"


def test_a_mistake_leaves_the_maps_before_it(window, qtbot, digit):
    open_lenet(window, qtbot, digit)
    with qtbot.waitSignal(window.runs.settled):
        window.document.edit("Delete", window.document.graph.remove(["flatten"]))
    assert list(shown(window)) == ["image", "conv1", "relu1", "pool1", "conv2", "relu2", "pool2"]
    assert not window.scores.answers


def test_moving_a_card_runs_nothing(window, qtbot, digit):
    open_lenet(window, qtbot, digit)
    with qtbot.assertNotEmitted(window.runs.busy_changed, wait=80):
        window.document.edit("Move", window.document.graph, {"conv1": (300, 300)})


def test_grouping_collapsing_and_undoing_run_nothing(window, qtbot, digit):
    open_lenet(window, qtbot, digit)
    before = shown(window)
    with qtbot.assertNotEmitted(window.runs.busy_changed, wait=80):
        window.commands["edit.auto_group"].trigger()
        window.commands["view.collapse_all"].trigger()
        window.document.undo_stack.undo()
    assert len(window.document.network.groups) == 2
    assert shown(window) == before


def test_a_problem_in_a_collapsed_group_is_revealed(window, qtbot):
    window.files.open_example("resnet50.json")
    graph = window.document.graph
    window.document.edit("Break", graph.replace_layer("layer2.1.conv2", Conv2D(kernel=(99, 99), padding="valid")))
    row = window.problems.rows[0]
    qtbot.mouseClick(row, Qt.MouseButton.LeftButton)
    assert window.document.selection.only == "layer2.1.conv2"
    assert "layer2.1.conv2" in window.canvas.canvas.nodes
    assert len(window.canvas.canvas.frames) == 2


def test_nothing_runs_at_an_edit_when_that_is_switched_off(window, qtbot, digit):
    open_lenet(window, qtbot, digit)
    window.commands["run.live"].trigger()
    with qtbot.assertNotEmitted(window.runs.busy_changed, wait=80):
        window.document.edit("Change", window.document.graph.replace_layer("conv1", Conv2D(filters=9, kernel=(5, 5))))
    with qtbot.waitSignal(window.runs.settled):
        window.commands["run.live"].trigger()
    assert shown(window)["conv1"] == (9, 28, 28)


def test_selecting_a_card_marks_its_maps_and_the_other_way_round(window, qtbot, digit):
    open_lenet(window, qtbot, digit)
    window.document.selection.select(["conv2"])
    assert window.maps.mosaic.current() == "conv2"
    window.maps.layer_activated.emit("relu1")
    assert window.document.selection.only == "relu1"


def test_a_click_on_a_map_opens_it_large_and_it_follows_the_next_run(window, qtbot, digit):
    open_lenet(window, qtbot, digit)
    window.maps.map_activated.emit("conv1", 4)
    assert window.docks["map"].isVisible()
    assert window.explorer.shown() == ("conv1", 4)
    window.explorer.step_requested.emit(1, 0)
    assert window.explorer.shown() == ("relu1", 4)
    with qtbot.waitSignal(window.runs.settled):
        window.document.edit("Delete", window.document.graph.remove(["relu1"]))
    assert window.explorer.shown() is None


def test_an_image_that_can_not_be_read_is_told_of(window, qtbot, tmp_path):
    window.files.open_example("lenet5.json")
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"nothing")
    with qtbot.waitSignal(window.runs.settled):
        window.runs.open_image(broken)
    assert "broken.png" in window.statusBar().currentMessage()
    assert not shown(window)


def test_a_network_of_too_many_channels_says_so(window, qtbot, digit):
    window.document.edit("Add Input", Graph().add(Node("image", Input(channels=10))))
    with qtbot.waitSignal(window.runs.settled):
        window.runs.open_image(digit)
    assert "10 channels" in window.statusBar().currentMessage()


def test_files_dropped_on_the_window_are_opened(window, qtbot, resources, digit):
    drop(window, resources / "examples" / "kernels.json")
    assert window.document.network.name == "Six classic filters"
    with qtbot.waitSignal(window.runs.settled):
        drop(window, digit)
    assert "filters" in shown(window)


def test_an_onnx_model_dropped_on_the_window_is_opened_and_arranged(window, models, monkeypatch):
    monkeypatch.setattr(QMessageBox, "warning", lambda *_: None)
    drop(window, models / "rnet.onnx")
    assert window.document.network.name == "rnet"
    assert [node.layer.type for node in window.document.graph.nodes[:3]] == ["Input", "Conv2D", "PReLU"]
    cards = [card_rect(place) for place in window.canvas.canvas.places.values()]
    assert len(cards) == len(window.document.graph.nodes)
    assert not any(one.intersects(other) for one, other in combinations(cards, 2))


def test_a_palette_entry_is_placed_and_wired_below_the_selected_layer(window):
    window.palette_panel.layer_activated.emit(("Input",))
    window.palette_panel.layer_activated.emit(("Conv2D", "ReLU"))
    assert [(edge.source, edge.target) for edge in window.document.graph.edges] == [
        ("image", "conv1"),
        ("conv1", "relu1"),
    ]


def test_the_title_names_the_file_and_the_unsaved_state(window, monkeypatch, tmp_path):
    window.document.edit("Add", Graph().add(Node("flatten1", Flatten())))
    assert window.isWindowModified()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "mine.json"), ""))
    window.files.save()
    assert not window.isWindowModified()
    assert window.windowTitle().startswith("mine.json")


def test_the_title_follows_the_name_of_a_network_without_a_file(window):
    window.document.apply("Rename", msgspec.structs.replace(window.document.network, name="Mine"))
    assert window.windowTitle().startswith("Mine")


def test_the_theme_is_switched_and_remembered(window, qapp):
    window.commands["view.theme"].trigger()
    assert theme.current() is theme.DARK
    assert QSettings().value("theme") == "dark"
    window.commands["view.theme"].trigger()
    assert theme.current() is theme.LIGHT


def test_the_window_stands_as_it_did_when_it_was_closed(window, qtbot):
    window.arrangement.keep()
    window.docks["problems"].hide()
    window.resize(window.width(), 640)  # a size that the offscreen screen has room for
    window.close()
    again = MainWindow()
    qtbot.addWidget(again)
    again.arrangement.keep()
    again.show()
    assert again.docks["problems"].isHidden()
    assert again.height() == 640


def test_closing_with_unsaved_work_can_be_called_off(window, monkeypatch):
    window.document.edit("Add", Graph().add(Node("flatten1", Flatten())))
    with monkeypatch.context() as patch:
        patch.setattr(QMessageBox, "warning", lambda *_: QMessageBox.StandardButton.Cancel)
        assert not window.close()
    assert window.isVisible()


def test_a_new_network_shows_its_name(window):
    assert window.inspector.network_page.name.text() == "Untitled"


def test_logarithms_of_probabilities_are_answered_as_probabilities(window, qtbot, digit):
    open_lenet(window, qtbot, digit)
    before = window.scores.answers[0]
    with qtbot.waitSignal(window.runs.settled):
        graph = window.document.graph
        window.document.edit("Replace", graph.replace_layer("softmax", LogSoftmax(labels=tuple("0123456789"))))
    assert window.scores.answers[0].name == before.name
    assert window.scores.answers[0].value == pytest.approx(before.value, rel=1e-5)


def test_tab_asks_for_a_layer_on_the_canvas_and_leads_to_the_next_field_elsewhere(window, qtbot):
    window.files.open_example("lenet5.json")
    assert window.commands["edit.quick_add"].shortcut().toString() == "Tab"
    window.canvas.setFocus()
    qtbot.keyClick(window.canvas, Qt.Key.Key_Tab)
    popup = window.canvas.quick_add.popup
    assert popup is not None
    qtbot.keyClick(popup.field, Qt.Key.Key_Escape)
    field = window.palette_panel.findChild(QLineEdit)
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_Tab)
    assert window.canvas.quick_add.popup is None
    assert not field.hasFocus()


def test_the_edit_menu_copies_and_pastes_and_says_what_can_not_be_pasted(window):
    window.files.open_example("lenet5.json")
    window.document.selection.select(["conv1", "relu1"])
    window.commands["edit.copy"].trigger()
    window.commands["edit.paste"].trigger()
    assert window.document.undo_stack.undoText() == "Paste 2 layers"
    window.commands["edit.duplicate"].trigger()
    window.commands["edit.cut"].trigger()
    assert window.document.undo_stack.count() == 3
    QApplication.clipboard().setText("hello")
    window.commands["edit.paste"].trigger()
    assert "no layers on the clipboard" in window.statusBar().currentMessage()
    window.document.selection.select(["relu1"])
    window.commands["edit.replace"].trigger()
    assert window.canvas.quick_add.popup is not None
    window.canvas.quick_add.cancel()
    window.commands["edit.quick_add"].trigger()
    assert window.canvas.quick_add.popup is not None
    window.canvas.quick_add.cancel()


def test_in_a_field_the_keys_of_the_clipboard_are_the_fields(window, qtbot):
    window.files.open_example("lenet5.json")
    window.document.selection.select(["conv1"])
    field = window.palette_panel.findChild(QLineEdit)
    field.setText("relu")
    field.setFocus()
    field.selectAll()
    qtbot.keyClick(field, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text() == "relu"


def test_a_number_on_a_card_is_explained_and_a_part_of_a_total_is_shown(window):
    window.files.open_example("resnet18.json")
    window.canvas.figure_activated.emit("conv1", Figure.PARAMETERS, QRect(300, 300, 40, 16))
    popover = window.inspector.explainer.popover
    assert popover.title.text() == "Parameters of conv1"
    popover.close()
    window.canvas.zoom_reset()
    window.totals.explainer.explain_sum(Figure.PARAMETERS, QRect(300, 300, 40, 16))
    row = window.totals.explainer.popover.parts.rows[0]
    QTest.mouseClick(row, Qt.MouseButton.LeftButton)
    node = window.document.selection.only
    assert node == row.node
    visible = window.canvas.mapToScene(window.canvas.viewport().rect()).boundingRect()
    assert visible.contains(card_rect(window.canvas.canvas.places[node]))


def test_the_table_of_channels_follows_the_selection_and_opens_maps(window, qtbot, digit):
    open_lenet(window, qtbot, digit)
    window.docks["channels"].show()
    window.document.selection.select(["conv2"])
    assert window.channel_table.sorted.rowCount() == 16
    window.channel_table.view.selectRow(3)
    QTest.keyClick(window.channel_table.view, Qt.Key.Key_Return)
    assert window.explorer.shown() == ("conv2", 3)
    window.explorer.step_requested.emit(-1, 0)
    assert window.channel_table.layer().node == "pool1"
