"""A labelled folder is evaluated in the window; the engine says the same, and a cell opens its images."""

import csv
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from designer import theme
from designer.folder import worker
from designer.folder.confusion_view import ConfusionView
from designer.window import MainWindow
from engine import Conv2D, Evaluation, completed, evaluate, examination, image_folder
from engine.evaluation import Answered, Tally
from engine.folders import Matching
from engine.layers import Flatten, Input, LinearSVM
from tests.designer.folder.conftest import PATIENCE_MS
from tests.engine.networks import chain

Opened = Callable[[Path], MainWindow]


def evaluated(window: MainWindow, qtbot: QtBot) -> Evaluation:
    """Press the button and wait."""
    with qtbot.waitSignal(window.folders.evaluator.finished, timeout=PATIENCE_MS):
        QTest.mouseClick(window.folder.evaluate_button, Qt.MouseButton.LeftButton)
    found = window.evaluation.found
    assert found is not None
    return found


def untrained(window: MainWindow) -> None:
    """Let the network be wrong."""
    window.document.set_weights("Forget the weights", None)


def names(window: MainWindow) -> set[str]:
    model = window.folder.model
    return {model.data(model.index(row)) for row in range(model.rowCount())}


def test_trained_it_is_right(opened: Opened, digits: Path, qtbot: QtBot):
    window = opened(digits)
    found = evaluated(window, qtbot)
    panel = window.evaluation
    assert window.docks["evaluation"].isVisible()
    assert panel.share.text() == "100.0%"
    assert panel.words.text().startswith("20 of 20 images are right")
    assert panel.notes.text() == "Every class has its sub-folder."
    assert np.array_equal(found.matrix, 2 * np.eye(10, dtype=int))
    assert not panel.unreadable_button.isVisible()
    assert panel.start_button.isVisible()
    assert not panel.stop_button.isVisible()
    model = window.folder.model
    marks = [model.mark(row) for row in range(20)]
    assert [mark.text for mark in marks if mark is not None and mark.right] == [str(row // 2) for row in range(20)]
    assert not window.folder.grab().isNull()


def test_untrained_the_engine_says_the_same(opened: Opened, digits: Path, qtbot: QtBot):
    window = opened(digits)
    untrained(window)
    found = evaluated(window, qtbot)
    document = window.document
    asked = examination(document.graph, image_folder(digits), document.analysis)
    again = evaluate(asked, completed(document.analysis, None))
    assert np.array_equal(found.matrix, again.matrix)
    assert [one.best for one in found.answered] == [one.best for one in again.answered]
    assert window.evaluation.share.text() == f"{100 * again.accuracy():.1f}%"
    wrong = next(row for row in range(20) if not window.folder.model.mark(row).right)
    assert "Answer:" in window.folder.model.data(window.folder.model.index(wrong), Qt.ItemDataRole.ToolTipRole)


def test_a_click_on_a_cell_opens_its_images(opened: Opened, digits: Path, qtbot: QtBot):
    window = opened(digits)
    untrained(window)
    found = evaluated(window, qtbot)
    matrix, folder = window.evaluation.matrix, window.folder
    cell = next(
        (row, column)
        for row in range(len(matrix.classes))
        for column in range(len(matrix.classes))
        if row != column and matrix.count((row, column))
    )
    true, answer = matrix.classes[cell[0]], matrix.classes[cell[1]]
    QTest.mouseClick(matrix, Qt.MouseButton.LeftButton, pos=matrix.rect_of(cell).center().toPoint())
    wanted = {one.path.name for one in found.answered if (one.truth, one.answer) == (true, answer)}
    assert names(window) == wanted
    assert folder.filter_button.isVisible()
    assert folder.filter_button.text().startswith(f"{true} → {answer}")
    assert "taken for" in matrix.accessibleDescription()
    qtbot.waitUntil(lambda: window.runs.image is not None and window.runs.image.name in wanted)
    QTest.mouseClick(folder.filter_button, Qt.MouseButton.LeftButton)
    assert len(names(window)) == 20
    assert folder.current is not None
    assert folder.current.name in wanted


def test_the_matrix_is_walked_by_keys(opened: Opened, digits: Path, qtbot: QtBot):
    window = opened(digits)
    evaluated(window, qtbot)
    matrix = window.evaluation.matrix
    matrix.setFocus()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Right):  # the first one only begins
        QTest.keyClick(matrix, key)
    assert matrix.accessibleDescription() == "2 images of “1” are recognised"
    QTest.keyClick(matrix, Qt.Key.Key_Return)
    assert names(window) == {"1_0033.png", "1_0042.png"}
    QTest.keyClick(matrix, Qt.Key.Key_Left)
    QTest.keyClick(matrix, Qt.Key.Key_Return)  # an empty cell opens nothing
    assert len(names(window)) == 2


def test_a_class_of_the_table_opens_its_images_and_the_table_sorts(opened: Opened, digits: Path, qtbot: QtBot):
    window = opened(digits)
    shutil.copy(digits / "3" / "3_0000.png", digits / "8" / "wrong.png")
    window.folders.open(digits)
    qtbot.waitUntil(lambda: window.folder.model.rowCount() == 21)
    evaluated(window, qtbot)
    panel = window.evaluation
    panel.table.sortByColumn(3, Qt.SortOrder.AscendingOrder)
    assert panel.model.result(0).label == "8"
    assert panel.model.data(panel.model.index(0, 5)) == "3 (1)"
    panel.table.selectRow(0)
    QTest.keyClick(panel.table, Qt.Key.Key_Return)
    assert names(window) == {"8_0001.png", "8_0002.png", "wrong.png"}


def test_files_that_can_not_be_read_are_listed(opened: Opened, digits: Path, qtbot: QtBot):
    for name in ("a.png", "b.png", "c.png", "d.png"):
        (digits / "5" / name).write_bytes(b"no image")
    window = opened(digits)
    evaluated(window, qtbot)
    button = window.evaluation.unreadable_button
    assert button.text() == "4 files can't be read: a.png, b.png, c.png and 1 more"
    assert window.evaluation.share.text() == "100.0%"
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert names(window) == {"a.png", "b.png", "c.png", "d.png"}


def test_it_is_cancelled_and_keeps_what_came_out(opened: Opened, digits: Path, qtbot: QtBot, monkeypatch):
    gate, real = threading.Event(), worker.evaluate

    def slow(asked, weights, *, progress, cancelled):
        def report(step) -> None:
            progress(step)
            if step.done == 3:
                gate.wait(30)

        return real(asked, weights, progress=report, cancelled=cancelled)

    monkeypatch.setattr(worker, "evaluate", slow)
    monkeypatch.setattr(worker, "_TELL_SECONDS", 0.0)
    window = opened(digits)
    panel, evaluator = window.evaluation, window.folders.evaluator
    QTest.mouseClick(window.folder.evaluate_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.words.text() == "3 of 20 images are done", timeout=PATIENCE_MS)
    assert (panel.bar.value(), panel.bar.maximum()) == (3, 20)
    assert panel.stop_button.isVisible()
    assert not panel.export_button.isEnabled()
    with qtbot.waitSignal(evaluator.stopped):
        QTest.mouseClick(panel.stop_button, Qt.MouseButton.LeftButton)
    gate.set()
    assert not evaluator.running
    assert panel.words.text().startswith("Cancelled after 3 images: 3 of 3 images are right")
    assert panel.start_button.isVisible()
    monkeypatch.setattr(worker, "evaluate", real)
    with qtbot.waitSignal(evaluator.finished, timeout=PATIENCE_MS):
        QTest.mouseClick(panel.start_button, Qt.MouseButton.LeftButton)
    assert panel.words.text().startswith("20 of 20")


def test_closing_the_window_ends_an_evaluation(opened: Opened, digits: Path, monkeypatch):
    began, real = threading.Event(), worker.evaluate

    def endless(asked, weights, *, progress, cancelled):
        while True:
            began.set()
            real(asked, weights, progress=progress, cancelled=cancelled)

    monkeypatch.setattr(worker, "evaluate", endless)
    window = opened(digits)
    window.folders.evaluate()
    assert began.wait(30)
    window.close()
    assert not any(thread.is_alive() for thread in window.folders.evaluator._threads)


def test_an_edit_makes_it_stale_and_undo_brings_it_back(opened: Opened, digits: Path, qtbot: QtBot):
    window = opened(digits)
    evaluated(window, qtbot)
    document, panel = window.document, window.evaluation
    document.edit("Change", document.graph.replace_layer("conv1", Conv2D(filters=7, kernel=(5, 5))))
    assert "changed since" in panel.notes.text()
    assert window.folder.model.mark(0) is None
    document.undo_stack.undo()
    assert panel.notes.text() == "Every class has its sub-folder."
    assert window.folder.model.mark(0) is not None
    document.edit("Move", document.graph, {"conv1": (300, 300)})
    assert window.folder.model.mark(0) is not None


def test_what_can_not_be_evaluated_says_why(window: MainWindow, opened: Opened, digits: Path, qtbot: QtBot):
    window.commands["run.evaluate"].trigger()
    assert window.evaluation.sentence.text() == "Open an image folder first"
    opened(digits)
    window.document.edit("Delete", window.document.graph.remove(["flatten"]))
    window.commands["run.evaluate"].trigger()
    assert "no answer" in window.evaluation.sentence.text()
    window.document.edit("Draw", chain(image=Input(), flat=Flatten(), svm=LinearSVM(classes=4)))
    window.commands["run.evaluate"].trigger()
    assert "10 sub-folders with images, and the network tells only 4" in window.evaluation.sentence.text()
    qtbot.waitUntil(lambda: window.runs.result is not None and "svm" in window.runs.result.maps, timeout=PATIENCE_MS)


def test_folders_with_other_names_are_matched_in_order(opened: Opened, digits: Path, qtbot: QtBot):
    for number, name in enumerate(("zero", "one", "two")):
        (digits / str(number)).rename(digits / name)
    for number in range(3, 10):
        shutil.rmtree(digits / str(number))
    window = opened(digits)
    found = evaluated(window, qtbot)
    assert not found.matching.by_name
    assert "“one” is no class of the network's, so “one” stands for “0”" in window.evaluation.notes.text()
    assert found.accuracy() == pytest.approx(0 / 6)


@pytest.mark.parametrize(
    ("entry", "columns"),
    [(0, ["class", *"0123456789"]), (1, ["class", "images", "right", "answers", "recall", "precision"]), (2, ["file"])],
)
def test_it_is_exported(
    opened: Opened, digits: Path, tmp_path: Path, qtbot: QtBot, monkeypatch, entry: int, columns: list[str]
):
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "table"), ""))
    window = opened(digits)
    evaluated(window, qtbot)
    window.evaluation.export_button.menu().actions()[entry].trigger()
    with (tmp_path / "table.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    assert rows[0][: len(columns)] == columns
    assert len(rows) == (21 if entry == 2 else 11)


def test_a_table_that_can_not_be_written_is_told_of(
    opened: Opened, digits: Path, tmp_path: Path, qtbot: QtBot, monkeypatch
):
    warned: list[str] = []
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "no" / "t.csv"), ""))
    window = opened(digits)
    evaluated(window, qtbot)
    monkeypatch.setattr(QMessageBox, "warning", lambda _, __, text: warned.append(text))
    window.evaluation.export_button.menu().actions()[0].trigger()
    assert warned == ["“t.csv” can't be written: No such file or directory."]


# The picture of the matrix


def view_of(qtbot: QtBot, labels: tuple[str, ...], *answers: tuple[int, int]) -> ConfusionView:
    tally = Tally("softmax", labels, Matching(tuple(range(len(labels))), True, ""))
    for at, (true, answer) in enumerate(answers):
        tally.add(Answered(Path(f"{at}.png"), true, (answer,), 1.0))
    view = ConfusionView()
    qtbot.addWidget(view)
    view.resize(500, 460)
    view.show_evaluation(tally.found())
    view.show()
    return view


def test_only_classes_with_images_or_answers_are_drawn(qtbot: QtBot):
    view = view_of(qtbot, tuple("abcdef"), (1, 1), (1, 4), (3, 3))
    assert view.classes == (1, 3, 4)
    assert view.count((0, 2)) == 1
    assert view.sentence((0, 2)) == "1 image of “b” is taken for “e”"
    picture = view.grab().toImage()
    right, wrong = picture.pixelColor(view.rect_of((1, 1)).topLeft().toPoint() + QPointF(5, 5).toPoint()), None
    wrong = picture.pixelColor(view.rect_of((0, 2)).topLeft().toPoint() + QPointF(5, 5).toPoint())
    assert right.blue() > right.red()
    assert wrong.red() > wrong.blue()


@pytest.mark.parametrize("count", [1, 10, 60, 1000])
def test_any_number_of_classes_is_drawn(qtbot: QtBot, qapp: QApplication, count: int):
    labels = tuple(f"a class with quite a long name {number}" for number in range(count))
    view = view_of(qtbot, labels, *((number, number * 7 % count) for number in range(count)))
    for colours in (theme.DARK, theme.LIGHT):
        theme.apply(qapp, colours)
        assert not view.grab().isNull()
    last = (count - 1, count - 1)
    assert view.rect().contains(view.rect_of(last).center().toPoint())


def test_the_pointer_is_told_what_is_below_it(qtbot: QtBot):
    view = view_of(qtbot, ("a", "b"), (0, 0), (0, 1), (1, 1))
    none = Qt.MouseButton.NoButton
    at = view.rect_of((0, 1)).center()
    event = QMouseEvent(QEvent.Type.MouseMove, at, view.mapToGlobal(at), none, none, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(view, event)
    assert view.cursor().shape() == Qt.CursorShape.PointingHandCursor
    beside = QPointF(1, 1)
    event = QMouseEvent(QEvent.Type.MouseMove, beside, beside, none, none, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(view, event)
    assert view.cursor().shape() == Qt.CursorShape.ArrowCursor
