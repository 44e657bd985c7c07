from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from designer import theme
from designer.document import Document
from designer.pictures.dialog import PictureDialog
from designer.window import MainWindow
from engine import Network
from tests.designer.pictures.drawings import letters, parsed
from tests.designer.pictures.figures import example, flat

LEFT = Qt.MouseButton.LeftButton
_DOWN = Qt.Key.Key_Down


@pytest.fixture
def document(resources, qapp) -> Document:
    theme.apply(qapp, theme.LIGHT)
    document = Document()
    document.load(example(resources, "lenet5"))
    return document


@pytest.fixture
def dialog(qtbot, document, tmp_path) -> PictureDialog:
    return shown(qtbot, document, tmp_path)


def shown(qtbot, document: Document, folder: Path) -> PictureDialog:
    dialog = PictureDialog(document, folder / "LeNet-5")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitExposed(dialog)
    return dialog


def click(widget: QWidget) -> None:
    QTest.mouseClick(widget, LEFT, pos=QPoint(10, widget.height() // 2))


def choose(box: QWidget, steps: int = 1) -> None:
    box.setFocus()
    for _ in range(steps):
        QTest.keyClick(box, _DOWN)


@pytest.fixture
def answer(monkeypatch):
    """Answer the question for a file; returns what was asked."""
    asked: list[str] = []

    def give(path: Path) -> list[str]:
        def ask(parent, title, proposal, wanted):
            asked.append(proposal)
            return str(path), ""

        monkeypatch.setattr(QFileDialog, "getSaveFileName", ask)
        return asked

    return give


def test_a_figure_of_volumes_is_saved_as_chosen(dialog, answer, tmp_path, qtbot):
    choose(dialog.style_box)
    click(dialog.told["names"])
    asked = answer(tmp_path / "mine")
    with qtbot.waitSignal(dialog.written) as written:
        click(dialog.save_button)
    assert asked == [str(tmp_path / "LeNet-5.svg")]
    assert written.args == [tmp_path / "mine.svg"]
    assert {"5×5 conv, 6", "conv1"} <= set(letters(parsed((tmp_path / "mine.svg").read_bytes())))
    assert not dialog.isVisible()


def test_format_unit_and_width_decide_the_pixels(dialog, answer, tmp_path, qtbot):
    choose(dialog.format_box, 2)
    choose(dialog.unit_box)
    dialog.width_box.setFocus()
    dialog.width_box.selectAll()
    QTest.keyClicks(dialog.width_box, "500")
    QTest.keyClick(dialog.width_box, Qt.Key.Key_Tab)
    answer(tmp_path / "mine.png")
    with qtbot.waitSignal(dialog.written):
        click(dialog.save_button)
    with Image.open(tmp_path / "mine.png") as image:
        assert image.width == 500
        assert dialog.height_text.text() == f"{image.height:,} px"


def test_width_and_height_belong_to_the_picture(dialog):
    canvas = dialog.width_box.value()
    assert dialog.height_text.text().endswith(" mm")
    choose(dialog.style_box)
    assert dialog.width_box.value() > canvas  # volumes stand side by side
    choose(dialog.format_box, 2)
    assert "300 dots per inch" in dialog.height_text.text()


def test_what_only_volumes_have_is_offered_only_there(dialog):
    assert not dialog.fold.isVisible()
    choose(dialog.style_box)
    assert dialog.fold.isVisible()
    assert dialog.note.isVisible()


def test_each_style_remembers_what_it_tells(dialog):
    click(dialog.told["shapes"])
    choose(dialog.style_box)
    assert dialog.told["shapes"].isChecked()
    assert not dialog.told["names"].isChecked()
    QTest.keyClick(dialog.style_box, Qt.Key.Key_Up)
    assert not dialog.told["shapes"].isChecked()
    assert dialog.told["names"].isChecked()


def test_the_preview_follows(dialog):
    def preview():
        return dialog.preview.grab().toImage()

    before = preview()
    choose(dialog.style_box)
    volumes = preview()
    assert volumes != before
    choose(dialog.theme_box)
    dark = preview()
    assert dark != volumes
    click(dialog.transparent)
    assert preview() != dark


def test_the_selection_can_be_drawn_alone(qtbot, document, tmp_path, answer):
    document.selection.select(["conv1", "relu1"])
    dialog = shown(qtbot, document, tmp_path)
    choose(dialog.layers_box)
    answer(tmp_path / "part.svg")
    with qtbot.waitSignal(dialog.written):
        click(dialog.save_button)
    said = letters(parsed((tmp_path / "part.svg").read_bytes()))
    assert "conv1" in said
    assert "conv2" not in said


def test_without_a_selection_there_is_no_choice(dialog):
    assert not dialog.layers_box.isEnabled()


def test_what_was_chosen_is_proposed_again(qtbot, document, tmp_path, answer, dialog):
    choose(dialog.style_box)
    choose(dialog.theme_box)
    click(dialog.told["parameters"])
    click(dialog.note)
    answer(tmp_path / "mine.svg")
    with qtbot.waitSignal(dialog.written):
        click(dialog.save_button)
    again = shown(qtbot, document, tmp_path)
    assert again.options() == dialog.options()
    assert again.options().colours is theme.DARK
    assert again.options().look.parameters
    assert not again.options().note


def test_a_file_that_can_not_be_written_is_told_of_and_the_dialog_stays(dialog, answer, tmp_path, monkeypatch):
    told: list[str] = []
    monkeypatch.setattr(QMessageBox, "warning", lambda parent, title, text: told.append(text))
    answer(tmp_path / "gone" / "mine.svg")
    click(dialog.save_button)
    assert "can't be written" in told[0]
    assert dialog.isVisible()


def test_an_empty_network_has_no_picture(qtbot, document, tmp_path):
    document.load(Network())
    dialog = shown(qtbot, document, tmp_path)
    assert not dialog.save_button.isEnabled()
    assert "nothing to draw" in dialog.preview.problem


def test_a_tall_picture_is_scrolled(qtbot, resources, document, tmp_path):
    document.load(flat(example(resources, "resnet152")))
    dialog = shown(qtbot, document, tmp_path)
    assert dialog.preview.verticalScrollBar().maximum() > 0
    assert dialog.preview.horizontalScrollBar().maximum() == 0


def test_the_menu_opens_it_and_the_status_bar_tells(qtbot, monkeypatch, answer, tmp_path):
    monkeypatch.setattr(QMessageBox, "warning", lambda *_: QMessageBox.StandardButton.Discard)
    window = MainWindow()
    qtbot.addWidget(window)
    window.show()
    window.files.open_example("lenet5.json")
    window.commands["file.export_picture"].trigger()
    dialog = window.findChild(PictureDialog)
    assert dialog is not None
    assert dialog.isVisible()
    answer(tmp_path / "mine.svg")
    click(dialog.save_button)
    assert window.statusBar().currentMessage() == "Exported mine.svg"
