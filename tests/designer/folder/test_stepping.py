"""A folder is opened, stepped through by mouse and keys, and watched in the maps and in the answer."""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from designer import theme
from designer.folder.thumbnails import _WAITING, MOST, Thumbnails
from designer.window import MainWindow
from engine import Conv2D, Input
from engine.images import small_image
from tests.designer.folder.conftest import PATIENCE_MS
from tests.engine.networks import chain

Opened = Callable[[Path], MainWindow]
ALT = Qt.KeyboardModifier.AltModifier


def names(window: MainWindow) -> list[str]:
    model = window.folder.model
    return [model.data(model.index(row)) for row in range(model.rowCount())]


def settled(window: MainWindow, qtbot: QtBot, name: str) -> None:
    """Wait until an image has run."""
    done = lambda: window.runs.result is not None and window.runs.result.request.image.name == name  # noqa: E731
    qtbot.waitUntil(done, timeout=PATIENCE_MS)


def test_the_first_image_runs_and_arrow_keys_go_on(opened: Opened, digits: Path, qtbot: QtBot):
    window = opened(digits)
    assert window.docks["folder"].isVisible()
    assert len(names(window)) == 20
    assert window.folder.place.text() == "1 of 20 · 0_0003.png"
    assert window.scores.answers[0].name == "0"
    strip = window.folder.strip
    qtbot.waitUntil(strip.hasFocus)
    for key, name, answer in ((Qt.Key.Key_Right, "0_0005.png", "0"), (Qt.Key.Key_End, "9_0006.png", "9")):
        QTest.keyClick(strip, key)
        settled(window, qtbot, name)
        assert window.scores.answers[0].name == answer
        assert window.image_view._name == name
    QTest.keyClick(strip, Qt.Key.Key_Left)
    settled(window, qtbot, "9_0004.png")
    QTest.keyClick(strip, Qt.Key.Key_Home)
    settled(window, qtbot, "0_0003.png")


def test_buttons_clicks_and_the_menus_keys(opened: Opened, digits: Path, qtbot: QtBot):
    window = opened(digits)
    folder = window.folder
    assert not folder.back_button.isEnabled()
    QTest.mouseClick(folder.on_button, Qt.MouseButton.LeftButton)
    settled(window, qtbot, "0_0005.png")
    QTest.mouseClick(folder.back_button, Qt.MouseButton.LeftButton)
    settled(window, qtbot, "0_0003.png")
    at = folder.strip.visualRect(folder.model.index(3)).center()
    QTest.mouseClick(folder.strip.viewport(), Qt.MouseButton.LeftButton, pos=at)
    settled(window, qtbot, "1_0042.png")
    window.canvas.setFocus()
    QTest.keyClick(window, Qt.Key.Key_Right, ALT)
    settled(window, qtbot, "2_0029.png")
    QTest.keyClick(window, Qt.Key.Key_Left, ALT)
    settled(window, qtbot, "1_0042.png")


def test_the_ends_are_said(opened: Opened, digits: Path, qtbot: QtBot):
    window = opened(digits)
    said: list[str] = []
    window.folders.told.connect(said.append)
    window.folders.step(-1)
    assert said[-1] == "This is the first image"
    window.folder.strip.go(19)
    window.folders.step(1)
    assert said[-1] == "This is the last image"
    assert not window.folder.on_button.isEnabled()
    settled(window, qtbot, "9_0006.png")


def test_without_a_folder_it_says_so(window: MainWindow):
    said: list[str] = []
    window.folders.told.connect(said.append)
    window.commands["run.next_image"].trigger()
    assert said == ["Open an image folder first"]
    window.docks["folder"].show()
    assert window.folder.open_button.isVisible()


def test_the_menu_asks_for_a_folder(window: MainWindow, digits: Path, qtbot: QtBot, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(digits / "7"))
    window.files.open_example("lenet5.json")
    modifiers = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    with qtbot.waitSignal(window.runs.settled, timeout=PATIENCE_MS):
        QTest.keyClick(window, Qt.Key.Key_I, modifiers)
    assert names(window) == ["7_0014.png", "7_0023.png"]
    assert not window.folder.evaluate_button.isVisible()  # there are no sub-folders
    assert "has none" in window.evaluation.sentence.text()


def test_a_folder_is_dropped_on_the_window(window: MainWindow, digits: Path, qtbot: QtBot):
    window.files.open_example("lenet5.json")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(digits))])
    none, left, copy = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton, Qt.DropAction.CopyAction
    entered = QDragEnterEvent(QPoint(700, 450), copy, data, left, none)
    QApplication.sendEvent(window, entered)
    assert entered.isAccepted()
    with qtbot.waitSignal(window.runs.settled, timeout=PATIENCE_MS):
        QApplication.sendEvent(window, QDropEvent(QPointF(700, 450), copy, data, left, none, QEvent.Type.Drop))
    assert window.folder.model.rowCount() == 20


def test_natural_order_and_an_empty_folder(opened: Opened, digits: Path, tmp_path: Path, qtbot: QtBot):
    flat = tmp_path / "flat"
    flat.mkdir()
    for number in (10, 9, 1, 100):
        shutil.copy(digits / "3" / "3_0000.png", flat / f"digit {number}.png")
    window = opened(flat)
    assert names(window) == [f"digit {number}.png" for number in (1, 9, 10, 100)]
    (tmp_path / "empty").mkdir()
    window.folders.open(tmp_path / "empty")
    qtbot.waitUntil(lambda: "no images in “empty”" in window.folder.sentence.text())
    window.folders.step(1)
    window.folders.open(tmp_path / "gone")
    qtbot.waitUntil(lambda: "gone can't be read" in window.folder.sentence.text())


def test_a_folder_that_vanishes_while_stepping(opened: Opened, digits: Path, qtbot: QtBot):
    window = opened(digits)
    shutil.rmtree(digits)
    with qtbot.waitSignal(window.runs.settled, timeout=PATIENCE_MS) as outcome:
        QTest.keyClick(window.folder.strip, Qt.Key.Key_Right)
    assert outcome.args == [False]
    assert "0_0005.png can't be read: No such file" in window.maps.mosaic._placeholder
    with qtbot.waitSignal(window.runs.settled, timeout=PATIENCE_MS):
        window.folders.step(1)
    assert window.folder.place.text().startswith("3 of 20")


def test_a_file_that_is_no_image_is_marked_and_stepped_over(opened: Opened, digits: Path, qtbot: QtBot):
    (digits / "0" / "0_0004.png").write_bytes(b"no image")
    window = opened(digits)
    model = window.folder.model
    with qtbot.waitSignal(window.runs.settled, timeout=PATIENCE_MS):
        QTest.keyClick(window.folder.strip, Qt.Key.Key_Right)
    assert "is not an image" in window.maps.mosaic._placeholder
    window.folder.grab()
    qtbot.waitUntil(lambda: model.problem(1) != "", timeout=PATIENCE_MS)
    assert "is not an image" in model.data(model.index(1), Qt.ItemDataRole.ToolTipRole)
    assert not window.folder.grab().isNull()
    QTest.keyClick(window.folder.strip, Qt.Key.Key_Right)
    settled(window, qtbot, "0_0005.png")


def test_only_what_is_seen_has_its_picture_made(opened: Opened, digits: Path, tmp_path: Path, qtbot: QtBot):
    many = tmp_path / "many"
    many.mkdir()
    for number in range(400):
        shutil.copy(digits / "1" / "1_0033.png", many / f"{number}.png")
    window = opened(many)
    qtbot.waitUntil(lambda: window.folder.model.picture(0) is not None, timeout=PATIENCE_MS)
    QTest.qWait(200)
    known = len(window.folder.thumbnails._known)
    assert 5 < known < 60
    QTest.keyClick(window.folder.strip, Qt.Key.Key_End)
    settled(window, qtbot, "399.png")
    qtbot.waitUntil(lambda: window.folder.model.path(399) in window.folder.thumbnails._known, timeout=PATIENCE_MS)
    assert len(window.folder.thumbnails._known) < 120


def test_the_wheel_scrolls_sideways(opened: Opened, digits: Path):
    window = opened(digits)
    strip = window.folder.strip
    at, turned = QPointF(60, 40), QPoint(0, -120)
    none = Qt.MouseButton.NoButton
    phase = Qt.ScrollPhase.NoScrollPhase
    event = QWheelEvent(at, at, QPoint(), turned, none, Qt.KeyboardModifier.NoModifier, phase, False)
    QApplication.sendEvent(strip.viewport(), event)
    assert strip.horizontalScrollBar().value() == 120


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "P", "1", "I;16"])
def test_images_of_all_kinds(window: MainWindow, tmp_path: Path, qtbot: QtBot, mode: str):
    values = np.arange(40 * 17, dtype=np.uint16).reshape(40, 17)
    image = Image.fromarray(values * 90) if mode == "I;16" else Image.fromarray(values.astype(np.uint8)).convert(mode)
    image.save(tmp_path / "tall.png")
    window.document.edit("Draw", chain(image=Input(channels=4, height=9, width=15), conv=Conv2D(filters=2)))
    with qtbot.waitSignal(window.runs.settled, timeout=PATIENCE_MS) as outcome:
        window.folders.open(tmp_path)
    assert outcome.args == [True]
    qtbot.waitUntil(lambda: window.folder.model.picture(0) is not None, timeout=PATIENCE_MS)
    small = window.folder.model.picture(0)
    assert small is not None
    assert (small.width(), small.height()) == (17, 40)
    window.docks["folder"].grab()


def test_the_dock_is_drawn_in_both_themes(opened: Opened, digits: Path, qapp: QApplication, qtbot: QtBot):
    window = opened(digits)
    qtbot.waitUntil(lambda: window.folder.model.picture(0) is not None, timeout=PATIENCE_MS)
    light = window.folder.grab().toImage()
    theme.apply(qapp, theme.DARK)
    assert window.folder.grab().toImage() != light


def test_closing_the_window_ends_the_threads(opened: Opened, digits: Path):
    window = opened(digits)
    window.folder.grab()
    window.close()
    thread = window.folder.thumbnails._thread
    assert thread is not None
    assert not thread.is_alive()


# Small pictures


def test_old_wishes_and_old_pictures_are_dropped(qtbot: QtBot, tmp_path: Path):
    thumbnails = Thumbnails()
    thumbnails._thread = object()  # type: ignore[assignment] - nobody serves the wishes
    paths = [tmp_path / f"{number}.png" for number in range(_WAITING + 50)]
    for path in paths:
        assert thumbnails.picture(path) is None
    assert [path for _, path in thumbnails._wishes] == paths[50:]
    assert thumbnails._wished == set(paths[50:])
    thumbnails.clear()
    assert not thumbnails._wishes
    for number in range(MOST + 10):
        thumbnails._deliver(1, tmp_path / f"{number}.png", "bad")
    assert len(thumbnails._known) == MOST
    thumbnails._deliver(0, tmp_path / "old.png", "of the folder before")
    assert thumbnails.problem(tmp_path / "old.png") == ""


def test_a_large_photograph_is_decoded_small(tmp_path: Path, resources: Path):
    with Image.open(resources / "images" / "cat.jpg") as cat:
        cat.resize((2400, 1600)).save(tmp_path / "large.jpg")
    small = small_image(tmp_path / "large.jpg", 96)
    assert small.size == (96, 64)
    with Image.open(tmp_path / "large.jpg") as large:
        whole = np.asarray(large.resize((96, 64)), np.float64)
    assert np.abs(np.asarray(small, np.float64) - whole).mean() < 4
