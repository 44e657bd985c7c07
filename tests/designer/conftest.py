"""Settings of the tests stay out of the user's own; a whole window to act on."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, QTranslator
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QMessageBox, QWidget

from designer import lesson_menu, lesson_shelf, theme, translations
from designer.document import Document
from designer.file_actions import FileActions
from designer.window import MainWindow
from tests.designer.windows import shown_window


@pytest.fixture(autouse=True)
def _own_settings(tmp_path: Path, qapp) -> None:
    qapp.setOrganizationName("Convolab tests")
    qapp.setApplicationName("Convolab tests")
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(tmp_path / "settings"))


@pytest.fixture(autouse=True)
def _english(qapp) -> Iterator[None]:
    translations.choose(qapp)
    yield
    for translator in qapp.findChildren(QTranslator):
        qapp.removeTranslator(translator)
        translator.deleteLater()


@pytest.fixture
def german(german, qapp) -> None:
    """Speak German, in fields and in Qt's own dialogs, too."""
    translations.choose(qapp, ["de"])


@pytest.fixture(autouse=True)
def _own_lessons(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setattr(lesson_shelf, "own_folder", lambda: tmp_path / "own")
    monkeypatch.setattr(lesson_menu, "own_folder", lambda: tmp_path / "own")


@pytest.fixture
def window(qtbot, qapp, monkeypatch) -> Iterator[MainWindow]:
    window = shown_window(qtbot, qapp, monkeypatch)
    qtbot.waitUntil(window.isActiveWindow)  # only then a widget in it can have the focus
    yield window
    theme.apply(qapp, theme.LIGHT)


@pytest.fixture
def spoken(monkeypatch) -> list[str]:
    """Return what screen readers are told: every announcement, in order."""
    heard: list[str] = []

    def hear(event) -> None:
        if event.type() == QAccessible.Event.Announcement:
            heard.append(event.message())

    monkeypatch.setattr(QAccessible, "updateAccessibility", hear)
    return heard


@pytest.fixture
def document(qapp) -> Document:
    return Document()


@pytest.fixture
def files(qtbot, document) -> FileActions:
    window = QWidget()
    qtbot.addWidget(window)
    actions = FileActions(document, window)
    actions.setParent(None)
    actions.window_kept = window
    return actions


@pytest.fixture
def complaints(monkeypatch) -> list[str]:
    heard: list[str] = []
    monkeypatch.setattr(QMessageBox, "warning", lambda _, title, text, *__: heard.append(f"{title}: {text}"))
    return heard


@pytest.fixture
def lenet(window: MainWindow, qtbot, resources: Path) -> MainWindow:
    """Return a window in which LeNet-5 ran on a seven."""
    window.files.open_example("lenet5.json")
    with qtbot.waitSignal(window.runs.settled, timeout=60_000):
        window.runs.open_image(resources / "images" / "digits" / "7_0023.png")
    return window
