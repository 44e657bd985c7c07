"""CNN and MLP in the window: what is drawn is the engine's, follows the document, and can be taken away."""

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox

from designer import theme
from designer.twin.columns import comparison
from designer.twin.log_bars import decades, power
from designer.twin.panel import TwinPanel
from designer.window import MainWindow
from engine import (
    Add,
    Conv2D,
    ConvTranspose2D,
    Dense,
    Flatten,
    GlobalAvgPool2D,
    Graph,
    Input,
    MaxPool2D,
    Node,
    ReLU,
    analyse,
    twin,
)
from engine.language import tr
from tests.engine.networks import chain, wired


@pytest.fixture
def panel(window: MainWindow) -> TwinPanel:
    """Return the panel of a window with LeNet-5, opened by its key."""
    window.files.open_example("lenet5.json")
    QTest.keyClick(window, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert window.docks["twin"].isVisible()
    return window.twin


def click_row(panel: TwinPanel, row: int) -> None:
    index = panel.model.index(row, 0)
    panel.table.scrollTo(index)
    QTest.mouseClick(panel.table.viewport(), Qt.MouseButton.LeftButton, pos=panel.table.visualRect(index).center())


def shown(panel: TwinPanel) -> str:
    assert panel.view.picture is not None
    return panel.view.picture.description


def test_it_opens_with_the_layer_that_saves_most(panel: TwinPanel):
    assert panel.node == "conv1"
    assert "4,816,896" in shown(panel)
    assert "6,757,416 weights instead of 61,470" in panel.verdict.text()
    assert panel.model.texts(1)[2:] == ("1,024", "4,704", "4,816,896", "117,600", "150", "40.96", "784", "32,113")
    assert panel.model.texts(panel.model.rowCount() - 1)[0] == tr("The whole network")
    assert not panel.grab().isNull()


def test_rows_select_layers_and_layers_select_rows(window: MainWindow, panel: TwinPanel):
    click_row(panel, panel.model.row("conv2"))
    assert window.document.selection.only == "conv2"
    assert panel.node == "conv2"
    QTest.keyClick(panel.table, Qt.Key.Key_Down)
    assert window.document.selection.only == "relu2"
    assert "Works on each value by itself" in shown(panel)
    window.document.selection.select(["pool1"])
    assert panel.table.currentIndex().row() == panel.model.row("pool1")
    assert "5,531,904" in shown(panel)
    click_row(panel, panel.model.rowCount() - 1)  # the sums are no layer
    assert window.document.selection.only == "pool1"


def test_it_follows_edits_and_undo(window: MainWindow, panel: TwinPanel):
    document = window.document
    document.edit("Change", document.graph.replace_layer("conv1", Conv2D(filters=6, kernel=(3, 7), stride=(1, 2))))
    row = panel.model.texts(panel.model.row("conv1"))
    assert row[1].startswith("Conv2D 6 @ 7×3")
    assert row[6] == f"{6 * 3 * 7:,}"
    assert row[8] == f"{30 * 13}"
    document.undo_stack.undo()
    assert panel.model.texts(1)[6] == "150"
    document.edit("Delete", document.graph.remove(["conv1"]))
    assert panel.model.row("conv1") == -1
    assert panel.node is not None
    assert panel.node in document.graph


def test_hidden_it_works_nothing_out(window: MainWindow, panel: TwinPanel):
    window.docks["twin"].close()
    document = window.document
    before = panel.found
    document.edit("Change", document.graph.replace_layer("conv1", Conv2D(filters=3, kernel=(5, 5))))
    assert panel.found is before
    window.commands["lessons.twin"].trigger()
    assert panel.model.texts(1)[6] == "75"


def test_an_empty_network_says_so(window: MainWindow):
    window.commands["lessons.twin"].trigger()
    assert window.twin.view.picture is None
    assert "Add layers" in window.twin.view.sentence
    assert not window.twin.grab().isNull()


@pytest.mark.parametrize("suffix", ["svg", "png", "pdf"])
def test_the_picture_is_written(panel: TwinPanel, tmp_path: Path, monkeypatch, suffix: str):
    kind = {"svg": "SVG picture (*.svg)", "png": "PNG picture (*.png)", "pdf": "PDF picture (*.pdf)"}[suffix]
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "conv1"), kind))
    said: list[str] = []
    panel.told.connect(said.append)
    QTest.mouseClick(panel.export_button, Qt.MouseButton.LeftButton)
    path = tmp_path / f"conv1.{suffix}"
    assert said == [f"Exported conv1.{suffix}"]
    if suffix == "svg":
        text = path.read_text(encoding="utf-8")
        assert ET.fromstring(text).tag.endswith("svg")
        assert 'aria-label="4,816,896 weights"' in text
        assert text.count("<path") > 60 + 30 + 30
    elif suffix == "png":
        with Image.open(path) as written:
            assert written.width == 2160
    else:
        assert path.read_bytes().startswith(b"%PDF")


def test_a_picture_that_can_not_be_written_is_told_of(panel: TwinPanel, tmp_path: Path, monkeypatch):
    warned: list[str] = []
    monkeypatch.setattr(QMessageBox, "warning", lambda _, __, text: warned.append(text))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "no" / "a.svg"), ""))
    panel.ask_export()
    assert "a.svg can't be written" in warned[0]


def test_it_is_drawn_in_both_themes(panel: TwinPanel, qapp: QApplication):
    light = panel.view.grab().toImage()
    theme.apply(qapp, theme.DARK)
    dark = panel.view.grab().toImage()
    assert light.pixelColor(2, 2).lightness() > 200
    assert dark.pixelColor(2, 2).lightness() < 60


# What is drawn


def drawn(graph: Graph, node: str):
    analysis = analyse(graph)
    return comparison(analysis, twin(analysis), node)


def test_a_convolution_has_three_drawings_with_as_many_colours_as_weights():
    found = drawn(chain(image=Input(channels=3, height=9, width=14), conv=Conv2D(kernel=(2, 4), stride=(1, 2))), "conv")
    mlp, local, shared = found.columns
    assert (found.excerpt.size, found.excerpt.output_size) == (14, 6)
    inputs = found.excerpt.last
    assert len(mlp.strokes) == found.excerpt.outputs * inputs
    assert len({stroke.weight for stroke in mlp.strokes}) == len(mlp.strokes)
    assert len({stroke.weight for stroke in local.strokes}) == len(local.strokes) == 4 * found.excerpt.outputs
    assert {stroke.weight for stroke in shared.strokes} == {0, 1, 2, 3}
    assert [(stroke.output, stroke.input) for stroke in local.strokes] == [
        (stroke.output, stroke.input) for stroke in shared.strokes
    ]
    assert shared.weights == 2 * 4 * 3 * 8
    assert "in one row of 8, of one map of 8" in found.caption


def test_tall_kernels_are_drawn_down_a_column():
    found = drawn(chain(image=Input(height=20, width=20), conv=Conv2D(kernel=(7, 1), padding="same")), "conv")
    assert found.excerpt.cells == 7
    assert "in one column of 20" in found.caption
    assert "Dashed cells are padding" in found.caption


def test_other_layers():
    graph = chain(
        image=Input(height=8, width=8),
        pool=MaxPool2D(),
        up=ConvTranspose2D(),
        mean=GlobalAvgPool2D(),
        flat=Flatten(),
        dense=Dense(units=3),
    )
    assert [column.colours for column in drawn(graph, "pool").columns][1] == 0
    assert len(drawn(graph, "up").columns) == 3
    assert drawn(graph, "mean").columns == ()
    assert "fixed rule" in drawn(graph, "mean").caption
    assert "Only moves values" in drawn(graph, "flat").caption
    (dense,) = drawn(graph, "dense").columns
    assert dense.weights == 24
    assert drawn(graph, "image").columns == ()


def test_joins_and_layers_without_a_shape():
    graph = wired(
        Graph((Node("image", Input()), Node("relu", ReLU()), Node("sum", Add()), Node("lone", Conv2D()))),
        ("image", "relu"),
        ("relu", "sum"),
        ("image", "sum", 1),
    )
    assert drawn(graph, "sum").columns[1].colours == 0
    assert drawn(graph, "lone").columns == ()
    assert "nothing is connected" in drawn(graph, "lone").caption


def test_powers_of_ten():
    assert [power(at) for at in (0, 1, 2, 13)] == ["1", "10", "10²", "10¹³"]
    assert [decades(number) for number in (0, 1, 9, 10, 11, 10**12)] == [1, 1, 1, 1, 2, 12]


def test_enter_shows_how_the_numbers_come_about(panel: TwinPanel, window: MainWindow):
    window.document.selection.select(["conv1"])
    QTest.keyClick(panel.table, Qt.Key.Key_Return)
    assert panel.popover is not None
    assert panel.popover.isVisible()
    told = panel.popover.accessibleDescription()
    assert "W₁·H₁/(F·F) = 4816896/117600 = 40.96" in told
    panel.popover.close()
    tip = panel.model.data(panel.model.index(1, 8), Qt.ItemDataRole.ToolTipRole)
    assert tip == "connections/weights = W₂·H₂ = 117600/150 = 784"
    assert "fixed rule" in panel.model.data(panel.model.index(3, 4), Qt.ItemDataRole.ToolTipRole)
    panel.explain(panel.model.rowCount() - 1)
    assert not panel.popover.isVisible()
