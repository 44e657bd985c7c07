"""Errors that nobody foresaw: told of once, work kept, window alive, and no folder's name in the report."""

import logging
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from designer.crash import CrashHandler
from designer.crash_report import report, scrubbed


class Button(QObject):
    clicked = Signal()


@pytest.fixture
def handler(qtbot, monkeypatch):
    monkeypatch.setattr(sys, "excepthook", lambda *_: None)
    monkeypatch.setattr(threading, "excepthook", lambda *_: None)
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    made = CrashHandler(lambda: "Your work is kept.", window)
    made.install()
    yield made
    made.uninstall()


def fail(text: str = "nobody foresaw this") -> None:
    raise ZeroDivisionError(text)


def test_an_error_in_a_slot_is_told_of_and_the_window_lives_on(handler, qtbot):
    button = Button()
    button.clicked.connect(fail)
    button.clicked.emit()
    qtbot.waitUntil(lambda: handler.dialog is not None)
    assert handler.dialog.isVisible()
    assert handler.dialog.kept.text() == "Your work is kept."
    assert "ZeroDivisionError: nobody foresaw this" in handler.dialog.report.toPlainText()
    qtbot.keyClick(handler.dialog, Qt.Key.Key_Escape)
    assert handler.parent().isVisible()


def test_an_error_in_a_thread_is_told_of_too(handler, qtbot):
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: handler.dialog is not None)
    assert "in fail" in handler.dialog.report.toPlainText()


def test_the_same_error_again_and_again_is_one_report(handler, qtbot):
    timer = QTimer(interval=1)
    timer.timeout.connect(fail)
    timer.start()
    qtbot.waitUntil(lambda: handler.dialog is not None)
    qtbot.wait(100)
    timer.stop()
    assert handler.dialog.report.toPlainText().count("ZeroDivisionError: ") == 1
    handler.dialog.accept()
    first = handler.dialog
    QTimer.singleShot(0, fail)
    qtbot.wait(50)
    assert handler.dialog is first


def test_another_error_joins_the_report_that_is_open(handler, qtbot):
    QTimer.singleShot(0, lambda: fail("first"))
    QTimer.singleShot(0, lambda: fail("second"))
    qtbot.waitUntil(lambda: handler.dialog is not None and "second" in handler.dialog.report.toPlainText())
    assert "first" in handler.dialog.report.toPlainText()


def test_errors_of_one_place_are_one_report_whatever_number_they_name(handler, qtbot):
    numbers = iter(range(1000))
    timer = QTimer(interval=1)
    timer.timeout.connect(lambda: fail(f"{next(numbers)} is too much"))
    timer.start()
    qtbot.waitUntil(lambda: handler.dialog is not None)
    qtbot.waitUntil(lambda: next(numbers) > 30)
    timer.stop()
    assert handler.dialog.report.toPlainText().count("ZeroDivisionError: ") == 1


def test_what_a_thread_caught_and_wrote_down_is_told_of_too(handler, qtbot, capsys):
    def work() -> None:
        try:
            fail("in a worker")
        except ZeroDivisionError:
            logging.getLogger("designer.runner").exception("The forward pass failed")

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: handler.dialog is not None)
    assert "ZeroDivisionError: in a worker" in handler.dialog.report.toPlainText()


def test_an_error_while_work_is_kept_hides_no_other(qtbot, handler):
    def keep() -> str:
        raise OSError("no disk")

    handler._keep = keep
    QTimer.singleShot(0, fail)
    qtbot.waitUntil(lambda: handler.dialog is not None and "no disk" in handler.dialog.report.toPlainText())
    assert "nobody foresaw this" in handler.dialog.report.toPlainText()
    assert "Save it now" in handler.dialog.kept.text()


@pytest.mark.parametrize("error", [MemoryError("no room"), RecursionError("too deep")])
def test_errors_of_room_are_told_of(handler, qtbot, error):
    def meet() -> None:
        raise error

    QTimer.singleShot(0, meet)
    qtbot.waitUntil(lambda: handler.dialog is not None)
    assert str(error) in handler.dialog.report.toPlainText()


def test_of_endless_calls_both_ends_are_reported(handler, qtbot):
    def call(left: int) -> None:
        if left:
            call(left - 1)
        fail("at the end")

    QTimer.singleShot(0, lambda: call(400))
    qtbot.waitUntil(lambda: handler.dialog is not None)
    text = handler.dialog.report.toPlainText()
    assert "calls more …" in text
    assert "at the end" in text
    assert len(text) < 12_000


def test_while_there_is_no_room_for_a_report_its_kind_is_told(handler, qtbot, monkeypatch):
    def full(_: object) -> str:
        raise MemoryError

    monkeypatch.setattr("designer.crash.report", full)
    QTimer.singleShot(0, fail)
    qtbot.waitUntil(lambda: handler.dialog is not None)
    assert handler.dialog.report.toPlainText() == "ZeroDivisionError"


def test_the_report_is_copied(handler, qtbot):
    QTimer.singleShot(0, fail)
    qtbot.waitUntil(lambda: handler.dialog is not None)
    qtbot.mouseClick(handler.dialog.copier, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == handler.dialog.report.toPlainText()
    assert handler.dialog.copier.text() == "Copied"


def test_a_wish_to_end_is_no_error(handler, qtbot):
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    qtbot.wait(50)
    assert handler.dialog is None


def test_a_report_names_versions_places_and_causes_but_no_folder():
    try:
        try:
            Path("/home/anna/my thesis/net.json").read_text()
        except OSError as problem:
            raise ValueError("broken") from problem
    except ValueError as error:
        text = report(error)
    assert "PySide" in text or "Qt 6" in text
    assert "'…/….json'" in text
    assert "test_crash.py:" in text
    assert text.endswith("ValueError: broken")
    assert str(Path(__file__).parent) not in text
    assert "'/home/anna" not in text


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("No such file: '/home/anna/my thesis/net.json'", "No such file: '…/….json'"),
        (r"No such file: 'C:\Users\Anna Karenina\net.json'", "No such file: '…/….json'"),
        (f"{Path.home()} is gone", "~ is gone"),
        (f"{Path.home()}/anna/net.json is gone", "…/….json is gone"),
        ("No such file: '/home/anna/my net.json'", "No such file: '…/….json'"),
        ("/tmp/net.json and “/tmp/my photo.png”", "…/….json and “…/….png”"),
        ("shapes (3, 4) and 5/6 differ", "shapes (3, 4) and 5/6 differ"),
        ("anna@laptop of annabel, laptop-7", "…@… of annabel, …-7"),
    ],
)
def test_paths_and_names_are_cut_out(text, clean, monkeypatch):
    monkeypatch.setattr("getpass.getuser", lambda: "anna")
    monkeypatch.setattr("platform.node", lambda: "laptop")
    assert scrubbed(text) == clean
